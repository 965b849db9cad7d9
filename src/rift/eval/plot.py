"""Plots as SVG to stand inside a page, by matplotlib (the extra `report`)."""

import hashlib
import io
import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from rift.eval.errors import TollPair, figure
from rift.eval.palette import COLOURS, MARKERS, short_number
from rift.eval.scoring import ModeScores

_INK, _GRID = "#123456", "#654321"  # stand-ins: the page's own colours take their place
_SETTINGS: Any = {  # matplotlib types its settings by their literal names
    "svg.fonttype": "none",
    "svg.hashsalt": "rift",
    "font.family": "sans-serif",
    "font.size": 11,
    "text.parse_math": False,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _GRID,
    "xtick.color": _GRID,
    "ytick.color": _GRID,
    "xtick.labelcolor": _INK,
    "ytick.labelcolor": _INK,
    "grid.color": _GRID,
    "savefig.transparent": True,
}


def label_plot(systems: Mapping[str, ModeScores], mode: str) -> str:
    """Return an SVG of F1 by label, with 95 % intervals: a row a label, a colour and a marker for each system.

    Undefined scores have no mark. The same scores give the same text; no system gives an empty plot.
    """
    labels = list(dict.fromkeys(label for scores in systems.values() for label in scores.labels))
    rows = [*labels, "micro"]
    step = min(0.22, 0.8 / max(1, len(systems)))
    with mpl.rc_context(_SETTINGS):
        drawn = Figure(figsize=(3.9, 0.2 * len(rows) * max(2, len(systems) + 1) + 0.9), layout="constrained")
        axis = drawn.subplots()
        axis.set_xlim(-0.02, 1.02)
        axis.set_xlabel(f"F1, {mode}")
        axis.set_ylim(len(rows) - 0.5, -0.5)
        axis.set_yticks(range(len(rows)), rows)
        axis.tick_params(axis="y", length=0)
        axis.grid(axis="x", linewidth=0.7)
        axis.set_axisbelow(True)
        axis.spines[["top", "right", "left"]].set_visible(False)
        for index, (system, scores) in enumerate(systems.items()):
            colour, marker = COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)]
            axis.plot([], [], color=colour, marker=marker, markersize=5, linewidth=1.5, label=system)
            shift = (index - (len(systems) - 1) / 2) * step
            for position, row in enumerate([scores.labels.get(label) for label in labels] + [scores.micro]):
                if row is None or row.f1.value is None:
                    continue
                if row.f1.interval:
                    axis.plot(row.f1.interval, [position + shift] * 2, color=colour, linewidth=1.5)
                axis.plot(row.f1.value, position + shift, color=colour, marker=marker, markersize=5)
        if len(systems) > 1:
            drawn.legend(loc="outside lower center", ncols=min(3, len(systems)), frameon=False)
        return _inline(drawn)


def toll_plot(pairs: Sequence[TollPair]) -> str:
    """Return an SVG of gold figures (across) against predicted ones (up) on logarithmic axes that begin at 0.

    A filled circle is a toll with the right boundaries, a hollow square one with others; the area grows with the number
    of tolls at one place. Pairs without a figure on both sides are left out.
    """
    points = Counter(
        (x, y, pair.error.kind == "correct")
        for pair in pairs
        if (x := figure(pair.gold)) is not None and (y := figure(pair.predicted)) is not None
    )
    top = max((value for x, y, _ in points for value in (x, y)), default=10) * 2
    with mpl.rc_context(_SETTINGS):
        drawn = Figure(figsize=(3.9, 3.9), layout="constrained")
        axis = drawn.subplots()
        axis.set_xscale("symlog", linthresh=1, linscale=0.4)
        axis.set_yscale("symlog", linthresh=1, linscale=0.4)
        axis.set(xlim=(-0.3, top), ylim=(-0.3, top), xlabel="gold figure", ylabel="predicted figure", aspect="equal")
        for side in (axis.xaxis, axis.yaxis):
            side.set_major_formatter(FuncFormatter(lambda value, _: short_number(value)))
        axis.grid(linewidth=0.5)
        axis.set_axisbelow(True)
        axis.spines[["top", "right"]].set_visible(False)
        axis.plot([0, top], [0, top], color=_INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        for whole, marker, name in ((True, "o", "same boundaries"), (False, "s", "other boundaries")):
            here = [(x, y, count) for (x, y, kind), count in sorted(points.items()) if kind is whole]
            axis.scatter(
                [x for x, _, _ in here],
                [y for _, y, _ in here],
                s=[18 + 14 * (count - 1) for _, _, count in here],
                marker=marker,
                facecolors=COLOURS[0] if whole else "none",
                edgecolors=COLOURS[0 if whole else 1],
                alpha=0.75 if whole else 1,
                label=name,
                zorder=2,
            )
        legend = drawn.legend(loc="outside lower center", ncols=2, frameon=False)
        for handle in legend.legend_handles:
            if isinstance(handle, PathCollection):
                handle.set_sizes([24])
        return _inline(drawn)


def _inline(drawn: Figure) -> str:
    """Return the figure as one SVG element with its own ids, in the colours of the page, hidden from screen readers."""
    target = io.StringIO()
    with warnings.catch_warnings():  # the reader's fonts draw the text, matplotlib's only measures it
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        drawn.savefig(target, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = target.getvalue()[target.getvalue().index("<svg") :]
    svg = re.sub(r"\s*<(metadata|style)\b.*?</\1>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;]+; ", "", svg)
    prefix = f"p{hashlib.sha256(svg.encode()).hexdigest()[:8]}-"
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', svg))
    svg = re.sub(r' id="([^"]+)"', lambda found: f' id="{prefix}{found[1]}"' if found[1] in used else "", svg)
    svg = re.sub(r'(href="|url\()#', rf"\g<1>#{prefix}", svg)
    svg = svg.replace(_INK, "currentColor").replace(_GRID, "var(--rule)")
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
