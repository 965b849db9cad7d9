"""What two layers say differently, one difference at a time, and how each was settled."""

import pytest

from rift.annotations.layer import Layer, Markup, Span, Value
from rift.eval.audit import ALL, audit
from rift.eval.decisions import ADDED, DROPPED, Reason, decide, reason_codes
from rift.eval.differences import Difference, Side, differences, paired
from rift.eval.resample import Bootstrap

QUICK = Bootstrap(resamples=50)


def layer(name: str, *spans: Span, doc: str = "doc-a") -> Layer:
    return Layer(name, [Markup(doc=doc, sha256="0" * 64, layer=name, spans=spans)])


def actor(start: int, end: int, entity: str = "isis", name: str | None = None) -> Span:
    return Span(
        id=name or f"a{start}", start=start, end=end, label="ACTOR", attributes={"form": "name", "entity": entity}
    )


def place(start: int, end: int, name: str = "homs") -> Span:
    return Span(id=f"l{start}", start=start, end=end, label="LOCATION", attributes={"place": name})


def toll(start: int, end: int, low: int = 5, **links: str) -> Span:
    attributes: dict[str, Value] = {"outcome": "killed", "low": low, "high": low}
    return Span(
        id=f"t{start}",
        start=start,
        end=end,
        label="TOLL",
        attributes=attributes,
        links={key: value.split() for key, value in links.items()},
    )


def found(a: Layer, b: Layer) -> list[tuple[str, str, str, str]]:
    return [
        (item.kind, item.name, item.a.value if item.a else "-", item.b.value if item.b else "-")
        for item in differences(a, b)
    ]


def test_layers_that_say_the_same_do_not_differ() -> None:
    spans = [actor(0, 4), place(5, 9), toll(10, 20, by="a0", where="l5")]
    assert differences(layer("a", *spans), layer("b", *reversed(spans))) == []
    assert differences(Layer("a"), Layer("b")) == []


def test_ids_and_the_mention_that_is_linked_do_not_matter() -> None:
    one = layer("a", actor(0, 4), actor(30, 34), toll(10, 20, by="a0"))
    other = layer("b", actor(0, 4, name="x"), actor(30, 34, name="y"), toll(10, 20, by="y"))
    assert differences(one, other) == []


def test_every_kind_of_difference_is_named_and_numbered_in_reading_order() -> None:
    one = layer("a", actor(0, 4), place(5, 9), toll(10, 20, 5, by="a0"), actor(40, 50), place(60, 64))
    other = layer("b", place(5, 9, "hama"), toll(10, 20, 6), actor(42, 50), actor(60, 64), place(70, 74))
    assert [(item.number, item.kind, item.name) for item in differences(one, other)] == [
        (1, "only-a", ""),
        (2, "attribute", "place"),
        (3, "attribute", "high"),
        (4, "attribute", "low"),
        (5, "link", "by"),
        (6, "extent", ""),
        (7, "label", ""),
        (8, "only-b", ""),
    ]


def test_a_link_to_a_toll_survives_another_extent_of_that_toll() -> None:
    one = layer("a", toll(0, 10), toll(20, 30, same_as="t0"))
    other = layer("b", toll(2, 10), toll(20, 30, same_as="t2"))
    assert found(one, other) == [("extent", "", "", "")]


def test_what_is_left_out_equals_what_is_false_and_notations_of_a_date_are_one() -> None:
    one = Span(id="d", start=0, end=4, label="DATE", attributes={"value": "2014-01-02/2014-01-02"})
    other = Span(id="d", start=0, end=4, label="DATE", attributes={"value": "2014-01-02"})
    sure = Span(id="t", start=5, end=9, label="TOLL", attributes={"low": 1, "approx": False})
    silent = Span(id="t", start=5, end=9, label="TOLL", attributes={"low": 1})
    assert differences(layer("a", one, sure), layer("b", other, silent)) == []


def test_a_document_of_one_layer_alone_is_passed_over() -> None:
    assert differences(layer("a", actor(0, 4)), layer("b", doc="doc-b")) == []


def test_spans_pair_with_the_best_of_the_other_side_in_any_order() -> None:
    ours, theirs = [actor(0, 10), actor(20, 30)], [actor(22, 30), actor(0, 10)]
    assert [
        (one.start, other.start) for one, other in sorted(paired(ours, theirs), key=lambda pair: pair[0].start)
    ] == [
        (0, 0),
        (20, 22),
    ]


A = layer("a", actor(0, 4), place(5, 9), toll(10, 20, 5), actor(50, 54))
B = layer("b", place(5, 9, "hama"), toll(10, 20, 6), place(30, 34), actor(50, 54))
REASONS = [Reason("doc-a", number, "slip") for number in (1, 2, 3, 4, 5)]


