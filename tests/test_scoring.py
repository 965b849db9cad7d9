"""Scores of a layer against gold."""

import json
import math
from collections.abc import Sequence

import msgspec
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from eval_strategies import NO_INTERVALS, Corpus, corpora, layer, span
from rift import __version__
from rift.annotations.layer import Layer, Markup, Span
from rift.eval.columns import from_layer
from rift.eval.resample import Bootstrap
from rift.eval.scoring import Row, Scores, collect, fingerprint, score
from rift.eval.tracks import MODES, Mode, find_track, tracks
from rift.issues import InputError, Level

permutations = st.permutations(range(7))


def quick(gold: Layer, predicted: Layer) -> Scores:
    """Score without intervals."""
    return score(gold, predicted, bootstrap=NO_INTERVALS)


def values(row: Row) -> tuple[float | None, float | None, float | None]:
    return row.precision.value, row.recall.value, row.f1.value


def shuffled(of: Sequence[Span], order: Sequence[int]) -> list[Span]:
    return [of[index] for index in order if index < len(of)]


# --- what a score says ---


def worked_example() -> tuple[Layer, Layer]:
    gold = {
        "doc-a": [span(0, 6, "ACTOR"), span(10, 30, "TOLL"), span(18, 30, "ACTOR")],
        "doc-b": [span(4, 9, "DATE")],
    }
    predicted = {
        "doc-a": [span(18, 30, "ACTOR"), span(12, 30, "TOLL"), span(0, 6, "DATE"), span(40, 44, "ACTOR")],
        "doc-b": [span(4, 9, "DATE"), span(4, 9, "DATE")],
    }
    return layer("gold", gold), layer("system", predicted)


@pytest.mark.parametrize(("mode", "correct"), [("strict", 2), ("exact", 3), ("partial", 3.5), ("type", 3)])
def test_the_micro_row_of_a_worked_example(mode: Mode, correct: float) -> None:
    row = quick(*worked_example()).modes[mode].micro
    assert (row.correct_gold, row.correct_predicted, row.gold, row.predicted) == (correct, correct, 4, 6)
    assert values(row) == pytest.approx((correct / 6, correct / 4, 2 * correct / 10))


def test_the_label_rows_of_a_worked_example() -> None:
    found = quick(*worked_example()).modes["exact"].labels
    assert list(found) == ["ACTOR", "DATE", "TOLL"]
    assert values(found["ACTOR"]) == pytest.approx((1 / 2, 2 / 2, 2 / 3))
    assert values(found["DATE"]) == pytest.approx((2 / 3, 1 / 1, 4 / 5))
    assert values(found["TOLL"]) == (0, 0, 0)


# --- documents, labels and faults ---


def test_a_gold_document_that_is_not_predicted_counts_as_empty_and_is_reported() -> None:
    gold = layer("gold", {"doc-a": [span(0, 4)], "doc-b": [span(0, 4)]})
    empty = layer("system", {"doc-a": [span(0, 4)], "doc-b": []})
    found = quick(gold, layer("system", {"doc-a": [span(0, 4)]}))
    assert found.modes == quick(gold, empty).modes
    assert values(found.modes["strict"].micro) == pytest.approx((1, 0.5, 2 / 3))
    (issue,) = found.issues
    assert (issue.code, issue.level, issue.where.file) == ("missing-documents", Level.WARNING, "system")
    assert "1 of 2" in issue.message
    assert "doc-b" in issue.message


def test_a_predicted_document_that_is_not_gold_is_not_scored_and_is_reported() -> None:
    gold = layer("gold", {"doc-a": [span(0, 4)]})
    found = quick(gold, layer("system", {"doc-a": [span(0, 4)], "doc-z": [span(0, 4, "TOLL")]}))
    assert found.modes == quick(gold, gold).modes
    (issue,) = found.issues
    assert (issue.code, issue.level) == ("unscored-documents", Level.WARNING)
    assert "doc-z" in issue.message


def test_a_warning_names_the_first_documents_of_many() -> None:
    gold = layer("gold", {f"doc-{number}": [] for number in range(9)})
    (issue,) = quick(gold, layer("system", {})).issues
    assert issue.message.endswith("doc-0, doc-1, doc-2, doc-3, doc-4 …")


def test_markups_of_other_texts_are_refused_all_at_once() -> None:
    gold = layer("gold", {"doc-a": [], "doc-b": [], "doc-c": []})
    other = Layer(
        "system", [msgspec.structs.replace(markup, sha256="0" * 64) for markup in gold if markup.doc != "doc-b"]
    )
    with pytest.raises(InputError) as caught:
        quick(gold, other)
    assert [(issue.code, issue.where.doc) for issue in caught.value.issues] == [
        ("hash-mismatch", "doc-a"),
        ("hash-mismatch", "doc-c"),
    ]


def test_an_unknown_label_counts_as_spurious_under_its_own_name() -> None:
    gold = layer("gold", {"doc-a": [span(0, 4, "ACTOR")]})
    predicted = layer("system", {"doc-a": [span(0, 4, "ACTOR"), span(6, 9, "PERSON")]})
    found = score(gold, predicted, labels=["ACTOR"], bootstrap=NO_INTERVALS).modes["strict"]
    assert values(found.labels["PERSON"]) == (0, None, 0)
    assert found.micro.precision.value == 0.5


