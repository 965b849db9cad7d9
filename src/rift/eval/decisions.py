"""Decisions: how each difference of two annotators was settled, and why, and what both had missed."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from rift.annotations.layer import Layer
from rift.eval.differences import Difference, Kind, Side, differences
from rift.issues import Issue, Level, Where
from rift.paths import data_root

Choice = Literal["a", "b", "neither", "added", "dropped", "changed"]


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an adjudicator says of one difference: its document and number there, a reason code, a note.

    The number 0 stands for all that gold changes in the document where the annotators did not differ.
    """

    doc: str
    number: int
    reason: str
    note: str = ""


class Decision(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How one difference was settled, or what gold has (`added`), lacks (`dropped`) or says otherwise (`changed`).

    `choice` says whom gold follows; `gold` is what it says where it follows neither. `number` is that of the
    difference, and 0 where the annotators did not differ: those three.
    """

    doc: str
    number: int
    kind: Kind
    name: str = ""
    a: Side | None = None
    b: Side | None = None
    choice: Choice
    gold: Side | None = None
    reason: str
    note: str = ""


ADDED = "missed-by-both"
DROPPED = "wrong-in-both"
"""The reasons of what gold changes where the annotators agreed, unless the adjudicator gives another."""


def reason_codes() -> Mapping[str, str]:
    """Return the reason codes with what each means, from `guidelines/reasons.toml`."""
    return msgspec.convert(
        tomllib.loads((data_root() / "guidelines" / "reasons.toml").read_text("utf-8")), dict[str, str]
    )


def decide(a: Layer, b: Layer, gold: Layer, reasons: Sequence[Reason], file: str) -> tuple[list[Decision], list[Issue]]:
    """Return the decisions that lead from two annotators' layers to `gold`, and what is wrong with `reasons`.

    Whom gold follows is read off the layers: a difference that is no longer there between gold and one annotator was
    settled that one's way. Codes: `no-reason` (a difference without one), `unknown-reason`, `unknown-difference`. What
    gold changes against both needs no reason; `missed-by-both` and `wrong-in-both` stand for one. `file` names the
    reasons in issues.
    """
    given = {(reason.doc, reason.number): reason for reason in reasons}
    found = [item for item in differences(a, b) if item.doc in gold.markups]
    issues = list(_issues(given, found, file))
    against_a = {item.key: item for item in differences(a, gold)}
    against_b = {item.key: item for item in differences(b, gold)}
    decisions: list[Decision] = []
    for item in found:
        reason = given.get((item.doc, item.number))
        choice, settled = _choice(item, against_a, against_b)
        decisions.append(
            Decision(
                doc=item.doc,
                number=item.number,
                kind=item.kind,
                name=item.name,
                a=item.a,
                b=item.b,
                choice=choice,
                gold=settled,
                reason=reason.reason if reason else "",
                note=reason.note if reason else "",
            )
        )
    alike = (against_a.keys() & against_b.keys()) - {item.key for item in found}
    decisions.extend(_beyond(against_a[key], against_b[key], given.get((key[0], 0))) for key in alike)
    return sorted(decisions, key=_order), issues


def _issues(given: Mapping[tuple[str, int], Reason], found: Sequence[Difference], file: str) -> Iterator[Issue]:
    codes = reason_codes()
    places = {(item.doc, item.number) for item in found}
    for doc, number in sorted(places - given.keys()):
        where = Where(file, doc=doc)
        yield Issue("no-reason", Level.ERROR, where, f"difference {number} has no reason", "add a line for it")
    for (doc, number), reason in given.items():
        where = Where(file, doc=doc)
        if number and (doc, number) not in places:
            message = f"there is no difference {number}"
            yield Issue("unknown-difference", Level.ERROR, where, message, "number them as `adjudicate` lists them")
        elif reason.reason not in codes and (number or reason.reason not in {ADDED, DROPPED}):
            message = f"difference {number}: the reason {reason.reason!r} is not known"
            yield Issue("unknown-reason", Level.ERROR, where, message, f"known reasons: {', '.join(codes)}")


Found = Mapping[tuple[str, Kind, str, int, int], Difference]


def _choice(item: Difference, against_a: Found, against_b: Found) -> tuple[Choice, Side | None]:
    """Say whom gold follows: the annotator from whom it does not differ there."""
    from_a, from_b = _still(item, item.a, against_a), _still(item, item.b, against_b)
    if from_a is None:
        return "a", None
    if from_b is None:
        return "b", None
    return "neither", from_a.b or from_b.b


def _still(item: Difference, side: Side | None, against: Found) -> Difference | None:
    """Return the difference between one annotator and gold at the place of `item`, None where gold says the same.

    An annotator without a span there differs from gold where gold has one that overlaps the other's.
    """
    if side is not None:
        names = {item.name} if item.kind in {"attribute", "link"} else {""}
        at = [
            other
            for other in against.values()
            if other.doc == item.doc
            and other.a is not None
            and (other.a.start, other.a.end, other.a.label) == (side.start, side.end, side.label)
        ]
        return next((other for other in at if other.name in names or other.kind == "only-a"), None)
    there = item.a or item.b
    if there is None:
        return None
    return next(
        (
            other
            for other in against.values()
            if other.doc == item.doc
            and other.kind == "only-b"
            and other.b is not None
            and other.b.start < there.end
            and there.start < other.b.end
            and other.b.label == there.label
        ),
        None,
    )


def _beyond(from_a: Difference, from_b: Difference, reason: Reason | None) -> Decision:
    """Return the decision that gold takes against both annotators, who have the same there."""
    choice: Choice = "dropped" if from_a.kind == "only-a" else "added" if from_a.kind == "only-b" else "changed"
    return Decision(
        doc=from_a.doc,
        number=0,
        kind=from_a.kind,
        name=from_a.name,
        a=from_a.a,
        b=from_b.a,
        choice=choice,
        gold=from_a.b,
        reason=reason.reason if reason else ADDED if choice == "added" else DROPPED,
        note=reason.note if reason else "",
    )


def _order(item: Decision) -> tuple[str, bool, int, int, str, str]:
    side = item.a or item.b or item.gold
    return item.doc, item.number == 0, item.number, side.start if side else 0, item.kind, item.name
