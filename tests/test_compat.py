"""The drop-in functions: what they give where other tools have no answer, and what they refuse."""

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from seqeval.scheme import IOB2

from rift.eval.compat import (
    Evaluator,
    accuracy_score,
    classification_report,
    compute,
    f1_score,
    precision_score,
    recall_score,
)
from rift.eval.compat.sequences import Tags
from rift.eval.compat.tags import STRICT, find_scheme, read_spans

GOLD = [["B-ACTOR", "I-ACTOR", "O"], ["B-DATE"]]
HALF = [["B-ACTOR", "O", "O"], ["B-DATE"]]
SILENT = [["O", "O", "O"], ["O"]]


def spans(tags: list[str], scheme: str | None, *, suffix: bool = False) -> list[tuple[int, int, str]]:
    reading = find_scheme("strict" if scheme else None, scheme)
    (found,) = read_spans([tags], reading, suffix=suffix, side="y_true")
    return [(span.start, span.end, span.label) for span in found]


# --- tags ---


@pytest.mark.parametrize(
    ("scheme", "tags", "expected"),
    [
        (None, "I-X I-X I-Y O E-Y", [(0, 2, "X"), (2, 3, "Y"), (4, 5, "Y")]),
        (None, "B-X E-X E-X S-X I-X", [(0, 2, "X"), (2, 3, "X"), (3, 4, "X"), (4, 5, "X")]),
        (None, "B-X L-X U-X U-X", [(0, 2, "X"), (2, 3, "X"), (3, 4, "X")]),
        (None, "B I O B", [(0, 2, "_"), (3, 4, "_")]),
        ("IOB1", "I-X B-X I-X I-Y", [(0, 1, "X"), (1, 3, "X"), (3, 4, "Y")]),
        ("IOB1", "B-X I-X", [(1, 2, "X")]),
        ("IOB2", "B-X I-X B-X I-Y O I-X", [(0, 2, "X"), (2, 3, "X")]),
        ("IOE1", "I-X E-X I-X I-Y", [(0, 2, "X"), (2, 3, "X"), (3, 4, "Y")]),
        ("IOE1", "I-X I-X E-X", []),
        ("IOE2", "I-X E-X E-X I-X", [(0, 2, "X"), (2, 3, "X")]),
        ("IOBES", "S-X B-X I-X E-X B-X O I-X", [(0, 1, "X"), (1, 4, "X")]),
        ("BILOU", "U-X B-X L-X B-X I-X", [(0, 1, "X"), (1, 3, "X")]),
        ("IOB2", "B-A-B I-A-B B-A", [(0, 2, "A-B"), (2, 3, "A")]),
    ],
)
def test_a_scheme_says_which_tags_make_a_span(
    scheme: str | None, tags: str, expected: list[tuple[int, int, str]]
) -> None:
    assert spans(tags.split(), scheme) == expected


def test_with_suffix_the_label_comes_first() -> None:
    assert spans(["A-B-B", "A-B-I", "O", "B"], "IOB2", suffix=True) == [(0, 2, "A-B"), (3, 4, "_")]
    assert f1_score([["PER-B", "PER-I"]], [["PER-B", "PER-I"]], suffix=True) == 1


def test_an_empty_sequence_has_no_span_and_no_sequence_no_score() -> None:
    assert spans([], None) == []
    assert math.isnan(float(f1_score([], [])))
    assert math.isnan(accuracy_score([], []))


def test_seqevals_own_class_names_a_scheme() -> None:
    assert f1_score(GOLD, HALF, mode="strict", scheme=IOB2) == f1_score(GOLD, HALF, mode="strict", scheme="IOB2")


# --- what is undefined ---


@pytest.mark.parametrize(
    ("function", "gold", "predicted", "expected"),
    [
        (precision_score, GOLD, SILENT, math.nan),
        (recall_score, GOLD, SILENT, 0),
        (f1_score, GOLD, SILENT, 0),
        (precision_score, SILENT, GOLD, 0),
        (recall_score, SILENT, GOLD, math.nan),
        (f1_score, SILENT, SILENT, math.nan),
    ],
)
@pytest.mark.parametrize("average", ["micro", "macro", "weighted"])
def test_a_measure_with_nothing_to_divide_by_is_nan(
    function: Callable[..., float], gold: list[list[str]], predicted: list[list[str]], expected: float, average: str
) -> None:
    assert function(gold, predicted, average=average) == pytest.approx(expected, nan_ok=True)


def test_zero_division_brings_back_the_numbers_of_seqeval() -> None:
    assert precision_score(GOLD, SILENT, zero_division=0) == 0
    assert precision_score(GOLD, SILENT, zero_division=1) == 1
    assert f1_score(GOLD, SILENT, zero_division=1) == 0
    with pytest.warns(UserWarning, match="set to 0"):
        assert precision_score(GOLD, SILENT, zero_division="warn") == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert precision_score(GOLD, GOLD, zero_division="warn") == 1


