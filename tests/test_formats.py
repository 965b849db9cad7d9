"""Prediction files: rows and tables, packed files, and what every form has in common."""

import gzip
import json
import pathlib
import sys
from collections.abc import Mapping, Sequence

import datasets
import hypothesis.strategies as st
import msgspec
import pytest
import zstandard
from hypothesis import given, settings

from predicted import BRAT, DOCUMENTS, FLAT, FLAT_SPANS, at, brat, columns, layer, marked, plain, read, write
from rift.annotations.formats.predictions import Source, read_predictions, read_predictions_leniently
from rift.annotations.layer import Layer, Markup, Span, reading_order, write_layer
from rift.corpus.document import digest
from rift.issues import InputError

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
