"""Invented documents for the tests."""

import datetime as dt

from rift.corpus.document import Document, digest

TUESDAY = dt.date(2014, 6, 10)


def document(
    text: str, key: str = "doc", *, published: dt.date | None = TUESDAY, sha256: str | None = None
) -> Document:
    """Make a document of a text; `sha256` only where it is to be wrong."""
    return Document(
        id=key,
        collection="invented",
        title="Invented",
        publisher="Nobody",
        published=published,
        language="en",
        license="CC0-1.0",
        source="invented",
        text=text,
        sha256=sha256 or digest(text),
    )
