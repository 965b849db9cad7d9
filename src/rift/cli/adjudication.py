"""`rift annotations adjudicate`, `decide` and `audit`: from two annotators to gold, and gold read again."""

import pathlib
import random
from collections import Counter
from collections.abc import Sequence
from typing import get_args

import click
import msgspec
import rich.box
from rich.table import Table

from rift.annotations.collection import GOLD, layer_files, read_readable
from rift.annotations.layer import Layer, read_layer
from rift.cli.common import find_texts
from rift.cli.console import print_table
from rift.cli.main import FINDINGS
from rift.cli.options import sources_option
from rift.corpus.build import collections
from rift.eval.audit import AuditRow, Fault, audit
from rift.eval.decisions import Choice, Reason, decide
from rift.eval.differences import differences
from rift.eval.scoring import Estimate
from rift.eval.wording import describe
from rift.issues import InputError, Issue, Level, Where
from rift.jsonl import write_values

_FILE = click.Path(path_type=pathlib.Path)
_DOCUMENTS = click.option(
    "--documents", type=_FILE, help="Documents (JSON Lines) that are marked; default: the corpus."
)


@click.command("adjudicate")
@click.argument("a", type=_FILE)
@click.argument("b", type=_FILE)
@_DOCUMENTS
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON Lines.")
@sources_option
def adjudicate_command(
    *, a: pathlib.Path, b: pathlib.Path, documents: pathlib.Path | None, as_json: bool, sources: pathlib.Path | None
) -> None:
    """List every difference of the layers A and B with its text, numbered within each document.

    What to do with the list, docs/extending.md says: gold is written, each number gets a reason code, and `rift
    annotations decide` records the decisions.
    """
    found = differences(read_layer(a), read_layer(b))
    if as_json:
        for item in found:
            click.echo(msgspec.json.encode(item))
        return
    known, _ = find_texts(documents, sources)
    doc = ""
    for item in found:
        if item.doc != doc:
            doc = item.doc
            click.echo(f"# doc {doc}")
        click.echo(f"{item.number}\t{describe(item, known.get(doc))}")


@click.command("decide")
@click.argument("a", type=_FILE)
@click.argument("b", type=_FILE)
@click.argument("gold", type=_FILE)
@click.argument("reasons", type=_FILE)
@click.option("--out", type=_FILE, required=True, help="Where the decisions go (JSON Lines).")
def decide_command(
    *, a: pathlib.Path, b: pathlib.Path, gold: pathlib.Path, reasons: pathlib.Path, out: pathlib.Path
) -> None:
    """Record how GOLD settles each difference of A and B, with the reason codes of REASONS.

    A line of REASONS: document, number, reason code and, if there is one, a note, separated by tabs.
    """
    given, issues = _reasons(reasons)
    decisions, more = decide(read_layer(a), read_layer(b), read_layer(gold), given, str(reasons))
    if issues := [*issues, *more]:
        raise InputError(issues)
    write_values(out, decisions)
    table = Table("reason", box=rich.box.SIMPLE)
    choices: tuple[Choice, ...] = get_args(Choice)
    for choice in choices:
        table.add_column(choice, justify="right")
    counts = Counter((item.reason, item.choice) for item in decisions)
    for reason in sorted({item.reason for item in decisions}):
        table.add_row(reason, *(str(counts[reason, choice]) for choice in choices))
    print_table(table)


@click.command("draw")
@click.argument("names", metavar="COLLECTION...", nargs=-1, required=True)
@click.option("--documents", type=click.IntRange(min=1), default=30, show_default=True, help="How many to draw.")
@click.option("--seed", type=int, default=0, show_default=True)
def draw_command(*, names: tuple[str, ...], documents: int, seed: int) -> None:
    """Draw documents with gold of COLLECTIONs at random, for an audit: an id a line, the same for the same seed.

    Of a sealed split only with the key.
    """
    known = sorted(doc for name in dict.fromkeys(names) for doc in read_readable(name, GOLD).markups)
    if documents > len(known):
        raise click.UsageError(f"there are only {len(known)} documents")
    for doc in sorted(random.Random(seed).sample(known, documents)):  # noqa: S311  (a repeatable draw, nothing secret)
        click.echo(doc)


@click.command("audit")
@click.argument("gold")
@click.argument("audited")
@click.option(
    "--most", type=click.FloatRange(0, 1), default=0.02, show_default=True, help="Share of wrong spans borne."
)
@click.option("--json", "as_json", is_flag=True, help="Print the audit as JSON.")
@click.pass_context
def audit_command(context: click.Context, *, gold: str, audited: str, most: float, as_json: bool) -> None:
    """Hold GOLD against the layer AUDITED of a second full reading; exit 1 where a greater share is wrong.

    Both are files, layers of the corpus such as `fakes/audit`, or names such as `audit` for the layers of all
    collections that have one; of a sealed split only with the key.
    """
    found = audit(_layer(gold), _layer(audited))
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        print_table(_audit_table(found.rows))
        click.echo(f"{found.documents} documents read")
    rate = found.rows[-1].rate.value
    if rate is not None and rate > most:
        context.exit(FINDINGS)


def _layer(name: str) -> Layer:
    collection, separator, layer = name.partition("/")
    if pathlib.Path(name).exists():
        return read_layer(name)
    if collection in collections() and separator:
        return read_readable(collection, layer)
    holders = [known for known in collections() if name in {path.stem for path in layer_files(known)}]
    return (
        Layer(name, (markup for known in holders for markup in read_readable(known, name)))
        if holders
        else read_layer(name)
    )


_FAULTS: tuple[Fault, ...] = ("missing", "spurious", "extent", "label", "attribute", "link")


def _audit_table(rows: Sequence[AuditRow]) -> Table:
    table = Table("label", box=rich.box.SIMPLE)
    for column in ("spans", *_FAULTS, "wrong spans", "wrong values"):
        table.add_column(column, justify="right")
    for row in rows:
        counts = [str(row.faults.get(fault, 0)) for fault in _FAULTS]
        table.add_row(row.label, str(row.spans), *counts, _percent(row.rate), _percent(row.value_rate))
    return table


def _percent(rate: Estimate) -> str:
    if rate.value is None:
        return "-"
    low, high = rate.interval or (rate.value, rate.value)
    return f"{rate.value:.1%} [{low:.1%}, {high:.1%}]"


def _reasons(path: pathlib.Path) -> tuple[list[Reason], list[Issue]]:
    reasons: list[Reason] = []
    issues: list[Issue] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [*line.split("\t"), "", ""]
        if len(fields) < 5 or not fields[1].strip().isdigit():  # noqa: PLR2004  (three fields and two to spare)
            message = "expected document, number, reason code and perhaps a note, separated by tabs"
            issues.append(Issue("wrong-reason", Level.ERROR, Where(str(path), number), message))
            continue
        reasons.append(Reason(fields[0].strip(), int(fields[1]), fields[2].strip(), fields[3].strip()))
    return reasons, issues
