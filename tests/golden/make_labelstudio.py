"""Writes labelstudio.json beside it: what a server of Label Studio exports after annotators worked in a browser.

It takes the picture of docs/formats.md too.

Run by hand (`PYTHONPATH=tests python tests/golden/make_labelstudio.py PROGRAM`, PROGRAM being label-studio 1.23,
installed in an environment of its own); tests/test_labelstudio.py reads the result. The tasks are those of
`tests/labelstudio_texts.py`.
"""

import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from PIL import Image
from playwright.sync_api import APIRequestContext, Error, Locator, Page, sync_playwright

from labelstudio_texts import DOCUMENTS, PICTURED, SENT, TEXTS, TWICE, pictured
from rift.annotations.formats.labelstudio_config import config
from rift.annotations.formats.labelstudio_writer import to_tasks
from rift.annotations.formats.rendering import Context, Losses
from rift.annotations.layer import Layer, Markup
from rift.guidelines import knowledge, scheme

PORT = 8391
ADDRESS = f"http://127.0.0.1:{PORT}"
TOKEN = "0123456789abcdef0123456789abcdef01234567"  # noqa: S105 - of a server that lives for a minute
PASSWORD = "not-a-secret"  # noqa: S105 - likewise
LEAD, SECOND = "lead@example.org", "second@example.org"
CHROMIUM = "/usr/bin/chromium"
PICTURE = pathlib.Path(__file__).parents[2] / "docs" / "pictures" / "label-studio.png"

PLACE = """([surface, nth]) => {
  // Where the nth occurrence of a surface begins and ends on the screen.
  const walker = document.createTreeWalker(document.querySelector(".lsf-richtext__container"), NodeFilter.SHOW_TEXT);
  const places = [];
  let text = "";
  while (walker.nextNode()) {
    for (let index = 0; index < walker.currentNode.data.length; index++) places.push([walker.currentNode, index]);
    text += walker.currentNode.data;
  }
  let at = -1;
  for (let n = 0; n < nth; n++) at = text.indexOf(surface, at + 1);
  const range = document.createRange();
  range.setStart(...places[at]);
  const [node, index] = places[at + surface.length - 1];
  range.setEnd(node, index + 1);
  const boxes = [...range.getClientRects()];
  const [first, last] = [boxes[0], boxes[boxes.length - 1]];
  return [first.left + 0.5, first.top + first.height / 2, last.right - 0.2, last.top + last.height / 2];
}"""


