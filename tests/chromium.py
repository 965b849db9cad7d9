"""What the tests of pages share: the browser, and the contrast of texts in it."""

import pathlib
from collections.abc import Sequence

from playwright.sync_api import Locator

CHROMIUM = pathlib.Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def luminance(colour: Sequence[float]) -> float:
    """Return the relative luminance of sRGB bytes (WCAG 2.2)."""
    linear = [
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour[:3]
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


ENOUGH = 4.5
"""The least contrast of a text, whatever its size."""

CONTRAST = """all => {
  // Draws each colour over those below it, as `color-mix` gives no plain rgb().
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  return all.filter((one) => one.checkVisibility() && one.innerText?.trim()).map((one) => {
    const behind = [];
    for (let up = one; up; up = up.parentElement) behind.unshift(getComputedStyle(up).backgroundColor);
    const page = ["#000", ...behind];
    return [one.outerHTML.slice(0, 80), over(page), over([...page, getComputedStyle(one).color])];
  });
}"""


def low_contrast(texts: Locator) -> list[str]:
    """Return the visible texts, as the beginning of their elements, with less contrast than WCAG 2.2 AA asks for."""
    measured = texts.evaluate_all(CONTRAST)
    return [element for element, back, front in measured if contrast(back, front) < ENOUGH]


def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)
