"""Cleaning a line of headline and a line of running text."""

import pytest

from rift.corpus.clean_wire import (
    drop_debris,
    drop_doubled_lede,
    drop_passage,
    strip_closing,
    strip_headline,
    strip_opening,
)
from rift.corpus.reversal import StepError

TEXT = "Bridge opens\n5 May 2014 Bridge opens. The bridge opened. Nobody fell in. Nobody swam. Share this"


def test_wrongly_decoded_characters_go_and_letters_stay() -> None:
    assert drop_debris("caf\u00e9 \x95\x81The mayor_s bridge _opens_ \u00b5") == "caf\u00e9 The mayors bridge opens "
    assert drop_debris("The mill\u200e, \u200eshut") == "The mill, shut"


def test_the_headline_loses_what_the_site_adds_and_nothing_else() -> None:
    assert strip_headline("Bridge opens | The Crier\nBody | The Crier", patterns=[r" \| The Crier"]) == (
        "Bridge opens\nBody | The Crier"
    )


def test_the_opening_loses_dates_and_the_repeated_headline_in_any_order() -> None:
    assert strip_opening(TEXT, patterns=[r"\d+ May 2014"]).partition("\n")[2].startswith("The bridge opened.")
    assert strip_opening("Bridge opens\nBridge opens 5 May 2014 It did.", patterns=[r"\d+ May 2014"]) == (
        "Bridge opens\nIt did."
    )


def test_an_opening_that_is_all_there_is_stays() -> None:
    assert strip_opening("Bridge opens\nBridge opens", patterns=[]) == "Bridge opens\nBridge opens"


def test_a_headline_that_goes_on_as_a_sentence_stays() -> None:
    assert strip_opening("Bridge open\nBridge opened today.", patterns=[]) == "Bridge open\nBridge opened today."


def test_the_closing_loses_everything_from_a_pattern_on() -> None:
    assert strip_closing(TEXT, patterns=["Share .*", "swam$"]).endswith("Nobody swam.")


def test_a_lede_that_is_written_twice_is_kept_once() -> None:
    lede = "The bridge over the river opened on a Monday in May."
    assert drop_doubled_lede(f"Bridge\n{lede} {lede} Nobody fell in.") == f"Bridge\n{lede} Nobody fell in."
    once = f"Bridge\n{lede} Nobody fell in. {lede}"
    assert drop_doubled_lede(once) == once


def test_a_passage_goes_from_its_first_to_its_last_words() -> None:
    assert drop_passage(TEXT, first="Nobody fell", last="swam.").endswith("The bridge opened. Share this")
    assert drop_passage(TEXT, first="Nobody", last=".", nth=2).endswith("Nobody fell in. Share this")
    assert drop_passage(TEXT, first=" Share this").endswith("Nobody swam.")


@pytest.mark.parametrize(
    "arguments", [{"first": "Fish"}, {"first": "Nobody", "nth": 3}, {"first": "Share", "last": "."}]
)
def test_a_passage_that_is_not_there_is_refused(arguments: dict[str, str | int]) -> None:
    with pytest.raises(StepError, match="does not occur"):
        drop_passage(TEXT, **arguments)  # type: ignore[arg-type]  # the mixed values of a test's table


def test_text_of_another_shape_is_refused() -> None:
    with pytest.raises(StepError, match="one line of headline"):
        strip_closing("only one line", patterns=[])
