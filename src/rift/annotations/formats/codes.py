"""The stable codes of everything that can be wrong with a prediction file, each with its level and the next step."""

from collections.abc import Mapping
from types import MappingProxyType

from rift.annotations import codes
from rift.annotations.codes import Code
from rift.issues import Issue, Level, Where

_W = Level.WARNING

_SHARED = (
    *("no-file", "not-utf-8", "not-json", "wrong-type", "missing-key", "unknown-key", "duplicate-document"),
    *("no-document", "hash-mismatch", "offset-outside", "surface-differs"),
)
_DEFINED = (
    *("unknown-document", "empty-span", "edge-space", "edge-punctuation", "duplicate-id", "overlap", "crossing"),
    *("nesting", "unknown-label", "unknown-attribute", "bad-value", "unknown-entity", "unknown-link"),
    *("dangling-link", "range-reversed"),
)
"""Faults of a layer for which scoring has a defined result (docs/evaluation.md): here they ask for a look."""

CODES: Mapping[str, Code] = MappingProxyType(
    {
        # the file
        "not-a-file": Code("the path names a pipe, a device or a socket", "save the predictions in a file"),
        "unknown-format": Code(
            "the content is in no format that is read", "write JSON Lines; docs/formats.md lists the other formats"
        ),
        "missing-package": Code("a format needs a package that is missing", "pip install 'rift-corpus[data]'"),
        "bad-compression": Code("the compressed file is damaged or cut off", "compress it anew"),
        "compression-bomb": Code("the file grows out of all proportion when unpacked", "send it unpacked"),
        "too-large": Code("the file is larger than any prediction", "write one line a document, spans only"),
        "long-line": Code("a line is longer than any document's spans", "write one line a document, spans only"),
        "no-predictions": Code("the file holds no span", "check that it was written", _W),
        "too-many-issues": Code("there are more issues than are listed", "mend these first", _W),
        # its text
        "byte-order-mark": Code("the file begins with a byte order mark", "save it as UTF-8 without it", _W),
        "json-array": Code("the file is one JSON array", "write each element on a line of its own: jq -c '.[]'"),
        "json-object": Code("the file is one JSON object", "write one object a document, each on one line: jq -c"),
        "too-deep": Code("JSON is nested deeper than the format ever is", "see docs/formats.md for what a line holds"),
        "too-many-values": Code("a line holds more values than any document's spans", "write spans only"),
        "bad-number": Code("a number is NaN, infinite or too great", "offsets are whole numbers from 0"),
        "lone-surrogate": Code("half of a surrogate pair stands alone", "write the character itself, as UTF-8"),
        "duplicate-key": Code("an object has a key twice", "keep one of the two"),
        "number-as-string": Code("a number stands in quotes", "take the quotes away"),
        "number-as-float": Code("a whole number is written as a fraction", "write it without a decimal point"),
        "negative-offset": Code("an offset is negative", "offsets count code points from 0"),
        # columns of tokens and tags
        "bad-row": Code("a row is not a token and its tags", "write the token first and the tag last"),
        "tagged-token-differs": Code("a tagged token does not fit the text", "tag the words as they are in the text"),
        "bad-comment": Code("a comment `# span` fits no tags", "mend the tags or the comment, or take the comment out"),
        "token-differs": Code("an untagged token does not fit the text", "write the words as they are in the text", _W),
        "skipped-text": Code("text has no token", "check that no sentence is missing", _W),
        "ill-formed-tags": Code(
            "the tags are not well-formed in any scheme", "begin each span with B; see docs/formats.md", _W
        ),
        # brat standoff
        "bad-annotation": Code("a line is not brat standoff", "see https://brat.nlplab.org/standoff.html"),
        "text-differs": Code("the offsets count on another text than the corpus has", "annotate the corpus's text"),
        "discontinuous-span": Code("a span is in several pieces", "it is read as one, from the first to the last", _W),
        "not-read": Code("the file says what a layer does not hold", "it is passed over", _W),
        # spans, judged over a document or the whole file
        "too-many-spans": Code("a document has more spans than characters", "check for repeated spans"),
        "reversed-span": Code("a span ends before it begins", "swap or mend its offsets"),
        "utf16-offsets": Code("offsets count UTF-16 units", "count code points, as Python's len does"),
        "byte-offsets": Code("offsets count bytes", "decode the text first, then count its characters"),
        "inclusive-ends": Code("ends are the last character", "add 1 to each end: it is the character after"),
        "one-based-offsets": Code("offsets count from 1", "take 1 off each offset"),
        "token-offsets": Code("offsets count tokens", "count the characters of the text"),
        "suspect-offsets": Code("the edges of spans fit the words only if counted otherwise", "check the offsets", _W),
        "label-spelling": Code("a label is another spelling of one of the scheme", "write it as the scheme does", _W),
        "duplicate-span": Code("a span stands twice", "keep one; the other counts as spurious", _W),
        "missing-documents": Code("documents are missing", "they count as predicted empty", _W),
        # the same as in rift.annotations.codes
        **{code: codes.CODES[code] for code in _SHARED},
        **{code: codes.CODES[code]._replace(level=_W) for code in _DEFINED},
    }
)
"""Every code that reading, checking or writing a prediction file can give."""

_LONGEST = 300


def finding(code: str, where: Where, message: str, hint: str = "") -> Issue:
    """Return the issue of a known code, with the code's own hint where none is given; raises KeyError for others.

    A message longer than 300 characters, which a hostile file can bring about, is cut.
    """
    known = CODES[code]
    place = Where(where.file, where.line, shown(where.doc, 80), shown(where.span, 80))
    return Issue(code, known.level, place, shown(message, _LONGEST), hint or known.hint)


def shown(text: str, width: int = 40) -> str:
    """Return `text` fit to be printed on one line: cut to `width` characters, unprintable ones escaped."""
    cut = text if len(text) <= width else f"{text[:width]}\u2026"
    return cut if cut.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)


def quoted(text: str, width: int = 40) -> str:
    """Return `text` as a Python literal, cut to `width` characters, for a message."""
    return repr(text if len(text) <= width else f"{text[:width]}\u2026")
