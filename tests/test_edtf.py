"""Reading EDTF: what is no date is none, and nothing is ever printed."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rift.annotations.dates import parse_date

PIECES = ("/", "..", "-", ",", " ", "~", "?", "%", "[", "]", "{", "}", "Y", "E", "S", "X", "T10:00:00", "1" * 5)
DATES = ("2014", "-0044", "-0000", "2014-01", "2014-01-07", "2014-21", "2014-33", "20XX", "2014-XX", "2014-?01")


@pytest.mark.parametrize("value", ["2014", "2014-01-07~", "2014-01-07/..", "/2014", "2014-21", " 2014 "])
def test_a_date_is_read(value: str) -> None:
    assert str(parse_date(value)) == value.strip()


@pytest.mark.parametrize(
    "value", ["", "/", "/..", "../", " .. / ", "../20", "/..2014", f"2014S{'1' * 5000}", "[" * 3000]
)
def test_what_is_no_date_is_none_and_nothing_is_printed(value: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert parse_date(value) is None
    assert capfd.readouterr() == ("", "")


@given(st.lists(st.sampled_from(PIECES + DATES), max_size=7).map("".join) | st.text(max_size=12))
def test_nothing_is_printed_for_any_string(value: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(printed):
        parse_date(value)
    assert printed.getvalue() == ""