def test_each_difference_is_settled_as_gold_has_it() -> None:
    gold = layer("gold", actor(0, 4), place(5, 9, "hama"), toll(10, 20, 7), actor(60, 64))
    decisions, issues = decide(A, B, gold, REASONS, "reasons.tsv")
    assert issues == []
    assert [(item.number, item.kind, item.name, item.choice) for item in decisions] == [
        (1, "only-a", "", "a"),
        (2, "attribute", "place", "b"),
        (3, "attribute", "high", "neither"),
        (4, "attribute", "low", "neither"),
        (5, "only-b", "", "a"),
        (0, "only-a", "", "dropped"),
        (0, "only-b", "", "added"),
    ]
    assert decisions[3].gold == Side(10, 20, "TOLL", "7")
    assert [item.reason for item in decisions] == ["slip"] * 5 + [DROPPED, ADDED]


def test_a_span_of_both_that_gold_leaves_out_follows_who_lacks_it() -> None:
    decisions, _ = decide(layer("a", actor(0, 4)), layer("b"), layer("gold"), [Reason("doc-a", 1, "generic")], "r")
    assert [item.choice for item in decisions] == ["b"]


def test_what_gold_says_against_both_is_recorded_span_by_span_and_value_by_value() -> None:
    both = (actor(0, 10), place(12, 16), toll(20, 24, 5), toll(30, 34, 5, by="a0"))
    gold = layer("gold", actor(0, 4), actor(6, 10), place(12, 16, "hama"), toll(20, 24, 5), toll(30, 34, 5))
    decisions, issues = decide(layer("a", *both), layer("b", *both), gold, [], "r")
    assert issues == []
    assert [(item.number, item.kind, item.name, item.choice, item.reason) for item in decisions] == [
        (0, "extent", "", "changed", DROPPED),
        (0, "only-b", "", "added", ADDED),
        (0, "attribute", "place", "changed", DROPPED),
        (0, "link", "by", "changed", DROPPED),
    ]
    assert decisions[2].a == decisions[2].b
    assert decisions[2].gold == Side(12, 16, "LOCATION", "hama")


def test_the_number_0_gives_the_reason_of_all_that_gold_changes_in_a_document() -> None:
    both, reasons = (toll(20, 24, 5),), [Reason("doc-a", 0, "revised", "1.4.0")]
    gold = layer("gold", toll(20, 24, 6))
    decisions, issues = decide(layer("a", *both), layer("b", *both), gold, reasons, "r")
    assert issues == []
    assert {(item.choice, item.reason, item.note) for item in decisions} == {("changed", "revised", "1.4.0")}
    _, issues = decide(layer("a", *both), layer("b", *both), gold, [Reason("doc-a", 0, DROPPED)], "r")
    assert issues == []
    _, issues = decide(layer("a", *both), layer("b", *both), layer("gold", *both), [Reason("doc-a", 0, "whim")], "r")
    assert [issue.code for issue in issues] == ["unknown-reason"]


def test_every_difference_needs_a_known_reason() -> None:
    reasons = [Reason("doc-a", 1, "whim"), Reason("doc-a", 9, "slip"), *REASONS[1:3]]
    _, issues = decide(A, B, A, reasons, "reasons.tsv")
    assert sorted(issue.code for issue in issues) == ["no-reason", "no-reason", "unknown-difference", "unknown-reason"]
    assert all(issue.where.file == "reasons.tsv" and issue.hint for issue in issues)


def test_the_reason_codes_have_meanings() -> None:
    assert "slip" in reason_codes()
    assert all(len(meaning) > 20 for meaning in reason_codes().values())


def test_an_audit_counts_what_is_wrong_missing_and_wrongly_valued() -> None:
    gold = layer("gold", actor(0, 4), actor(10, 14), place(20, 24), toll(30, 40, 5))
    read = layer("audit", actor(0, 4), actor(10, 16), place(50, 54), place(20, 24, "hama"), toll(30, 40, 6))
    rows = {row.label: row for row in audit(gold, read, QUICK).rows}
    assert (rows["ACTOR"].faults, rows["ACTOR"].rate.value) == ({"extent": 1}, 1 / 2)
    assert (rows["LOCATION"].faults, rows["LOCATION"].wrong, rows["LOCATION"].wrong_value) == (
        {"attribute": 1, "missing": 1},
        1,
        1,
    )
    assert rows["TOLL"].faults == {"attribute": 2}
    assert rows["TOLL"].value_rate.value == 1
    assert (rows[ALL].spans, rows[ALL].wrong, rows[ALL].wrong_value, rows[ALL].rate.value) == (4, 2, 2, 2 / 5)


def test_an_audit_without_common_documents_says_nothing() -> None:
    found = audit(layer("gold", actor(0, 4)), layer("audit", doc="doc-b"), QUICK)
    assert (found.documents, found.rows[-1].rate.value) == (0, None)


def test_a_faultless_audit_has_rate_zero() -> None:
    gold = layer("gold", actor(0, 4))
    assert audit(gold, gold, QUICK).rows[-1].rate.value == 0


@pytest.mark.parametrize("kind", ["only-a", "only-b"])
def test_the_key_of_a_difference_is_its_place(kind: str) -> None:
    side = Side(3, 7, "ACTOR")
    item = (
        Difference(doc="d", number=1, kind="only-a", a=side)
        if kind == "only-a"
        else Difference(doc="d", number=1, kind="only-b", b=side)
    )
    assert item.key == ("d", kind, "", 3, 7)
