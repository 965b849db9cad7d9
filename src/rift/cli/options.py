"""Options that several commands share."""

import os
import pathlib
from collections.abc import Callable
from typing import TypeVar

import click

from rift.corpus.build import source_names
from rift.paths import SOURCES_VARIABLE, find_sources

F = TypeVar("F", bound=Callable[..., object])

FILE = click.Path(path_type=pathlib.Path)
"""A file or folder, whether it is there or not."""


def _found(context: click.Context, parameter: click.Parameter, value: pathlib.Path | None) -> pathlib.Path | None:
    del context, parameter
    if value is not None:
        return value
    found = find_sources(os.environ, pathlib.Path.cwd())
    named = os.environ.get(SOURCES_VARIABLE)
    return found if named or (found and any((found / name).exists() for name in source_names())) else None


def out_option(default: str) -> Callable[[F], F]:
    """Return a decorator that adds `--out DIR` to a command: the folder to write to, `default` where none is named."""
    return click.option(
        "--out",
        type=click.Path(file_okay=False, path_type=pathlib.Path),
        default=pathlib.Path(default),
        show_default=True,
        metavar="DIR",
        help="Folder to write to.",
    )


def sources_option(command: F) -> F:
    """Add `--sources DIR` to a command: the folder of the source texts, or None where there is none."""
    return click.option(
        "--sources",
        type=click.Path(file_okay=False, path_type=pathlib.Path),
        envvar=SOURCES_VARIABLE,
        show_envvar=True,
        metavar="DIR",
        callback=_found,
        help="Folder of the source texts; without it, `sources` below the working folder.",
    )(command)


def documents_option(command: F) -> F:
    """Add `--documents FILE` to a command: the documents that layers mark, None for the corpus."""
    return click.option("--documents", type=FILE, help="Documents (JSON Lines) that are marked; default: the corpus.")(
        command
    )


def knowledge_option(command: F) -> F:
    """Add `--knowledge DIR` to a command, as `folder`: the knowledge files, None for the guidelines'."""
    return click.option(
        "--knowledge", "folder", type=FILE, help="Folder of actors.toml and places.toml; default: the guidelines'."
    )(command)
