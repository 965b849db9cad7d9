"""Fixtures shared by all tests."""

import importlib.util
import os
import pathlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from live import Sessions

collect_ignore_glob = [] if importlib.util.find_spec("label_studio_sdk") else ["test_session*.py"]


def pytest_report_header() -> str | None:
    """Say that sessions are not tested where they cannot run."""
    return "not tested: annotation sessions, which need Python 3.13 or earlier" if collect_ignore_glob else None


TEST_KEY = os.environ.pop("RIFT_TEST_KEY", None)
"""The key of the sealed split. Tests run without it, as users do, but for those that ask for it."""


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let no test read or fill the cache of who runs the tests, nor touch their annotation sessions."""
    os.environ["RIFT_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["RIFT_DATA"] = str(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def sources() -> pathlib.Path:
    """Return the folder of the source texts, or skip where there is none."""
    named = os.environ.get("RIFT_SOURCES")
    if not named:
        pytest.skip("needs the source texts: set RIFT_SOURCES to their folder")
    return pathlib.Path(named)


@pytest.fixture
def test_key(monkeypatch: pytest.MonkeyPatch) -> str:
    """Set the key of the sealed split for one test and return it, or skip where there is none."""
    if not TEST_KEY:
        pytest.skip("needs the key of the sealed split: set RIFT_TEST_KEY to its file")
    monkeypatch.setenv("RIFT_TEST_KEY", TEST_KEY)
    return TEST_KEY


# How fast an example runs depends on what else the machine does; speed is measured in benchmarks.
hypothesis.settings.register_profile("rift", deadline=None)
hypothesis.settings.load_profile("rift")


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Return a browser, or skip where there is none."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - likewise

    from chromium import CHROMIUM, QUIET  # noqa: PLC0415 - few tests need it

    if not CHROMIUM.exists():
        pytest.skip(f"needs a browser: there is no {CHROMIUM}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """Return a folder with the server's data as they are before anything is done: making the database takes long."""
    from live import quiet  # noqa: PLC0415 - few tests need it
    from rift.session import install, server  # noqa: PLC0415 - likewise

    if not os.environ.get(install.VARIABLE):
        pytest.skip(f"needs an installation of Label Studio: set {install.VARIABLE} to its bin folder (make test-all)")
    folder = tmp_path_factory.mktemp("prepared")
    server.make_accounts(install.interpreter(os.environ, quiet), folder, [], os.environ)
    return folder / "label-studio"


@pytest.fixture
def sessions(prepared: pathlib.Path, tmp_path: pathlib.Path) -> Iterator["Sessions"]:
    """Return the commands with a data folder of their own; their servers are ended."""
    from live import Sessions  # noqa: PLC0415 - few tests need it

    made = Sessions(tmp_path / "data", prepared)
    yield made
    made.end()
