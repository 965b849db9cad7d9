"""The cleaning steps, on texts made up here."""

import csv
import io
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rift.corpus import clean
from rift.corpus.document import canonical_faults
from rift.corpus.recipe import STEPS, apply_recipe, recipe_faults
from rift.corpus.reversal import StepError, restore_reversed_sections


class MarkerStep(Protocol):
    """A step that needs a marker alone."""

    def __call__(self, text: str, *, marker: str) -> str:
        """Return the text after the step."""


def test_spaces_become_single_ordinary_ones() -> None:
    raw = "  Two\u00a0dogs\t ran \r\n\u00a0\nhome\u2009again  "
    assert clean.normalise_spaces(raw) == "Two dogs ran\n\nhome again"


def test_letters_are_composed() -> None:
    assert clean.normalise_spaces("Koba\u0302ne\u0301") == "Kob\u00e2n\u00e9"


@given(st.text())
def test_normalised_lines_as_paragraphs_are_canonical_but_for_invisible_characters(raw: str) -> None:
    text = "\n\n".join(line for line in clean.normalise_spaces(raw).split("\n") if line)
    faults = [fault for fault in canonical_faults(text) if "control" not in fault]
    assert faults in ([], ["is empty"])


def test_spaces_are_normalised_once_and_for_all() -> None:
    text = clean.normalise_spaces(" a  b \n\n c")
    assert clean.normalise_spaces(text) == text


def test_keep_from_drops_what_stands_before_the_marker() -> None:
    assert clean.keep_from("menu\nHeadline\nbody", marker="Head") == "Headline\nbody"


def test_keep_from_takes_the_occurrence_named() -> None:
    assert clean.keep_from("a 1\na 2\nb", marker="a", nth=2, of=2) == "a 2\nb"


def test_drop_from_drops_the_marker_and_the_rest() -> None:
    assert clean.drop_from("body\nShare\nmore", marker="Share") == "body"


def test_drop_lines_drops_only_lines_that_begin_with_the_marker() -> None:
    assert clean.drop_lines("Photo: x\nno Photo: y\nPhoto: z", marker="Photo:", count=2) == "no Photo: y"


def test_drop_block_drops_both_ends_and_what_is_between() -> None:
    assert clean.drop_block("a\nBox\nx\nEnd of it\nb", first="Box", last="End") == "a\nb"


@pytest.mark.parametrize("step", [clean.keep_from, clean.drop_from, clean.drop_lines])
@pytest.mark.parametrize(("text", "found"), [("nothing\nhere", 0), ("Ad one\nAd two", 2)])
def test_a_marker_that_does_not_occur_just_once_is_refused(step: MarkerStep, text: str, found: int) -> None:
    with pytest.raises(StepError, match=rf"expected 1 line\(s\) beginning with 'Ad', found {found}"):
        step(text, marker="Ad")


def test_an_occurrence_beyond_the_last_is_refused() -> None:
    with pytest.raises(StepError, match="occurrence 3 of 2"):
        clean.keep_from("a\na", marker="a", nth=3, of=2)


@pytest.mark.parametrize("text", ["Box\nx", "x\nEnd", "Box\nBox\nEnd"])
def test_a_block_without_its_two_ends_is_refused(text: str) -> None:
    with pytest.raises(StepError, match="expected 1 line"):
        clean.drop_block(text, first="Box", last="End")


def test_a_block_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(StepError, match="stands before"):
        clean.drop_block("End\nBox", first="Box", last="End")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Five died.[1] Six fled.[2][33]", "Five died. Six fled."),
        ("in Azo,[4] and Bir [5], too", "in Azo, and Bir, too"),
        ("a full stop is lost[6] Here", "a full stop is lost Here"),
        ("its [sic] [the group's] mark[7]", "its [sic] [the group's] mark"),
    ],
)
def test_reference_marks_go_and_leave_no_space_behind(text: str, expected: str) -> None:
    assert clean.strip_references(text) == expected


def test_a_wish_for_a_reference_is_one() -> None:
    assert clean.strip_references("He fell[citation needed] in [sic].[2]") == "He fell in [sic]."


def escaped(line: str) -> str:
    """Write a line as a CSV file does that has one column."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="").writerow([line])
    return file.getvalue()


@given(st.text('ab "', min_size=1).filter(lambda line: '"' in line and line == line.strip()))
def test_what_a_csv_file_does_to_quotes_is_undone(line: str) -> None:
    assert clean.unescape_quotes(f"Headline\n{escaped(line)}\nEnd") == f"Headline\n{line}\nEnd"


@pytest.mark.parametrize(
    "line", ['"All of it is said."', '"One," he said. "Two."', 'He said "".', '"', '""', "", "It is."]
)
def test_quotes_that_an_author_wrote_stay(line: str) -> None:
    assert clean.unescape_quotes(f"{line}\nEnd") == f"{line}\nEnd"


def test_broken_lines_are_joined_and_others_are_not() -> None:
    assert (
        clean.join_broken_lines("The\nfirst line\n\nbroke here\nThe second") == "The first line broke here\nThe second"
    )


@pytest.mark.parametrize("text", ["", "One\nTwo", "one"])
def test_a_text_without_broken_lines_is_refused(text: str) -> None:
    with pytest.raises(StepError, match="small letter"):
        clean.join_broken_lines(text)


def test_a_text_without_reference_marks_is_refused() -> None:
    with pytest.raises(StepError, match="no reference mark"):
        clean.strip_references("its [sic] only")


def test_every_line_becomes_a_paragraph() -> None:
    assert clean.lines_to_paragraphs("a\nb\n\n\n\nc\n") == "a\n\nb\n\nc"


def test_a_text_of_which_nothing_is_left_is_refused() -> None:
    with pytest.raises(StepError, match="no text is left"):
        clean.lines_to_paragraphs("\n\n")


REVERSED = """Headline

