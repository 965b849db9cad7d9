"""Our scores against those that other tools gave: tests/golden holds them, with the scripts that made them."""

import json
import math
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from eval_strategies import LABELS, NO_INTERVALS
from rift.eval import compat
from rift.eval.compat.evaluator import STRATEGIES, Evaluator
from rift.eval.compat.tags import STRICT, find_scheme, read_spans, to_layer
from rift.eval.scoring import Row, score

Case = Mapping[str, Any]
"""One case as the JSON gives it; each test knows the keys of its own tool."""

GOLDEN = pathlib.Path(__file__).with_name("golden")


def cases(tool: str) -> list[Case]:
    found: list[Case] = json.loads((GOLDEN / f"{tool}.json").read_text("utf-8"))["cases"]
    return found


def close(value: object) -> object:
    """Compare numbers to 1e-12, whatever holds them."""
    if isinstance(value, Mapping):
        return {key: close(found) for key, found in value.items()}
    return pytest.approx(value, rel=0, abs=1e-12)


def layers_score(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], scheme: str | None) -> Row:
    """Score tags as layers, strictly, through the public function."""
    reading = find_scheme("strict" if scheme else None, scheme)
    ours, theirs = (
        to_layer(name, read_spans(side, reading, suffix=False, side=name))
        for name, side in (("gold", gold), ("system", predicted))
    )
    return score(ours, theirs, bootstrap=NO_INTERVALS).modes["strict"].micro


def test_each_golden_file_says_which_versions_made_it() -> None:
    tools = {
        "seqeval": "1.2.2",
        "nervaluate": "1.2.1",
        "conlleval": "0.2",
        "evaluate": "0.4.6",
        "labelstudio": "1.23.2",
    }
    for tool, version in tools.items():
        assert json.loads((GOLDEN / f"{tool}.json").read_text("utf-8"))["made_by"][tool] == version
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == sorted(tools)


# --- seqeval ---

seqeval_cases = pytest.mark.parametrize("case", cases("seqeval"), ids=lambda case: str(case["scheme"]))


def strictness(case: Case) -> dict[str, Any]:
    return {"mode": "strict", "scheme": case["scheme"]} if case["scheme"] else {}


@seqeval_cases
def test_every_function_and_average_equals_that_of_seqeval(case: Case) -> None:
    for found in case["results"]:
        value = getattr(compat, found["function"])(
            case["gold"],
            case["predicted"],
            average=found["average"],
            zero_division=found["zero_division"],
            **strictness(case),
        )
        assert value == close(found["value"])
    assert compat.accuracy_score(case["gold"], case["predicted"]) == close(case["accuracy"])


@seqeval_cases
def test_the_text_of_the_report_is_that_of_seqeval(case: Case) -> None:
    text = compat.classification_report(case["gold"], case["predicted"], digits=5, zero_division=0, **strictness(case))
    assert text == case["text"]


@seqeval_cases
def test_layers_made_of_tags_have_the_strict_micro_scores_of_seqeval(case: Case) -> None:
    row = layers_score(case["gold"], case["predicted"], case["scheme"])
    theirs = {
        found["function"]: found["value"]
        for found in case["results"]
        if found["average"] == "micro" and found["zero_division"] == 0
    }
    for estimate, name in ((row.precision, "precision_score"), (row.recall, "recall_score"), (row.f1, "f1_score")):
        assert (estimate.value or 0) == close(theirs[name])


TAGS = ["O", *(f"{prefix}-{label}" for prefix in "BI" for label in LABELS)]

tag_pairs = st.integers(1, 12).flatmap(
    lambda length: st.tuples(*[st.lists(st.sampled_from(TAGS), min_size=length, max_size=length)] * 2)
)


