"""Carrying out a collection's selection: its settings, its table, and what other collections have drawn from it."""

import pathlib
import tomllib
from collections.abc import Collection, Sequence

from rift.corpus.build import collection_folder, collections
from rift.corpus.fa_kes import article, read_rows
from rift.corpus.manifest import Split, StoredEntry, read_manifest
from rift.corpus.selection import Outcome, Settings, select
from rift.issues import InputError, Issue, Level, Where
from rift.jsonl import to_struct

SETTINGS = "selection.toml"
OUTCOMES = "selection.jsonl"


def choose(name: str, sources: pathlib.Path) -> list[Outcome]:
    """Return what becomes of each article of the table from which the collection `name` is selected.

    Texts of other collections that restated articles before fix the split of these and keep those of one text together.
    Raises InputError: `no-collection`, `no-selection` (it is not selected from a table), `not-toml`, those of
    `rift.corpus.fa_kes.read_rows`, `wrong-date`, and `cannot-select` where the settings cannot be met.
    """
    folder = collection_folder(name)
    manifest = read_manifest(folder)
    path = folder / SETTINGS
    if len(manifest.tables) != 1 or not path.exists():
        message = f"{name} is not selected from a table"
        raise InputError([Issue("no-selection", Level.ERROR, Where(str(folder)), message)])
    settings = read_settings(path)
    (source,) = manifest.tables.values()
    table = sources / source.path
    rows, issues = read_rows(table)
    if issues:
        raise InputError(issues)
    try:
        articles = [article(row) for row in rows]
    except ValueError as error:
        message = f"a row has no date: {error}"
        raise InputError([Issue("wrong-date", Level.ERROR, Where(str(table)), message)]) from error
    groups = _restated(name, settings.restated_in)
    fixed = {row: split for split, rows in groups for row in rows}
    try:
        return select(articles, settings, fixed, [rows for _, rows in groups])
    except ValueError as error:
        raise InputError([Issue("cannot-select", Level.ERROR, Where(str(path)), str(error))]) from error


def read_settings(path: pathlib.Path) -> Settings:
    """Read the settings of a selection; raises InputError (`not-toml`, or the faults of the fields)."""
    where = Where(str(path))
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([Issue("not-toml", Level.ERROR, where, f"the settings are not TOML: {error}")]) from error
    settings = to_struct(Settings, values, where)
    if isinstance(settings, list):
        raise InputError(settings)
    return settings


def _restated(name: str, texts: Collection[str]) -> list[tuple[Split, Sequence[str]]]:
    """Return, for each of `texts` that draws on articles of `name`, its split and the row ids of these."""
    prefix = f"{name}-"
    found: list[tuple[Split, Sequence[str]]] = []
    for other in collections():
        for doc, entry in read_manifest(collection_folder(other)).documents.items():
            if isinstance(entry, StoredEntry) and doc in texts:
                rows = [doc.removeprefix(prefix) for doc in entry.draws_on if doc.startswith(prefix)]
                found.extend([(entry.split, rows)] if rows else [])
    return found
