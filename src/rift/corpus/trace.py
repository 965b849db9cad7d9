"""Where the characters of a raw text stand in the text that was made of it, so that marks on the one can be moved."""

from collections.abc import Sequence


def kept_offsets(raw: str, text: str) -> Sequence[int | None]:
    """Return, for each character of `raw`, its offset in `text`; None for white space and what is not in `text`.

    `text` is `raw` with characters dropped and white space changed. Of two alike that either may be the one kept, the
    later is. Raises ValueError where `text` holds what `raw` does not.
    """
    found: list[int | None] = [None] * len(raw)
    left = [offset for offset, character in enumerate(text) if not character.isspace()]
    for index in range(len(raw) - 1, -1, -1):
        if left and raw[index] == text[left[-1]]:
            found[index] = left.pop()
    if left:
        raise ValueError(f"{text[left[-1]]!r} at {left[-1]} does not come from the raw text")
    return found
