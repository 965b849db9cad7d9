"""The baseline `linear`: a logistic regression a label over the tokens, decoded with Viterbi."""

import dataclasses
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated

import msgspec
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from rift import guidelines
from rift.annotations.layer import Layer, Markup, Value
from rift.baselines import bio
from rift.baselines.analysis import Analysis, Stretch
from rift.baselines.extractor import Settings, read_settings, to_settings
from rift.baselines.features import token_features
from rift.baselines.gazetteer import Gazetteer
from rift.baselines.lexicon import to_lexicon
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

    regularisation: _Positive
    tolerance: _Positive
    most_rounds: Annotated[int, msgspec.Meta(ge=1)]
    least_occurrences: Annotated[int, msgspec.Meta(ge=1)]
    smoothing: _Positive
    transition_weight: Annotated[float, msgspec.Meta(ge=0)]


@dataclasses.dataclass(frozen=True, slots=True)
class _Tagger:
    """One label's classifier and the scores of steps between its tags."""

    classifier: LogisticRegression
    transitions: Scores
    initial: Scores

    def log_probabilities(self, features: csr_matrix) -> Scores:
        """Return the log probability of each tag at each place; minus infinity for a tag never seen in training."""
        found = np.full((features.shape[0], bio.TAGS), -np.inf)
        found[:, self.classifier.classes_] = self.classifier.predict_log_proba(features)
        return found


class LinearExtractor:
    """The recipe: settings and names, not yet trained. `fit` gives the extractor that predicts.

    `settings` are those of `baselines/linear/config.toml`, `known` the names to look up (None: the knowledge files').
    Raises InputError (`bad-settings`) for settings of another form.
    """

    def __init__(self, settings: Settings, known: Knowledge | None = None) -> None:
        self._settings = to_settings(LinearSettings, settings, self.name)
        self._gazetteer = Gazetteer(guidelines.knowledge() if known is None else known)
        self._lexicon = to_lexicon(read_settings("rules"))

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
        analyses = [self.analyse(document) for document in marked]
        rows = [row for analysis in analyses for row in token_features(analysis)]
        vectorizer = CountVectorizer(
            analyzer=_as_is, binary=True, min_df=min(self._settings.least_occurrences, len(rows))
        )
        features = vectorizer.fit_transform(rows)
        taggers: dict[str, _Tagger] = {}
        for label in guidelines.scheme().labels:
            tags = [
                bio.encode(analysis, ((span.start, span.end) for span in markup.spans if span.label == label))
                for analysis, markup in zip(analyses, (gold.markups[document.id] for document in marked), strict=True)
            ]
            if len({tag for found in tags for tag in found}) > 1:
                taggers[label] = self._train(features, analyses, tags)
        return FittedLinear(self, vectorizer, MappingProxyType(taggers))

    def analyse(self, document: Document) -> Analysis:
        """Return the document as the features see it."""
        return Analysis(document, self._gazetteer)

    def read_attributes(self, analysis: Analysis, stretch: Stretch) -> Mapping[str, Value]:
        """Return the attributes of a predicted span, read as `rules` does; none where one cannot be told."""
        return read_attributes(analysis, stretch, self._lexicon)

    def predict(self, document: Document) -> Markup:
        """Raise InputError (`not-trained`): a recipe predicts nothing."""
        where = Where("rift.extractors:linear", doc=document.id)
        hint = "give training documents and their gold"
        raise InputError(
            [Issue("not-trained", Level.ERROR, where, "the extractor 'linear' must be trained first", hint)]
        )

    def _train(self, features: csr_matrix, analyses: Sequence[Analysis], tags: Sequence[Sequence[int]]) -> _Tagger:
        settings = self._settings
        classifier = LogisticRegression(
            C=settings.regularisation,
            tol=settings.tolerance,
            max_iter=settings.most_rounds,
        )
        classifier.fit(features, np.concatenate([np.asarray(found, dtype=np.int64) for found in tags]))
        sequences = (
            found[sentence.start : sentence.stop]
            for analysis, found in zip(analyses, tags, strict=True)
            for sentence in analysis.sentences
        )
        transitions, initial = bio.transition_scores(sequences, settings.smoothing, settings.transition_weight)
        return _Tagger(classifier, transitions, initial)


@dataclasses.dataclass(frozen=True, slots=True)
class FittedLinear:
    """The trained extractor: the recipe, the features' columns, and a tagger for each label that the gold had."""

    recipe: LinearExtractor
    vectorizer: CountVectorizer
    taggers: Mapping[str, _Tagger]

    @property
    def name(self) -> str:
        """The layer's name: `linear`."""
        return self.recipe.name

    def fit(self, documents: Sequence[Document], gold: Layer) -> "FittedLinear":
        """Return another extractor, trained anew on `documents` alone; raises as `LinearExtractor.fit` does."""
        return self.recipe.fit(documents, gold)

    def predict(self, document: Document) -> Markup:
        """Return the document's spans with the attributes that the words tell, without links."""
        analysis = self.recipe.analyse(document)
        rows = token_features(analysis)
        scores: dict[Stretch, float] = {}
        if rows:
            features = self.vectorizer.transform(rows)
            for label, tagger in self.taggers.items():
                scores |= _label_spans(analysis, label, tagger, tagger.log_probabilities(features))
        kept = settle(scores, guidelines.scheme())
        return to_markup(document, self.name, ((found, self.recipe.read_attributes(analysis, found)) for found in kept))


def _label_spans(analysis: Analysis, label: str, tagger: _Tagger, emissions: Scores) -> dict[Stretch, float]:
    """Decode one label sentence by sentence; a span's score is the mean log probability of its tags."""
    found: dict[Stretch, float] = {}
    for sentence in analysis.sentences:
        tags = decode(emissions[sentence.start : sentence.stop], tagger.transitions, tagger.initial)
        for run in bio.runs(tags):
            tokens = range(sentence.start + run.start, sentence.start + run.stop)
            stretch = bio.trim(analysis, tokens, label)
            if stretch:
                found[stretch] = float(np.mean([emissions[index, tags[index - sentence.start]] for index in tokens]))
    return found


def _check(marked: Sequence[Document], gold: Layer) -> None:
    issues = [
        Issue(
            "hash-mismatch",
            Level.ERROR,
            Where(gold.name, doc=document.id),
            "the gold counts its offsets on another text than the document's",
            "build the document again, or take the gold of its version",
        )
        for document in marked
        if gold.markups[document.id].sha256 != document.sha256
    ]
    if not any(document.text for document in marked):
        message = f"the layer {gold.name!r} marks up none of the training documents"
        hint = "give the gold of the same documents"
        issues.append(Issue("no-training-data", Level.ERROR, Where(gold.name), message, hint))
    if issues:
        raise InputError(issues)


def _as_is(features: Sequence[str]) -> Sequence[str]:
    return features
