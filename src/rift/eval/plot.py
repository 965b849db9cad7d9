"""Plots of scores as SVG, by matplotlib (the extra `report`)."""

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from rift.eval.board import Entry, label_order
from rift.eval.tracks import find_track

_COLOURS = ("#3060a8", "#c05020", "#308050", "#804080", "#a08020", "#505050")
_SETTINGS: Any = {  # matplotlib types its settings by their literal names
    "svg.fonttype": "none",
    "svg.hashsalt": "rift",
    "font.family": "sans-serif",
    "font.size": 10,
}


def label_plot(entries: Sequence[Entry]) -> str:
    """Return an SVG of F1 by label with 95 % intervals: a panel for each split, a colour for each system.

    Undefined scores have no mark. The same entries give the same text. No entry gives an empty plot.
    """
    panels = list(dict.fromkeys((entry.collection, entry.split) for entry in entries)) or [("", "")]
    systems = list(dict.fromkeys(entry.system for entry in entries))
    labels = label_order(entries)
    rows = [*labels, "micro"]
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(3.6 * len(panels) + 0.8, 0.55 * len(rows) + 1.4), layout="constrained")
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axis, panel in zip(axes, panels, strict=True):
            axis.set_title(" ".join(panel), loc="left")
            axis.set_xlim(0, 1)
            axis.set_xlabel("F1, strict")
            axis.set_yticks(range(len(rows)), rows)
            axis.invert_yaxis()
            axis.grid(axis="x", color="#dddddd")
            axis.spines[["top", "right", "left"]].set_visible(False)
            for entry in entries:
                if (entry.collection, entry.split) != panel:
                    continue
                index = systems.index(entry.system)
                scores = entry.scores.modes[find_track(entry.scores.track).headline]
                shift = (index - (len(systems) - 1) / 2) * 0.22
                for position, row in enumerate([scores.labels.get(label) for label in labels] + [scores.micro]):
                    if row is None or row.f1.value is None:
                        continue
                    colour = _COLOURS[index % len(_COLOURS)]
                    if row.f1.interval:
                        axis.plot(row.f1.interval, [position + shift] * 2, color=colour, linewidth=1.5)
                    axis.plot(row.f1.value, position + shift, "o", color=colour, markersize=5)
        for index, system in enumerate(systems):
            axes[0].plot([], [], "o-", color=_COLOURS[index % len(_COLOURS)], label=system)
        if systems:
            figure.legend(loc="outside lower center", ncols=len(systems), frameon=False)
        target = io.StringIO()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": "RIFT"})
    return target.getvalue().partition("<svg")[1] + target.getvalue().partition("<svg")[2]
