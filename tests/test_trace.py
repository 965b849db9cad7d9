"""Where the characters of a raw text stand in what was made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rift.corpus.trace import kept_offsets


def test_offsets_are_those_of_the_characters_that_are_kept() -> None:
    raw, text = "A  mill[1]\nand a  ford.", "A mill\n\nand a ford."
    offsets = kept_offsets(raw, text)
    assert offsets[raw.index("mill")] == text.index("mill")
    assert offsets[raw.index("ford")] == text.index("ford")
    assert [offsets[index] for index in (1, raw.index("["), raw.index("\n"))] == [None, None, None]


def test_of_two_alike_the_later_is_the_one_kept() -> None:
    assert kept_offsets("Mill\nMill\nford", "Mill\n\nford")[:9] == [None] * 5 + [0, 1, 2, 3]


def test_a_text_that_does_not_come_from_the_raw_one_is_refused() -> None:
    with pytest.raises(ValueError, match="'x' at 2"):
        kept_offsets("a b", "a xb")


@given(st.lists(st.tuples(st.sampled_from('ab["1. \n'), st.booleans())), st.sampled_from([" ", "\n\n"]))
def test_whatever_is_dropped_each_offset_leads_to_the_same_character(pieces: list[tuple[str, bool]], gap: str) -> None:
    raw = "".join(character for character, _ in pieces)
    text = "".join(gap if character.isspace() else character for character, kept in pieces if kept)
    offsets = kept_offsets(raw, text)
    found = [(raw[index], offset) for index, offset in enumerate(offsets) if offset is not None]
    assert all(text[offset] == character for character, offset in found)
    assert [offset for _, offset in found] == [at for at, character in enumerate(text) if not character.isspace()]
