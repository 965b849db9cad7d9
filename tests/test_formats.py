"""Prediction files: each form read as the layer that it says, written, and read again."""

import gzip
import json
import pathlib
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import datasets
import hypothesis.strategies as st
import msgspec
import pytest
import zstandard
from hypothesis import given, settings

from rift.annotations.formats import forms
from rift.annotations.formats.predictions import Source, read_predictions, read_predictions_leniently
from rift.annotations.formats.rendering import Context, Loss
from rift.annotations.formats.tags import chunks, schemes
from rift.annotations.formats.walk import walk
from rift.annotations.layer import Layer, Markup, Span, reading_order, write_layer
from rift.corpus.document import Document, digest
from rift.guidelines import knowledge
from rift.issues import InputError

TEXT = "Na\u00efve rebels \U0001f600 held Azaz.\n\nOn 4 May 2014 \u062d\u0644\u0628 (Aleppo) fell; 12 rebels died."


def document(text: str = TEXT, name: str = "doc") -> Document:
    return Document(
        id=name,
        collection="tests",
        title="",
        publisher="",
        published=None,
        language="en",
        license="CC0-1.0",
        source="",
        text=text,
        sha256=digest(text),
    )


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


@pytest.mark.parametrize("separator", ["\t", " ", "   "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_are_read_with_tabs_or_spaces_and_any_line_ends(
    separator: str, end: str, tmp_path: pathlib.Path
) -> None:
    path = columns(tmp_path / "p.conll", FLAT, separator=separator, end=end)
    assert read(path) == (plain(*FLAT_SPANS), [])


def test_each_scheme_of_tags_gives_the_same_spans(tmp_path: pathlib.Path) -> None:
    singles = ("rebels/B-ACTOR", "Azaz/B-LOCATION", "\u062d\u0644\u0628/B-LOCATION", "Aleppo/B-LOCATION")
    iobes = FLAT.replace("2014/I-", "2014/E-").replace("rebels/I-TOLL", "rebels/E-TOLL")
    for single in singles:
        iobes = iobes.replace(single, single.replace("/B-", "/S-"))
    bilou = iobes.replace("/S-", "/U-").replace("/E-", "/L-")
    iob1 = FLAT.replace("/B-", "/I-")
    for tagged in (iobes, bilou, iob1):
        assert read(columns(tmp_path / "p.conll", tagged)) == (plain(*FLAT_SPANS), [])


def test_an_empty_line_ends_a_span(tmp_path: pathlib.Path) -> None:
    spans, _ = read(columns(tmp_path / "p.conll", FLAT.replace("12/B-TOLL rebels/I-TOLL", "12/I-TOLL | rebels/I-TOLL")))
    assert plain(at("12", "TOLL"), at("rebels", "TOLL", 2)) == [span for span in spans if span[2] == "TOLL"]


def test_mixed_tags_are_read_as_conlleval_does_and_reported_once(tmp_path: pathlib.Path) -> None:
    spans, codes = read(columns(tmp_path / "p.conll", FLAT.replace("Azaz/B-", "Azaz/I-")))
    assert (spans, codes) == (plain(*FLAT_SPANS), ["ill-formed-tags"])


def test_a_column_a_label_gives_nested_spans(tmp_path: pathlib.Path) -> None:
    rows = [part.rpartition("/")[::2] for part in FLAT.split() if part != "|"]
    lines = ["# doc = doc"]
    for number, (word, tag) in enumerate(rows):
        actor = "B-ACTOR" if word == "rebels" else "O"
        lines.append(f"{word}\tNN{number}\t{actor}\t{tag if 'TOLL' in tag else 'O'}")
    path = tmp_path / "p.conll"
    path.write_text("\n".join(lines), encoding="utf-8")
    expected = plain(at("rebels", "ACTOR"), at("12 rebels", "TOLL"), at("rebels", "ACTOR", 2))
    assert read(path) == (expected, ["not-read"])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("(/O Aleppo/B-LOCATION )/O fell/O ;/O", "(Aleppo)/B-LOCATION fell;/O"),
        ("(/O", "-LRB-/O"),
        ("Na\u00efve/O", "Na/O ##\u00efve/O"),
        ("Na\u00efve/O", unicodedata.normalize("NFD", "Na\u00efve") + "/O"),
        ("2014/I-DATE", "20/I-DATE 14/I-DATE"),
    ],
)
def test_another_tokeniser_is_followed(ours: str, theirs: str, tmp_path: pathlib.Path) -> None:
    spans, codes = read(columns(tmp_path / "p.conll", FLAT.replace(ours, theirs)))
    wide = at("(Aleppo)", "LOCATION") if "(Aleppo)" in theirs else at("Aleppo", "LOCATION")
    assert (spans, codes) == (plain(*FLAT_SPANS[:4], wide, FLAT_SPANS[5]), [])


