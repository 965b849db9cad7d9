"""How many spans find their place on mutilated copies of the articles, and whether any finds a wrong one.

    RIFT_SOURCES=... python benchmarks/align.py        --json for programs

Copies: each article in eight ways, and as a page of three layouts in two states; other articles of the same weeks.
"""

import itertools
import os
import pathlib
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import click
import msgspec
import rich.box
from rich.console import Console
from rich.progress import track
from rich.table import Table

import mutilated
from rift.annotations.collection import load_portion
from rift.annotations.layer import Markup
from rift.annotations.place import Placement, best_placement
from rift.corpus.build import build_collection, collection_folder
from rift.corpus.copies import read_copy
from rift.corpus.document import Document
from rift.corpus.fingerprint import Fingerprint, read_fingerprints
from rift.paths import SOURCES_VARIABLE

COLLECTION = "infighting"
AIM = 0.98  # share of the surviving spans that are to be placed
WEEKS = 10  # days before or after an article in which another one counts as of the same weeks


class Row(msgspec.Struct, frozen=True):
    """What became of the spans on one kind of copies.

    `surviving` spans stand whole and unchanged in the copy, `placed` of them were found, `wrong` were put elsewhere;
    `respelt` spans stand there with a word spelt otherwise, `respelt_placed` of them were found. `seconds` is the
    slowest of the copies.
    """

    copies: int
    surviving: int
    placed: int
    wrong: int
    respelt: int
    respelt_placed: int
    seconds: float


class Case(NamedTuple):
    """A copy: its kind, the file's content, and the copy's text with origins, by which it is judged."""

    kind: str
    content: str
    truth: mutilated.Traced


def cases(text: str, seed: int) -> Iterator[Case]:
    """Yield the copies of one text."""
    for step in mutilated.MUTILATIONS:
        copy = step(mutilated.original(text), chances(seed, step.__name__))
        yield Case(step.__name__, copy.text, copy)
    for layout in mutilated.LAYOUTS:
        for step in (mutilated.straight, mutilated.transliterated):
            chance = chances(seed, layout.__name__, step.__name__)
            copy = step(mutilated.original(text), chance)
            page = layout([item.text for item in copy.paragraphs()], chance)
            yield Case(layout.__name__, page, copy)


def chances(*names: object) -> random.Random:
    """Return the chances of one copy, the same each time."""
    return random.Random(" ".join(map(str, names)))  # noqa: S311  (repeatable, nothing secret)


def judge(markup: Markup, found: Placement, truth: mutilated.Traced) -> Counter[str]:
    """Count what became of the spans of `markup`, whose offsets count on the original."""
    placed = {span.id: span for span in found.markup.spans}
    origins = origins_of(found.text, truth)
    unbroken = {one for one, other in itertools.pairwise(truth.origin) if other == one + 1}
    standing = set(truth.origin)
    counts: Counter[str] = Counter()
    for span in markup.spans:
        where = placed.get(span.id)
        right = where and (origins.get(where.start), origins.get(where.end - 1)) == (span.start, span.end - 1)
        counts["wrong"] += where is not None and not right
        if unbroken.issuperset(range(span.start, span.end - 1)) and span.end - 1 in standing:
            counts["surviving"] += 1
            counts["placed"] += bool(right)
        elif {span.start, span.end - 1} <= standing:
            counts["respelt"] += 1
            counts["respelt_placed"] += bool(right)
    return counts


def origins_of(text: str, truth: mutilated.Traced) -> Mapping[int, int]:
    """Return the origin of each character of `text` but white space, as far as it is the copy's."""
    found: dict[int, int] = {}
    reached = 0
    for paragraph in truth.paragraphs():
        words = re.compile(r"\s+".join(map(re.escape, paragraph.text.split())))
        if match := words.search(text, reached) or words.search(text):
            reached = match.end()
            places = (place for place in range(*match.span()) if not text[place].isspace())
            signs = zip(paragraph.text, paragraph.origin, strict=True)
            found.update(zip(places, (origin for sign, origin in signs if not sign.isspace()), strict=True))
    return found


def others(document: Document, articles: Sequence[Document]) -> Iterator[Document]:
    """Yield other articles of the same weeks."""
    for article in articles:
        if document.published and article.published and abs((article.published - document.published).days) <= WEEKS:
            yield article


def measure(sources: pathlib.Path) -> tuple[dict[str, Row], Row]:
    """Return what became of the spans on each kind of copies, and on other articles."""
    portion = load_portion(COLLECTION, "test", sources)
    prints = read_fingerprints(collection_folder(COLLECTION))
    articles = [item.document for item in build_collection("fakes", sources).documents]
    counts: dict[str, Counter[str]] = {}
    seconds: dict[str, float] = {}
    strange: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "copy"
        for seed, document in enumerate(track(portion.documents, "mutilating", console=Console(stderr=True))):
            markup = portion.gold.markups[document.id]
            for case in cases(document.text, seed):
                found, spent = placed(file, case.content, markup, prints[document.id])
                counts.setdefault(case.kind, Counter(copies=0)).update(copies=1, **judge(markup, found, case.truth))
                seconds[case.kind] = max(seconds.get(case.kind, 0.0), spent)
            for other in [*others(document, articles), *(item for item in portion.documents if item is not document)]:
                found, _ = placed(file, other.text, markup, prints[document.id])
                strange.update(copies=1, wrong=len(found.markup.spans))
    rows = {kind: row(found, seconds[kind]) for kind, found in counts.items()}
    rows["all"] = row(sum(counts.values(), Counter()), max(seconds.values()))
    return rows, row(strange, 0.0)


def placed(file: pathlib.Path, content: str, markup: Markup, known: Fingerprint) -> tuple[Placement, float]:
    """Place a markup on a copy with that content, by way of a file, and time it."""
    file.write_text(content, "utf-8")
    start = time.perf_counter()
    found = best_placement(markup, known, read_copy(file))
    return found, time.perf_counter() - start


def row(counts: Mapping[str, int], seconds: float) -> Row:
    """Return counts as a row."""
    return msgspec.convert({name: counts.get(name, 0) for name in Row.__struct_fields__} | {"seconds": seconds}, Row)


@click.command()
@click.option("--json", "as_json", is_flag=True)
def main(*, as_json: bool) -> None:
    """Print what became of the spans on each kind of copies; exit 1 where an aim is missed."""
    named = os.environ.get(SOURCES_VARIABLE)
    if not named:
        raise click.UsageError("the articles are needed: set RIFT_SOURCES")
    rows, strange = measure(pathlib.Path(named))
    if as_json:
        click.echo(msgspec.json.encode({"copies": rows, "other_articles": strange}))
    else:
        show(rows, strange)
    total = rows["all"]
    sys.exit(int(total.placed < AIM * total.surviving or total.wrong > 0 or strange.wrong > 0))


def show(rows: Mapping[str, Row], strange: Row) -> None:
    """Print the table."""
    table = Table("copies", box=rich.box.SIMPLE)
    for column in ("number", "spans", "placed", "share", "wrong", "respelt", "placed", "slowest, s"):
        table.add_column(column, justify="right")
    for kind, item in rows.items():
        share = f"{item.placed / item.surviving:.1%}"
        numbers = (item.copies, item.surviving, item.placed, share, item.wrong, item.respelt, item.respelt_placed)
        table.add_row(kind, *map(str, numbers), f"{item.seconds:.2f}")
    console = Console(width=100)
    console.print(table)
    console.print(f"on {strange.copies} other articles: {strange.wrong} spans placed")


if __name__ == "__main__":
    main()
