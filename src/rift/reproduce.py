"""The main job: corpus, checks, baselines, scores, board and report, in one go."""

import dataclasses
import pathlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

import msgspec

from rift.annotations.collection import (
    GOLD,
    Coverage,
    coverage,
    documents_of,
    layer_files,
    layer_scheme,
    read_collection,
    sealed_splits,
)
from rift.annotations.layer import Layer, write_layer
from rift.annotations.sealed import find_key
from rift.annotations.validate import check_file, check_markups
from rift.baselines.extractor import Extractor, load_extractor, predict_layer
from rift.corpus.build import DOCUMENTS, Built, build_collection, collections
from rift.corpus.document import Document
from rift.eval.board import Entry, lines
from rift.eval.coverage import covered_layer, portion_name
from rift.eval.report import render_report
from rift.eval.scoring import score
from rift.guidelines import knowledge, scheme
from rift.issues import InputError, Issue, Level, Where, has_errors
from rift.jsonl import write_values
from rift.paths import data_root, write_whole

T = TypeVar("T")

SCORED = ("dev", "test")


class Track(Protocol):
    """Shows progress over the items that it passes through."""

    def __call__(self, items: Sequence[T], description: str) -> Iterable[T]:
        """Yield the items."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reproduction:
    """What the main job made: the board's entries, the issues that left something out, and the report's file."""

    entries: Sequence[Entry]
    issues: Sequence[Issue]
    report: pathlib.Path


@dataclasses.dataclass(frozen=True, slots=True)
class _Portion:
    """One split of a collection, as far as its texts are there, with their gold."""

    collection: str
    split: str
    documents: Sequence[Document]
    gold: Layer
    coverage: Coverage | None


def baselines() -> list[str]:
    """Return the baselines that come with RIFT: the folders of `baselines/` that have settings, by name."""
    return sorted(path.parent.name for path in (data_root() / "baselines").glob("*/config.toml"))


def reproduce(sources: pathlib.Path | None, out: pathlib.Path, track: Track) -> Reproduction:
    """Build, check, train, predict, score and report; everything made goes below `out`, each file whole.

    Documents that cannot be built are left out and their issues returned. Raises InputError where a layer of the corpus
    or what a baseline predicts is not valid, since no score of it could be trusted.
    """
    out.mkdir(parents=True, exist_ok=True)  # a folder that cannot be written is told before the work, not after
    built = [build_collection(name, sources) for name in track(collections(), "building the corpus")]
    for collection in built:
        if collection.documents:
            texts = [item.document for item in collection.documents]
            write_values(out / "corpus" / collection.name / DOCUMENTS, texts)
    _check_layers(built, track)
    found = [portion for collection in built for portion in _portions(collection)]
    portions = [portion for portion in found if isinstance(portion, _Portion)]
    fitted = _train(portions, track)
    jobs = [(system, portion) for portion in portions if portion.split in SCORED for system in fitted]
    entries = [_entry(system, portion, out) for system, portion in track(jobs, "predicting and scoring")]
    write_whole(out / "board.json", msgspec.json.format(msgspec.json.encode(lines(entries))) + b"\n")
    unscored = (issue for issue in found if isinstance(issue, Issue))
    issues = (*(issue for collection in built for issue in collection.issues), *unscored)
    report = out / "report" / "index.html"
    write_whole(report, render_report(entries, scheme(), [issue.message for issue in issues]).encode())
    return Reproduction(entries, issues, report)


def _check_layers(built: Sequence[Built], track: Track) -> None:
    known = documents_of(built)
    files = [path for collection in built for path in layer_files(collection.name)]
    issues = [
        issue
        for path in track(files, "checking the layers")
        for issue in check_file(path, known, layer_scheme(path), knowledge())[1]
    ]
    if has_errors(issues):
        raise InputError(issues)


def _portions(built: Built) -> Iterator[_Portion | Issue]:
    """Yield each split whose documents and gold are there, and an issue for one that cannot be scored."""
    key = find_key()
    for split in sorted({item.split for item in built.documents}):
        name = f"{built.name}/{split}"
        if split in sealed_splits(built.name) and key is None:
            message = f"{name} is not scored here: its gold is sealed"
            yield Issue("sealed", Level.WARNING, Where(name), message, "docs/evaluation.md says how it is scored")
            continue
        gold = read_collection(built.name, GOLD, split)
        documents = [item.document for item in built.documents if item.split == split]
        annotated = [document for document in documents if document.id in gold.markups]
        if len(annotated) < len(documents):
            message = f"{len(documents) - len(annotated)} of {len(documents)} documents of {name} have no gold yet"
            yield Issue("no-gold", Level.WARNING, Where(name), message)
        if annotated:
            chosen = gold.only(document.id for document in annotated)
            yield _Portion(built.name, split, annotated, chosen, coverage(built.name))


def _train(portions: Sequence[_Portion], track: Track) -> list[Extractor]:
    training = [portion for portion in portions if portion.split == "train"]
    documents = [document for portion in training for document in portion.documents]
    gold = Layer(GOLD, (markup for portion in training for markup in portion.gold))
    return [load_extractor(name).fit(documents, gold) for name in track(baselines(), "training the baselines")]


def _entry(system: Extractor, portion: _Portion, out: pathlib.Path) -> Entry:
    predicted = predict_layer(system, portion.documents)
    path = out / "predictions" / system.name / f"{portion.collection}-{portion.split}.jsonl"
    texts = {document.id: document for document in portion.documents}
    rows = ((0, markup) for markup in predicted)
    issues = list(check_markups(rows, texts, scheme(), knowledge(), str(path)))
    if has_errors(issues):
        raise InputError(issues)
    write_layer(path, predicted)
    counted = covered_layer(predicted, portion.coverage)
    scores = score(
        portion.gold,
        counted,
        labels=portion.coverage.labels if portion.coverage else scheme().labels,
        split=portion_name(f"{portion.collection}-{portion.split}", portion.coverage),
    )
    return Entry(
        system.name,
        portion.collection,
        portion.split,
        portion.documents,
        portion.gold,
        counted,
        scores,
        transfer=portion.coverage is not None,
    )
