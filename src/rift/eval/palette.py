"""One palette for pages and plots: how labels look, and colours and shapes that tell things apart."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rift.guidelines import Scheme

COLOURS = ("#3b6fb6", "#c8622a", "#2f8a5b", "#8a4f96", "#a5832a", "#7a7a7a")
"""Colours for up to six things, each to be told from the page and from the others."""

MARKERS = "osD^vX"
"""Shapes that go with the colours, so that colour never stands alone: matplotlib's letters for them."""

_OTHER_COLOUR = "#d5d5d5"


class LabelStyle(NamedTuple):
    """How a label is shown: its name, short name, meaning, colour, and whether it is underlined, as it holds others."""

    name: str
    short: str
    meaning: str
    colour: str
    underlined: bool


def label_styles(scheme: Scheme, occurring: Iterable[str] = ()) -> list[LabelStyle]:
    """Return the styles of the scheme's labels, then of all others among those `occurring`, in grey."""
    short = short_names(list(dict.fromkeys([*scheme.labels, *occurring])))
    return [
        LabelStyle(name, short[name], known.gloss, known.colour, bool(known.contains))
        if (known := scheme.labels.get(name))
        else LabelStyle(name, short[name], "not in the scheme", _OTHER_COLOUR, underlined=False)
        for name in short
    ]


def short_names(labels: Sequence[str]) -> dict[str, str]:
    """Return for each label the shortest beginning that no other label has; the whole label where there is none."""
    return {
        label: next(
            (
                label[:length]
                for length in range(1, len(label))
                if not any(other.startswith(label[:length]) for other in labels if other != label)
            ),
            label,
        )
        for label in labels
    }


def short_number(value: float) -> str:
    """Return a power of ten in few signs: 100, 10k, 1M."""
    for unit, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= unit:
            return f"{value / unit:g}{sign}"
    return f"{value:g}"


def css_string(text: str) -> str:
    """Return `text` as the inside of a CSS string: all but ASCII letters and digits escaped, so nothing ends it."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in text)
