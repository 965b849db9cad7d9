"""`rift score`: one layer against gold."""

import dataclasses
import pathlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TextIO

import click
import msgspec

from rift.annotations.collection import GOLD, known_documents, layer_file, splits
from rift.annotations.layer import Layer, read_numbered
from rift.annotations.validate import offset_issues
from rift.cli.console import print_table
from rift.cli.options import sources_option
from rift.corpus.build import collections
from rift.corpus.document import Document
from rift.eval.tracks import MODES, Mode, find_track
from rift.guidelines import scheme
from rift.issues import InputError, Issue, Level, Where, has_errors

TRACK = find_track("spans")


class _Gold(NamedTuple):
    """Where gold is: its file, the name of its split, and the documents of that split (None: all in the file)."""

    path: pathlib.Path
    split: str
    documents: tuple[str, ...] | None


@click.command(epilog="Every number is defined in docs/evaluation.md.")
@click.argument("gold")
@click.argument("predicted", type=click.Path(path_type=pathlib.Path))
@click.option("--mode", type=click.Choice(MODES), default=TRACK.headline, show_default=True, help="Mode of the table.")
@click.option("--json", "as_json", is_flag=True, help="Print every mode as JSON.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the intervals.")
@click.option(
    "--resamples",
    type=click.IntRange(min=0),
    default=10_000,
    show_default=True,
    help="Bootstrap resamples of the intervals; 0 for none.",
)
@click.option(
    "--documents",
    type=click.File(encoding="utf-8"),
    help="Score only the gold documents whose ids this file lists, one a line.",
)
@sources_option
def score(  # noqa: PLR0913 - one parameter an argument or option
    *,
    gold: str,
    predicted: pathlib.Path,
    mode: Mode,
    as_json: bool,
    seed: int,
    resamples: int,
    documents: TextIO | None,
    sources: pathlib.Path | None,
) -> None:
    """Score the layer file PREDICTED against GOLD: a layer file, or a split of the corpus such as `briefs/dev`.

    A gold document that PREDICTED lacks counts as predicted empty. A faulty file is reported whole and not scored.
    """
    from rift.eval import resample, scoring, table  # noqa: PLC0415 - scipy takes a second to load, --help needs none

    found = _find_gold(gold)
    at_hand = known_documents(sources)
    gold_layer, gold_issues = _read(found.path, at_hand)
    predicted_layer, predicted_issues = _read(predicted, at_hand)
    if has_errors(issues := [*gold_issues, *predicted_issues]):
        raise InputError(issues)
    split = found.split
    if found.documents is not None:
        gold_layer = gold_layer.only(found.documents)
    if documents is not None:
        gold_layer, split = gold_layer.only(_listed(documents, gold_layer)), "listed"
    try:
        scores = scoring.score(
            gold_layer,
            predicted_layer,
            TRACK.name,
            labels=scheme().labels,
            split=split,
            bootstrap=resample.Bootstrap(seed, resamples),
        )
    except InputError as error:
        raise InputError(_in_file(error.issues, predicted)) from error
    scores = msgspec.structs.replace(scores, issues=(*issues, *_in_file(scores.issues, predicted)))
    for issue in scores.issues:
        click.echo(str(issue), err=True)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(scores)))
        return
    print_table(table.score_table(scores, mode))
    click.echo(table.other_modes(scores, mode))
    click.echo(table.sizes(scores))
    click.echo(scores.modes[mode].signature)


def _find_gold(name: str) -> _Gold:
    """Say where the gold called `name` is: a file, or the gold of a COLLECTION or of a COLLECTION/SPLIT."""
    collection, _, split = name.partition("/")
    if pathlib.Path(name).exists() or collection not in collections():
        return _Gold(pathlib.Path(name), "all", None)
    members = splits(collection)
    if split and split not in members.values():
        hint = f"its splits: {', '.join(sorted(set(members.values())))}"
        message = f"the collection {collection!r} has no split {split!r}"
        raise InputError([Issue("no-split", Level.ERROR, Where(name), message, hint)])
    chosen = tuple(doc for doc, its in members.items() if its == split) if split else None
    return _Gold(layer_file(collection, GOLD), name.replace("/", "-"), chosen)


def _read(path: pathlib.Path, documents: Mapping[str, Document | None]) -> tuple[Layer, list[Issue]]:
    """Read a layer file and check all that a score depends on: its form, and its offsets where the text is at hand."""
    rows, issues = read_numbered(path)
    for line, markup in rows:
        where = Where(str(path), line, markup.doc)
        if document := documents.get(markup.doc):
            issues.extend(offset_issues(markup, document, where))
    return Layer(rows[0][1].layer if rows else path.stem, (markup for _, markup in rows)), issues


def _listed(file: TextIO, gold: Layer) -> list[str]:
    """Read ids, one a line, blank lines and `#` comments apart; raises InputError for each that is not gold."""
    lines = [(number, line.strip()) for number, line in enumerate(file, start=1)]
    ids = [(number, line) for number, line in lines if line and not line.startswith("#")]
    unknown = [(number, document) for number, document in ids if document not in gold.markups]
    if unknown:
        hint = "list ids of gold documents, one a line"
        raise InputError(
            Issue("not-gold", Level.ERROR, Where(file.name, number, document), "is not a gold document", hint)
            for number, document in unknown
        )
    return [document for _, document in ids]


def _in_file(issues: Iterable[Issue], path: pathlib.Path) -> tuple[Issue, ...]:
    """Let issues with a layer name its file instead."""
    return tuple(dataclasses.replace(issue, where=dataclasses.replace(issue.where, file=str(path))) for issue in issues)
