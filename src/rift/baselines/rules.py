"""The baseline `rules`: a gazetteer, date and number grammars, and word lists."""

from collections.abc import Sequence

from rift import guidelines
from rift.annotations.layer import Layer, Markup
from rift.baselines.analysis import Analysis, Stretch
from rift.baselines.extractor import Settings
from rift.baselines.gazetteer import Gazetteer
from rift.baselines.generics import find_descriptions, find_generics
from rift.baselines.lexicon import to_lexicon
from rift.baselines.names import find_names
from rift.baselines.settle import settle, to_markup
from rift.baselines.tolls import find_tolls
from rift.baselines.values import read_attributes
from rift.corpus.document import Document
from rift.guidelines import Knowledge

# Where two findings cannot stand together, the more specific rule wins.
_DESCRIPTION, _DATE, _NAME, _TOLL, _GENERIC = 5.0, 4.0, 3.0, 2.0, 1.0


class RulesExtractor:
    """Marks up documents by rules alone; learns nothing, changes never.

    `settings` are the word lists of `baselines/rules/config.toml`, `known` the names to look up (None: the knowledge
    files'). Raises InputError (`bad-settings`) for settings of another form.
    """

    def __init__(self, settings: Settings, known: Knowledge | None = None) -> None:
        self._lexicon = to_lexicon(settings)
        self._gazetteer = Gazetteer(guidelines.knowledge() if known is None else known)

    @property
    def name(self) -> str:
        """The layer's name: `rules`."""
        return "rules"

    def fit(self, documents: Sequence[Document], gold: Layer) -> "RulesExtractor":
        """Return the extractor itself: rules learn nothing."""
        del documents, gold
        return self

    def predict(self, document: Document) -> Markup:
        """Return the document's spans with every attribute that the words tell, without links."""
        analysis = Analysis(document, self._gazetteer)
        names = list(find_names(analysis, self._lexicon))
        actors = [name for name in names if name.label == "ACTOR"]
        found = dict.fromkeys(find_generics(analysis, actors, self._lexicon), _GENERIC)
        found |= dict.fromkeys(find_tolls(analysis, self._lexicon), _TOLL)
        found |= dict.fromkeys(names, _NAME)
        found |= {Stretch(date.start, date.end, "DATE"): _DATE for date in analysis.dates}
        found |= dict.fromkeys(find_descriptions(analysis, self._lexicon), _DESCRIPTION)
        kept = settle(found, guidelines.scheme())
        return to_markup(
            document, self.name, ((stretch, read_attributes(analysis, stretch, self._lexicon)) for stretch in kept)
        )
