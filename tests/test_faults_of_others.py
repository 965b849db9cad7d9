"""Faults of other scorers, met in print or in use, that ours does not have. Each test says whose fault it is."""

import itertools
import math

import numpy as np
import pytest

from eval_strategies import NO_INTERVALS, layer, span
from rift.annotations.layer import Layer
from rift.eval.board import Entry, ranked
from rift.eval.compat import Evaluator, classification_report, compute, f1_score, precision_score
from rift.eval.scoring import Row, Scores, score


def quick(gold: Layer, predicted: Layer) -> Scores:
    return score(gold, predicted, bootstrap=NO_INTERVALS)


def strict(gold: Layer, predicted: Layer) -> Row:
    return quick(gold, predicted).modes["strict"].micro


def values(row: Row) -> tuple[float | None, float | None, float | None]:
    return row.precision.value, row.recall.value, row.f1.value


def entity(label: str, start: int, end: int) -> dict[str, str | int]:
    return {"label": label, "start": start, "end": end}


def test_a_perfect_prediction_in_another_order_scored_0() -> None:
    """Nervaluate 1.0.0 and 1.1.0 gave a strict F1 of 0 to two nested spans listed the other way round, being greedy.

    Ours pairs exact matches first and the rest by an optimal assignment over sorted spans: 1 in any order.
    """
    marks = [span(0, 30, "TOLL"), span(12, 30, "TOLL"), span(20, 30, "TOLL"), span(25, 40, "TOLL")]
    for order in itertools.permutations(marks):
        for found in quick(layer("gold", {"doc": marks}), layer("system", {"doc": order})).modes.values():
            assert values(found.micro) == (1, 1, 1)


@pytest.mark.parametrize("strategy", ["strict", "exact", "partial", "ent_type"])
def test_the_score_depended_on_the_order_of_predictions(strategy: str) -> None:
    """Nervaluate 1.2.1, also on flat data: the prediction listed first takes what it meets (its issue 40).

    With gold ACTOR 1-4 and 6-6 the predictions 0-1 and 4-6 score 0.5 in `partial`, listed the other way round 0.25.
    Ours gives one number for all orders, on either side.
    """
    true = [entity("ACTOR", 1, 4), entity("ACTOR", 6, 6), entity("DATE", 6, 6)]
    pred = [entity("DATE", 0, 1), entity("ACTOR", 4, 6), entity("ACTOR", 1, 2)]
    results = {
        repr(Evaluator([list(ours)], [list(theirs)]).evaluate()["overall"][strategy])
        for ours in itertools.permutations(true)
        for theirs in itertools.permutations(pred)
    }
    assert len(results) == 1


def test_the_score_changed_with_the_list_of_labels_passed() -> None:
    """Nervaluate 1.2.1 drops spans whose label is not in `tags` from both sides (see also its issue 84).

    A spurious DATE beside a right ACTOR gives a precision of 1 with tags=["ACTOR"] and of 0.5 with both. Ours counts
    every span; a list of labels orders the rows and adds undefined ones.
    """
    true, pred = [[entity("ACTOR", 0, 1)]], [[entity("ACTOR", 0, 1), entity("DATE", 4, 5)]]
    gold = layer("gold", {"doc": [span(0, 2, "ACTOR")]})
    predicted = layer("system", {"doc": [span(0, 2, "ACTOR"), span(4, 6, "DATE")]})
    for labels in ([], ["ACTOR"], ["ACTOR", "DATE"], ["TOLL"]):
        assert Evaluator(true, pred, tags=labels).evaluate()["overall"]["strict"].precision == 0.5
        found = score(gold, predicted, labels=labels, bootstrap=NO_INTERVALS)
        assert found.modes["strict"].micro.precision.value == 0.5
        assert list(found.modes["strict"].labels)[: len(labels)] == labels