Last one.

Last

Middle two.

Middle one.


First two.

First one.

First

\u2022 First 1
\u2022 Middle 1.1
\u2022 Last 2
\u2022 Notes 3"""


def test_reversed_sections_come_back_in_order_with_the_lost_headings() -> None:
    expected = "Headline|First|First one.|First two.|Middle|Middle one.|Middle two.|Last|Last one."
    assert restore_reversed_sections(REVERSED, omit=["Notes"]) == expected.replace("|", "\n\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (REVERSED.replace("Last\n\n", ""), "neither a heading nor a gap for the entry 'Last'"),
        (REVERSED.replace("First\n\n\u2022", "\u2022"), "a paragraph stands before the first heading"),
        (REVERSED.replace("\n\n\nFirst two", "\n\nFirst two"), "'Last' stands where 'Middle' should be"),
        (REVERSED.replace("Middle two.\n", "Middle two.\n\n\n"), "a gap stands where the heading 'Last' should be"),
        (REVERSED.replace("Last one.\n", "Last one.\n\n\n"), "more headings and gaps"),
        (REVERSED.replace("Last\n", "Last\n\nLast\n"), "more headings and gaps"),
        (REVERSED.replace("First two.\n", "First two.\n\nLast\n"), "'Last' stands where 'Middle' should be"),
        (REVERSED.replace("Last 2", "First 2"), "names a title twice"),
        (REVERSED.replace("Notes 3", "Sources 3"), "does not name 'Notes'"),
        (REVERSED + "\nafter", "does not end in a table of contents"),
        ("Headline\n\nA paragraph.", "does not end in a table of contents"),
        ("", "does not end in a table of contents"),
    ],
)
def test_a_body_that_does_not_match_its_contents_is_refused(text: str, message: str) -> None:
    with pytest.raises(StepError, match=message):
        restore_reversed_sections(text, omit=["Notes"])


Section = tuple[bool, list[str]]  # is the heading lost, and the paragraphs


@given(
    st.lists(
        st.tuples(
            st.booleans(), st.lists(st.from_regex(r"[A-Z][a-z]{0,6}( [a-z\[\]0-9]{1,5}){0,4}\.", fullmatch=True))
        ),
        min_size=1,
    ).filter(lambda sections: all(paragraphs or not lost for lost, paragraphs in sections))
)
def test_reversing_a_sectioned_text_and_restoring_it_gives_it_back(sections: list[Section]) -> None:
    titles = [f"Section {number}" for number in range(len(sections))]
    body = ""
    for title, (lost, paragraphs) in zip(titles, sections, strict=True):
        body = ("\n" if lost else f"{title}\n\n") + body
        for paragraph in paragraphs:
            body = f"{paragraph}\n\n" + body
    contents = "\n".join(f"\u2022 {title} {number}" for number, title in enumerate(titles, start=1))
    straight = [part for title, (_, paragraphs) in zip(titles, sections, strict=True) for part in (title, *paragraphs)]
    assert restore_reversed_sections(f"Headline\n\n{body}{contents}") == "\n\n".join(["Headline", *straight])


def test_a_recipe_is_carried_out_in_order() -> None:
    recipe = [{"step": "normalise_spaces"}, {"step": "drop_from", "marker": "End"}, {"step": "lines_to_paragraphs"}]
    assert list(recipe_faults(recipe)) == []
    assert apply_recipe(recipe, " a \nb\n End ") == "a\n\nb"


def test_an_empty_recipe_leaves_the_text_alone() -> None:
    assert apply_recipe([], " a ") == " a "


def test_a_step_that_does_not_fit_is_named_with_its_number() -> None:
    recipe = [{"step": "normalise_spaces"}, {"step": "drop_lines", "marker": "Ad"}]
    with pytest.raises(StepError, match="step 2 of the recipe, 'drop_lines', does not fit: expected 1 line"):
        apply_recipe(recipe, "text")


@pytest.mark.parametrize(
    ("call", "code", "message"),
    [
        ({"step": "polish"}, "unknown-step", "'polish', is not known"),
        ({"marker": "Ad"}, "unknown-step", "None, is not known"),
        ({"step": "keep_from"}, "wrong-step-argument", "'marker' is missing"),
        ({"step": "keep_from", "marker": "a", "twice": 1}, "wrong-step-argument", "'twice' is not known"),
        ({"step": "keep_from", "marker": "a", "nth": "one"}, "wrong-step-argument", "'nth': Expected `int`, got `str`"),
    ],
)
def test_a_wrong_step_is_a_fault(call: dict[str, str | int], code: str, message: str) -> None:
    (fault,) = recipe_faults([{"step": "normalise_spaces"}, call])
    assert fault.code == code
    assert message in fault.message
    assert "step 2" in fault.message


def test_the_hint_for_a_wrong_argument_lists_the_arguments() -> None:
    (fault,) = recipe_faults([{"step": "drop_block", "first": "a"}])
    assert fault.hint == "arguments: first: str, last: str"


def test_every_step_says_what_it_does() -> None:
    assert all(step.__doc__ for step in STEPS.values())
