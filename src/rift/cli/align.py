"""`rift corpus align` and `fingerprint`: gold on a reader's own copy of an article, and what makes that possible."""

import pathlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click
import msgspec
import rich.box
from rich.table import Table

from rift.annotations.collection import GOLD, layer_files, read_readable
from rift.annotations.layer import Layer, Markup, read_layer, write_layer
from rift.cli.console import print_table
from rift.cli.main import FINDINGS
from rift.cli.options import out_option, sources_option
from rift.corpus.build import DOCUMENTS, build_collection, collection_folder, collections
from rift.corpus.document import Document
from rift.corpus.fingerprint import FINGERPRINTS, Fingerprint, fingerprint, read_fingerprints
from rift.corpus.manifest import SourceEntry, read_manifest
from rift.issues import InputError, Issue, Level, Where, has_errors, needs
from rift.jsonl import write_values

if TYPE_CHECKING:
    from rift.annotations.place import Reason


class Aligned(msgspec.Struct, frozen=True):
    """What `rift corpus align --json` prints: the share of words found, and why spans found no place, by span id."""

    doc: str
    words_found: float
    spans: int
    placed: int
    missing: dict[str, str]


@click.command("align")
@click.argument("doc", metavar="ID")
@click.argument("copy", type=click.Path(path_type=pathlib.Path))
@click.option("--layer", "name", default=GOLD, show_default=True, help="Layer to place.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@out_option("build/aligned")
@click.pass_context
def align_command(
    context: click.Context, doc: str, copy: pathlib.Path, name: str, out: pathlib.Path, *, as_json: bool
) -> None:
    """Place the spans of the article ID on COPY, your own copy of it: a saved page (HTML) or a text file.

    Writes OUT/ID/documents.jsonl, the copy as a document, and OUT/ID/LAYER.jsonl, the spans on it; says which spans
    found no place, and why. Exit 1 where the copy is not that article.
    """
    entry, known, markup = _known(doc, name)
    with needs("align", "copies of an article"):
        from rift.annotations.place import best_placement  # noqa: PLC0415 - an extra
        from rift.corpus.copies import read_copy  # noqa: PLC0415 - an extra
    found = best_placement(markup, known, read_copy(copy))
    if found.markup.spans:
        document = Document(
            id=doc,
            collection=doc.partition("-")[0],
            title=found.text.partition("\n")[0],
            publisher=entry.publisher,
            published=entry.published,
            language=entry.language,
            license=entry.license,
            source=entry.source,
            text=found.text,
            sha256=found.markup.sha256,
        )
        write_values(out / doc / DOCUMENTS, [document])
        write_layer(out / doc / f"{name}.jsonl", Layer(name, [found.markup]))
    if as_json:
        report = Aligned(doc, found.share, len(markup.spans), len(found.markup.spans), dict(found.missing))
        click.echo(msgspec.json.encode(report))
    else:
        _show(markup, found.markup, found.missing)
        click.echo(f"{found.share:.0%} of the words of {doc} were found in {copy}")
    if not found.markup.spans and markup.spans:
        hint = "docs/sources.md says which article it is; of a page, save the whole"
        message = "the copy is another article, or too little of this one: nothing was placed or written"
        click.echo(str(Issue("other-text", Level.ERROR, Where(str(copy), doc=doc), message, hint)), err=True)
        context.exit(FINDINGS)
    if not as_json:
        click.echo(f"{out / doc}: {DOCUMENTS}, {name}.jsonl")


def _known(doc: str, layer: str) -> tuple[SourceEntry, Fingerprint, Markup]:
    """Return what is known of an article without its text; raises InputError where that is not enough to place it."""
    for collection in collections():
        prints = read_fingerprints(collection_folder(collection))
        if doc in prints:
            entry = read_manifest(collection_folder(collection)).documents.get(doc)
            markup = read_readable(collection, layer).markups.get(doc)
            if isinstance(entry, SourceEntry) and markup is not None:
                return entry, prints[doc], markup
            message = f"the layer {layer!r} does not hold {doc!r}"
            raise InputError([Issue("no-document", Level.ERROR, Where(collection, doc=doc), message)])
    known = [doc for name in collections() for doc in read_fingerprints(collection_folder(name))]
    message = f"there is no fingerprint of {doc!r}"
    hint = f"there are those of {', '.join(known)}; the texts of other documents come with RIFT or with a table"
    raise InputError([Issue("no-fingerprint", Level.ERROR, Where(FINGERPRINTS, doc=doc), message, hint)])


def _show(markup: Markup, placed: Markup, missing: Mapping[str, "Reason"]) -> None:
    with needs("align", "copies of an article"):
        from rift.annotations.place import REASONS  # noqa: PLC0415 - an extra

    table = Table("label", box=rich.box.SIMPLE)
    used = [reason for reason in REASONS if reason in missing.values()]
    for column in ("spans", "placed", *(REASONS[reason] for reason in used)):
        table.add_column(column, justify="right")
    labels = {span.id: span.label for span in markup.spans}
    spans, found = Counter(labels.values()), Counter(span.label for span in placed.spans)
    why = Counter((labels[span], reason) for span, reason in missing.items())
    for label in sorted(spans):
        table.add_row(label, *map(str, (spans[label], found[label], *(why[label, reason] for reason in used))))
    print_table(table)


@click.command("fingerprint")
@click.argument("name", metavar="COLLECTION")
@sources_option
def fingerprint_command(*, name: str, sources: pathlib.Path | None) -> None:
    """Write the fingerprints of COLLECTION into the repository, with the places of the spans of its open layers.

    For maintainers: run it again where a text or a layer of the collection has changed. The spans of a sealed split
    have no places, whatever key is at hand: these would tell where the spans stand.
    """
    path = collection_folder(name) / FINGERPRINTS
    found = make_fingerprints(name, sources)
    write_values(path, found)
    click.echo(f"{path}: {len(found)} documents, {sum(len(item.digits) for item in found):,} words")


def make_fingerprints(name: str, sources: pathlib.Path | None) -> Sequence[Fingerprint]:
    """Return the fingerprints of the documents of a collection, with the places of the spans that stand in the clear.

    Raises InputError where a document cannot be built.
    """
    built = build_collection(name, sources)
    if built.skipped or has_errors(built.issues):
        raise InputError(built.issues)
    layers = [read_layer(path) for path in layer_files(name)]
    prints: list[Fingerprint] = []
    for item in built.documents:
        document = item.document
        markups = (layer.markups[document.id] for layer in layers if document.id in layer.markups)
        spans = {(span.start, span.end) for markup in markups for span in markup.spans}
        prints.append(fingerprint(document.id, document.sha256, document.text, spans))
    return prints
