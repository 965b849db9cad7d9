"""RIFT: a benchmark for extracting actors, locations, dates and tolls from conflict news."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rift.release.load import load

__all__ = ["__version__", "load"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Load `rift.load` when it is asked for: it needs what `rift --help` need not wait for."""
    if name != "load":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module("rift.release.load").load