def test_a_mean_leaves_out_the_labels_for_which_a_measure_is_undefined() -> None:
    predicted = [["O", "O", "O"], ["B-DATE"]]
    assert np.array_equal(precision_score(GOLD, predicted, average=None), [math.nan, 1], equal_nan=True)
    assert precision_score(GOLD, predicted, average="macro") == 1
    assert precision_score(GOLD, predicted, average="macro", zero_division=0) == 0.5
    assert f1_score(GOLD, predicted, average="macro") == 0.5


def test_the_report_says_n_a_and_never_fails_for_want_of_spans() -> None:
    text = classification_report(SILENT, SILENT)
    assert isinstance(text, str)
    assert text.split()[4:] == [
        *("micro", "avg", "n/a", "n/a", "n/a", "0"),
        *("macro", "avg", "n/a", "n/a", "n/a", "0"),
        *("weighted", "avg", "n/a", "n/a", "n/a", "0"),
    ]


def test_compute_gives_rows_by_label_and_the_whole() -> None:
    found = compute(predictions=HALF, references=GOLD)
    assert found == {
        "ACTOR": {"precision": 0, "recall": 0, "f1": 0, "number": 1},
        "DATE": {"precision": 1, "recall": 1, "f1": 1, "number": 1},
        "overall_precision": 0.5,
        "overall_recall": 0.5,
        "overall_f1": 0.5,
        "overall_accuracy": 0.75,
    }


# --- what is refused ---


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [
        (GOLD, GOLD[:1], "y_true has 2 sequences and y_pred 1: sequence 1,"),
        (
            GOLD,
            [GOLD[0], ["O", "O"]],
            "sequence 1, counted from 0, has 1 tags in y_true and 2 in y_pred: position 1 is",
        ),
        (GOLD, [["O", "O", "X-ACTOR"], ["O"]], "y_pred, sequence 0, position 2, counted from 0: 'X-ACTOR' is no tag"),
        (GOLD, [["O", "O", "O"], ["B-"]], "y_pred, sequence 1, position 0, counted from 0: 'B-' is no tag"),
        ([["O", 3, "O"], ["O"]], GOLD, "y_true, sequence 0, position 1, counted from 0: 3 is int, not a string"),
        (["B-ACTOR", "O"], GOLD, "y_true, sequence 0, counted from 0: a list of tags is needed, not str"),
        ("B-ACTOR", GOLD, "y_true must be a list of tag sequences, not str"),
        (None, GOLD, "y_true must be a list of tag sequences, not NoneType"),
    ],
)
def test_bad_tags_are_one_error_that_says_where(gold: Tags, predicted: Tags, message: str) -> None:
    for function in (f1_score, classification_report):
        with pytest.raises(ValueError, match="^" + message):
            function(gold, predicted)
    if "no tag" not in message:
        with pytest.raises(ValueError, match=message):
            accuracy_score(gold, predicted)
    with pytest.raises(ValueError, match=message.replace("y_true", "references").replace("y_pred", "predictions")):
        compute(references=gold, predictions=predicted)


