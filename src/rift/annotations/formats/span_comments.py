"""Comments in columns that say of a span what no column does: `# span = ` and the span as JSON."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from rift.annotations.formats.codes import finding, shown
from rift.annotations.formats.findings import Findings
from rift.annotations.formats.spans import to_span
from rift.annotations.layer import Span
from rift.issues import Where

PREFIX = "# span = "


class Comment(NamedTuple):
    """A comment on a span: its 1-based line and its text, prefix included."""

    line: int
    text: str


def comment_on(span: Span) -> str:
    """Return the comment that gives a span's id, attributes and links; its surface is the text's."""
    return f"{PREFIX}{msgspec.json.encode(msgspec.structs.replace(span, surface=None)).decode()}"


def with_comments(spans: Sequence[Span], comments: Sequence[Comment], where: Where, found: Findings) -> Iterator[Span]:
    """Yield the spans, each with what a comment on it says; `where` is the document's place.

    Codes: `bad-comment` for a comment that is not JSON, or is on no span or on one that has its comment, and those of
    `spans.to_span`.
    """
    waiting = {_key(span) for span in spans}
    told: dict[tuple[int, int, str], Span] = {}
    for comment in comments:
        here = Where(where.file, comment.line, where.doc)
        try:
            span = to_span(msgspec.json.decode(comment.text.removeprefix(PREFIX)), here)
        except (msgspec.DecodeError, RecursionError):
            found.add(finding("bad-comment", here, "the comment is not a span as JSON"))
            continue
        if isinstance(span, list):
            found.extend(span)
        elif (key := _key(span)) in waiting:
            waiting.remove(key)
            told[key] = span
        else:
            message = f"no tags give the {shown(span.label)} at {span.start}-{span.end}, or a comment did already"
            found.add(finding("bad-comment", here, message))
    for span in spans:
        yield msgspec.structs.replace(told.pop(_key(span), span), surface=span.surface)


def _key(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label
