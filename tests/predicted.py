"""Predictions for the tests of their files: a text with spans, and each written as columns or brat has it."""

import pathlib
from collections.abc import Iterable, Mapping

import hypothesis.strategies as st

import invented
from rift.annotations.formats import forms
from rift.annotations.formats.predictions import Source, read_predictions_leniently
from rift.annotations.formats.rendering import Context, Loss
from rift.annotations.layer import Layer, Markup, Span, reading_order
from rift.corpus.document import Document, digest
from rift.guidelines import knowledge

TEXT = "Na\u00efve rebels \U0001f600 held Azaz.\n\nOn 4 May 2014 \u062d\u0644\u0628 (Aleppo) fell; 12 rebels died."


def document(text: str = TEXT, name: str = "doc") -> Document:
    return invented.document(text, name)


DOCUMENTS = {"doc": document()}


def at(surface: str, label: str, nth: int = 1, text: str = TEXT) -> Span:
    start = -1
    for _ in range(nth):
        start = text.index(surface, start + 1)
    return Span(start=start, end=start + len(surface), label=label)


def layer(spans: Iterable[Span], text: str = TEXT) -> Layer:
    return Layer("system", [Markup(doc="doc", sha256=digest(text), layer="system", spans=tuple(spans))])


def write(
    path: pathlib.Path, of: Layer, documents: Mapping[str, Document] = DOCUMENTS, name: str | None = None
) -> tuple[Loss, ...]:
    return forms.write(path, of, Context(documents, knowledge()), name)


def bare(found: Layer) -> dict[str, list[tuple[int, int, str]]]:
    return {m.doc: [(s.start, s.end, s.label) for s in sorted(m.spans, key=reading_order)] for m in found}


def read(source: Source, documents: Mapping[str, Document] = DOCUMENTS) -> tuple[list[tuple[int, int, str]], list[str]]:
    """Read one document's predictions: its spans, and the codes of all issues."""
    found, issues = read_predictions_leniently(source, documents)
    return bare(found).get("doc", []), [issue.code for issue in issues]


def plain(*spans: Span) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in sorted(spans, key=reading_order)]


def columns(
    path: pathlib.Path, tagged: str, *, separator: str = "\t", end: str = "\n", header: bool = True
) -> pathlib.Path:
    """Write `token/TAG token/TAG | token` as columns; a bar ends a sentence."""
    lines = ["# doc = doc"] if header else []
    for part in tagged.split():
        token, _, tag = part.rpartition("/")
        lines.append(separator.join([token, tag]) if token else "")
    path.write_bytes((end.join(lines) + end).encode())
    return path


FLAT = (
    "Na\u00efve/O rebels/B-ACTOR \U0001f600/O held/O Azaz/B-LOCATION ./O | "
    "On/O 4/B-DATE May/I-DATE 2014/I-DATE \u062d\u0644\u0628/B-LOCATION (/O Aleppo/B-LOCATION )/O "
    "fell/O ;/O 12/B-TOLL rebels/I-TOLL died/O ./O"
)
FLAT_SPANS = [
    at("rebels", "ACTOR"),
    at("Azaz", "LOCATION"),
    at("4 May 2014", "DATE"),
    at("\u062d\u0644\u0628", "LOCATION"),
    at("Aleppo", "LOCATION"),
    at("12 rebels", "TOLL"),
]


WORDS = st.sampled_from(
    [
        "Azaz",
        "rebels",
        "na\u00efve",
        "\U0001f600",
        "\u062d\u0644\u0628",
        "e\u0301",
        "\u0915\u094d\u0937",
        "-LRB-",
        "#",
        "4",
        "O",
        "\u200d",
    ]
)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", "", "\n", "\n\n", ". "])), min_size=1, max_size=12).map(
    lambda parts: "".join(word + gap for word, gap in parts).strip() or "x"
)


@st.composite
def marked(draw: st.DrawFn, *, flat: bool) -> tuple[str, list[Span]]:
    """Draw a text and spans of it that begin and end with something, flat ones without overlap."""
    text = draw(TEXTS)
    edges = st.integers(0, len(text))
    spans: list[Span] = []
    for one, other in draw(st.lists(st.tuples(edges, edges), max_size=6)):
        start, end = sorted((one, other))
        surface = text[start:end]
        if not surface or surface != surface.strip():
            continue
        if flat and any(span.start < end and start < span.end for span in spans):
            continue
        spans.append(Span(start=start, end=end, label=draw(st.sampled_from(["ACTOR", "DATE", "X-Y"]))))
    return text, list({(span.start, span.end, span.label): span for span in spans}.values())


BRAT = (
    "T1\tTOLL 46 55\t12 rebels\nT2\tACTOR 49 55\trebels\n"
    "A1\toutcome T1 killed\nA2\tlow T1 12\nA3\tapprox T1\nR1\tvictim Arg1:T1 Arg2:T2\n"
)


def brat(tmp_path: pathlib.Path, lines: str, text: str | None = TEXT) -> pathlib.Path:
    start = TEXT.index("12 rebels")
    offsets = (("46 55", f"{start} {start + 9}"), ("49 55", f"{start + 3} {start + 9}"))
    for old, new in offsets:
        lines = lines.replace(old, new)
    (tmp_path / "doc.ann").write_text(lines, encoding="utf-8")
    if text is not None:
        (tmp_path / "doc.txt").write_bytes(text.encode())
    return tmp_path
