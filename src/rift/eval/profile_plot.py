"""Plots of what a corpus holds, as SVG, by matplotlib (the extra `report`); the same numbers give the same bytes."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rift.annotations.profile import DISTANT, SIZES, Profile, Unseen
from rift.eval.palette import COLOURS

_HATCHES = ("", "//", "..", "xx", "\\\\", "++")
_SETTINGS: Any = {  # matplotlib types its settings by their literal names
    "svg.fonttype": "none",
    "svg.hashsalt": "rift",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.parse_math": False,
}


def span_plot(profiles: Mapping[str, Profile]) -> str:
    """Return a plot of the spans of each split, stacked by label."""
    labels = list(dict.fromkeys(label for found in profiles.values() for label in found.spans))
    values = {label: [found.spans.get(label, 0) for found in profiles.values()] for label in labels}
    return _drawn("Spans by label", "spans", lambda axis: _stacked(axis, list(profiles), values), len(profiles))


def size_plot(profiles: Mapping[str, Profile]) -> str:
    """Return a plot of how many tolls assert figures of each size, stacked by split."""
    names = [name for name, _ in SIZES]
    values = {split: [found.sizes.get(name, 0) for name in names] for split, found in profiles.items()}
    return _drawn("Tolls by the size of their figure", "tolls", lambda axis: _stacked(axis, names, values), len(names))


def distance_plot(profiles: Mapping[str, Profile]) -> str:
    """Return a plot of the quartiles (thick) and the 95th percentile (thin) of the distances to place and date."""
    rows = [(f"{split}: {role}", found.distances[role]) for split, found in profiles.items() for role in DISTANT]

    def draw(axis: Axes) -> None:
        for place, (_, found) in enumerate(rows):
            if found.quantiles:
                low, middle, high, far = found.quantiles
                colour = COLOURS[place % len(DISTANT)]
                axis.plot([high, far], [place, place], color=colour, linewidth=1)
                axis.plot([low, high], [place, place], color=colour, linewidth=5, solid_capstyle="butt")
                axis.plot([middle], [place], color="white", marker="|", markersize=9)
        axis.set_yticks(range(len(rows)), [name for name, _ in rows])
        axis.set_ylim(len(rows) - 0.5, -0.5)

    return _drawn("From a toll to its nearest place and date", "characters", draw, len(rows))


def unseen_plot(unseen: Mapping[str, Unseen]) -> str:
    """Return a plot of the share of spans of each label, and of ids, that training does not have, by split."""
    first = next(iter(unseen.values()), Unseen({}, {}))
    names = [*first.surfaces, *first.ids]

    def draw(axis: Axes) -> None:
        height = 0.8 / max(1, len(unseen))
        for index, (split, found) in enumerate(unseen.items()):
            shares = [*found.surfaces.values(), *found.ids.values()]
            places = [place + (index - (len(unseen) - 1) / 2) * height for place in range(len(names))]
            axis.barh(
                places,
                [share or 0 for share in shares],
                height,
                label=split,
                color=COLOURS[index % len(COLOURS)],
                hatch=_HATCHES[index % len(_HATCHES)],
                edgecolor="white",
            )
        axis.set_yticks(range(len(names)), names)
        axis.set_ylim(len(names) - 0.5, -0.5)
        if unseen:
            axis.legend(frameon=False)

    return _drawn("Not in the training gold", "share", draw, len(names) * max(1, len(unseen)))


def _stacked(axis: Axes, rows: Sequence[str], values: Mapping[str, Sequence[int]]) -> None:
    left = [0] * len(rows)
    for index, (name, widths) in enumerate(values.items()):
        axis.barh(
            range(len(rows)),
            widths,
            0.7,
            left,
            label=name,
            color=COLOURS[index % len(COLOURS)],
            hatch=_HATCHES[index % len(_HATCHES)],
            edgecolor="white",
        )
        left = [before + width for before, width in zip(left, widths, strict=True)]
    axis.set_yticks(range(len(rows)), rows)
    axis.set_ylim(len(rows) - 0.5, -0.5)
    if values:
        axis.legend(frameon=False)


def _drawn(title: str, unit: str, draw: Callable[[Axes], None], rows: int) -> str:
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(6.4, 0.32 * max(4, rows) + 1.2), layout="constrained")
        axis = figure.subplots()
        axis.set_title(title, loc="left")
        axis.set_xlabel(unit)
        axis.set_axisbelow(True)
        axis.grid(axis="x", linewidth=0.5)
        axis.spines[["top", "right"]].set_visible(False)
        draw(axis)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()
