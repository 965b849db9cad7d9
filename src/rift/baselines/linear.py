"""The baseline `linear`: a logistic regression a label over the tokens, decoded with Viterbi."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from rift import guidelines
from rift.annotations.layer import Layer, Markup
from rift.baselines import bio
from rift.baselines.analysis import Analysis, Stretch
from rift.baselines.extractor import Settings, read_settings
from rift.baselines.features import token_features
from rift.baselines.gazetteer import Gazetteer
from rift.baselines.lexicon import Lexicon, to_lexicon
from rift.baselines.settle import settle, to_markup
from rift.baselines.values import read_attributes
from rift.baselines.viterbi import Scores, decode
from rift.corpus.document import Document
from rift.guidelines import Knowledge
from rift.issues import InputError, Issue, Level, Where

_Positive = Annotated[float, msgspec.Meta(gt=0)]


class LinearSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`regularisation` is the inverse strength C, `transition_weight` how much a step counts beside a token's odds.

    `least_occurrences` is how many tokens must have a feature for it to be learnt, `smoothing` what is added to each
    count of a step, `tolerance` and `most_rounds` end the optimisation.
    """

    seed: int
    regularisation: _Positive
    tolerance: _Positive
    most_rounds: Annotated[int, msgspec.Meta(ge=1)]
    least_occurrences: Annotated[int, msgspec.Meta(ge=1)]
    smoothing: _Positive
    transition_weight: Annotated[float, msgspec.Meta(ge=0)]


@dataclasses.dataclass(frozen=True, slots=True)
class _Resources:
    """What is there before any training: names to look up and the rules' word lists, which values are read with."""

    gazetteer: Gazetteer
    lexicon: Lexicon


@dataclasses.dataclass(frozen=True, slots=True)
class _Tagger:
    """One label's classifier, with the columns of its probabilities' tags and the scores of steps between tags."""

    classifier: LogisticRegression
    transitions: Scores
    initial: Scores


class LinearExtractor:
    """The recipe: settings and names, not yet trained. `fit` gives the extractor that predicts.

    `settings` are those of `baselines/linear/config.toml`, `known` the names to look up (None: the knowledge files').
    Raises InputError (`bad-settings`) for settings of another form.
    """

    def __init__(self, settings: Settings, known: Knowledge | None = None) -> None:
        self._settings = _to_settings(settings)
        gazetteer = Gazetteer(guidelines.knowledge() if known is None else known)
        self._resources = _Resources(gazetteer, to_lexicon(read_settings("rules")))

    @property
    def name(self) -> str:
        """The layer's name: `linear`."""
        return "linear"

    def fit(self, documents: Sequence[Document], gold: Layer) -> "FittedLinear":
        """Return the extractor trained on the documents that `gold` marks up; the same input gives the same one.

        Raises InputError: `no-training-data` where no document has gold, `hash-mismatch` where the gold counts on
        another text.
        """
        marked = [document for document in documents if document.id in gold.markups]
        _check(marked, gold)
        analyses = [Analysis(document, self._resources.gazetteer) for document in marked]
        vectorizer = CountVectorizer(analyzer=_as_is, binary=True, min_df=self._settings.least_occurrences)
        features = vectorizer.fit_transform([row for analysis in analyses for row in token_features(analysis)])
        taggers: dict[str, _Tagger] = {}
        for label in guidelines.scheme().labels:
            spans = ([(s.start, s.end) for s in gold.markups[document.id].spans if s.label == label] for document in marked)
            tags = [bio.encode(analysis, found) for analysis, found in zip(analyses, spans, strict=True)]
            if any(map(any, tags)):
                taggers[label] = self._train(features, analyses, tags)
        return FittedLinear(self._resources, vectorizer, taggers)

    def predict(self, document: Document) -> Markup:
        """Raise InputError (`not-trained`): a recipe predicts nothing."""
        where = Where("rift.extractors:linear", doc=document.id)
        hint = "give training documents and their gold"
        raise InputError([Issue("not-trained", Level.ERROR, where, "the extractor 'linear' must be trained first", hint)])

    def _train(self, features: object, analyses: Sequence[Analysis], tags: Sequence[Sequence[int]]) -> _Tagger:
        settings = self._settings
        classifier = LogisticRegression(
            C=settings.regularisation,
            tol=settings.tolerance,
            max_iter=settings.most_rounds,
            random_state=settings.seed,
        )
        classifier.fit(features, np.concatenate([np.asarray(found, dtype=np.int64) for found in tags]))
        sequences = (
            found[sentence.start : sentence.stop]
            for analysis, found in zip(analyses, tags, strict=True)
            for sentence in analysis.sentences
        )
        transitions, initial = bio.transition_scores(sequences, settings.smoothing)
        return _Tagger(classifier, settings.transition_weight * transitions, settings.transition_weight * initial)


@dataclasses.dataclass(frozen=True, slots=True)
class FittedLinear:
    """The trained extractor."""

    resources: _Resources
    vectorizer: CountVectorizer
    taggers: Mapping[str, _Tagger]

    @property
    def name(self) -> str:
        """The layer's name: `linear`."""
        return "linear"

    def fit(self, documents: Sequence[Document], gold: Layer) -> "FittedLinear":
        """Raise InputError"""
        raise NotImplementedError
