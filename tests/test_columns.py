"""Layers as columns, from files of either kind."""

import json
import pathlib
from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval_strategies import LABELS, Corpus, both, corpora, layer, span
from rift.annotations.layer import Layer, Span, read_layer, write_layer
from rift.eval import columns as module
from rift.eval.columns import (
    FARTHEST,
    Columns,
    aligned,
    fingerprint,
    from_layer,
    from_spans,
    read_columns,
    read_parquet_columns,
    write_parquet_columns,
)
from rift.issues import InputError

Row = tuple[str, str, int, int, str]

WORKED = layer("system", {"doc-b": [span(4, 9, "TOLL"), span(0, 2)], "doc-a": [], "doc-c": [span(4, 9, "TOLL")]})


def rows(columns: Columns) -> list[Row]:
    """Return the spans with the names in place of their indices, in the order of the columns."""
    numbers = zip(columns.doc, columns.start, columns.end, columns.label, strict=True)
    return [
        (columns.documents[doc], columns.digests[doc], int(start), int(end), columns.labels[label])
        for doc, start, end, label in numbers
    ]


def assert_same(found: Columns, expected: Columns) -> None:
    """Hold columns equal but for the order of their labels."""
    assert (found.name, found.documents, found.digests) == (expected.name, expected.documents, expected.digests)
    assert rows(found) == rows(expected)


def line(**changes: object) -> dict[str, object]:
    return {"doc": "doc-a", "sha256": "0" * 64, "layer": "system", "spans": []} | changes


def marked(**changes: object) -> dict[str, object]:
    return line(spans=[{"start": 0, "end": 4, "label": "ACTOR"} | changes])


def test_a_layer_gives_an_entry_a_span() -> None:
    found = from_layer(WORKED)
    assert (found.name, found.documents, len(found)) == ("system", ("doc-b", "doc-a", "doc-c"), 3)
    assert [row[0:1] + row[2:] for row in rows(found)] == [
        ("doc-b", 4, 9, "TOLL"),
        ("doc-b", 0, 2, "ACTOR"),
        ("doc-c", 4, 9, "TOLL"),
    ]
    assert found.digests == tuple(markup.sha256 for markup in WORKED)


def test_a_layer_without_documents_gives_empty_columns() -> None:
    found = from_layer(Layer("gold"))
    assert (found.name, len(found), found.labels, found.start.shape) == ("gold", 0, (), (0,))


def test_an_offset_beyond_any_text_is_refused_with_its_place() -> None:
    far = layer("system", {"doc-a": [span(0, 4), span(0, FARTHEST + 1)], "doc-b": [span(2**70, 2**70 + 1)]})
    with pytest.raises(InputError) as caught:
        from_layer(far)
    assert [(issue.code, issue.where.doc) for issue in caught.value.issues] == [
        ("wrong-type", "doc-a"),
        ("wrong-type", "doc-b"),
    ]


# --- JSON Lines ---


@given(corpora, st.sampled_from([1, 200, 1 << 20]))
def test_a_file_is_read_as_the_layer_in_it_whatever_the_size_of_a_block(
    tmp_path_factory: pytest.TempPathFactory, corpus: Corpus, block: int
) -> None:
    made = both(corpus)[1].renamed("system")
    path = tmp_path_factory.mktemp("layers") / "system.jsonl"
    write_layer(path, made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        assert_same(read_columns(path), from_layer(read_layer(path)))


def test_what_columns_leave_out_may_stand_in_the_file(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "gold.jsonl"
    full = Span(
        id="t1", start=0, end=4, label="TOLL", surface="nine", attributes={"low": 9, "exact": True}, links={"where": []}
    )
    write_layer(path, layer("gold", {"doc-a": [full]}))
    assert rows(read_columns(path)) == rows(from_layer(layer("gold", {"doc-a": [span(0, 4, "TOLL")]})))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\n" + text.replace("\n", "\n\n"),
        lambda text: " " + text,
        lambda text: text.rstrip("\n"),
        lambda text: text[:0],
    ],
    ids=["mark", "crlf", "blank lines", "leading space", "no last line end", "empty"],
)
def test_files_of_unusual_form_are_read_as_ever(tmp_path: pathlib.Path, change: Callable[[str], str]) -> None:
    path = tmp_path / "system.jsonl"
    write_layer(path, WORKED)
    path.write_bytes(change(path.read_text("utf-8")).encode())
    assert_same(read_columns(path), from_layer(read_layer(path)))


