"""Take the pictures of docs/annotating.md anew: a session on a brief, whose text is ours, in a real Label Studio.

usage: python docs/take_session_pictures.py   (needs Chromium, and the packages of the extra `dev`)
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import msgspec
from label_studio_sdk import LabelStudio
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FOLDER = pathlib.Path(__file__).parent / "pictures"
BRIEF = "briefs-014"
SIZE = (1280, 800)


def rift(*arguments: str) -> str:
    """Run `rift session` and return what it prints."""
    words = [sys.executable, "-m", "rift", "session", *arguments]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own program


def session() -> Mapping[str, Any]:
    """Return the session's file."""
    path = pathlib.Path(os.environ["RIFT_DATA"]) / "sessions" / "pictures" / "session.json"
    found: Mapping[str, Any] = msgspec.json.decode(path.read_bytes())
    return found


def submit(url: str, person: Mapping[str, Any], result: Sequence[dict[str, Any]]) -> None:
    """Annotate the one task of a person."""
    with httpx.Client(timeout=60) as http:
        sdk = LabelStudio(base_url=url, api_key=person["token"], httpx_client=http)  # type: ignore[no-untyped-call]  # the SDK's own
        (task,) = list(sdk.tasks.list(project=person["project"]))
        sdk.annotations.create(task.id, result=list(result), lead_time=60)


def task_of(url: str, person: Mapping[str, Any]) -> int:
    """Return the number of the one task of a person."""
    with httpx.Client(timeout=60) as http:
        sdk = LabelStudio(base_url=url, api_key=person["token"], httpx_client=http)  # type: ignore[no-untyped-call]  # the SDK's own
        (task,) = list(sdk.tasks.list(project=person["project"]))
        return int(task.id)


def shown(url: str, person: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the results that the one task of a person begins with."""
    with httpx.Client(timeout=60) as http:
        sdk = LabelStudio(base_url=url, api_key=person["token"], httpx_client=http)  # type: ignore[no-untyped-call]  # the SDK's own
        (task,) = list(sdk.tasks.list(project=person["project"], fields="all"))
        found: list[dict[str, Any]] = task.predictions[0].result
        return found


def opened(browser: Browser, url: str, person: Mapping[str, Any], query: str = "labeling=1") -> Page:
    """Sign in as a person and open a task, their first unless `query` says which, with the instructions closed."""
    page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
    page.goto(f"{url}/user/login/")
    page.fill("input[name=email]", person["address"])
    page.fill("input[name=password]", person["password"])
    page.click("button[type=submit]")
    page.goto(f"{url}/projects/{person['project']}/data?{query}")
    page.wait_for_selector(".lsf-htx-richtext", timeout=60_000)
    page.wait_for_load_state("networkidle")
    close = page.get_by_label("Close modal")
    if close.count():
        close.click()
    page.locator(".htx-highlight").first.wait_for()
    return page


def otherwise(results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the results with other victims of the first toll, and without the last span."""
    made: list[dict[str, Any]] = json.loads(json.dumps(results))
    next(one for one in made if one["from_name"] == "TOLL-victims")["value"]["choices"] = ["unspecified"]
    linked = {one.get("to_id") for one in made}
    last = [one["id"] for one in made if one["type"] == "labels" and one["id"] not in linked][-1]
    return [one for one in made if last not in {one.get("id"), one.get("from_id")}]


def take(browser: Browser) -> None:
    """Begin a session, take the picture of marking, have both annotate, and take that of adjudicating."""
    people = "ann@example.org,ben@example.org"
    rift("start", "--name", "pictures", "--documents", BRIEF, "--annotators", people, "--pre", "gold")
    url = json.loads(rift("status", "--json"))["server"]
    ann, ben = session()["annotators"]
    page = opened(browser, url, ann)
    page.locator(".lsf-outliner-item, .lsf-tree__node", has_text="TOLL").first.click()
    page.wait_for_timeout(500)  # until what moves has come to rest
    page.screenshot(path=FOLDER / "session-mark.png")
    page.close()
    submit(url, ann, shown(url, ann))
    submit(url, ben, otherwise(shown(url, ben)))
    layers = str(pathlib.Path(os.environ["RIFT_DATA"]) / "layers")
    rift("pull", "--out", layers)
    rift("adjudicate", "--out", layers, "--adjudicator", "cat@example.org")
    cat = session()["adjudication"]["adjudicator"]
    page = opened(browser, url, cat, f"task={task_of(url, cat)}")
    page.set_viewport_size({"width": 1280, "height": 960})
    page.locator("textarea").last.fill("1 victims the text says so\n2 slip")
    page.wait_for_timeout(500)
    page.screenshot(path=FOLDER / "session-adjudicate.png")


def main() -> None:
    """Take both pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["RIFT_DATA"] = folder
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            take(browser)
        finally:
            browser.close()
            rift("stop")


if __name__ == "__main__":
    main()
