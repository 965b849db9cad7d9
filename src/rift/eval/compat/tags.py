"""Tags of chunkers and named-entity taggers, one a token, read as spans over the tokens."""

import dataclasses
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import NamedTuple

from rift.annotations.layer import Layer, Markup, Span

NO_LABEL = "_"
"""The label of a bare tag such as `B`, as in seqeval."""

_ANY_TEXT = "0" * 64  # tags come without a text whose digest could differ


@dataclasses.dataclass(frozen=True, slots=True)
class Scheme:
    """How tags spell spans: `chunks` finds the spans in the prefixes of a run of adjacent tags with one label."""

    name: str
    prefixes: str
    chunks: re.Pattern[str]


LENIENT = Scheme("conlleval", "BIESLU", re.compile("[SU]|[EL]|[BI]I*[EL]?"))
"""Every tag is part of some span (Tjong Kim Sang and Buchholz 2000, the script conlleval): one begins where the label
changes, at B and S, and after E and S. L and U mean E and S."""

STRICT = MappingProxyType(
    {
        name: Scheme(name, prefixes, re.compile(pattern))
        for name, prefixes, pattern in (
            ("IOB1", "IB", "(?<=.)BI*|I+"),
            ("IOB2", "IB", "BI*"),
            ("IOE1", "IE", "I*E(?=.)|I+(?![IE])"),
            ("IOE2", "IE", "I*E"),
            ("IOBES", "IBES", "S|BI*E"),
            ("BILOU", "IBLU", "U|BI*L"),
        )
    }
)
"""Only well-formed spans count (Tjong Kim Sang and Veenstra 1999); other tags are no part of any."""


class Sides(NamedTuple):
    """What the caller calls the gold and the predicted side, for messages."""

    gold: str
    predicted: str


class _Tag(NamedTuple):
    prefix: str
    label: str | None


def find_scheme(mode: str | None, scheme: str | type | None) -> Scheme:
    """Return the scheme that seqeval's arguments `mode` and `scheme` ask for, `LENIENT` for neither.

    `scheme` is a name or a class of that name. Raises ValueError for an unknown mode or scheme, and for one of the two
    without the other, where seqeval would fall back to its default mode without saying so.
    """
    name = scheme.__name__ if isinstance(scheme, type) else scheme
    if mode not in (None, "strict"):
        raise ValueError(f"there is no mode {mode!r}; it is 'strict', or None for that of conlleval")
    if name is not None and name not in STRICT:
        raise ValueError(f"there is no scheme {name!r}; the schemes known are: {', '.join(STRICT)}")
    if mode is None and name is None:
        return LENIENT
    if mode is None:
        raise ValueError(f"the scheme {name} means something in strict mode alone; add mode='strict'")
    if name is None:
        raise ValueError(f"strict mode needs a scheme: one of {', '.join(STRICT)}")
    return STRICT[name]


def checked(gold: object, predicted: object, sides: Sides) -> tuple[list[list[str]], list[list[str]]]:
    """Return both sides as lists of tag sequences of equal lengths.

    Raises ValueError that names the first sequence, and position, counted from 0, at which that fails.
    """
    ours, theirs = _sequences(gold, sides.gold), _sequences(predicted, sides.predicted)
    if len(ours) != len(theirs):
        where = min(len(ours), len(theirs))
        raise ValueError(
            f"{sides.gold} has {len(ours)} sequences and {sides.predicted} {len(theirs)}: "
            f"sequence {where}, counted from 0, is in one of them alone"
        )
    for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        if len(one) != len(other):
            raise ValueError(
                f"sequence {number}, counted from 0, has {len(one)} tags in {sides.gold} and {len(other)} in "
                f"{sides.predicted}: position {min(len(one), len(other))} is in one of them alone"
            )
    return ours, theirs


def _sequences(side: object, name: str) -> list[list[str]]:
    if isinstance(side, str) or not isinstance(side, Iterable):
        raise ValueError(f"{name} must be a list of tag sequences, not {type(side).__name__}")  # noqa: TRY004 - one error
    found = []
    for number, sequence in enumerate(side):
        if isinstance(sequence, str) or not isinstance(sequence, Iterable):
            raise ValueError(  # noqa: TRY004 - bad input has one error
                f"{name}, sequence {number}, counted from 0: a list of tags is needed, not {type(sequence).__name__}"
            )
        tags = list(sequence)
        for place, tag in enumerate(tags):
            if not isinstance(tag, str):
                kind = type(tag).__name__
                raise ValueError(  # noqa: TRY004 - bad input has one error
                    f"{name}, sequence {number}, position {place}, counted from 0: {tag!r} is {kind}, not a string"
                )
        found.append(tags)
    return found


def read_spans(sequences: Sequence[Sequence[str]], scheme: Scheme, *, suffix: bool, side: str) -> list[list[Span]]:
    """Return the spans of each sequence in order, with offsets that count its tokens, half-open.

    With `suffix` the label comes first (`PER-B`). Spans of a sequence never overlap; a sequence without tags has none.
    Raises ValueError, with the sequence and position counted from 0, for a tag that the scheme does not know.
    """
    return [
        list(_spans([_parse_at(tag, scheme, suffix, (side, number, place)) for place, tag in enumerate(tags)], scheme))
        for number, tags in enumerate(sequences)
    ]


def _spans(tags: Sequence[_Tag], scheme: Scheme) -> Iterator[Span]:
    position = 0
    for label, run in itertools.groupby(tags, key=lambda tag: tag.label):
        prefixes = "".join(tag.prefix for tag in run)
        if label is not None:
            for chunk in scheme.chunks.finditer(prefixes):
                yield Span(start=position + chunk.start(), end=position + chunk.end(), label=label)
        position += len(prefixes)


def _parse_at(tag: str, scheme: Scheme, suffix: bool, where: tuple[str, int, int]) -> _Tag:  # noqa: FBT001 - private
    found = _parse(tag, suffix)
    if found is None or (found.label is not None and found.prefix not in scheme.prefixes):
        letters = ", ".join(scheme.prefixes)
        form = f"a label, a hyphen and one of {letters}" if suffix else f"one of {letters}, a hyphen and a label"
        raise ValueError(
            f"{where[0]}, sequence {where[1]}, position {where[2]}, counted from 0: "
            f"{tag!r} is no tag of the scheme {scheme.name}; a tag is O, or {form}"
        )
    return found


@functools.lru_cache(maxsize=1 << 12)
def _parse(tag: str, suffix: bool) -> _Tag | None:  # noqa: FBT001 - private
    if tag == "O":
        return _Tag("O", None)
    found = re.fullmatch(
        r"(?:(?P<label>.+)-)?(?P<prefix>[BIESLU])" if suffix else r"(?P<prefix>[BIESLU])(?:-(?P<label>.+))?", tag
    )
    return _Tag(found["prefix"], found["label"] or NO_LABEL) if found else None


def to_layer(name: str, documents: Iterable[Sequence[Span]]) -> Layer:
    """Return a layer with one document for each list of spans; the ids sort in the order given."""
    return Layer(
        name,
        (
            Markup(doc=f"{number:012d}", sha256=_ANY_TEXT, layer=name, spans=tuple(spans))
            for number, spans in enumerate(documents)
        ),
    )
