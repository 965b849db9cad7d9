"""Scores as tables."""

import io
import re

import pytest
from rich.console import Console

from eval_strategies import NO_INTERVALS
from rift.annotations.layer import Layer
from rift.eval.resample import Bootstrap
from rift.eval.scoring import Scores, score
from rift.eval.table import other_modes, sizes, tables
from rift.eval.tracks import tracks
from toll_strategies import actor, markup, one, toll


def scored(track: str, bootstrap: Bootstrap = NO_INTERVALS) -> Scores:
    gold = one("gold", toll(0, 1200, 1200), toll(30, 5, 5, outcome="wounded"), actor(60, "isis"))
    return score(gold, one("system", toll(0, 1200, 1300), actor(60, "sana")), track, bootstrap=bootstrap)


def text(scores: Scores) -> str:
    console = Console(file=io.StringIO(), width=160)
    for table in tables(scores, "strict"):
        console.print(table)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def cells(content: str, row: str) -> list[str]:
    (line,) = [line for line in content.splitlines() if line.split()[:1] == [row]]
    return line.split()[1:]


def test_the_track_spans_has_the_table_of_scores_alone() -> None:
    assert len(tables(scored("spans"), "strict")) == 1
    assert cells(text(scored("spans")), "TOLL") == ["1.000", "0.500", "0.667", "n/a", "1", "2", "1"]


def test_the_track_values_has_rows_by_label_and_accuracies_of_attributes() -> None:
    found = text(scored("values"))
    assert cells(found, "TOLL") == ["0.000", "0.000", "0.000", "n/a", "0", "2", "1"]
    assert cells(found, "TOLL.low") == ["1.000", "n/a"]
    assert cells(found, "TOLL.high") == ["0.000", "n/a"]
    assert cells(found, "DATE.value") == ["n/a", "n/a"]


def test_the_track_tolls_has_rows_by_slot_figures_and_estimates() -> None:
    found = text(scored("tolls"))
    assert cells(found, "outcome") == ["1.000", "0.500", "0.667", "n/a", "1", "2", "1"]
    assert cells(found, "killed_exact")[:2] == ["0.000", "n/a"]
    assert cells(found, "doc-a") == ["1,200", "1,200", "1,200", "1,200", "1,200", "1,300"]
    assert "slot " in found


def test_a_document_without_estimate_says_so() -> None:
    gold, silent = one("gold", toll(0, 1, 1, outcome="wounded")), one("system")
    assert cells(text(score(gold, silent, "tolls", bootstrap=NO_INTERVALS)), "doc-a") == ["none", "none"]


@pytest.mark.parametrize("track", tracks())
def test_intervals_stand_beside_the_numbers(track: str) -> None:
    gold = Layer("gold", [markup(toll(0, 1200, 1200), actor(60, "isis"), doc=doc) for doc in ("doc-a", "doc-b")])
    found = score(gold, gold.renamed("system"), track, bootstrap=Bootstrap(resamples=10))
    assert re.search(r" \[\d\.\d{3}, \d\.\d{3}\]", text(found))


def test_the_line_on_other_modes_is_empty_where_there_are_none() -> None:
    assert other_modes(scored("spans"), "strict").startswith("micro F1: exact 0.800 n/a, partial")
    assert other_modes(scored("values"), "strict") == other_modes(scored("tolls"), "strict") == ""


def test_sizes_say_what_was_counted() -> None:
    assert sizes(scored("values")) == "1 documents, 3 gold spans, 2 predicted"
    assert sizes(scored("tolls")) == "1 documents, 8 gold slot values, 4 predicted"