def test_a_token_that_does_not_fit_is_reported_with_its_line_and_the_rest_is_read(tmp_path: pathlib.Path) -> None:
    path = columns(tmp_path / "p.conll", FLAT.replace("held/O", "hold/O").replace("died/O", "dead/B-TOLL"))
    found, issues = read_predictions_leniently(path, DOCUMENTS)
    assert bare(found)["doc"] == plain(*FLAT_SPANS)
    assert [(issue.code, issue.where.line) for issue in issues] == [("token-differs", 5), ("tagged-token-differs", 21)]
    with pytest.raises(InputError, match="21"):
        read_predictions(path, DOCUMENTS)


def test_left_out_text_is_reported(tmp_path: pathlib.Path) -> None:
    spans, codes = read(columns(tmp_path / "p.conll", FLAT.replace("fell/O ;/O ", "")))
    assert (spans, codes) == (plain(*FLAT_SPANS), ["skipped-text"])


@pytest.mark.parametrize("start", ["# doc doc", "# newdoc id = doc", "-DOCSTART- doc", "-DOCSTART- -X- O O", ""])
def test_documents_are_told_by_a_header_or_by_their_first_tokens(start: str, tmp_path: pathlib.Path) -> None:
    documents = {"first": document("Quiet in Idlib."), "doc": document()}
    documents["first"] = msgspec.structs.replace(documents["first"], id="first")
    path = columns(tmp_path / "p.conll", FLAT, header=False)
    path.write_text(
        f"{start}\n\n{path.read_text('utf-8')}\n-DOCSTART-\n\nQuiet\tO\nin\tO\nIdlib\tB-LOCATION\n.\tO\n", "utf-8"
    )
    found = read_predictions(path, documents)
    assert bare(found) == {"doc": plain(*FLAT_SPANS), "first": [(9, 14, "LOCATION")]}


def test_a_token_that_is_a_hash_is_no_comment(tmp_path: pathlib.Path) -> None:
    text = "# doc of rebels"
    path = tmp_path / "p.conll"
    path.write_text("# doc = doc\n# a remark\n#\tO\ndoc\tO\nof\tO\nrebels\tB-ACTOR\n", "utf-8")
    assert read(path, {"doc": document(text)}) == ([(9, 15, "ACTOR")], [])


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


@given(marked(flat=True))
@settings(max_examples=60, deadline=None)
def test_flat_spans_come_back_from_columns(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, list[Span]]
) -> None:
    text, spans = drawn
    path = tmp_path_factory.mktemp("conll") / "system.conll"
    documents = {"doc": document(text)}
    assert write(path, layer(spans, text), documents) == ()
    found, issues = read_predictions_leniently(path, documents)
    assert bare(found) == bare(layer(spans, text))
    assert issues == []


@given(marked(flat=False))
@settings(max_examples=60, deadline=None)
def test_columns_hold_every_span_or_say_which_not(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, list[Span]]
) -> None:
    text, spans = drawn
    path = tmp_path_factory.mktemp("conll") / "system.conll"
    documents = {"doc": document(text)}
    losses = write(path, layer(spans, text), documents)
    found, faults = read_predictions_leniently(path, documents)
    held = bare(found)["doc"]
    assert set(held) <= set(plain(*spans))
    assert len(held) + sum(loss.count for loss in losses) == len(spans)
    assert faults == []


