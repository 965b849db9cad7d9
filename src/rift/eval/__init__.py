"""Evaluation: one layer scored against another."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rift.eval.scoring import Scores, score

__all__ = ["Scores", "score"]


def __getattr__(name: str) -> object:
    """Load `score` and `Scores` when they are asked for: scipy takes a time that `rift --help` need not wait for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("rift.eval.scoring"), name)
