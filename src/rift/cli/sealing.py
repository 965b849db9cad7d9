"""`rift annotations seal` and `unseal`: what is known of a sealed split goes into the repository encrypted."""

import pathlib

import click
import msgspec

from rift.annotations.collection import sealed_splits, splits
from rift.annotations.sealed import find_key, seal, sealed_file, unseal
from rift.issues import InputError, Issue, Level, Where
from rift.jsonl import read_values
from rift.paths import data_root, write_whole


@click.command("seal")
@click.argument("collection")
@click.argument("file", type=click.Path(path_type=pathlib.Path))
def seal_command(*, collection: str, file: pathlib.Path) -> None:
    """Put FILE (a layer or decisions, one document a line) into COLLECTION, its sealed splits encrypted.

    Lines of documents in open splits go to annotations/COLLECTION/FILE, the others to sealed/FILE.age beside it. A
    sealed part that says the same already is left as it is, if the key is at hand.
    """
    members = splits(collection)
    closed = {doc for doc, split in members.items() if split in sealed_splits(collection)}
    lines: dict[bool, list[bytes]] = {True: [], False: []}
    issues: list[Issue] = []
    for row in read_values(file):
        if isinstance(row, Issue):
            issues.append(row)
            continue
        number, value = row
        doc = value.get("doc") if isinstance(value, dict) else None
        if doc not in members:
            message = f"the line is of no document of {collection}"
            issues.append(Issue("unknown-document", Level.ERROR, Where(str(file), number, str(doc or "")), message))
            continue
        lines[doc in closed].append(msgspec.json.encode(value) + b"\n")
    if issues:
        raise InputError(issues)
    folder = data_root() / "annotations" / collection
    write_whole(folder / file.name, b"".join(lines[False]))
    if lines[True]:
        _seal_changed(collection, file.name, b"".join(lines[True]))
    click.echo(f"{folder / file.name}: {len(lines[False])} lines in the clear, {len(lines[True])} sealed")


@click.command("unseal")
@click.argument("collection")
@click.argument("name")
@click.argument("out", type=click.Path(path_type=pathlib.Path))
def unseal_command(*, collection: str, name: str, out: pathlib.Path) -> None:
    """Write the sealed part of the file NAME of COLLECTION to OUT, outside the repository; needs the key."""
    path = sealed_file(collection, name)
    if path is None:
        raise click.UsageError(f"nothing of {name} is sealed in {collection}")
    if out.resolve().is_relative_to(data_root().resolve()):
        raise click.UsageError(f"{out} is inside the repository; name a place outside, so that it cannot be committed")
    write_whole(out, unseal(path, find_key()))


def _seal_changed(collection: str, name: str, content: bytes) -> None:
    path = sealed_file(collection, name)
    key = find_key()
    if path and key and unseal(path, key) == content:
        return
    seal(data_root() / "annotations" / collection / "sealed" / f"{name}.age", content)