@given(marked(flat=False))
@settings(max_examples=40, deadline=None)
def test_spans_come_back_from_brat(tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, list[Span]]) -> None:
    text, spans = drawn
    folder = tmp_path_factory.mktemp("folder") / "brat"
    documents = {"doc": document(text)}
    assert write(folder, layer(spans, text), documents) == ()
    found, issues = read_predictions_leniently(folder, documents)
    assert bare(found) == bare(layer(spans, text))
    assert issues == []


VALUES = st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.text(st.characters(exclude_categories=["Cs"])))


@given(marked(flat=False), st.dictionaries(st.text("abc", min_size=1), VALUES, max_size=3))
@settings(max_examples=40, deadline=None)
def test_whole_layers_come_back_from_parquet(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, list[Span]], attributes: Mapping[str, str | bool | int]
) -> None:
    text, spans = drawn
    rich = [
        msgspec.structs.replace(
            span,
            id=f"s{number}",
            surface=text[span.start : span.end],
            attributes=attributes,
            links={"of": [f"s{number}"]},
        )
        for number, span in enumerate(sorted(spans, key=reading_order))
    ]
    path = tmp_path_factory.mktemp("parquet") / "system.parquet"
    assert write(path, layer(rich, text)) == ()
    found = read_predictions(path, {})
    assert list(found.markups["doc"].spans) == rich
    assert found.markups["doc"].sha256 == digest(text)
    assert found.name == "system"


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


@pytest.mark.parametrize("text", [TEXT, TEXT + "\n", None])
def test_brat_gives_spans_attributes_and_links_of_the_scheme(text: str | None, tmp_path: pathlib.Path) -> None:
    folder = brat(tmp_path, BRAT, text)
    toll, actor = read_predictions(folder, DOCUMENTS).markups["doc"].spans
    assert (toll.surface, actor.surface) == ("12 rebels", "rebels")
    assert toll.attributes == {"outcome": "killed", "low": 12, "approx": True}
    assert toll.links == {"victim": ["T2"]}
    assert read(folder / "doc.ann") == (plain(at("12 rebels", "TOLL"), at("rebels", "ACTOR", 2)), [])


def test_what_brat_holds_comes_back(tmp_path: pathlib.Path) -> None:
    (tmp_path / "in").mkdir()
    first = read_predictions(brat(tmp_path / "in", BRAT), DOCUMENTS)
    assert write(tmp_path / "out-brat", first) == ()
    assert read_predictions(tmp_path / "out-brat", DOCUMENTS).markups["doc"].spans == first.markups["doc"].spans


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ("T1\tTOLL 46 48;50 55\t12 rebels\n", ["discontinuous-span", "surface-differs"]),
        ("T1\tTOLL 46 55\t13 rebels\n", ["surface-differs"]),
        (BRAT + "A4\tmood T1 grim\n", ["not-read"]),
        (BRAT + "E1\tAttack:T1\n#1\tNote T1 sure\n", ["not-read", "not-read"]),
        (BRAT + "R2\tvictim Arg1:T1 Arg2:T9\n", ["dangling-link"]),
        (BRAT + BRAT[:18] + "\n", ["duplicate-id"]),
        ("T1 TOLL 46 55 12 rebels\n", ["bad-annotation"]),
    ],
)
def test_what_brat_says_and_a_layer_does_not_hold_is_reported(
    lines: str, codes: list[str], tmp_path: pathlib.Path
) -> None:
    assert sorted(read(brat(tmp_path, lines))[1]) == codes


def test_offsets_on_another_text_are_refused(tmp_path: pathlib.Path) -> None:
    found, issues = read_predictions_leniently(brat(tmp_path, BRAT, TEXT.replace("\n", "\r\n")), DOCUMENTS)
    assert len(found) == 0
    assert [issue.code for issue in issues] == ["text-differs"]
    assert "LF" in issues[0].hint


NESTED = [{"start": 0, "end": 5, "label": "ACTOR"}, {"start": 6, "end": 12, "label": "ACTOR"}]


