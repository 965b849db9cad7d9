"""What is known of a document and may be shown."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from rift.annotations.layer import Markup
from rift.corpus.manifest import Split


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document as far as it may be shown: where it comes from, its text, its spans, and what two annotators said.

    `text` is None, and `title` empty, where the text is not shown; `markup` is None where the layer does not hold the
    document. `annotators` are the markups of the two annotators, or none. Offsets count on `text`, wherever it is.
    """

    doc: str
    collection: str
    split: Split
    title: str = ""
    publisher: str
    published: dt.date | None
    language: str
    license: str
    source: str
    text: str | None = None
    markup: Markup | None = None
    annotators: Sequence[Markup] = ()
