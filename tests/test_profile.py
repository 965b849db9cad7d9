"""What a layer holds, counted by hand on layers made up here."""

from hypothesis import given
from hypothesis import strategies as st

from eval_strategies import corpora, layer
from invented import document
from rift.annotations.layer import Layer, Markup, Span
from rift.annotations.profile import profile, unseen

TEXT = "Five died in Azaz on Monday. At least 60 were hurt near Homs."
DOCUMENT = document(TEXT, "doc-a")
LABELS = ["ACTOR", "LOCATION", "DATE", "TOLL"]


def span(surface: str, label: str, links: dict[str, list[str]] | None = None, **attributes: str | int | bool) -> Span:
    start = TEXT.index(surface)
    return Span(
        id=surface.rsplit(maxsplit=1)[-1],
        start=start,
        end=start + len(surface),
        label=label,
        surface=surface,
        attributes=attributes,
        links=links or {},
    )


FIVE = span("Five", "TOLL", {"where": ["Azaz", "Homs"], "when": ["Monday"]}, outcome="killed", low=5, high=5)
SIXTY = span("At least 60", "TOLL", {"where": ["Homs"], "when": ["Monday"]}, outcome="wounded", low=60, approx=True)
AZAZ, HOMS = span("Azaz", "LOCATION", place="azaz"), span("Homs", "LOCATION", place="homs")
MONDAY = span("Monday", "DATE", value="2014-06-09")
SPANS = [FIVE, SIXTY, AZAZ, HOMS, MONDAY]
LAYER = Layer("gold", [Markup(doc="doc-a", sha256=DOCUMENT.sha256, layer="gold", spans=SPANS)])


def test_spans_attributes_links_and_figures_are_counted() -> None:
    found = profile(LAYER, {}, LABELS)
    assert found.documents == 1
    assert found.spans == {"ACTOR": 0, "LOCATION": 2, "DATE": 1, "TOLL": 2}
    assert found.attributes == {"TOLL.approx": {"true": 1}, "TOLL.outcome": {"killed": 1, "wounded": 1}}
    assert found.links == {"when": 2, "where": 3}
    assert {size: count for size, count in found.sizes.items() if count} == {"2-9": 1, "10-99": 1}
    assert {name: count for name, count in found.ranges.items() if count} == {"exact": 1, "least": 1}


def test_figures_fall_into_their_class_at_its_bounds() -> None:
    values = [
        (0, 0),
        (1, 1),
        (2, 2),
        (9, 9),
        (10, None),
        (99, 99),
        (None, 100),
        (9_999, 9_999),
        (10_000, None),
        (None, None),
    ]
    tolls = []
    for number, (low, high) in enumerate(values):
        attributes = {key: value for key, value in (("low", low), ("high", high)) if value is not None}
        tolls.append(Span(id=f"t{number}", start=number, end=number + 1, label="TOLL", attributes=attributes))
    found = profile(Layer("gold", [Markup(doc="d", sha256="0" * 64, layer="gold", spans=tolls)]), {}, LABELS)
    assert list(found.sizes.values()) == [1, 1, 2, 2, 1, 1, 1]
    assert found.ranges == {"exact": 6, "range": 0, "least": 2, "greatest": 1, "none": 1}


def test_distances_are_to_the_nearest_in_characters_and_know_sentences_with_the_text_alone() -> None:
    near = profile(LAYER, {"doc-a": DOCUMENT}, LABELS).distances
    azaz = AZAZ.start - FIVE.end
    homs = HOMS.start - SIXTY.end
    assert near["where"].tolls == 2
    assert near["where"].quantiles is not None
    assert near["where"].quantiles[1] == (azaz + homs) / 2
    assert (near["where"].outside, near["when"].outside) == (0, 1 / 2)
    assert profile(LAYER, {"doc-a": None}, LABELS).distances["where"].outside is None


def test_a_layer_without_documents_has_zeros_and_undefined_distances() -> None:
    found = profile(Layer("gold"), {}, LABELS)
    assert (found.documents, sum(found.spans.values()), found.links) == (0, 0, {})
    assert found.distances["where"].quantiles is None
    assert unseen(Layer("gold"), [LAYER], LABELS).surfaces == dict.fromkeys(LABELS)


def test_what_training_has_is_seen_whatever_its_case() -> None:
    other = Layer("gold", [Markup(doc="doc-b", sha256="0" * 64, layer="gold", spans=[
        Span(id="a", start=0, end=4, label="LOCATION", surface="AZAZ", attributes={"place": "azaz"}),
        Span(id="b", start=5, end=9, label="LOCATION", surface="Hama", attributes={"place": "hama"}),
        Span(id="c", start=10, end=14, label="DATE", surface="Azaz"),
    ])])  # fmt: skip
    found = unseen(other, [LAYER], LABELS)
    assert found.surfaces == {"ACTOR": None, "LOCATION": 1 / 2, "DATE": 1.0, "TOLL": None}
    assert found.ids == {"ACTOR.entity": None, "LOCATION.place": 1 / 2}


@given(corpora, st.permutations(range(7)))
def test_the_order_of_spans_does_not_matter_and_documents_add_up(corpus: object, order: list[int]) -> None:
    sides = {doc: spans for doc, (spans, _) in dict(corpus).items()}  # type: ignore[call-overload]  # a strategy's type
    whole = layer("gold", sides)
    shuffled = {doc: [spans[at] for at in order if at < len(spans)] for doc, spans in sides.items()}
    assert profile(layer("gold", shuffled), {}, LABELS) == profile(whole, {}, LABELS)
    parts = [profile(layer("gold", {doc: spans}), {}, LABELS) for doc, spans in sides.items()]
    total = profile(whole, {}, LABELS).spans
    for label in LABELS:
        assert sum(part.spans[label] for part in parts) == total[label]