@pytest.mark.parametrize(
    "rows",
    [
        [{"doc": "doc", "spans": NESTED}],
        [{"id": "doc", "spans": NESTED}],
        [{"doc": "doc", **span} for span in NESTED],
        [{"doc": "doc", "spans": {key: [span[key] for span in NESTED] for key in ("start", "end", "label")}}],
        [{"doc": "doc", **{key: [span[key] for span in NESTED] for key in ("start", "end", "label")}}],
        [{"doc": "doc", **{f"{key}s": [span[key] for span in NESTED] for key in ("start", "end", "label")}}],
    ],
)
def test_rows_of_every_shape_give_the_same_layer_in_memory_and_in_tables(
    rows: list[dict[str, object]], tmp_path: pathlib.Path
) -> None:
    expected = [(0, 5, "ACTOR"), (6, 12, "ACTOR")]
    assert read(rows) == (expected, [])
    dataset = datasets.Dataset.from_list(rows)
    assert read(dataset) == (expected, [])
    dataset.save_to_disk(tmp_path / "saved")
    assert read(tmp_path / "saved") == (expected, [])
    dataset.to_parquet(tmp_path / "p.parquet")
    assert read(tmp_path / "p.parquet") == (expected, [])


def test_class_labels_are_read_by_name(tmp_path: pathlib.Path) -> None:
    label = datasets.ClassLabel(names=["DATE", "ACTOR"])
    spans = {"start": datasets.Value("int32"), "end": datasets.Value("int32"), "label": label}
    features = datasets.Features({"doc": datasets.Value("string"), "spans": datasets.List(spans)})
    rows = [{"doc": "doc", "spans": [{**span, "label": 1} for span in NESTED]}]
    dataset = datasets.Dataset.from_list(rows, features=features)
    dataset.save_to_disk(tmp_path / "saved")
    dataset.to_parquet(tmp_path / "p.parquet")
    sources: Sequence[Source] = (dataset, tmp_path / "saved", tmp_path / "p.parquet")
    for source in sources:
        assert read(source) == ([(0, 5, "ACTOR"), (6, 12, "ACTOR")], [])


def test_rows_report_every_fault_by_row() -> None:
    rows: list[object] = [
        {"doc": "doc", "spans": [{"start": "0", "end": 5.0, "label": "ACTOR"}], "mood": "grim"},
        {"doc": "doc", "spans": []},
        {"spans": []},
        {"doc": "nowhere", "spans": []},
        7,
    ]
    issues = read_predictions_leniently(rows, DOCUMENTS)[1]
    assert [(issue.where.line, issue.code) for issue in issues if issue.where.line] == [
        (1, "not-read"),
        (1, "number-as-string"),
        (1, "number-as-float"),
        (2, "duplicate-document"),
        (3, "missing-key"),
        (4, "unknown-document"),
        (5, "wrong-type"),
    ]


@pytest.mark.parametrize("source", [{"train": []}, 7])
def test_what_cannot_be_predictions_is_refused(source: Source) -> None:
    with pytest.raises(InputError, match="unknown-format"):
        read_predictions(source, DOCUMENTS)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("name", ["p.jsonl", "p.conll", "doc.ann", "p.parquet", "p"])
def test_every_file_is_read_when_packed_too(name: str, pack: object, tmp_path: pathlib.Path) -> None:
    path = tmp_path / name
    spans = [at("rebels", "ACTOR"), at("Azaz", "LOCATION")]
    match path.suffix:
        case ".conll":
            write(path, layer(spans))
        case ".ann":
            write(tmp_path, layer(spans), name="brat")
        case ".parquet":
            write(path, layer(spans))
        case _:
            write_layer(path, layer(spans))
    assert callable(pack)
    packed = (
        tmp_path / f"{name}.packed" if name == "p" else tmp_path / f"{name}.{'gz' if pack is gzip.compress else 'zst'}"
    )
    packed.write_bytes(pack(path.read_bytes()))
    path.unlink()
    assert read(packed) == (plain(*spans), [])