FAULTS: Mapping[str, Sequence[object] | bytes] = {
    "not JSON": b"{}\n{",
    "not UTF-8": json.dumps(marked(surface="?")).encode().replace(b"?", b"\xff"),
    "two documents on a line": (json.dumps(line()) + json.dumps(line(doc="doc-b")) + "\n").encode(),
    "two on a line and a blank one": (json.dumps(line()) + json.dumps(line(doc="doc-b")) + "\n\n").encode(),
    "a document on two lines": json.dumps(line()).replace(" ", "\n").encode(),
    "a list": [[]],
    "no document": [{"sha256": "0" * 64, "layer": "x", "spans": []}],
    "unknown key": [line(text="")],
    "unknown key of a span": [marked(tag="x")],
    "no label": [line(spans=[{"start": 0, "end": 4}])],
    "negative": [marked(start=-1)],
    "a fraction": [marked(start=1.5)],
    "a digest cut short": [line(sha256="0" * 63)],
    "a digest in capitals": [line(sha256="A" * 64)],
    "attributes that are null": [marked(attributes=None)],
    "a fractional attribute": [marked(attributes={"low": 1.5})],
    "links to a text": [marked(links={"where": "t1"})],
    "an id that is a number": [marked(id=1)],
    "a document twice": [line(), marked(), line(doc="doc-b"), marked()],
    "several faults": [marked(start=-1, label=3), line(doc=1), line(doc="doc-b", spans=3)],
}


@pytest.mark.parametrize("content", FAULTS.values(), ids=list(FAULTS))
def test_a_faulty_file_gives_the_issues_that_the_careful_reader_gives(
    tmp_path: pathlib.Path, content: Sequence[object] | bytes
) -> None:
    path = tmp_path / "system.jsonl"
    path.write_bytes(
        content if isinstance(content, bytes) else b"".join(msgspec.json.encode(each) + b"\n" for each in content)
    )
    with pytest.raises(InputError) as careful:
        read_layer(path)
    with pytest.raises(InputError) as fast:
        read_columns(path)
    assert fast.value.issues == careful.value.issues


def test_a_missing_file_is_an_issue(tmp_path: pathlib.Path) -> None:
    for read in (read_columns, read_parquet_columns):
        with pytest.raises(InputError) as caught:
            read(tmp_path / "none")
        assert [issue.code for issue in caught.value.issues] == ["no-file"]


# --- Parquet ---


@given(corpora)
def test_parquet_gives_back_what_was_written(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus) -> None:
    path = tmp_path_factory.mktemp("parquet") / "file.parquet"
    written = from_layer(both(corpus)[0])
    write_parquet_columns(path, written)
    assert_same(read_parquet_columns(path), written)


def test_parquet_of_others_is_read_with_plain_and_large_types_in_several_row_groups(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "system.parquet"
    table = pa.table(
        {
            "label": pa.array([["ACTOR", "TOLL"], [], ["DATE"]], pa.large_list(pa.large_string())),
            "doc": pa.array(["doc-b", "doc-a", "doc-c"], pa.large_string()),
            "sha256": ["0" * 64, "1" * 64, "2" * 64],
            "start": [[0, 4], [], [7]],
            "end": [[2, 9], [], [8]],
            "score": [0.5, 0.5, 0.5],
        }
    )
    pq.write_table(table, path, row_group_size=1)
    found = read_parquet_columns(path)
    assert (found.name, found.documents) == ("system", ("doc-b", "doc-a", "doc-c"))
    assert rows(found) == [
        ("doc-b", "0" * 64, 0, 2, "ACTOR"),
        ("doc-b", "0" * 64, 4, 9, "TOLL"),
        ("doc-c", "2" * 64, 7, 8, "DATE"),
    ]


GOOD: dict[str, list[object]] = {
    "doc": ["doc-a"],
    "sha256": ["0" * 64],
    "start": [[0]],
    "end": [[4]],
    "label": [["ACTOR"]],
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"start": [[0, 1]]}, ["wrong-type"]),
        ({"start": [[-1]]}, ["wrong-type"]),
        ({"end": [[2**31]]}, ["wrong-type"]),
        ({"end": [[None]]}, ["wrong-type"]),
        ({"end": [None]}, ["wrong-type"]),
        ({"end": pa.array([None], pa.list_(pa.int32()))}, ["wrong-type", "wrong-type"]),
        ({"end": [4]}, ["wrong-type"]),
        ({"label": [[3.5]]}, ["wrong-type"]),
        ({"doc": [None]}, ["wrong-type"]),
        ({"doc": [1]}, ["wrong-type"]),
        ({"sha256": ["0"]}, ["wrong-type"]),
        ({"sha256": [None]}, ["wrong-type"]),
        ({name: values * 2 for name, values in GOOD.items()}, ["duplicate-document"]),
    ],
)
def test_faulty_parquet_is_refused(tmp_path: pathlib.Path, changes: dict[str, object], expected: list[str]) -> None:
    path = tmp_path / "system.parquet"
    pq.write_table(pa.table(GOOD | changes), path)
    with pytest.raises(InputError) as caught:
        read_parquet_columns(path)
    assert [issue.code for issue in caught.value.issues] == expected


