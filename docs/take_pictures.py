"""Take the pictures of docs/browse.md anew, of the briefs alone, as their texts are ours.

usage: python docs/take_pictures.py   (needs Chromium, and the packages of the extra `dev`)
"""

import pathlib
import tempfile
from collections.abc import Mapping
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from rift.annotations.collection import GOLD
from rift.browse.gather import gather
from rift.browse.output import write_site
from rift.browse.site import render_site
from rift.guidelines import knowledge, scheme

CHROMIUM = "/usr/bin/chromium"
FOLDER = pathlib.Path(__file__).parent / "pictures"


class Picture(NamedTuple):
    """A page, the size of the window in pixels, whether it is dark, and what is clicked or scrolled to before."""

    page: str
    width: int = 1080
    height: int = 660
    dark: bool = False
    click: str = ""
    show: str = ""


PICTURES: Mapping[str, Picture] = {
    "search": Picture("index.html#q=executed&outcome=killed", height=800),
    "document": Picture("documents/briefs-031.html", click="a.toll >> nth=4"),
    "timeline": Picture("index.html#view=timeline", show="svg.chart"),
    "map": Picture("index.html#view=map", height=840, show="svg.atlas"),
    "phone": Picture("documents/briefs-031.html", 390, 780, dark=True, click="a.toll >> nth=4"),
}


def main() -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = pathlib.Path(folder)
        write_site(site, render_site(gather(["briefs"], GOLD, None).entries, knowledge(), scheme()))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        FOLDER.mkdir(exist_ok=True)
        for name, picture in PICTURES.items():
            size = {"width": picture.width, "height": picture.height}
            page = browser.new_page(viewport=size, color_scheme="dark" if picture.dark else "light")  # type: ignore[arg-type]
            page.goto(f"{site.as_uri()}/{picture.page}")
            if picture.show:
                page.locator(picture.show).evaluate("one => one.scrollIntoView({ block: 'end' })")
            if picture.click:
                page.locator(picture.click).click()
            page.wait_for_timeout(300)  # until what moves has come to rest
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
