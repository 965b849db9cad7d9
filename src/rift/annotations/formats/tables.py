"""Tables: Parquet files, and data sets of the Hugging Face library `datasets`, in memory or saved."""

import importlib
import io
import pathlib
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, Protocol, runtime_checkable

import msgspec

from rift.annotations.formats import rows
from rift.annotations.formats.class_labels import decoder, noted_features
from rift.annotations.formats.codes import finding
from rift.annotations.formats.content import LIMITS, Limits, whole
from rift.annotations.formats.findings import Findings
from rift.annotations.formats.names import stem
from rift.annotations.formats.rendering import Context, Rendering
from rift.annotations.layer import Layer, Markup, Span, reading_order
from rift.corpus.document import Document
from rift.issues import InputError, Where

_BATCH = 64
"""Rows that are unpacked at a time."""

SAVED = "state.json"
"""The file by which a folder of `Dataset.save_to_disk` is known."""


@runtime_checkable
class Dataset(Protocol):
    """What is used of `datasets.Dataset` and `datasets.IterableDataset`."""

    features: object

    def __iter__(self) -> Iterator[dict[str, object]]:
        """Iterate over the rows."""


def read_parquet(
    path: pathlib.Path, documents: Mapping[str, Document | None], found: Findings, limits: Limits = LIMITS
) -> list[tuple[int, Markup]]:
    """Return (1-based row, markup) for each document of a Parquet file (see `rows.read` for the columns).

    Raises InputError: `missing-package`, `too-large`, `bad-compression` for a damaged file, and as `content.whole`.
    """
    where = Where(str(path))
    content = io.BytesIO(whole(path, limits))
    found_rows = _guarded(_parquet_rows(content, where, limits), where)
    return rows.read(found_rows, documents, where, stem(path), found)


def _parquet_rows(content: BinaryIO, where: Where, limits: Limits) -> Iterator[object]:
    parquet = _import("pyarrow.parquet", where)
    file = parquet.ParquetFile(content)
    size = sum(file.metadata.row_group(number).total_byte_size for number in range(file.metadata.num_row_groups))
    _refuse_large(size, where, limits)
    decode = decoder(noted_features(file.schema_arrow.metadata))
    read = 0
    for batch in file.iter_batches(batch_size=_BATCH):
        read += batch.nbytes
        _refuse_large(read, where, limits)
        yield from map(decode, batch.to_pylist())


def read_saved(
    folder: pathlib.Path, documents: Mapping[str, Document | None], found: Findings, limits: Limits = LIMITS
) -> list[tuple[int, Markup]]:
    """Return (1-based row, markup) for each document of a data set saved by `Dataset.save_to_disk`.

    Needs pyarrow alone. Raises InputError: `missing-package`, `too-large`, `bad-compression`, `not-json`.
    """
    where = Where(str(folder))
    try:
        state = msgspec.json.decode(whole(folder / SAVED, limits), type=_State)
    except msgspec.DecodeError as error:
        message = f"is not a state of a data set: {error}"
        raise InputError([finding("not-json", Where(str(folder / SAVED)), message)]) from error
    found_rows = _guarded(_arrow_rows(folder, state, where, limits), where)
    return rows.read(found_rows, documents, where, stem(folder), found)


class _Part(msgspec.Struct):
    filename: str


class _State(msgspec.Struct):
    parts: list[_Part] = msgspec.field(name="_data_files")


def _arrow_rows(folder: pathlib.Path, state: _State, where: Where, limits: Limits) -> Iterator[object]:
    ipc = _import("pyarrow.ipc", where)
    read = 0
    for part in state.parts:
        with ipc.open_stream(io.BytesIO(whole(folder / pathlib.PurePath(part.filename).name, limits))) as stream:
            decode = decoder(noted_features(stream.schema.metadata))
            for batch in stream:
                read += batch.nbytes
                _refuse_large(read, where, limits)
                for start in range(0, batch.num_rows, _BATCH):
                    yield from map(decode, batch.slice(start, _BATCH).to_pylist())


def read_dataset(
    dataset: Dataset, documents: Mapping[str, Document | None], found: Findings
) -> list[tuple[int, Markup]]:
    """Return (1-based row, markup) for each document of a data set in memory (see `rows.read` for the columns)."""
    described: object = getattr(dataset.features, "to_dict", dict)()
    return rows.read(map(decoder(described), dataset), documents, Where("<dataset>"), "predictions", found)


def render(layer: Layer, _context: Context) -> Rendering:
    """Render a layer as Parquet, a row a document: `doc`, `sha256`, `layer`, `spans`; nothing is lost.

    `spans` is a list of structs of `id`, `start`, `end`, `label`, `surface`, and `attributes` and `links` as JSON text,
    since a column has one type and attributes have several. Documents stand by id, spans in reading order. Raises
    InputError with `missing-package`.
    """
    where = Where("parquet")
    arrow, parquet = _import("pyarrow", where), _import("pyarrow.parquet", where)
    text, number = arrow.string(), arrow.int64()
    kinds = {
        "id": text,
        "start": number,
        "end": number,
        "label": text,
        "surface": text,
        "attributes": text,
        "links": text,
    }
    span = arrow.struct(kinds)
    schema = arrow.schema({"doc": text, "sha256": text, "layer": text, "spans": arrow.list_(span)})
    buffer = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(list(map(_row, sorted(layer, key=_id))), schema=schema), buffer)
    return Rendering(buffer.getvalue())


def _id(markup: Markup) -> str:
    return markup.doc


def _row(markup: Markup) -> dict[str, object]:
    return {**msgspec.structs.asdict(markup), "spans": list(map(_cells, sorted(markup.spans, key=reading_order)))}


def _cells(span: Span) -> dict[str, object]:
    cells = msgspec.structs.asdict(span)
    for key in ("attributes", "links"):
        cells[key] = msgspec.json.encode(cells[key]).decode() if cells[key] else None
    return cells


def _import(module: str, where: Where) -> types.ModuleType:
    """Import an extra; raises InputError where it is missing."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise InputError([finding("missing-package", where, "tables need the package pyarrow")]) from error


def _guarded(found: Iterable[object], where: Where) -> Iterator[object]:
    """Turn what a library says of a damaged file into an issue."""
    try:
        yield from found
    except (OSError, ValueError, LookupError, RuntimeError, MemoryError) as error:  # all of pyarrow's
        first = (str(error) or type(error).__name__).splitlines()[0]
        raise InputError([finding("bad-compression", where, f"cannot be read: {first}")]) from error


def _refuse_large(size: int, where: Where, limits: Limits) -> None:
    if size > limits.file:
        message = f"holds more than {limits.file >> 20} MiB, more than is read"
        raise InputError([finding("too-large", where, message)])
