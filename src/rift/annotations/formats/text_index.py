"""Whose text it is: the document that a form with texts speaks of."""

from collections.abc import Mapping

from rift.annotations.formats.codes import finding, quoted
from rift.corpus.document import Document, digest
from rift.issues import Issue, Where


class TextIndex:
    """Finds documents by name or by text; `documents` has None for one whose text is not at hand."""

    __slots__ = ("_by_text", "_documents")

    def __init__(self, documents: Mapping[str, Document | None]) -> None:
        self._documents = documents
        self._by_text: dict[str, str] = {}
        for document in filter(None, documents.values()):
            self._by_text.setdefault(document.sha256, document.id)

    def find(self, name: str, text: str, where: Where) -> Document | Issue:
        """Return the document called `name`, else the first with the text, or what keeps it from being found.

        Codes: `unknown-document`, `text-differs` (the document of that name has another text).
        """
        sha256 = digest(text)
        name = name if name in self._documents else self._by_text.get(sha256, name)
        known = self._documents.get(name)
        if known is None:
            at_hand = "the text is not at hand" if name in self._documents else "no document has the name or the text"
            return finding("unknown-document", where, f"{quoted(name)}: {at_hand}")
        if known.sha256 != sha256:
            return finding("text-differs", where, f"the text is not that of {quoted(name)}")
        return known
