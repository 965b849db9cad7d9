"""What the formats other than our own have no place for."""

from collections.abc import Iterator, Mapping

from rift.annotations.formats.codes import finding
from rift.annotations.layer import Layer, Markup
from rift.corpus.document import Document
from rift.issues import Issue, Where


def held_parts(layer: Layer, where: Where, *parts: str) -> Iterator[Issue]:
    """Yield one `not-held` for each of `parts` (fields of a span) that any span of the layer has."""
    for part in parts:
        count = sum(bool(getattr(span, part)) for markup in layer for span in markup.spans)
        if count:
            yield finding(
                "not-held", where, f"columns and files of this kind have no {part}: left out of {count} spans"
            )


def ordered(layer: Layer, documents: Mapping[str, Document], where: Where, issues: list[Issue]) -> Iterator[Markup]:
    """Yield the markups by document id; those whose text is not at hand, or is another one, are reported instead."""
    for markup in sorted(layer, key=lambda markup: markup.doc):
        here = Where(where.file, 0, markup.doc)
        document = documents.get(markup.doc)
        if document is None:
            issues.append(finding("not-held", here, "the text is not at hand; the document is left out"))
        elif document.sha256 != markup.sha256:
            issues.append(finding("not-held", here, "the offsets count on another text; the document is left out"))
        else:
            yield markup