def test_an_empty_denominator_is_undefined_and_never_0() -> None:
    nothing = quick(layer("gold", {"doc-a": []}), layer("system", {"doc-a": []}))
    silent = quick(layer("gold", {"doc-a": [span(0, 4)]}), layer("system", {"doc-a": []}))
    without = quick(layer("gold", {}), layer("system", {}))
    for mode in MODES:
        assert values(nothing.modes[mode].micro) == (None, None, None)
        assert values(silent.modes[mode].micro) == (None, 0, 0)
        assert values(without.modes[mode].micro) == (None, None, None)


def test_an_unknown_track_is_refused_with_the_tracks_known() -> None:
    gold = layer("gold", {})
    with pytest.raises(ValueError, match=r"'frames'.*known are: spans, values, tolls"):
        score(gold, gold, "frames")


@pytest.mark.parametrize("track", tracks())
def test_every_track_has_its_headline_among_its_modes(track: str) -> None:
    gold, predicted = worked_example()
    found = score(gold, predicted, track, bootstrap=NO_INTERVALS)
    assert tuple(found.modes) == tuple(find_track(track).modes)
    assert find_track(track).headline in found.modes
    assert found.modes[find_track(track).headline].signature.startswith(
        f"rift:{__version__}|track:{track}|mode:strict|"
    )


def test_columns_score_as_the_layer_that_they_were_made_of() -> None:
    gold, predicted = worked_example()
    few = Bootstrap(resamples=20)
    expected = score(gold, predicted, bootstrap=few)
    for sides in (
        (from_layer(gold), predicted),
        (gold, from_layer(predicted)),
        (from_layer(gold), from_layer(predicted)),
    ):
        assert score(*sides, bootstrap=few) == expected


def test_columns_of_other_texts_or_documents_are_reported_as_layers_are() -> None:
    gold = layer("gold", {"doc-a": [], "doc-b": []})
    other = Layer("system", [msgspec.structs.replace(markup, sha256="0" * 64) for markup in gold])
    with pytest.raises(InputError) as caught:
        score(from_layer(gold), from_layer(other))
    assert [issue.where.doc for issue in caught.value.issues] == ["doc-a", "doc-b"]
    found = score(from_layer(gold), from_layer(layer("system", {"doc-b": [], "doc-z": []})))
    assert [issue.code for issue in found.issues] == ["missing-documents", "unscored-documents"]


@pytest.mark.parametrize("track", ["values", "tolls"])
def test_columns_are_refused_in_a_track_that_reads_attributes(track: str) -> None:
    gold = layer("gold", {"doc-a": []})
    with pytest.raises(TypeError, match="gold: columns hold no attributes and links; give the layer itself"):
        score(from_layer(gold), gold, track)


@pytest.mark.parametrize("track", tracks())
def test_what_is_collected_adds_up_to_the_score(track: str) -> None:
    gold, predicted = worked_example()
    counts = collect(gold, predicted, track).statistics.counts.sum(axis=(0, 2))
    for index, found in enumerate(score(gold, predicted, track, bootstrap=NO_INTERVALS).modes.values()):
        micro = found.micro
        assert counts[index].tolist() == [micro.correct_gold, micro.correct_predicted, micro.gold, micro.predicted]


def test_scores_serialise_to_json_as_they_are() -> None:
    gold, predicted = worked_example()
    content = json.loads(msgspec.json.encode(score(gold, predicted, labels=["LOCATION"])))
    assert list(content) == ["track", "gold", "predicted", "documents", "modes", "issues", "figures", "estimates"]
    assert list(content["modes"]) == list(MODES)
    strict = content["modes"]["strict"]
    assert strict["micro"]["recall"]["value"] == 0.5
    assert len(strict["micro"]["recall"]["interval"]) == 2
    assert strict["labels"]["LOCATION"]["f1"] == {"value": None, "interval": None}


# --- intervals ---


