"""The gold of a release in the other forms that people use: columns, brat, spaCy, and toll records as a table."""

from collections.abc import Iterator, Mapping

from rift import guidelines
from rift.annotations.collection import GOLD, read_open, splits
from rift.annotations.formats.forms import FORMS
from rift.annotations.formats.rendering import Context
from rift.annotations.layer import Layer
from rift.annotations.records import TOLL
from rift.corpus.document import Document
from rift.release.contents import Part
from rift.release.load import texts

WITH_TEXT = ("conll", "brat", "spacy")
RECORDS = "csv"


def other_forms(part: Part) -> Iterator[tuple[str, bytes]]:
    """Yield the open gold of a split in each other form that may be given: the path in the release and the content.

    Those with texts for what is ours to give, toll records for whatever has tolls.
    """
    members = [doc for doc, split in splits(part.collection).items() if split == part.split]
    gold = read_open(part.collection, GOLD).only(members)
    documents = {document.id: document for document in texts(part.collection, None)}
    for name in WITH_TEXT if documents else ():
        yield from _files(name, part, gold, documents)
    if part.spans.get(TOLL):
        yield from _files(RECORDS, part, gold, documents)


def _files(name: str, part: Part, gold: Layer, documents: Mapping[str, Document]) -> Iterator[tuple[str, bytes]]:
    form = FORMS[name]
    context = Context(dict.fromkeys(gold.markups) | dict(documents), guidelines.knowledge())
    content = form.render(gold, context).content
    folder = f"formats/{part.collection}"
    if isinstance(content, bytes):
        yield f"{folder}/{part.split}{form.ending}", content
    else:
        yield from ((f"{folder}/{part.split}-{form.ending}/{file}", held) for file, held in content.items())
