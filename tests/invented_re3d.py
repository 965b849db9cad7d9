"""An invented collection in the form of re3d: two folders of documents and entities, and the manifest of a transfer."""

import hashlib
import json
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

from rift.corpus.document import digest
from rift.corpus.table import Row, row_digest

BODY = "The Town Crier said \u201cno\u201d to  Mayor Ada on Monday.\n\nNobody fell in the Mill River[1] but a duck."
"""A body with a double space and a reference mark, which the recipe drops."""

TEXT = f"Bridge opens\n\n{BODY.replace('  ', ' ').replace('[1]', '')}"
"""The text that the recipe makes of title and body."""

GOLD_FROM = 14
"""Where in it the body begins."""

DOCUMENTS = {"AAAA0001": ("town", "Bridge opens", BODY), "BBBB0002": ("village", "Bridge opens", BODY)}


def document_line(key: str, title: str, body: str) -> dict[str, Any]:
    return {
        "_id": key,
        "sourceName": "Town",
        "sourceUrl": "http://town.example",
        "wordCount": 3,
        "sentenceCount": 1,
        "title": title,
        "text": body,
    }


def entity(
    words: str, type_: str, confidence: float = 1, *, document: str = "AAAA0001", **other: object
) -> dict[str, Any]:
    """Return a line of entities.json for the first place of `words` in the body, with `other` in place of it."""
    begin = BODY.index(words)
    end = begin + len(words)
    line = {"begin": begin, "end": end, "type": type_, "value": words, "documentId": document, "confidence": confidence}
    return {"_id": f"{document}-{begin}-{end}-{type_}", **line, **other}


ENTITIES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "town": [entity("The Town Crier", "Organisation"), entity("Mill River", "Location"), entity("Monday", "Temporal")],
    "village": [entity("Ada", "Person", document="BBBB0002")],
}


def lines(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def write_collection(root: pathlib.Path, entities: Mapping[str, Sequence[Mapping[str, Any]]] = ENTITIES) -> None:
    """Write the collection `town` below `root`: `corpus/town/manifest.toml`, and its files below `sources/town`."""
    tables, files, documents = [], [], []
    for folder in ("town", "village"):
        own = {key: rest for key, (its, *rest) in DOCUMENTS.items() if its == folder}
        path = root / "sources" / "town" / folder
        path.mkdir(parents=True)
        (path / "documents.json").write_bytes(lines([document_line(key, *rest) for key, rest in own.items()]))
        (path / "entities.json").write_bytes(lines(entities.get(folder, ())))
        tables.append(
            f'[tables.{folder}]\npath = "town/{folder}/documents.json"\nformat = "re3d"\nlanguage = "en"\n'
            f'license = "CC0-1.0"\nsource = "Town (2017), {folder}"\npublisher = "The {folder}"\n'
        )
        pinned = hashlib.sha256((path / "entities.json").read_bytes()).hexdigest()
        files.append(f'[files."town/{folder}/entities.json"]\nurl = "http://town.example"\nsha256 = "{pinned}"\n')
        for key, (title, body) in own.items():
            row = Row(line=1, id=key, title=title, body=body)
            documents.append(
                f'[documents.town-{key.lower()}]\ntable = "{folder}"\nrow = "{key}"\n'
                f'row_sha256 = "{row_digest(row)}"\nsplit = "test"\ngold_from = {GOLD_FROM}\n'
                f'recipe = [{{ recipe = "page" }}]\nsha256 = "{digest(TEXT)}"\n'
            )
    outline = (
        '[collection]\ntitle = "Town"\nredistributable = false\ncitation = "Town, 2017"\n'
        "[transfer]\nconfidence = 0.5\n[transfer.labels]\n"
        'Organisation = "ACTOR"\nPerson = "ACTOR"\nLocation = "LOCATION"\nTemporal = "DATE"\n'
        '[recipes]\npage = [{ step = "normalise_spaces" }, { step = "strip_references" }, '
        '{ step = "lines_to_paragraphs" }]\n'
    )
    manifest = root / "corpus" / "town" / "manifest.toml"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(outline + "".join([*tables, *files, *documents]), "utf-8")