def test_a_prediction_that_fits_no_token_was_dropped_silently() -> None:
    """A predicted span that falls on no token of the reference is left out of the score by spaCy 3 (its issue 12811).

    Ours compares offsets as they stand: a span inside a word, across a word's edge or beyond the text is spurious.
    """
    gold = layer("gold", {"doc": [span(0, 6)]})
    for wrong in (span(2, 4), span(5, 9), span(6, 7), span(9000, 9004), span(3, 3)):
        for found in quick(gold, layer("system", {"doc": [span(0, 6), wrong]})).modes.values():
            assert (found.micro.predicted, found.micro.precision.value) == (2, 0.5)


def test_a_tag_of_unknown_form_was_counted_as_a_span() -> None:
    """Seqeval 1.2.2 in its default mode reads any text as a tag (`X-ACTOR`, `Q`), with a mere warning.

    Ours refuses it, with its place.
    """
    with pytest.raises(ValueError, match="y_pred, sequence 0, position 1, counted from 0: 'X-ACTOR' is no tag"):
        f1_score([["O", "O"]], [["O", "X-ACTOR"]])


def test_zero_division_was_reported_as_0_or_1() -> None:
    """Seqeval 1.2.2 and nervaluate 1.2.1 give 0, conlleval 0.2 gives a precision of 1, for a system that is silent.

    Ours is undefined: None in scores, NaN in the drop-in functions, 0 or 1 only where `zero_division` asks for it.
    """
    gold, silent = [["B-ACTOR", "O"]], [["O", "O"]]
    assert strict(layer("gold", {"doc": [span(0, 4)]}), layer("system", {"doc": []})).precision.value is None
    assert math.isnan(float(precision_score(gold, silent)))
    assert math.isnan(float(f1_score(silent, silent)))
    assert math.isnan(Evaluator(gold, silent).evaluate()["overall"]["strict"].precision)
    assert [precision_score(gold, silent, zero_division=value) for value in (0, 1)] == [0, 1]


def test_a_report_without_spans_failed() -> None:
    """Seqeval 1.2.2 raises "max() arg is an empty sequence" where neither side has a span.

    Ours gives a report in which all is undefined.
    """
    assert "n/a" in str(classification_report([["O"]], [["O"]]))
    assert math.isnan(float(str(compute(predictions=[["O"]], references=[["O"]])["overall_f1"])))


def test_an_undefined_result_ranked_first() -> None:
    """Numpy's argsort puts NaN last, so the usual ranking `argsort(values)[::-1]` puts a system that failed first.

    Our board puts it last.
    """
    gold = layer("gold", {"doc": [span(0, 4)]})
    nothing = layer("gold", {"doc": []})
    systems = {
        "wrong": quick(gold, layer("wrong", {"doc": [span(5, 9)]})),
        "failed": quick(nothing, layer("failed", {"doc": []})),
        "right": quick(gold, layer("right", {"doc": [span(0, 4)]})),
    }
    f1 = [found.modes["strict"].micro.f1.value for found in systems.values()]
    naive = np.argsort(np.array(f1, dtype=float))[::-1]
    assert [list(systems)[place] for place in naive] == ["failed", "right", "wrong"]
    entries = [Entry(name, "tests", "dev", [], gold, gold, found) for name, found in systems.items()]
    assert [entry.system for entry in ranked(entries)] == ["right", "wrong", "failed"]


def test_default_and_strict_mode_were_confused() -> None:
    """Seqeval 1.2.2: `f1_score(…, mode="strict")` without a scheme scores in default mode and says nothing.

    So does a scheme without the mode, and a mode misspelt; `classification_report` with the same arguments is strict.
    Tags that begin with I- instead of B- then score 1 and 0. Ours refuses one without the other.
    """
    gold, predicted = [["B-ACTOR", "I-ACTOR"]], [["I-ACTOR", "I-ACTOR"]]
    assert f1_score(gold, predicted) == 1
    assert f1_score(gold, predicted, mode="strict", scheme="IOB2") == 0
    for mode, scheme in (("strict", None), (None, "IOB2"), ("Strict", "IOB2")):
        with pytest.raises(ValueError, match="mode"):
            f1_score(gold, predicted, mode=mode, scheme=scheme)
        with pytest.raises(ValueError, match="mode"):
            classification_report(gold, predicted, mode=mode, scheme=scheme)


