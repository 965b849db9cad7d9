"""A layer as columns: what the spans track reads of it, as arrays that span all documents."""

import dataclasses
import hashlib
import os
import pathlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, BinaryIO

import msgspec
import numpy as np
import numpy.typing as npt

from rift.annotations.layer import Layer, Markup, Span, Value, read_numbered
from rift.corpus.document import Sha256
from rift.issues import InputError, Issue, Level, Where
from rift.paths import write_whole

Codes = npt.NDArray[np.int32]
"""A whole number a span."""

FARTHEST = 2**31 - 1
"""The greatest offset that columns hold; no text is as long."""

_BLOCK = 1 << 20  # bytes decoded at a time: bounds the objects alive to a few MiB


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The spans of a layer called `name`: four arrays of one length, an entry a span, in any order.

    `doc` holds indices into `documents` (ids, each once) and `digests` (the SHA-256 of their texts), `label` indices
    into `labels` (each once), `start` and `end` half-open offsets in code points, 0 to `FARTHEST`. A document without
    spans is listed, a label without spans may be. Attributes and links are left out, as the spans track ignores them.
    """

    name: str
    documents: tuple[str, ...]
    digests: tuple[str, ...]
    labels: tuple[str, ...]
    doc: Codes
    start: Codes
    end: Codes
    label: Codes

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.documents)


def from_layer(layer: Layer) -> Columns:
    """Return the columns of a layer; raises InputError (`wrong-type`) with every span that lies beyond `FARTHEST`."""
    far = [(m.doc, span) for m in layer for span in m.spans if span.end > FARTHEST or span.start > FARTHEST]
    if far:
        raise InputError(_too_far(layer.name, doc, span) for doc, span in far)
    return dataclasses.replace(_stack([tuple(layer)]), name=layer.name)


def _too_far(name: str, doc: str, span: Span) -> Issue:
    message = f"the offsets {span.start} to {span.end} lie beyond any text"
    return Issue("wrong-type", Level.ERROR, Where(name, doc=doc, span=span.id or ""), message, "mend the offsets")


def read_columns(path: str | os.PathLike[str]) -> Columns:
    """Read a layer file; raises InputError with every issue of its form, as `rift.annotations.layer.read_layer` does.

    Accepts what that accepts, up to `FARTHEST`, and names the columns alike: as the first document's layer, or as the
    file where there is no document.
    """
    path = pathlib.Path(path)
    try:
        with path.open("rb") as file:
            columns = _stack(_decoded(file))
    except (OSError, ValueError):
        # What is wrong, the careful reader says; what only this one is too strict for (blank lines), it reads.
        rows, issues = read_numbered(path)
        if issues:
            raise InputError(issues) from None
        return from_layer(Layer(rows[0][1].layer if rows else path.stem, (markup for _, markup in rows)))
    return dataclasses.replace(columns, name=columns.name or path.stem)


_Offset = Annotated[int, msgspec.Meta(ge=0, le=FARTHEST)]


class _Mark(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A `Span` of a file, checked as that is; what columns leave out costs nothing where it is absent."""

    start: _Offset
    end: _Offset
    label: str
    id: str | None = None
    surface: str | None = None
    attributes: dict[str, Value] | msgspec.UnsetType = msgspec.UNSET
    links: dict[str, list[str]] | msgspec.UnsetType = msgspec.UNSET


class _Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A `Markup` of a file, checked as that is."""

    doc: str
    sha256: Sha256
    layer: str
    spans: list[_Mark]


def _decoded(file: BinaryIO) -> Iterator[Sequence[_Line]]:
    """Decode a layer file in blocks of whole lines; raises ValueError for all that is not one document a line."""
    decoder = msgspec.json.Decoder(_Line)
    while lines := file.readlines(_BLOCK):
        rows = decoder.decode_lines(b"".join(lines))
        if len(rows) != len(lines) or not all(line.startswith(b"{") for line in lines):
            raise ValueError("not one document a line")
        yield rows


def _stack(blocks: Iterable[Sequence[Markup] | Sequence[_Line]]) -> Columns:
    """Make columns, named after the first document's layer; raises ValueError where a document comes twice."""
    name = ""
    documents: list[str] = []
    digests: list[str] = []
    labels: dict[str, int] = {}
    parts: list[tuple[Codes, ...]] = [(_codes([]),) * 4]
    for rows in blocks:
        sizes = [len(row.spans) for row in rows]
        spans: list[Span | _Mark] = [span for row in rows for span in row.spans]
        names = [span.label for span in spans]
        for new in sorted(set(names) - labels.keys()):
            labels[new] = len(labels)
        parts.append(
            (
                np.repeat(np.arange(len(documents), len(documents) + len(rows), dtype=np.int32), sizes),
                _codes([span.start for span in spans]),
                _codes([span.end for span in spans]),
                _codes([labels[each] for each in names]),
            )
        )
        name = name or (rows[0].layer if rows else "")
        documents.extend(row.doc for row in rows)
        digests.extend(row.sha256 for row in rows)
    if len(set(documents)) < len(documents):
        raise ValueError("a document occurs twice")
    doc, start, end, label = map(np.concatenate, zip(*parts, strict=True))
    return Columns(name, tuple(documents), tuple(digests), tuple(labels), doc, start, end, label)


