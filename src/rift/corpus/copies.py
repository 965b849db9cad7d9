"""A reader's own copy of an article: a saved page or a text file, as canonical text."""

import pathlib
import re

import trafilatura

from rift.corpus.clean import normalise_spaces
from rift.issues import InputError, Issue, Level, Where

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff\u00ad]")
_MARKUP = re.compile(r"<(?:!doctype html|html|head|body|article|div|p|h1)\b", re.IGNORECASE)
_LONGEST = 32 << 20  # bytes; a page is some 100 KiB


def read_copy(path: pathlib.Path) -> list[str]:
    """Return the texts that the file at `path` may be read as, the likeliest first; canonical in form, never empty.

    A text file is read as UTF-8, or else as Windows-1252, and gives one text. Of a page (HTML) the first is its
    article as `trafilatura` finds it (Barbaresi 2021), headline included, the second all that it shows. Raises
    InputError: `no-copy` (cannot be read), `copy-too-large`, `copy-packed` (an archive or a PDF), `copy-empty`.
    """
    where = Where(str(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"the copy cannot be read: {error.strerror}"
        raise InputError([Issue("no-copy", Level.ERROR, where, message, "name the saved page or text file")]) from error
    if len(data) > _LONGEST:
        message = f"the copy has {len(data) >> 20} MiB, more than an article"
        raise InputError([Issue("copy-too-large", Level.ERROR, where, message, "name the page of one article")])
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF")):
        hint = "save the article as HTML or as text, and name that file"
        raise InputError([Issue("copy-packed", Level.ERROR, where, "the copy is an archive or a PDF", hint)])
    content = _decoded(data)
    readings = _of_page(content) if _MARKUP.search(content) else [content]
    texts = list(dict.fromkeys(text for reading in readings if (text := canonical(reading))))
    if not texts:
        hint = "save the article again, with its text"
        raise InputError([Issue("copy-empty", Level.ERROR, where, "the copy holds no text", hint)])
    return texts


def canonical(text: str) -> str:
    """Return `text` in canonical form (docs/formats.md); "" where nothing is left of it."""
    lines = normalise_spaces(_CONTROL.sub("", text))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n ")


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _of_page(page: str) -> list[str]:
    article = trafilatura.extract(page, favor_recall=True, include_comments=False, deduplicate=False) or ""
    metadata = trafilatura.extract_metadata(page)
    title = metadata.title or ""
    if title and title not in article:
        article = f"{title}\n\n{article}"
    return [article, trafilatura.html2txt(page)]