def test_agreement_was_1_where_nothing_is_shared() -> None:
    """DKPro Statistics 1.0.2 gave a unitised alpha of 1 where one annotator alone had marked anything (its issue 2).

    Ours is undefined over the documents that two layers share when these are none, or hold no mark of either; and where
    one layer is held against another that has none of its documents, nothing is right and two warnings name them.
    """
    one = layer("annotator-a", {"doc-a": [span(0, 4)], "doc-c": []})
    other = layer("annotator-b", {"doc-b": [span(0, 4)], "doc-d": []})
    shared = one.markups.keys() & other.markups.keys()
    assert not shared
    for sides in ((one.only(shared), other.only(shared)), (one.only({"doc-c"}), layer("annotator-b", {"doc-c": []}))):
        assert all(values(found.micro) == (None, None, None) for found in quick(*sides).modes.values())
    against = quick(one, other)
    assert all(values(found.micro) == (None, 0, 0) for found in against.modes.values())
    assert [issue.code for issue in against.issues] == ["missing-documents", "unscored-documents"]
    assert "2 of 2 gold documents" in against.issues[0].message


def test_one_annotator_alone_agreed_with_the_silent_one() -> None:
    """DKPro Statistics 1.0.2, the same fault: marks of one annotator in a shared document, none of the other.

    Ours is 0, whichever of the two is held to be gold.
    """
    marked, silent = layer("annotator-a", {"doc": [span(0, 4)]}), layer("annotator-b", {"doc": []})
    assert strict(marked, silent).f1.value == strict(silent, marked).f1.value == 0


def test_an_overlap_with_a_long_span_counted_as_none() -> None:
    """Nervaluate 1.2.1 asks by default for one hundredth of the gold span: of 200 tokens, one is none.

    Ours takes any overlap, as SemEval-2013 does.
    """
    found = Evaluator([[entity("TOLL", 0, 199)]], [[entity("TOLL", 199, 205)]]).evaluate()["overall"]
    assert (found["partial"].partial, found["ent_type"].correct) == (1, 1)


def test_a_first_document_without_spans_was_an_error() -> None:
    """Nervaluate 1.2.1 tells the form of its input by the first span of the first document: IndexError without one.

    Ours looks on.
    """
    found = Evaluator([[], [entity("ACTOR", 0, 1)]], [[], [entity("ACTOR", 0, 1)]]).evaluate()
    assert found["overall"]["strict"].f1 == 1


def test_columns_of_unequal_length_were_scored() -> None:
    """Nervaluate 1.2.1 compares texts of different length token by token with its loader "conll".

    Ours refuses them, with the place where one ends.
    """
    with pytest.raises(ValueError, match="sequence 0, counted from 0, has 2 tags in true and 1 in pred: position 1"):
        Evaluator("w\tB-ACTOR\nw\tO", "w\tB-ACTOR", loader="conll")


def test_well_formed_spans_of_iob1_and_ioe1_were_lost() -> None:
    """Seqeval 1.2.2, strict: of `E-ACTOR I-ACTOR` (IOE1) and `I-ACTOR B-ACTOR B-DATE` (IOB1) it finds one ACTOR.

    Ours finds both.
    """
    for scheme, tags in (("IOE1", ["E-ACTOR", "I-ACTOR"]), ("IOB1", ["I-ACTOR", "B-ACTOR", "B-DATE"])):
        found = classification_report([tags], [tags], mode="strict", scheme=scheme, output_dict=True)
        assert isinstance(found, dict)
        assert found["ACTOR"]["support"] == 2


def test_single_tags_of_bilou_ran_together() -> None:
    """Seqeval 1.2.2 in its default mode reads `U-ACTOR U-ACTOR`, and `L-ACTOR U-ACTOR`, as one span.

    Ours reads U and L as S and E.
    """
    assert f1_score([["U-ACTOR", "U-ACTOR"]], [["S-ACTOR", "S-ACTOR"]]) == 1
    assert f1_score([["B-ACTOR", "L-ACTOR", "U-ACTOR"]], [["B-ACTOR", "E-ACTOR", "B-ACTOR"]]) == 1