@given(st.lists(tag_pairs, min_size=1, max_size=4))
def test_strict_iob2_equals_seqeval_on_any_tags(documents: list[tuple[list[str], list[str]]]) -> None:
    gold, predicted = [ours for ours, _ in documents], [theirs for _, theirs in documents]
    ours = compat.classification_report(gold, predicted, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    if len(ours) > 3:  # with no span at all seqeval divides by the number of labels, 0
        theirs = classification_report(gold, predicted, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
        assert ours == close(theirs)


# --- the metric of Hugging Face ---


@pytest.mark.parametrize("case", cases("evaluate"), ids=lambda case: str(case["settings"].get("scheme")))
def test_compute_equals_the_metric_of_evaluate(case: Case) -> None:
    found = compat.compute(predictions=case["predictions"], references=case["references"], **case["settings"])
    assert found == close(case["scores"])
    assert list(found) == list(case["scores"])


# --- conlleval ---


def conlleval_row(counts: Case, scores: Case) -> dict[str, object]:
    """Return precision, recall and F1 as we define them: conlleval gives 1, 0 and 0 where nothing is to be divided."""
    row = {
        "precision": scores["prec"] if counts["pred"] else math.nan,
        "recall": scores["rec"] if counts["gold"] else math.nan,
        "f1-score": scores["f1"] if counts["gold"] + counts["pred"] else math.nan,
        "support": counts["gold"],
    }
    return {name: pytest.approx(value, rel=0, abs=1e-12, nan_ok=True) for name, value in row.items()}


@pytest.mark.parametrize("case", cases("conlleval"))
def test_chunks_equal_those_of_conlleval(case: Case) -> None:
    found = compat.classification_report(case["gold"], case["predicted"], output_dict=True)
    assert isinstance(found, dict)
    for label, theirs in [("micro avg", case["overall"]), *case["labels"].items()]:
        if theirs["stats"]["gold"] + theirs["stats"]["pred"]:  # conlleval lists labels of which no chunk is left
            assert dict(found[label]) == conlleval_row(theirs["stats"], theirs["evals"])
    assert compat.accuracy_score(case["gold"], case["predicted"]) == close(case["accuracy"])


def test_the_golden_cases_hold_the_precision_of_1_that_conlleval_gives_for_no_prediction() -> None:
    last = cases("conlleval")[-1]
    assert (last["overall"]["stats"]["pred"], last["overall"]["evals"]["prec"]) == (0, 1)
    assert math.isnan(compat.precision_score(last["gold"], last["predicted"]))


# --- nervaluate ---


def of_kind(kind: str) -> list[Case]:
    return [case for case in cases("nervaluate") if case["kind"] == kind]


def fields(result: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(result, name) for name in names}


def as_tags(documents: Sequence[Sequence[Case]]) -> list[list[str]]:
    """Spell spans with inclusive ends in IOB2, over 40 tokens."""
    found = []
    for spans in documents:
        tags = ["O"] * 40
        for span in spans:
            inside = range(span["start"] + 1, span["end"] + 1)
            tags[span["start"]] = f"B-{span['label']}"
            for place in inside:
                tags[place] = f"I-{span['label']}"
        found.append(tags)
    return found


def as_text(documents: Sequence[Sequence[Case]]) -> str:
    return "\n\n".join("\n".join(f"w\t{tag}" for tag in tags) for tags in as_tags(documents))


@pytest.mark.parametrize("form", ["dict", "list", "conll"])
@pytest.mark.parametrize("case", of_kind("apart"))
def test_where_no_span_meets_two_others_all_results_are_those_of_nervaluate(case: Case, form: str) -> None:
    spell: Any = {"dict": list, "list": as_tags, "conll": as_text}[form]
    found = Evaluator(spell(case["true"]), spell(case["pred"]), loader=form, zero_division=0).evaluate()
    theirs = case["results"]
    for strategy in STRATEGIES:
        rows = [(theirs["overall"][strategy], found["overall"][strategy])]
        rows += [(row[strategy], found["entities"][label][strategy]) for label, row in theirs["entities"].items()]
        for row, ours in rows:
            assert fields(ours, row) == close(row)
        places = theirs["overall_indices"][strategy]
        assert {
            name: [list(place) for place in of]
            for name, of in fields(found["overall_indices"][strategy], places).items()
        } == places
    assert found["entities"].keys() == theirs["entities"].keys()


@pytest.mark.parametrize("case", of_kind("flat"))
def test_without_overlaps_within_a_side_strict_and_exact_scores_are_those_of_nervaluate(case: Case) -> None:
    found = Evaluator(case["true"], case["pred"], loader="dict", zero_division=0).evaluate()["overall"]
    for strategy in ("strict", "exact"):
        row = {name: case["results"]["overall"][strategy][name] for name in ("correct", "precision", "recall", "f1")}
        assert fields(found[strategy], row) == close(row)
    for strategy, row in case["results"]["overall"].items():
        sizes = {name: row[name] for name in ("possible", "actual")}
        assert fields(found[strategy], sizes) == sizes


@pytest.mark.parametrize("case", of_kind("difference"), ids=lambda case: case["why"])
def test_nervaluate_differs_where_it_is_wrong(case: Case) -> None:
    found = Evaluator(case["true"], case["pred"], loader="dict").evaluate()["overall"]
    for strategy, ours in case["ours"].items():
        names = ("correct", "incorrect", "partial", "missed", "spurious")
        assert list(fields(found[strategy], names).values()) == ours
        assert [case["results"]["overall"][strategy][name] for name in names] != ours


def test_every_scheme_but_two_is_held_to_seqeval() -> None:
    held = {case["scheme"] for case in cases("seqeval")} - {None}
    assert STRICT.keys() - held == {"IOB1", "IOE1"}, "seqeval itself loses spans in these; see docs/evaluation.md"
