"""The Croissant description of a release (mlcommons.org/croissant), with its fields for responsible AI."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence

import mlcroissant as mlc

from rift.release.contents import Part
from rift.release.version import About

_TEXT, _NUMBER = mlc.DataType.TEXT, mlc.DataType.INTEGER

_SINGLE = (
    "id", "collection", "title", "publisher", "published", "language", "license", "source", "sha256", "text", "gold",
)  # fmt: skip
_LISTS = {
    "phenomena": _TEXT, "tokens": _TEXT, "token_starts": _NUMBER, "token_ends": _NUMBER, "actor_tags": _NUMBER,
    "location_tags": _NUMBER, "date_tags": _NUMBER, "toll_tags": _NUMBER,
}  # fmt: skip

_MEANINGS = {
    "sha256": "SHA-256 of the text",
    "text": "the text, empty where it is not ours to give",
    "gold": "open, or sealed where the annotations are kept back",
    "phenomena": "what a challenge text tries",
}


def croissant(about: About, parts: Sequence[Part], sums: Mapping[str, str]) -> str:
    """Return the description as JSON-LD: a file and a record set for each of `parts`; `sums` has their SHA-256 by path.

    Columns that nest (`spans`, `tolls`, `fatalities`) are left to Parquet's own schema. Raises ValueError where
    mlcroissant finds something wrong with the description.
    """
    metadata = mlc.Metadata(
        name=about.name,
        description=about.summary,
        cite_as=about.citation.replace("VERSION", about.version),
        license=list(about.licenses),
        creators=[mlc.Organization(name=about.creator)],
        date_published=_midnight(about.date),
        data_collection_timeframe=[_midnight(date) for date in about.timeframe],
        keywords=list(about.keywords),
        in_language=[about.language],
        version=about.version,
        distribution=[_file(part, sums[part.path]) for part in parts],
        record_sets=[_records(part) for part in parts],
        **about.responsible,
    )
    if metadata.issues.errors:
        raise ValueError("\n".join(sorted(metadata.issues.errors)))
    return json.dumps(metadata.to_json(), ensure_ascii=False, indent=2, default=str) + "\n"


def _midnight(date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, dt.time())


def _name(part: Part) -> str:
    return f"{part.collection}-{part.split}"


def _file(part: Part, sha256: str) -> mlc.FileObject:
    return mlc.FileObject(
        id=part.path,
        name=part.path,
        description=f"{part.documents} documents of {part.collection}, split {part.split}, a row each.",
        content_url=part.path,
        encoding_formats=[mlc.EncodingFormat.PARQUET],
        sha256=sha256,
    )


def _records(part: Part) -> mlc.RecordSet:
    name = _name(part)
    columns = {**dict.fromkeys(_SINGLE, _TEXT), **_LISTS}
    fields = [
        mlc.Field(
            id=f"{name}/{column}",
            name=column,
            description=_MEANINGS.get(column, column.replace("_", " ")),
            data_types=kind,
            repeated=column in _LISTS,
            source=mlc.Source(file_object=part.path, extract=mlc.Extract(column=column)),
        )
        for column, kind in columns.items()
    ]
    return mlc.RecordSet(
        id=name, name=name, description=f"{part.collection}, {part.split}", key=f"{name}/id", fields=fields
    )
