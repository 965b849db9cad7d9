"""What a release holds, counted: the figures of its cards."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from rift.release.rows import Gold, Row


class Part(msgspec.Struct, frozen=True):
    """A split of a collection in figures: documents, those with text and with open gold, spans by label."""

    collection: str
    split: str
    documents: int
    texts: int
    gold: int
    spans: Mapping[str, int]

    @property
    def path(self) -> str:
        """Return the file that holds it, below the release's folder."""
        return f"data/{self.collection}/{self.split}.parquet"


def part(collection: str, split: str, rows: Sequence[Row]) -> Part:
    """Count a split of a collection."""
    return Part(
        collection=collection,
        split=split,
        documents=len(rows),
        texts=sum(bool(row["text"]) for row in rows),
        gold=sum(row["gold"] == Gold.OPEN for row in rows),
        spans=dict(sorted(Counter(span["label"] for row in rows for span in row["spans"]).items())),
    )
