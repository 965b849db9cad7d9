"""Names of spans in a form that has names of its own."""

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from rift.annotations.layer import Span


def span_names(spans: Sequence[Span], pattern: re.Pattern[str], fresh: str) -> list[str]:
    """Return a name for each span: its id where that fits `pattern` and is no other span's, else a new one.

    `fresh` is the form of new names, such as `T{}` for T1, T2 ...; none is the id of a span. No spans give [].
    """
    ids = [span.id or "" for span in spans]
    uses = Counter(ids)
    new = (name for name in map(fresh.format, itertools.count(1)) if name not in uses)
    return [own if pattern.fullmatch(own) and uses[own] == 1 else next(new) for own in ids]


def named_by_id(spans: Sequence[Span], names: Sequence[str]) -> Mapping[str, str]:
    """Return the name of each span by its id; an id that several have names none."""
    uses = Counter(span.id for span in spans)
    return {span.id: name for span, name in zip(spans, names, strict=True) if span.id and uses[span.id] == 1}
