"""What the corpus says of its documents: the metadata and the training surfaces that slices are made by."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from rift.annotations.collection import GOLD, layer_files, splits
from rift.annotations.layer import Span, read_layer
from rift.corpus.build import build, collection_folder, collections
from rift.corpus.document import Document
from rift.corpus.manifest import StoredEntry, read_manifest

SpanSlicing = Literal["label", "form", "seen", "length"]
DocumentSlicing = Literal["collection", "split", "outlet", "phenomenon"]
By = SpanSlicing | DocumentSlicing

SLICINGS: tuple[By, ...] = (*get_args(SpanSlicing), *get_args(DocumentSlicing))
"""The criteria by which spans, and documents, are put into slices."""

UNKNOWN = "unknown"
"""The slice of what does not tell."""

Surfaces = frozenset[tuple[str, str]]
"""Label and casefolded surface of spans."""


class Metadata(NamedTuple):
    """What the corpus says of a document besides its text; no phenomena where the collection tags none."""

    collection: str
    split: str
    outlet: str
    phenomena: Sequence[str]


def corpus_metadata() -> Mapping[str, Metadata]:
    """Return the metadata of every document of the corpus, by id; no source text is needed."""
    found = {}
    for name in collections():
        manifest = read_manifest(collection_folder(name))
        stored = {item.document.id: item.document.publisher for item in build(manifest, None).documents}
        for doc, entry in manifest.documents.items():
            if isinstance(entry, StoredEntry):
                found[doc] = Metadata(name, entry.split, stored.get(doc, UNKNOWN), entry.phenomena)
            else:
                found[doc] = Metadata(name, entry.split, entry.publisher, ())
    return found


def surface_of(doc: str, span: Span, documents: Mapping[str, Document | None]) -> str | None:
    """Return the text of a span: its surface, or else what its document has there; None where neither is at hand."""
    if span.surface is not None:
        return span.surface
    document = documents.get(doc)
    return document.text[span.start : span.end] if document else None


def training_surfaces(documents: Mapping[str, Document | None]) -> Surfaces:
    """Return what a system can have seen: the labels and casefolded surfaces of the gold of every split `train`.

    A span whose surface is not at hand is left out. Raises InputError for a gold file of wrong form.
    """
    return frozenset(
        (span.label, surface.casefold())
        for name in collections()
        for doc, span in _training_spans(name)
        if (surface := surface_of(doc, span, documents)) is not None
    )


def _training_spans(collection: str) -> Iterable[tuple[str, Span]]:
    training = [doc for doc, split in splits(collection).items() if split == "train"]
    gold = next((path for path in layer_files(collection) if path.stem == GOLD), None)
    if training and gold is not None:
        for markup in read_layer(gold).only(training):
            yield from ((markup.doc, span) for span in markup.spans)
