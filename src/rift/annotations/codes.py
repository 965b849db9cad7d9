"""The stable codes of everything that can be wrong with a layer, each with its level and the next step."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from rift.issues import Issue, Level, Where


class Code(NamedTuple):
    """What a code means, how bad it is, and what to do about it."""

    meaning: str
    hint: str
    level: Level = Level.ERROR


CODES: Mapping[str, Code] = MappingProxyType(
    {
        # the file (rift.jsonl and rift.annotations.layer give these)
        "no-file": Code("the file cannot be opened", "check the path"),
        "not-utf-8": Code("a line is not UTF-8", "save the file as UTF-8"),
        "not-json": Code("a line is not JSON", "each line must be one complete JSON object"),
        "not-lines": Code("the file is one JSON document over many lines", "write one JSON object a line"),
        "wrong-type": Code("a value has another type than the format says", "see docs/formats.md"),
        "missing-key": Code("a key is missing", "add it"),
        "unknown-key": Code("a key is not part of the format", "take it out, or mend its name"),
        "duplicate-document": Code("a document occurs twice in a layer", "join its spans on one line"),
        # a mention list
        "no-document": Code("a mention belongs to no document", "begin the list with a line `# doc <id>`"),
        "bad-mention": Code("a line is not a mention", "write label, surface, key=value pairs, a tab between each two"),
        "surface-not-found": Code("a mention's surface does not follow in the text", "copy it from the text exactly"),
        # the document
        "unknown-document": Code("the layer marks a document that the corpus does not have", "check the document's id"),
        "hash-mismatch": Code(
            "the offsets count on another text", "rebuild the corpus, or mark this version of the text"
        ),
        # a span against its text
        "empty-span": Code("a span covers no text", "take it out, or mend its offsets"),
        "offset-outside": Code("a span ends after the text", "offsets count code points from 0, the end is outside"),
        "surface-differs": Code("the surface is not the text between the offsets", "mend the offsets"),
        "edge-space": Code("a span begins or ends with white space", "leave the white space outside"),
        "edge-punctuation": Code("a span begins or ends with punctuation", "leave the punctuation outside"),
        # spans against one another
        "duplicate-id": Code("two spans of a document have the same id", "give each span an id of its own"),
        "overlap": Code("two spans of one label overlap", "keep one of the two"),
        "crossing": Code("two spans overlap and neither contains the other", "shorten one of the two"),
        "nesting": Code("a span stands inside one whose label may not contain it", "only a TOLL contains other spans"),
        # labels and attributes
        "unknown-label": Code("the scheme has no such label", "see guidelines/scheme.toml"),
        "unknown-attribute": Code("the label has no such attribute", "see guidelines/scheme.toml"),
        "missing-attribute": Code("an attribute that the scheme requires is missing", "add it"),
        "bad-value": Code("an attribute's value is not one that the scheme allows", "see guidelines/scheme.toml"),
        "unknown-entity": Code("the knowledge files have no such actor or place", "add an entry, or mend the id"),
        "kind-differs": Code("a kind is not that of the knowledge entry", "mend the kind or the entry"),
        "form-differs": Code("a generic actor has an entity", "names have an entity, generics have none"),
        "no-figure": Code("a toll has neither low nor high", "give the range that the words assert"),
        "range-reversed": Code("low is greater than high", "swap or mend the two"),
        # links
        "unknown-link": Code("the label has no such link", "see guidelines/scheme.toml"),
        "dangling-link": Code("a link's target is not a span of the document", "mend the id, or add the span"),
        "wrong-target": Code("a link's target has another label than the scheme says", "link to a span of that label"),
        "circular-link": Code("a span is linked to itself, at once or by way of others", "take one of the links out"),
        "breakdown-sum": Code("the parts of a breakdown do not add up to the whole", "mend a figure, or the breakdown"),
        "part-exceeds": Code(
            "a part is greater than its whole",
            "mend the figure or the link, if the text does not say so",
            Level.WARNING,
        ),
        "breakdown-without-parts": Code("a breakdown is announced, but no toll is part of it", "link the parts"),
    }
)


def finding(code: str, where: Where, message: str, hint: str = "") -> Issue:
    """Return the issue of a known code, with the code's own hint where none is given; raises KeyError for others."""
    return Issue(code, CODES[code].level, where, message, hint or CODES[code].hint)
