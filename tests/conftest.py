"""Fixtures shared by all tests."""

import os
import pathlib

import pytest


@pytest.fixture(scope="session")
def sources() -> pathlib.Path:
    """Return the folder of the source texts, or skip where there is none."""
    named = os.environ.get("RIFT_SOURCES")
    if not named:
        pytest.skip("needs the source texts: set RIFT_SOURCES to their folder")
    return pathlib.Path(named)
