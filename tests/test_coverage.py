"""Gold that does not mark everything: what it does not cover never counts against a prediction."""

import json
import pathlib

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from rift.annotations.collection import Coverage, coverage, load_portion
from rift.annotations.layer import Layer, Markup, Span, write_layer
from rift.cli.main import rift
from rift.eval.columns import Columns, fingerprint, from_layer
from rift.eval.coverage import check_track, coverage_issues, covered, covered_layer, portion_name
from rift.issues import InputError, Where

NAMES_AFTER_5 = Coverage(("ACTOR", "DATE"), {"a": 5})
WHERE = Where("mine.jsonl")


def layer(*spans: Span, doc: str = "a") -> Layer:
    return Layer("mine", [Markup(doc=doc, sha256="0" * 64, layer="mine", spans=spans)])


def span(start: int, end: int, label: str = "ACTOR") -> Span:
    return Span(start=start, end=end, label=label)


def test_spans_of_other_labels_and_of_what_comes_before_are_left_out() -> None:
    kept = covered_layer(
        layer(span(0, 3), span(4, 9), span(5, 9), span(10, 12, "TOLL"), span(10, 12, "DATE")), NAMES_AFTER_5
    )
    assert [(one.start, one.label) for one in kept.markups["a"].spans] == [(5, "ACTOR"), (10, "DATE")]


def test_without_coverage_nothing_is_left_out() -> None:
    mine = layer(span(0, 3, "TOLL"))
    assert covered(mine, None) is mine
    assert list(coverage_issues(mine, None, WHERE)) == []
    assert portion_name("briefs-dev", None) == "briefs-dev"


LABELS = st.sampled_from(["ACTOR", "DATE", "TOLL", "PLACE"])
SPANS = st.lists(st.builds(lambda at, size, label: span(at, at + size, label), st.integers(0, 9), st.just(3), LABELS))


@given(SPANS, SPANS, st.integers(0, 9))
def test_columns_are_covered_as_their_layer_is(first: list[Span], second: list[Span], start: int) -> None:
    mine = Layer("mine", [*layer(*first), *layer(*second, doc="b")])
    known = Coverage(("ACTOR", "DATE"), {"a": start, "z": 1})
    narrow = covered(from_layer(mine), known)
    assert isinstance(narrow, Columns)
    assert fingerprint(narrow) == fingerprint(from_layer(covered_layer(mine, known)))
    assert len(narrow) == 2


def test_what_is_not_scored_is_counted_and_told() -> None:
    (issue,) = coverage_issues(layer(span(0, 3), span(5, 9), span(10, 12, "TOLL")), NAMES_AFTER_5, WHERE)
    assert issue.code == "unscored-spans"
    assert "2 of 3" in issue.message
    assert "ACTOR, DATE" in issue.message
    assert list(coverage_issues(layer(span(5, 9)), NAMES_AFTER_5, WHERE)) == []


def test_spans_alone_are_scored_as_spans_alone() -> None:
    check_track("spans", "re3d/test", NAMES_AFTER_5)
    check_track("tolls", "briefs/test", None)
    for track in ("values", "tolls"):
        with pytest.raises(InputError, match="spans-only"):
            check_track(track, "re3d/test", NAMES_AFTER_5)


def test_a_portion_says_what_its_gold_marks() -> None:
    known = load_portion("re3d", "test").coverage
    assert known == coverage("re3d")
    assert known is not None
    assert known.labels == ("ACTOR", "LOCATION", "DATE")
    assert load_portion("briefs", "dev").coverage is None


@pytest.fixture
def perfect(tmp_path: pathlib.Path) -> pathlib.Path:
    """Return a prediction that is the gold of re3d, with a toll more in each document and a name more in each title."""
    gold = load_portion("re3d", "test").gold
    more = [
        Markup(
            doc=markup.doc,
            sha256=markup.sha256,
            layer="mine",
            spans=[span(0, 4), span(100, 104, "TOLL"), *(span(s.start, s.end, s.label) for s in markup.spans)],
        )
        for markup in gold
    ]
    path = tmp_path / "mine.jsonl"
    write_layer(path, Layer("mine", more))
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(rift, arguments, env={"RIFT_SOURCES": None}, catch_exceptions=False)


def test_tolls_and_titles_that_gold_does_not_cover_cost_nothing(perfect: pathlib.Path) -> None:
    found = run("score", "re3d/test", str(perfect), "--json", "--resamples", "10")
    assert found.exit_code == 0
    strict = json.loads(found.stdout)["modes"]["strict"]
    assert list(strict["labels"]) == ["ACTOR", "LOCATION", "DATE"]
    # The one text that begins with its own title is covered from its start: a name more there is a name too many.
    assert strict["micro"]["predicted"] == strict["micro"]["gold"] + 1
    assert strict["micro"]["recall"]["value"] == 1
    assert "re3d-test[ACTOR,LOCATION,DATE]" in strict["signature"]
    assert "unscored-spans" in found.stderr
    assert "ACTOR, LOCATION, DATE alone" in found.stderr


def test_slices_comparisons_and_replays_leave_the_same_out(perfect: pathlib.Path, tmp_path: pathlib.Path) -> None:
    few = ("--resamples", "10")
    sliced = run("score", "re3d/test", str(perfect), "--by", "label", *few)
    assert "TOLL" not in sliced.stdout
    compared = run("compare", "re3d/test", str(perfect), "--rounds", "10", *few)
    assert "re3d-test[ACTOR,LOCATION,DATE]" in compared.stdout
    assert "unscored-spans" in compared.stderr
    result = tmp_path / "result.json"
    result.write_text(run("score", "re3d/test", str(perfect), "--json", *few).stdout, "utf-8")
    replayed = run("eval", "replay", str(result))
    assert replayed.exit_code == 0, replayed.output
    assert "the same" in replayed.stdout


@pytest.mark.parametrize("command", [("score",), ("compare",)])
def test_a_track_that_asks_for_attributes_is_refused(perfect: pathlib.Path, command: tuple[str, ...]) -> None:
    found = run(*command, "re3d/test", str(perfect), "--track", "values")
    assert found.exit_code == 1
    assert "spans-only" in found.stderr
    assert "--track spans" in found.stderr