@contextlib.contextmanager
def server(program: str) -> Iterator[None]:
    """Run a server until the block is left."""
    with tempfile.TemporaryDirectory() as folder:
        quiet = dict.fromkeys(("COLLECT_ANALYTICS", "LATEST_VERSION_CHECK"), "false")
        environment = {
            **os.environ, **quiet, "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": "", "LABEL_STUDIO_BASE_DATA_DIR": folder,
            "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        }  # fmt: skip
        command = [
            program, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(PORT), "--data-dir", folder,
            "--username", LEAD, "--password", PASSWORD, "--user-token", TOKEN,
        ]  # fmt: skip
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


class Annotator:
    """Works in one page of the editor, as a person would."""

    def __init__(self, page: Page, project: int) -> None:
        self.page = page
        self._project = project

    def sign_in(self, address: str, *, new: bool = False) -> None:
        """Sign in, or up."""
        self.page.goto(f"{ADDRESS}/user/{'signup' if new else 'login'}/", wait_until="domcontentloaded")
        self.page.fill("[name=email]", address)
        self.page.fill("[name=password]", PASSWORD)
        self.page.locator("form [type=submit]").click()
        self.page.wait_for_url(lambda url: "/user/" not in url, wait_until="commit")

    def open(self) -> None:
        """Open the next task of the project."""
        self.page.goto(f"{ADDRESS}/projects/{self._project}/data?labeling=1", wait_until="commit")
        self.page.wait_for_selector(".lsf-richtext__line")
        self.page.wait_for_timeout(1500)

    def click(self, surface: str) -> None:
        """Select the first region with these words."""
        self.page.evaluate("document.activeElement.blur()")
        self.page.keyboard.press("Escape")
        self.page.locator(".htx-highlight", has_text=surface).first.click(position={"x": 3, "y": 4})
        self.page.wait_for_timeout(400)

    def mark(self, key: str, surface: str, nth: int = 1) -> None:
        """Mark the nth occurrence of a surface with the label that has a key."""
        self.page.evaluate("document.activeElement.blur()")  # or the keys are typed into a control
        self.page.keyboard.press("Escape")
        self.page.keyboard.press(key)
        left, top, right, bottom = self.page.evaluate(PLACE, [surface, nth])
        self.page.mouse.move(left, top)
        self.page.mouse.down()
        self.page.mouse.move(right, bottom, steps=8)
        self.page.mouse.up()
        self.page.wait_for_timeout(500)

    def control(self, selector: str, nth: int = 0) -> Locator:
        """Return a control of the selected region."""
        return self.page.locator(f".rift-row {selector}").locator("visible=true").nth(nth)

    def relate(self, source: str, target: str, label: str | None = None) -> None:
        """Draw a relation, and give it a label."""
        self.click(source)
        self.page.keyboard.press("Alt+r")
        self.page.locator(".htx-highlight", has_text=target).first.click()
        self.page.keyboard.press("Escape")
        if label is None:
            return
        self.page.get_by_text("Relations", exact=True).first.click()
        item = self.page.locator(".lsf-relations__item").last
        item.hover()
        item.get_by_label("Show Relation Labels").click()
        item.get_by_text("Select labels").click()
        self.page.get_by_text(label, exact=True).last.click()
        self.page.keyboard.press("Escape")
        self.page.get_by_text("Regions", exact=True).first.click()

    def finish(self, button: str = "Submit") -> None:
        """Submit or skip the task."""
        self.page.locator(f"button:has-text('{button}')").first.click()
        self.page.wait_for_timeout(2000)


def work(annotator: Annotator) -> None:
    """Annotate every task, in the order in which they come: by name."""
    for task in (change, keep, keep, make, relabel, skip, keep):
        annotator.open()
        task(annotator)


def keep(annotator: Annotator) -> None:
    """Submit a prediction as it is."""
    annotator.finish()


def change(annotator: Annotator) -> None:
    """Change a number of a prediction, and mark a further span."""
    annotator.click("at least")
    annotator.control("[type=number]").fill("13")
    annotator.mark("a", "\U0001f468\u200d\U0001f469\u200d\U0001f467 rebels too")
    annotator.finish()


def make(annotator: Annotator) -> None:
    """Mark a text by hand, with attributes by every kind of control and two relations."""
    annotator.mark("t", "at least 12 rebels")
    annotator.click("at least")
    annotator.control("[name=killed]").check()
    annotator.control("[name=approx]").check()
    annotator.control("[type=number]").fill("12")
    annotator.mark("d", "4 May 2014")
    annotator.click("4 May")
    annotator.control("[name=DATE-value]").fill("2014-05-04")
    annotator.page.keyboard.press("Enter")
    annotator.mark("l", "Azaz")
    annotator.click("Azaz")
    annotator.control(".htx-taxonomy").click()
    annotator.page.locator("[name=taxonomy-search-input]").locator("visible=true").fill("azaz")
    annotator.page.locator(".ant-select-tree-title", has_text="Aazaz").click()
    annotator.page.keyboard.press("Escape")
    annotator.mark("l", "\u062d\u0644\u0628")
    annotator.click("\u062d\u0644\u0628")
    annotator.control("[name=LOCATION-place-new]").fill("halab")
    annotator.page.keyboard.press("Enter")
    annotator.mark("a", "\U0001f600 held")
    annotator.mark("a", "lineafter")
    annotator.relate("at least", "Azaz", "where")
    annotator.relate("at least", "4 May")
    annotator.finish()


def relabel(annotator: Annotator) -> None:
    """Mark an ACTOR with its kind, then make a LOCATION of it."""
    annotator.mark("a", "Nusra Front")
    annotator.click("Nusra Front")
    annotator.control("[name=armed_group]").check()
    annotator.click("Nusra Front")
    annotator.page.keyboard.press("l")
    annotator.page.wait_for_timeout(400)
    annotator.finish()


def skip(annotator: Annotator) -> None:
    """Mark something, then skip the task."""
    annotator.mark("l", "Azaz")
    annotator.finish("Skip")


def main(program: str) -> None:
    """Record."""
    context = Context(DOCUMENTS, knowledge())
    empty = [Markup(doc=name, sha256=one.sha256, layer="sent", spans=()) for name, one in DOCUMENTS.items()]
    layer = Layer("sent", [SENT.markups.get(markup.doc, markup) for markup in empty])
    sent = to_tasks(layer, context, "predictions", Losses())
    with server(program), sync_playwright() as playwright:
        api = playwright.request.new_context(
            base_url=ADDRESS, extra_http_headers={"Authorization": f"Token {TOKEN}"}, timeout=120_000
        )
        version = started(api)
        settings = {"title": "recorded", "label_config": config(scheme(), knowledge())}
        project = api.post("/api/projects", data=settings).json()["id"]
        api.post(f"/api/projects/{project}/import", data=sent)
        listed = api.get(f"/api/tasks?project={project}&page_size=100").json()["tasks"]
        tasks = {task["data"]["doc"]: task["id"] for task in listed}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        annotator = Annotator(browser.new_page(viewport={"width": 1280, "height": 800}), project)
        annotator.sign_in(LEAD)
        work(annotator)
        second = Annotator(browser.new_page(), project)
        second.sign_in(SECOND, new=True)
        answer = second.page.request.post(
            f"{ADDRESS}/api/tasks/{tasks[TWICE]}/annotations",
            data={"result": sent[0]["predictions"][0]["result"][:1], "lead_time": 3.5},
            headers={"X-CSRFToken": second.page.evaluate("document.cookie.match(/csrftoken=([^;]+)/)[1]")},
        )
        assert answer.ok, answer.text()
        take_picture(api, annotator.page)
        export = api.get(f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true").json()
        browser.close()
    write(version, export)


def take_picture(api: APIRequestContext, page: Page) -> None:
    """Show a toll of an article of 300 words, in the middle of the work."""
    context = Context({PICTURED.id: PICTURED}, knowledge())
    settings = {"title": "RIFT", "label_config": config(scheme(), knowledge()), "show_collab_predictions": True}
    project = api.post("/api/projects", data=settings).json()["id"]
    api.post(f"/api/projects/{project}/import", data=to_tasks(pictured(), context, "predictions", Losses()))
    annotator = Annotator(page, project)
    annotator.open()
    annotator.click("14 people")
    page.wait_for_timeout(600)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("P", palette=Image.Palette.ADAPTIVE).save(PICTURE, optimize=True)


def started(api: APIRequestContext) -> str:
    """Wait for the server, and return its version."""
    for _ in range(180):
        with contextlib.suppress(Error):
            return str(api.get("/api/version").json()["release"])
        time.sleep(1)
    raise SystemExit("the server did not start")


def write(version: str, export: list[dict[str, Any]]) -> None:
    """Write the export beside this script."""
    target = pathlib.Path(__file__).with_name("labelstudio.json")
    assert len(export) == len(TEXTS)
    lines = ",\n".join(json.dumps(task, separators=(",", ":")) for task in export)
    target.write_text(f'{{"made_by":{{"labelstudio":"{version}"}},"cases":[\n{lines}]}}\n', "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