def _codes(values: list[int]) -> Codes:
    return np.fromiter(values, np.int32, len(values))


def write_parquet_columns(path: str | os.PathLike[str], columns: Columns) -> None:
    """Write columns as Parquet, whole or not at all: a row a document, the name in the schema's metadata.

    `doc` and `sha256` are text, `start`, `end` and `label` lists of one length, an entry a span. Needs pyarrow (the
    extra `data`); raises OSError where the file cannot be written.
    """
    import pyarrow as pa  # noqa: PLC0415 - an optional dependency
    import pyarrow.parquet as pq  # noqa: PLC0415 - an optional dependency

    order = np.argsort(columns.doc, kind="stable")
    ends = np.cumsum(np.bincount(columns.doc, minlength=len(columns)))
    bounds = pa.array(np.concatenate([[0], ends]), pa.int32())
    labels = pa.DictionaryArray.from_arrays(columns.label[order], pa.array(columns.labels, pa.string()))
    lists = {"start": pa.array(columns.start[order]), "end": pa.array(columns.end[order]), "label": labels}
    table = pa.table(
        {"doc": pa.array(columns.documents, pa.string()), "sha256": pa.array(columns.digests, pa.string())}
        | {name: pa.ListArray.from_arrays(bounds, values) for name, values in lists.items()},
        metadata={"layer": columns.name},
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    write_whole(pathlib.Path(path), sink.getvalue().to_pybytes())


def read_parquet_columns(path: str | os.PathLike[str]) -> Columns:
    """Read what `write_parquet_columns` writes; other columns are passed over, without a name it is the file's.

    Needs pyarrow (the extra `data`). Raises InputError: `no-file`, `missing-key` for a column, `duplicate-document`,
    and `wrong-type` for all else: another format or type, empty cells, negative offsets, lists of different lengths.
    """
    import pyarrow as pa  # noqa: PLC0415 - an optional dependency
    import pyarrow.compute as pc  # noqa: PLC0415 - an optional dependency
    import pyarrow.parquet as pq  # noqa: PLC0415 - an optional dependency

    path = pathlib.Path(path)
    try:
        table = pq.read_table(path, partitioning=None)
        if missing := [name for name in _PARQUET if name not in table.column_names]:
            raise InputError([_fault(path, "missing-key", f"the column {name!r} is missing") for name in missing])
        doc, sha256 = (table[name].cast(pa.string()) for name in _PARQUET[:2])
        sizes = [pc.list_value_length(table[name]).fill_null(-1).to_numpy() for name in _PARQUET[2:]]
        start, end = (pc.list_flatten(table[name]).cast(pa.int32()) for name in ("start", "end"))
        label = pc.list_flatten(table["label"]).dictionary_encode().unify_dictionaries().combine_chunks()
        labels = label.dictionary.cast(pa.string())
        kinds = (table["doc"].type, label.dictionary.type)
        offsets = pc.min_element_wise(pc.min(start), pc.min(end)).as_py()
        digests = pc.all(pc.match_substring_regex(sha256, "^[0-9a-f]{64}$")).as_py()
    except OSError as error:
        raise InputError([_fault(path, "no-file", f"cannot be read: {error}")]) from None
    except pa.ArrowException as error:
        raise InputError([_fault(path, "wrong-type", f"not Parquet of this form: {error}")]) from None
    documents = tuple(doc.to_pylist())
    lengths = np.stack(sizes)
    found = {
        ("wrong-type", "a cell is empty"): (lengths < 0).any() or any(c.null_count for c in (doc, start, end, label)),
        ("wrong-type", "the lists of a document differ in length"): (lengths != lengths[0]).any(),
        ("wrong-type", "a document's id or a label is not text"): any(map(pa.types.is_primitive, kinds)),
        ("wrong-type", "an offset is negative"): (offsets or 0) < 0,
        ("wrong-type", "a digest is not 64 hexadecimal digits"): sha256.null_count or digests is False,
        ("duplicate-document", "a document occurs twice"): len(set(documents)) < len(documents),
    }
    if any(found.values()):
        raise InputError([_fault(path, *what) for what, wrong in found.items() if wrong])
    return Columns(
        name=(table.schema.metadata or {}).get(b"layer", path.stem.encode()).decode(),
        documents=documents,
        digests=tuple(sha256.to_pylist()),
        labels=tuple(labels.to_pylist()),
        doc=np.repeat(np.arange(len(documents), dtype=np.int32), lengths[0]),
        start=start.to_numpy(),
        end=end.to_numpy(),
        label=label.indices.to_numpy(),
    )


_PARQUET = ("doc", "sha256", "start", "end", "label")


def _fault(path: pathlib.Path, code: str, message: str) -> Issue:
    return Issue(code, Level.ERROR, Where(str(path)), message, "write it with rift.eval.columns.write_parquet_columns")


def from_spans(spans: Sequence[Span]) -> Columns:
    """Return the columns of one document, entry i being span i; raises ValueError for an offset beyond `FARTHEST`."""
    if any(span.end > FARTHEST or span.start > FARTHEST for span in spans):
        raise ValueError("an offset lies beyond any text")
    return _stack([[Markup(doc="", sha256="", layer="", spans=spans)]])


def fingerprint(columns: Columns) -> str:
    """Return the first 8 hexadecimal digits of the SHA-256 of all that the spans track reads, in a fixed order.

    That is, documents by id, each with its digest and its spans by start, end and label; copies count. Neither the
    order of documents and spans nor the layer's name and unused labels have an influence.
    """
    documents = sorted(range(len(columns)), key=columns.documents.__getitem__)
    found = align(columns, [columns.documents[index] for index in documents], used_labels(columns))
    order = np.lexsort((found.label, found.end, found.start, found.doc))
    heading = msgspec.json.encode([found.documents, found.digests, found.labels])
    arrays = (column[order].astype("<i4").tobytes() for column in (found.doc, found.start, found.end, found.label))
    return hashlib.sha256(b"".join([heading, *arrays])).hexdigest()[:8]


def aligned(gold: Columns, predicted: Columns) -> tuple[Columns, Columns]:
    """Return both over the documents of `gold`, sorted by id, and over the labels of both, sorted by name."""
    documents, labels = sorted(gold.documents), sorted({*gold.labels, *predicted.labels})
    return align(gold, documents, labels), align(predicted, documents, labels)


def used_labels(columns: Columns) -> list[str]:
    """Return the labels that spans have, by name."""
    uses = np.bincount(columns.label, minlength=len(columns.labels))
    return sorted(label for label, number in zip(columns.labels, uses.tolist(), strict=True) if number)


def align(columns: Columns, documents: Sequence[str], labels: Sequence[str]) -> Columns:
    """Return `columns` over exactly `documents` and `labels`, in their order, each given once.

    Spans of other documents and labels are dropped, the rest stay in their order; a document that is not there has no
    span and the digest "".
    """
    doc = _positions(columns.documents, documents)[columns.doc]
    label = _positions(columns.labels, labels)[columns.label]
    digests = dict(zip(columns.documents, columns.digests, strict=True))
    known = (doc >= 0) & (label >= 0)
    kept = slice(None) if known.all() else known
    return Columns(
        columns.name,
        tuple(documents),
        tuple(digests.get(document, "") for document in documents),
        tuple(labels),
        doc[kept],
        columns.start[kept],
        columns.end[kept],
        label[kept],
    )


def _positions(names: Sequence[str], among: Sequence[str]) -> Codes:
    """Return where each of `names` stands in `among`, -1 for what does not."""
    place = {name: index for index, name in enumerate(among)}
    return _codes([place.get(name, -1) for name in names])