def varied(documents: int) -> tuple[Layer, Layer]:
    """Return layers in which documents differ in size and in how well they are predicted."""
    gold = {f"doc-{n}": [span(10 * i, 10 * i + 5) for i in range(1 + n % 5)] for n in range(documents)}
    predicted = {
        doc: [span(one.start, one.end + (i + n) % 3 // 2) for i, one in enumerate(side)]
        for n, (doc, side) in enumerate(gold.items())
    }
    return layer("gold", gold), layer("system", predicted)


def test_scores_repeat_for_a_seed_and_only_intervals_change_with_it() -> None:
    first, again, other = (score(*varied(20), bootstrap=Bootstrap(seed)) for seed in (1, 1, 2))
    assert first == again
    for mode in MODES:
        assert values(first.modes[mode].micro) == values(other.modes[mode].micro)
    assert first.modes["strict"].micro.f1.interval != other.modes["strict"].micro.f1.interval


def test_the_point_estimate_lies_within_its_interval_and_near_the_middle() -> None:
    found = score(*varied(40)).modes["strict"].micro
    for estimate in (found.precision, found.recall, found.f1):
        assert estimate.interval is not None
        assert estimate.value is not None
        low, high = estimate.interval
        assert low < estimate.value < high
        assert (low + high) / 2 == pytest.approx(estimate.value, abs=(high - low) / 10)


def test_more_documents_of_the_same_kind_narrow_the_interval() -> None:
    widths = []
    for documents in (15, 60):
        found = score(*varied(documents)).modes["strict"].micro.f1.interval
        assert found is not None
        widths.append(found[1] - found[0])
    wider = [scipy.stats.t.ppf(0.975, documents - 1) / math.sqrt(documents - 1) for documents in (15, 60)]
    assert widths[1] / widths[0] == pytest.approx(wider[1] / wider[0], rel=0.1)


def test_a_constant_score_has_an_interval_without_width() -> None:
    gold, _ = varied(20)
    for found in score(gold, gold).modes.values():
        assert found.micro.f1.interval == (1, 1)


def test_resamples_in_which_a_label_does_not_occur_are_left_out_of_its_interval() -> None:
    marks = {f"doc-{number}": [span(0, 4)] for number in range(6)} | {"doc-0": [span(0, 4, "DATE")]}
    gold = layer("gold", marks)
    assert score(gold, gold).modes["strict"].labels["DATE"].recall.interval == (1, 1)
    assert score(gold, gold, labels=["TOLL"]).modes["strict"].labels["TOLL"].recall.interval is None


def test_no_resamples_give_no_intervals() -> None:
    assert quick(*varied(5)).modes["strict"].micro.f1.interval is None


# --- signature ---


def test_the_signature_says_how_to_repeat_the_score() -> None:
    gold, predicted = worked_example()
    found = score(gold, predicted, split="dev", bootstrap=Bootstrap(seed=4, resamples=7))
    assert found.modes["partial"].signature == (
        f"rift:{__version__}|track:spans|mode:partial|split:dev|gold:{fingerprint(gold)}|docs:2|seed:4|resamples:7"
    )
    assert "|split:all|" in quick(gold, predicted).modes["strict"].signature


@given(corpora, permutations)
def test_the_fingerprint_does_not_depend_on_order(corpus: Corpus, order: list[int]) -> None:
    gold = layer("gold", {doc: ours for doc, (ours, _) in corpus.items()})
    again = layer("gold", {doc: shuffled(corpus[doc][0], order) for doc in reversed(list(corpus))})
    assert fingerprint(gold) == fingerprint(again)
    assert len(fingerprint(gold)) == 8


def test_the_fingerprint_changes_with_all_that_the_track_reads_and_with_nothing_else() -> None:
    made = Span(id="t1", start=0, end=4, label="TOLL", attributes={"low": 3, "scope": "incident"})
    other = Span(id="t2", start=6, end=9, label="TOLL")
    markup = Markup(doc="doc-a", sha256="0" * 64, layer="gold", spans=(made, other))
    change = msgspec.structs.replace
    read_by_all = [
        markup,
        change(markup, spans=()),
        change(markup, spans=(change(made, end=5), other)),
        change(markup, spans=(change(made, label="DATE"), other)),
        change(markup, spans=(made, other, other)),
        change(markup, doc="doc-b"),
        change(markup, sha256="1" * 64),
    ]
    facts = [
        change(markup, spans=(change(made, attributes={"low": 4, "scope": "incident"}), other)),
        change(markup, spans=(change(made, attributes={"low": True, "scope": "incident"}), other)),
        change(markup, spans=(change(made, links={"same_as": ["t2"]}), other)),
        change(markup, spans=(change(made, links={"part_of": ["t2"]}), other)),
        change(markup, spans=(made, change(other, links={"part_of": ["t1"]}))),
    ]
    read_by_none = [
        change(markup, layer="other", spans=(other, made)),
        change(markup, spans=(change(made, id="t9", surface="some"), other)),
        change(markup, spans=(change(made, attributes={"scope": "incident", "low": 3}), other)),
    ]

    def prints(variants: Sequence[Markup], track: str) -> list[str]:
        return [fingerprint(Layer("gold", [variant]), track) for variant in variants]

    for track in tracks():
        everything = [*read_by_all, *facts] if track != "spans" else read_by_all
        assert len(set(prints(everything, track))) == len(everything)
        assert set(prints(read_by_none, track)) == {prints([markup], track)[0]}
    assert set(prints(facts, "spans")) == {prints([markup], "spans")[0]}


@pytest.mark.parametrize("track", ["values", "tolls"])
def test_the_fingerprint_of_facts_does_not_depend_on_the_names_of_ids(track: str) -> None:
    def linked(one: str, other: str) -> Layer:
        spans = (
            Span(id=one, start=0, end=4, label="TOLL", links={"same_as": [other]}),
            Span(id=other, start=6, end=9, label="TOLL"),
        )
        return Layer("gold", [Markup(doc="doc-a", sha256="0" * 64, layer="gold", spans=spans)])

    assert fingerprint(linked("t1", "t2"), track) == fingerprint(linked("b", "a"), track)
