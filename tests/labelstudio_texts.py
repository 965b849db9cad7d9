"""The invented texts and marks that `golden/make_labelstudio.py` sends to a server."""

import datetime as dt
import pathlib

from rift.annotations.layer import Layer, Markup, Span, Value
from rift.annotations.mentions import read
from rift.corpus.document import Document, digest
from rift.guidelines import knowledge, scheme
from rift.issues import InputError

GOLDEN = pathlib.Path(__file__).with_name("golden")

SPECIAL = (
    "Na\u00efve re\u0301bels \U0001f600 held Azaz.\n\nOn 4 May 2014 \u062d\u0644\u0628 (Aleppo)  fell;\tat least 12 "
    "rebels died.\r\nA line\nafter another; "
    "3 \U0001f468\u200d\U0001f469\u200d\U0001f467 rebels too, the Nusra Front said"
)
"""Emoji, one of them of five code points, a combining mark, Arabic, two spaces, a tab, CR LF."""

SMILE = "\U0001f600 "

LONG = "\n\n".join(
    f"Day {day}: the column left village {day} with {day + 3} carts, {SMILE * (day % 7 == 0)}met "
    f"{day + 5} rebels on the ridge, lost a mule, slept in a barn and was seen near Azaz before dawn by shepherds."
    for day in range(1, 154)
)
"""Some 5,000 words."""

KEPT, CHANGED, MADE, RELABELLED, SKIPPED, TWICE, LONG_ONE = (
    *("kept", "changed", "made", "relabelled", "skipped", "twice", "long"),
)
TEXTS = {**dict.fromkeys((KEPT, CHANGED, MADE, RELABELLED, SKIPPED, TWICE), SPECIAL), LONG_ONE: LONG}


def document(name: str, text: str, published: dt.date | None = None) -> Document:
    """Return a document."""
    return Document(
        id=name, collection="tests", title="", publisher="RIFT", published=published, language="en", license="CC0-1.0",
        source="", text=text, sha256=digest(text),
    )  # fmt: skip


DOCUMENTS = {name: document(name, text) for name, text in TEXTS.items()}


def span(text: str, key: str, surface: str, label: str, nth: int = 1, **attributes: Value) -> Span:
    """Mark the nth occurrence of a surface."""
    start = -1
    for _ in range(nth):
        start = text.index(surface, start + 1)
    return Span(id=key, start=start, end=start + len(surface), label=label, surface=surface, attributes=attributes)


def linked(one: Span, **links: list[str]) -> Span:
    """Return the span with links."""
    return Span(
        id=one.id, start=one.start, end=one.end, label=one.label, surface=one.surface, attributes=one.attributes,
        links=links,
    )  # fmt: skip


def special_spans() -> list[Span]:
    """Return marks of `SPECIAL` with every kind of attribute and several links."""
    toll = span(
        SPECIAL, "t1", "at least 12 rebels", "TOLL", outcome="killed", low=12, approx=True, victims="combatants",
        scope="incident", breakdown="partial",
    )  # fmt: skip
    part = span(SPECIAL, "t2", "3", "TOLL", outcome="killed", low=3, high=3, victims="combatants", scope="incident")
    return [
        span(SPECIAL, "a0", "Na\u00efve re\u0301bels", "ACTOR", form="generic", kind="armed_group"),
        span(SPECIAL, "l1", "Azaz", "LOCATION", kind="settlement", place="azaz"),
        span(SPECIAL, "d1", "4 May 2014", "DATE", value="2014-05-04"),
        span(SPECIAL, "l2", "\u062d\u0644\u0628", "LOCATION", kind="settlement", place="aleppo"),
        span(SPECIAL, "l3", "Aleppo", "LOCATION", kind="settlement", place="aleppo"),
        linked(toll, victim=["a1"], by=["a4"], source=["a4"], where=["l2", "l3"], when=["d1"]),
        span(SPECIAL, "a1", "rebels", "ACTOR", form="generic", kind="armed_group"),
        span(SPECIAL, "a2", "line\nafter", "ACTOR", form="name", kind="armed_group", entity="line-after"),
        linked(part, part_of=["t1"], victim=["a3"]),
        span(SPECIAL, "a3", "rebels", "ACTOR", 2, form="generic", kind="armed_group"),
        span(SPECIAL, "a4", "Nusra Front", "ACTOR", form="name", kind="armed_group", entity="al-nusra-front"),
    ]


def long_spans() -> list[Span]:
    """Return marks of place names in `LONG`, to its end."""
    starts = [at for at in range(len(LONG)) if LONG.startswith("Azaz", at)]
    attributes: dict[str, Value] = {"kind": "settlement", "place": "azaz"}
    return [
        Span(id=f"p{n}", start=at, end=at + 4, label="LOCATION", surface="Azaz", attributes=attributes)
        for n, at in enumerate([*starts[:-1:10], starts[-1]], start=1)
    ]


SENT = Layer(
    "sent",
    [
        Markup(doc=name, sha256=DOCUMENTS[name].sha256, layer="sent", spans=tuple(spans))
        for name, spans in (
            (KEPT, special_spans()), (CHANGED, special_spans()), (TWICE, special_spans()), (LONG_ONE, long_spans()),
        )
    ],
)  # fmt: skip
"""What annotators find as predictions."""

PICTURED = document("article", (GOLDEN / "article.txt").read_text("utf-8").rstrip("\n"), dt.date(2015, 3, 11))
"""An article of 300 words for the picture of the documentation."""


def pictured() -> Layer:
    """Return marks of the article's first paragraphs, as somebody has them who is in the middle of it."""
    found = read(GOLDEN / "article.mentions", {PICTURED.id: PICTURED}, scheme(), knowledge())
    if found.issues:
        raise InputError(found.issues)
    return Layer("pictured", found.markups)
