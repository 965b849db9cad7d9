"""The agreement of two annotators."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from invented import document
from rift.annotations.layer import Layer, Markup, Span, Value
from rift.corpus.tokens import tokenize
from rift.eval.agreement import ALL, FORMS, Agreement, Figure, agreement
from rift.eval.resample import Bootstrap
from rift.eval.scoring import score
from rift.eval.tracks import MODES
from rift.eval.unitizing import Continuum, alphas, count_units, disagreements
from rift.eval.values import attribute_names
from rift.issues import InputError

FEW = Bootstrap(resamples=20)
WORDS = 16
TEXTS = {key: document(" ".join(["word"] * WORDS), key) for key in ("doc-a", "doc-b", "doc-c", "doc-d")}
WORD = len("word ")

ATTRIBUTES: Mapping[str, Sequence[Mapping[str, Value]]] = {
    "ACTOR": [
        {"form": "name", "kind": "armed_group", "entity": "isis"},
        {"form": "name", "kind": "coalition", "entity": "islamic-front"},
        {"form": "generic", "kind": "armed_group"},
    ],
    "LOCATION": [{"kind": "settlement", "place": "aleppo"}, {"kind": "settlement", "place": "hama"}],
    "DATE": [{"value": "2014-01"}, {"value": "2014-01-07"}],
    "TOLL": [{"outcome": "killed", "low": 3, "high": 3}, {"outcome": "killed", "high": 9}, {"outcome": "wounded"}],
}
LINKS = {"by": "ACTOR", "where": "LOCATION", "when": "DATE", "same_as": "TOLL"}


def mark(
    first: int,
    last: int,
    label: str = "ACTOR",
    attributes: Mapping[str, Value] | None = None,
    *,
    key: str | None = None,
    links: Mapping[str, Sequence[str]] | None = None,
) -> Span:
    """Mark the words from number `first` up to, not including, number `last`."""
    return Span(
        id=key, start=first * WORD, end=last * WORD - 1, label=label, attributes=attributes or {}, links=links or {}
    )


def layer(name: str, spans: Mapping[str, Sequence[Span]]) -> Layer:
    return Layer(name, (Markup(doc=doc, sha256=TEXTS[doc].sha256, layer=name, spans=own) for doc, own in spans.items()))


def of(a: Sequence[Span], b: Sequence[Span]) -> Agreement:
    return agreement(layer("a", {"doc-a": a}), layer("b", {"doc-a": b}), FEW, texts=TEXTS)


@st.composite
def sides(draw: st.DrawFn) -> list[Span]:
    """Draw spans as annotators make them: those of one label lie apart."""
    spans: list[Span] = []
    for label, values in ATTRIBUTES.items():
        edges = sorted(draw(st.lists(st.integers(0, WORDS), max_size=6, unique=True)))
        for first, last in zip(edges[::2], edges[1::2], strict=False):
            spans.append(mark(first, last, label, draw(st.sampled_from(values)), key=f"s{len(spans)}"))
    named = {label: [str(span.id) for span in spans if span.label == label] for label in ATTRIBUTES}
    for at, span in enumerate(spans):
        if span.label == "TOLL":
            links = {role: draw(st.sets(st.sampled_from(named[to]))) for role, to in LINKS.items() if named[to]}
            chosen = {role: sorted(ids - {str(span.id)}) for role, ids in links.items()}
            spans[at] = msgspec.structs.replace(span, links={role: ids for role, ids in chosen.items() if ids})
    return spans


layers = st.dictionaries(st.sampled_from(sorted(TEXTS)), sides(), max_size=4)
pairs = st.dictionaries(st.sampled_from(sorted(TEXTS)), st.tuples(sides(), sides()), max_size=4).map(
    lambda found: (
        layer("a", {doc: one for doc, (one, _) in found.items()}),
        layer("b", {doc: other for doc, (_, other) in found.items()}),
    )
)


def figures(found: Agreement) -> Iterator[tuple[str, Figure]]:
    for name, row in found.rows.items():
        yield from ((f"{name} {mode}", figure) for mode, figure in row.f1.items())
        yield from ((f"{name} kappa", row.kappa), (f"{name} alpha", row.alpha))
    yield from found.attributes.items()
    for role, links in found.links.items():
        yield from ((f"{role} span", links.span), (f"{role} value", links.value))


@given(layers)
@settings(max_examples=30, deadline=None)
def test_a_layer_agrees_with_itself_in_everything_that_is_defined(spans: Mapping[str, list[Span]]) -> None:
    one = layer("a", spans)
    found = agreement(one, one.renamed("b"), FEW, texts=TEXTS)
    for name, figure in figures(found):
        assert figure.value in {1, None}, name
        assert figure.interval == (None if figure.value is None or figure.documents == 1 else (1, 1)), name
    assert found.rows[ALL].f1["strict"].value == (1 if any(spans.values()) else None)


@given(pairs)
@settings(max_examples=30, deadline=None)
def test_swapping_the_annotators_changes_no_number(both: tuple[Layer, Layer]) -> None:
    forth, back = agreement(*both, FEW, texts=TEXTS), agreement(both[1], both[0], FEW, texts=TEXTS)
    assert dict(figures(forth)) == dict(figures(back))
    assert [(row.a, row.b) for row in forth.rows.values()] == [(row.b, row.a) for row in back.rows.values()]


@given(pairs)
@settings(max_examples=30, deadline=None)
def test_the_order_of_documents_and_spans_does_not_matter(both: tuple[Layer, Layer]) -> None:
    one, other = (
        Layer(side.name, [msgspec.structs.replace(markup, spans=markup.spans[::-1]) for markup in reversed([*side])])
        for side in both
    )
    assert agreement(one, other, FEW, texts=TEXTS) == agreement(*both, FEW, texts=TEXTS)


@given(pairs)
@settings(max_examples=30, deadline=None)
def test_kappa_is_that_of_scikit_learn(both: tuple[Layer, Layer]) -> None:
    found = agreement(*both, FEW, texts=TEXTS)
    sets = [[labels_of(side.markups[doc], at) for doc in sorted(side.markups) for at in range(WORDS)] for side in both]
    for name, row in found.rows.items():
        codes = [["".join(sorted(own)) if name == ALL else str(name in own) for own in side] for side in sets]
        if name in FORMS:
            continue
        assert row.kappa.n == len(codes[0])
        if len({*codes[0], *codes[1]}) > 1:
            assert row.kappa.value == pytest.approx(cohen_kappa_score(*codes))
        else:
            assert row.kappa.value is None


def labels_of(markup: Markup, word: int) -> set[str]:
    return {span.label for span in markup.spans if span.start <= word * WORD < span.end}


@given(pairs)
@settings(max_examples=30, deadline=None)
def test_f1_is_that_of_the_score(both: tuple[Layer, Layer]) -> None:
    found, scores = agreement(*both, FEW, texts=TEXTS), score(*both, bootstrap=FEW)
    for mode in MODES:
        figure = found.rows[ALL].f1[mode]
        assert (figure.value, figure.interval) == msgspec.structs.astuple(scores.modes[mode].micro.f1)
        for label, row in scores.modes[mode].labels.items():
            assert (found.rows[label].f1[mode].value, found.rows[label].a) == (row.f1.value, row.gold)
    for own in found.rows.values():
        assert own.alpha.n == own.a + own.b == own.f1["strict"].n


def test_layers_that_share_no_document_have_no_agreement() -> None:
    found = agreement(layer("a", {"doc-a": [mark(0, 1)]}), layer("b", {"doc-b": [mark(0, 1)]}), FEW, texts=TEXTS)
    assert (found.documents, found.only_a, found.only_b) == (0, ["doc-a"], ["doc-b"])
    assert {figure for _, figure in figures(found)} == {Figure(None, None, 0, 0)}
    codes = [issue.code for issue in found.issues]
    assert codes == ["no-shared-documents", "unshared-documents", "unshared-documents"]


def test_a_label_that_nobody_marks_has_no_agreement() -> None:
    row = of([mark(0, 1)], [mark(0, 1)]).rows["DATE"]
    assert [*row.f1.values(), row.alpha] == [Figure(None, None, 1, 0)] * 5
    assert row.kappa == Figure(None, None, 1, WORDS)


def test_a_label_that_one_annotator_marks_has_no_agreement_but_a_defined_one() -> None:
    row = of([mark(0, 2)], []).rows["ACTOR"]
    assert (row.a, row.b) == (1, 0)
    assert {figure.value for figure in row.f1.values()} == {0}
    assert row.kappa.value == 0
    assert row.alpha.value is not None
    assert row.alpha.value < 0


def test_actors_are_counted_by_their_form_too() -> None:
    name, generic = ATTRIBUTES["ACTOR"][0], ATTRIBUTES["ACTOR"][2]
    rows = of([mark(0, 1, "ACTOR", name), mark(4, 6, "ACTOR", name)], [mark(0, 1, "ACTOR", generic)]).rows
    assert [(row, rows[row].a, rows[row].b) for row in ("ACTOR", *FORMS)] == [
        ("ACTOR", 2, 1),
        ("ACTOR name", 2, 0),
        ("ACTOR generic", 0, 1),
    ]
    assert rows["ACTOR"].f1["strict"].value == pytest.approx(2 / 3)
    assert {rows[form].f1["strict"].value for form in FORMS} == {0}
    assert list(rows) == [ALL, "ACTOR", *FORMS, "LOCATION", "DATE", "TOLL"]


def test_attributes_are_compared_on_strictly_matched_spans() -> None:
    exact, most, _ = ATTRIBUTES["TOLL"]
    found = of(
        [mark(0, 2, "TOLL", exact), mark(4, 6, "TOLL", most), mark(8, 9, "TOLL", exact)],
        [mark(0, 2, "TOLL", most), mark(4, 6, "TOLL", most), mark(8, 10, "TOLL", exact)],
    ).attributes
    assert tuple(found) == attribute_names()
    shown = {name: (figure.value, figure.n) for name, figure in found.items() if figure.n}
    assert shown == {"TOLL.outcome": (1, 2), "TOLL.low": (0, 1), "TOLL.high": (0.5, 2), "TOLL.approx": (1, 2)}
    assert found["DATE.value"] == Figure(None, None, 1, 0)


def test_links_are_compared_by_span_and_by_what_they_lead_to() -> None:
    isis, front, _ = ATTRIBUTES["ACTOR"]
    actors = [
        mark(4, 5, "ACTOR", isis, key="x"),
        mark(6, 7, "ACTOR", isis, key="y"),
        mark(8, 9, "ACTOR", front, key="z"),
    ]
    found = of(
        [*actors, mark(0, 2, "TOLL", links={"by": ["x"]}), mark(12, 13, "TOLL", links={"by": ["z"]})],
        [*actors, mark(0, 2, "TOLL", links={"by": ["y", "z"]}), mark(12, 14, "TOLL", links={"by": ["x"]})],
    ).links
    assert (found["by"].span.value, found["by"].span.n) == (0, 3)
    assert found["by"].value.value == pytest.approx(2 / 3)
    assert found["by"].value.n == 3
    assert found[ALL] == found["by"]
    assert found["where"].span == found["where"].value == Figure(None, None, 1, 0)


def test_kappa_and_alpha_rest_on_the_documents_whose_texts_are_at_hand() -> None:
    spans = {"doc-a": [mark(0, 1)], "doc-b": [mark(0, 1), mark(5, 7)]}
    found = agreement(layer("a", spans), layer("b", spans), FEW, texts={"doc-b": TEXTS["doc-b"], "doc-a": None})
    row = found.rows["ACTOR"]
    assert (row.f1["strict"].documents, row.f1["strict"].n) == (2, 6)
    assert (row.kappa.documents, row.kappa.n) == (1, len(tokenize(TEXTS["doc-b"].text)))
    assert (row.alpha.documents, row.alpha.n) == (1, 4)
    assert [issue.code for issue in found.issues] == ["no-text"]
    bare = agreement(layer("a", spans), layer("b", spans), FEW)
    assert bare.rows["ACTOR"].kappa == bare.rows["ACTOR"].alpha == Figure(None, None, 0, 0)


def test_spans_of_one_label_that_overlap_leave_alpha_undefined() -> None:
    found = of([mark(0, 3), mark(2, 4), mark(6, 7, "DATE")], [mark(0, 3), mark(6, 7, "DATE")])
    assert found.rows["ACTOR"].alpha.value is found.rows[ALL].alpha.value is None
    assert found.rows["DATE"].alpha.value == 1
    assert [(issue.code, issue.where.file) for issue in found.issues] == [("overlap", "a, b")]


@pytest.mark.parametrize("actor", [{}, ATTRIBUTES["ACTOR"][0]], ids=["without form", "with form"])
def test_alpha_over_all_labels_adds_up_their_disagreements(actor: Mapping[str, Value]) -> None:
    dates = [mark(6, 9, "DATE")]
    value = of([mark(0, 3, "ACTOR", actor), *dates], [mark(0, 2, "ACTOR", actor), *dates]).rows[ALL].alpha.value
    length = len(TEXTS["doc-a"].text)
    actors = count_units([Continuum(length, [(0, 14)], [(0, 9)])])
    same = count_units([Continuum(length, [(30, 44)], [(30, 44)])])
    one, other = (disagreements(units.counts.sum(axis=0), units.lengths) for units in (actors, same))
    assert value == pytest.approx(float(alphas(one + other)))


def test_intervals_resample_documents() -> None:
    one = layer("a", {doc: [mark(0, 1)] for doc in TEXTS})
    other = layer("b", {doc: [mark(0, 1)] if doc != "doc-a" else [] for doc in TEXTS})
    figure = agreement(one, other, Bootstrap(3, 200), texts=TEXTS).rows["ACTOR"].f1["strict"]
    assert figure.value == pytest.approx(6 / 7)
    assert figure.interval is not None
    assert 0 < figure.interval[0] < 6 / 7 < figure.interval[1] == 1
    assert figure == agreement(one, other, Bootstrap(3, 200)).rows["ACTOR"].f1["strict"]
    assert agreement(one, other, Bootstrap(resamples=0)).rows["ACTOR"].f1["strict"].interval is None


def test_layers_of_different_texts_and_spans_outside_them_are_refused() -> None:
    one = layer("a", {"doc-a": [mark(0, 1)], "doc-b": [mark(WORDS, WORDS + 1)]})
    other = Layer("b", [Markup(doc="doc-a", sha256="0" * 64, layer="b", spans=[]), one.markups["doc-b"]])
    with pytest.raises(InputError) as caught:
        agreement(one, other, FEW, texts=TEXTS)
    assert {issue.code for issue in caught.value.issues} == {"hash-mismatch", "offset-outside"}


def test_the_result_is_json_there_and_back() -> None:
    one = layer("a", {"doc-a": [mark(0, 1)], "doc-b": [mark(2, 5, "TOLL", {"low": 3})]})
    found = agreement(one, one.renamed("b"), FEW)
    plain = msgspec.json.decode(msgspec.json.encode(found))
    assert plain["rows"]["ACTOR"]["f1"]["strict"] == {"value": 1.0, "interval": [1.0, 1.0], "documents": 2, "n": 2}
    assert plain["rows"]["ACTOR"]["kappa"] == {"value": None, "interval": None, "documents": 0, "n": 0}
    assert msgspec.json.decode(msgspec.json.encode(found), type=Agreement) == found