def test_zstandard_frames_may_follow_one_another_and_a_cut_off_one_is_told(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "p.jsonl.zst"
    lines = [json.dumps({"doc": name, "sha256": "0" * 64, "layer": "x", "spans": []}).encode() + b"\n" for name in "ab"]
    path.write_bytes(b"".join(map(zstandard.compress, lines)))
    assert list(read_predictions(path, {}).markups) == ["a", "b"]
    path.write_bytes(path.read_bytes()[:-3])
    assert [issue.code for issue in read_predictions_leniently(path, {})[1]] == ["bad-compression"]


@pytest.mark.parametrize("missing", ["zstandard", "pyarrow.parquet"])
def test_a_missing_extra_says_how_to_install_it(
    missing: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.parquet"
    write(path, layer([]))
    if missing == "zstandard":
        path.write_bytes(zstandard.compress(path.read_bytes()))
    monkeypatch.setitem(sys.modules, missing, None)
    issues = read_predictions_leniently(path, DOCUMENTS)[1]
    assert [(issue.code, issue.hint) for issue in issues] == [("missing-package", "pip install 'rift-corpus[data]'")]


def test_a_form_is_told_by_its_content_where_the_name_says_nothing(tmp_path: pathlib.Path) -> None:
    columns(tmp_path / "first", FLAT)
    (tmp_path / "doc").write_bytes((brat(tmp_path, BRAT) / "doc.ann").read_bytes())
    write_layer(tmp_path / "third", layer(FLAT_SPANS))
    assert read(tmp_path / "first") == (plain(*FLAT_SPANS), [])
    assert read(tmp_path / "doc") == (plain(at("12 rebels", "TOLL"), at("rebels", "ACTOR", 2)), [])
    assert read(tmp_path / "third") == (plain(*FLAT_SPANS), [])


def test_writers_say_what_they_leave_out(tmp_path: pathlib.Path) -> None:
    rich = msgspec.structs.replace(at("rebels", "ACTOR"), id="s1", attributes={"mood": "grim"}, links={"of": ["s1"]})
    layers = Layer(
        "system",
        [*layer([rich, at("rebels \U0001f600", "ACTOR")]), Markup(doc="x", sha256="0" * 64, layer="system", spans=())],
    )
    in_columns = [(loss.kind, loss.count) for loss in write(tmp_path / "p.conll", layers)]
    in_brat = [(loss.kind, loss.count) for loss in write(tmp_path / "brat", layers)]
    assert in_columns == [("spans", 1), ("documents", 1)]
    assert in_brat == [("attributes", 1), ("links", 1), ("documents", 1)]


def test_tokens_are_found_again_after_some_that_do_not_fit() -> None:
    text = "the rebels of the north met the rebels of the south"
    tokens = ["the", "rebels", "from", "a", "the", "north", "met", "the", "rebels", "of", "the", "south"]
    places = walk(tokens, text)
    assert [text[place.start : place.end] if place else None for place in places] == [
        *("the", "rebels", None, None, "the", "north", "met", "the", "rebels", "of", "the", "south")
    ]


@given(st.lists(st.sampled_from(["O", "B-X", "I-X", "E-X", "S-X", "B-Y", "I-Y"]), max_size=8))
def test_every_tag_but_o_is_in_one_span(tags: list[str]) -> None:
    inside = [index for chunk in chunks(tags) for index in range(chunk.start, chunk.end)]
    assert inside == [index for index, tag in enumerate(tags) if tag != "O"]


def test_well_formed_tags_are_told_by_scheme() -> None:
    assert schemes(["I-X", "B-X", "O"]) == {"IOB1"}
    assert schemes(["B-X", "I-X", "O"]) == {"IOB2"}
    assert schemes(["B-X", "E-X", "S-X"]) == {"IOBES"}
    assert schemes(["B-X", "L-X", "U-X"]) == {"BILOU"}
    assert schemes(["O"]) == {"IOB1", "IOB2", "IOBES", "BILOU"}
    assert schemes(["B-X", "O", "I-X"]) == set()