def test_a_tag_that_a_scheme_does_not_have_is_refused_with_the_form_of_its_tags() -> None:
    with pytest.raises(ValueError, match="'S-X' is no tag of the scheme IOB2; a tag is O, or one of I, B, a hyphen"):
        f1_score([["S-X"]], [["S-X"]], mode="strict", scheme="IOB2")
    with pytest.raises(ValueError, match=r"'B-X' is no tag .* a label, a hyphen and one of I, B"):
        f1_score([["B-X"]], [["B-X"]], mode="strict", scheme="IOB2", suffix=True)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mode": "strict"}, "strict mode needs a scheme: one of IOB1, IOB2"),
        ({"scheme": "IOB2"}, "add mode='strict'"),
        ({"mode": "Strict", "scheme": "IOB2"}, "there is no mode 'Strict'"),
        ({"mode": "strict", "scheme": "IOB3"}, "there is no scheme 'IOB3'; the schemes known are: IOB1"),
        ({"average": "samples"}, "there is no average 'samples'"),
        ({"zero_division": "none"}, "zero_division is a number, NaN or 'warn', not 'none'"),
    ],
)
def test_settings_that_do_not_exist_are_refused_with_those_that_do(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        f1_score(GOLD, GOLD, **settings)


def test_every_scheme_reads_its_own_spelling_of_nothing() -> None:
    assert all(spans(["O", "O"], scheme) == [] for scheme in STRICT)


# --- nervaluate's evaluator ---


def entity(label: str, start: int, end: int) -> dict[str, str | int]:
    return {"label": label, "start": start, "end": end}


def test_all_classes_and_indices_of_a_worked_example() -> None:
    true = [[], [entity("A", 0, 1), entity("A", 5, 9), entity("B", 12, 13), entity("B", 20, 21)]]
    pred = [[entity("A", 3, 3)], [entity("B", 12, 13), entity("A", 4, 7), entity("B", 0, 1)]]
    found = Evaluator(true, pred).evaluate()
    counts = {
        name: (of.correct, of.incorrect, of.partial, of.missed, of.spurious) for name, of in found["overall"].items()
    }
    assert counts == {
        "strict": (1, 2, 0, 1, 1),
        "partial": (2, 0, 1, 1, 1),
        "ent_type": (2, 1, 0, 1, 1),
        "exact": (2, 1, 0, 1, 1),
    }
    strict, places = found["overall"]["strict"], found["overall_indices"]["strict"]
    assert (strict.possible, strict.actual, strict.precision, strict.recall, strict.f1) == (4, 4, 0.25, 0.25, 0.25)
    assert places.correct_indices == [(1, 0)]
    assert places.incorrect_indices == [(1, 1), (1, 2)]
    assert places.missed_indices == [(1, 3)]
    assert places.spurious_indices == [(0, 0)]
    assert found["overall"]["partial"].precision == 2.5 / 4
    assert found["entities"]["A"]["ent_type"].correct == 1
    assert found["entity_indices"]["B"]["strict"].spurious_indices == [(1, 2)]


def test_ends_are_inclusive_so_that_neighbours_do_not_overlap_and_touching_ends_do() -> None:
    for start, partial in ((5, 0), (4, 1)):
        found = Evaluator([[entity("A", 0, 4)]], [[entity("A", start, 9)]]).evaluate()
        assert found["overall"]["partial"].partial == partial


def test_a_copy_is_spurious_even_where_it_meets_another_gold_span() -> None:
    true, pred = [[entity("A", 0, 9), entity("B", 2, 3)]], [[entity("A", 0, 9), entity("A", 0, 9)]]
    for of in Evaluator(true, pred).evaluate()["overall"].values():
        assert (of.correct, of.incorrect, of.partial, of.missed, of.spurious) == (1, 0, 0, 1, 1)


def test_without_documents_or_spans_all_measures_are_undefined_unless_asked_otherwise() -> None:
    empty: list[object] = [[], [[]]]
    for side in empty:
        for of in Evaluator(side, side, tags=["A"]).evaluate()["overall"].values():
            assert (of.possible, of.actual) == (0, 0)
            assert math.isnan(of.precision)
            assert math.isnan(of.recall)
            assert math.isnan(of.f1)
    row = Evaluator([[]], [[]], tags=["A"], zero_division=0).evaluate()["entities"]["A"]["strict"]
    assert (row.precision, row.recall, row.f1) == (0, 0, 0)


def test_the_default_loader_tells_the_form_by_the_first_document_that_holds_anything() -> None:
    assert Evaluator([[], [entity("A", 0, 1)]], [[], []]).evaluate()["overall"]["strict"].missed == 1
    assert Evaluator([[], []], [[], [entity("A", 0, 1)]]).evaluate()["overall"]["strict"].spurious == 1
    assert Evaluator([[], ["B-A"]], [[], ["O"]]).evaluate()["overall"]["strict"].missed == 1
    assert Evaluator("w\tB-A\n\n\nw\tO\n", "w\tO\n\nw\tB-A").evaluate()["overall"]["strict"].possible == 1


@pytest.mark.parametrize(
    ("true", "pred", "loader", "message"),
    [
        ([[]], [[]], "brat", "there is no loader 'brat'; the loaders known are: default, list, conll, dict"),
        ([[entity("A", 0, 1)]], [], "default", "true has 1 documents and pred 0"),
        ([["B-A"]], [["B-A", "O"]], "list", "sequence 0, counted from 0, has 1 tags in true and 2 in pred"),
        ([["B-A"]], [["Q-A"]], "list", "pred, sequence 0, position 0, counted from 0: 'Q-A' is no tag"),
        ("w\tB-A", "w B-A", "conll", "pred, line 1: 'w B-A' is not a token, a tab and a tag"),
        ("w\tB-A", [["B-A"]], "conll", "pred must be text for the loader 'conll', not list"),
        ([[entity("A", 0, 1)]], [[entity("A", 3, 2)]], "dict", "pred, document 0, span 0, .*: 3 to 2 are not offsets"),
        ([[entity("A", 0, 1)]], [[entity("A", 0, 2**31)]], "dict", "0 to 2147483648 are not offsets"),
        ([[entity("A", 0, 1)]], [[{"label": "A", "start": 0}]], "dict", "pred, document 0, span 0, .*: end missing"),
        ([[entity("A", 0, 1)]], [[{**entity("A", 0, 1), "label": 3}]], "dict", "the label 3 is not a string"),
        ([[entity("A", 0, 1)]], [["B-A"]], "dict", "pred, document 0, span 0, .*: a mapping is needed, not str"),
        ([[entity("A", 0, 1)]], ["B-A"], "dict", "pred, document 0, .*: a list of spans is needed, not str"),
        ([[entity("A", 0, 1)]], "B-A", "dict", "pred must be a list of documents, not str"),
    ],
)
def test_input_that_cannot_be_read_is_one_error_that_says_where(
    true: object, pred: object, loader: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Evaluator(true, pred, loader=loader)
