"""A document: one text with its provenance."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated

import msgspec

Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Identifier = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One text with its provenance; offsets anywhere in RIFT are half-open and count code points of `text`.

    `published` anchors relative dates and is None where it is not known; `language` is a BCP 47 tag, `license` an SPDX
    id or `LicenseRef-…`, `source` an address or a citation, `sha256` the digest of `text` as UTF-8.
    """

    id: Identifier
    collection: Identifier
    title: str
    publisher: str
    published: dt.date | None
    language: str
    license: str
    source: str
    text: str
    sha256: Sha256


def digest(text: str) -> str:
    """Return the SHA-256 of `text` as UTF-8, in hexadecimal; defined for the empty text too."""
    return hashlib.sha256(text.encode()).hexdigest()


_CONTROL = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]")


def canonical_faults(text: str) -> Iterator[str]:
    """Yield what keeps `text` from being canonical, in words; nothing for a canonical text.

    Canonical (docs/formats.md): not empty, NFC, LF line ends, no control character and no white space but space and LF,
    one blank line between paragraphs, none at either end, no white space at line ends.
    """
    if not text:
        yield "is empty"
        return
    if not unicodedata.is_normalized("NFC", text):
        yield "is not in Unicode normal form C"
    if found := _CONTROL.search(text):
        yield f"holds the control or space character U+{ord(found.group()):04X}"
    if re.search(r"^ | $", text, re.MULTILINE):
        yield "has white space at the end or the start of a line"
    if text != text.strip("\n") or re.search(r"\n{3}", text):
        yield "has more than one blank line between paragraphs, or one at an end"