def test_parquet_without_its_columns_says_which_are_missing(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "system.parquet"
    pq.write_table(pa.table({name: GOOD[name] for name in ("doc", "start", "end")}), path)
    with pytest.raises(InputError, match=r"'sha256'(?s:.*)'label'"):
        read_parquet_columns(path)


def test_a_file_that_is_not_parquet_is_refused(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "system.parquet"
    path.write_bytes(b"{}\n")
    with pytest.raises(InputError, match="not Parquet"):
        read_parquet_columns(path)


# --- alignment and fingerprint ---


def test_aligned_columns_share_documents_and_labels() -> None:
    gold = from_layer(layer("gold", {"doc-b": [span(0, 5, "TOLL")], "doc-a": [span(0, 5, "DATE")]}))
    predicted = from_layer(layer("system", {"doc-c": [span(0, 5)], "doc-b": [span(0, 5, "DATE")]}))
    ours, theirs = aligned(gold, predicted)
    for side in (ours, theirs):
        assert (side.documents, side.labels) == (("doc-a", "doc-b"), ("ACTOR", "DATE", "TOLL"))
    assert [row[0] for row in rows(theirs)] == ["doc-b"]
    assert theirs.digests == ("", predicted.digests[1])


@given(corpora, st.randoms(use_true_random=False))
def test_the_fingerprint_does_not_depend_on_order_name_or_unused_labels(corpus: Corpus, random: object) -> None:
    made = both(corpus)[0]
    columns = from_layer(made)
    shuffle = getattr(random, "shuffle")  # noqa: B009 - Hypothesis gives random.Random's interface, not its type
    markups = [msgspec.structs.replace(markup, spans=list(markup.spans)) for markup in made]
    shuffle(markups)
    for markup in markups:
        shuffle(markup.spans)
    again = from_layer(Layer("other", markups))
    labels = ("ZZZ", *reversed(LABELS))
    renumbered = aligned(again, again)[0]
    place = np.array([labels.index(label) for label in renumbered.labels], dtype=np.int32)
    fields = {name: getattr(renumbered, name) for name in ("name", "documents", "digests", "doc", "start", "end")}
    unused = Columns(**fields, labels=labels, label=place[renumbered.label])
    assert fingerprint(columns) == fingerprint(again) == fingerprint(unused)
    assert len(fingerprint(columns)) == 8


def test_the_fingerprint_changes_with_all_that_the_track_reads() -> None:
    variants: list[dict[str, list[Span]]] = [
        {"doc-a": [span(0, 4)]},
        {"doc-b": [span(0, 4)]},
        {"doc-a": [span(1, 4)]},
        {"doc-a": [span(0, 5)]},
        {"doc-a": [span(0, 4, "DATE")]},
        {"doc-a": [span(0, 4), span(0, 4)]},
        {"doc-a": []},
        {"doc-a": [span(0, 4)], "doc-b": []},
    ]
    made = [from_layer(layer("gold", variant)) for variant in variants]
    other = from_layer(Layer("gold", [msgspec.structs.replace(next(iter(WORKED)), doc="doc-a", spans=[span(0, 4)])]))
    assert len({fingerprint(columns) for columns in (*made, other)}) == len(variants) + 1


def test_the_fingerprint_is_the_same_on_every_machine() -> None:
    assert fingerprint(from_layer(WORKED)) == "77fcbd90"


def test_columns_of_one_document_keep_the_order_of_its_spans() -> None:
    found = from_spans([span(4, 9, "TOLL"), span(0, 2)])
    assert [row[2:] for row in rows(found)] == [(4, 9, "TOLL"), (0, 2, "ACTOR")]
