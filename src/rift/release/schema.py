"""The columns of a release, declared from the label scheme: types are never inferred from what rows happen to hold."""

import hashlib
from typing import Any

import msgspec
import pyarrow as pa
from datasets import ClassLabel, Dataset, Features, List, Value

from rift.guidelines import Scheme
from rift.release.rows import Row, tags_column

_TYPES = {"flag": "bool", "count": "int64"}


def features(scheme: Scheme) -> Features:
    """Return the columns of a row (`rift.release.rows.to_row`), for the library `datasets`."""
    text, number = Value("string"), Value("int64")
    labels = scheme.labels.values()
    attributes = {
        name: Value(_TYPES.get(attribute.type, "string"))
        for label in labels
        for name, attribute in label.attributes.items()
    }
    links: dict[str, Any] = {name: List(text) for label in labels for name in label.links}
    span = {"id": text, "start": number, "end": number, "label": text, "surface": text}
    tags = {tags_column(label): List(ClassLabel(names=["O", f"B-{label}", f"I-{label}"])) for label in scheme.labels}
    return Features(
        {
            **dict.fromkeys(
                ("id", "collection", "title", "publisher", "published", "language", "license", "source"), text
            ),
            "phenomena": List(text),
            "sha256": text,
            "text": text,
            "gold": text,
            "spans": List({**span, "attributes": attributes, "links": links}),
            "tolls": List(_toll()),
            "fatalities": {"low": number, "best": number, "high": number},
            "tokens": List(text),
            "token_starts": List(number),
            "token_ends": List(number),
            **tags,
        }
    )


def _toll() -> dict[str, Any]:
    text, number, words, numbers = Value("string"), Value("int64"), List(Value("string")), List(Value("int64"))
    single = {
        "start": number, "end": number, "outcome": text, "low": number, "high": number, "approx": Value("bool"),
        "victims": text, "scope": text, "breakdown": text,
    }  # fmt: skip
    return {
        **single,
        **dict.fromkeys(("victim", "by", "source", "where", "when"), words),
        **dict.fromkeys(("part_of", "same_as"), numbers),
    }


def table(rows: list[Row], scheme: Scheme) -> pa.Table:
    """Return rows as an Arrow table whose schema carries the declared columns; no rows give an empty table."""
    return pa.Table.from_pylist(rows, schema=features(scheme).arrow_schema)


def dataset(rows: list[Row], scheme: Scheme) -> Dataset:
    """Return rows as a data set; its fingerprint is that of their content, so that what is computed is cached by it."""
    content = hashlib.blake2b(msgspec.json.encode(rows), digest_size=8).hexdigest()
    return Dataset(table(rows, scheme), fingerprint=content)
