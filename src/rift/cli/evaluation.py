"""What the commands that score share: options, and the list of documents to score."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TextIO, TypeVar

import click

from rift.eval.tracks import MODES, Mode, Track, find_track, tracks
from rift.issues import InputError

F = TypeVar("F", bound=Callable[..., object])


class Listing(NamedTuple):
    """The documents to score: the name of the file that lists them, and the 1-based line of each id."""

    file: str
    lines: Mapping[str, int]


def _read_listing(context: click.Context, parameter: click.Parameter, file: TextIO | None) -> Listing | None:
    """Read ids, one a line; blank lines and `#` comments are passed over."""
    if file is None:
        return None
    try:
        with file:
            rows = [(line.strip(), number) for number, line in enumerate(file, start=1)]
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{file.name} is not UTF-8", context, parameter) from error
    return Listing(file.name, {doc: number for doc, number in rows if doc and not doc.startswith("#")})


def scoring_options(command: F) -> F:
    """Add `--track`, `--mode`, `--seed`, `--resamples` and `--documents` to a command."""
    for option in (
        click.option(
            "--documents",
            type=click.File(encoding="utf-8"),
            callback=_read_listing,
            help="Score only the gold documents whose ids this file lists, one a line.",
        ),
        click.option(
            "--resamples",
            type=click.IntRange(0, 1_000_000),
            default=10_000,
            show_default=True,
            help="Bootstrap resamples of the intervals; 0 for none.",
        ),
        click.option(
            "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of all that is drawn."
        ),
        click.option("--mode", type=click.Choice(MODES), help="Mode of the table; without it, the track's headline."),
        click.option(
            "--track",
            "name",
            type=click.Choice(list(tracks())),
            default=next(iter(tracks())),
            show_default=True,
            help="What is scored.",
        ),
    ):
        command = option(command)
    return command


def track_and_mode(name: str, mode: Mode | None) -> tuple[Track, Mode]:
    """Return the track called `name` and its mode; raises click.UsageError for a mode that the track does not have."""
    track = find_track(name)
    if mode is not None and mode not in track.modes:
        raise click.UsageError(f"the track {name!r} has no mode {mode!r}; its modes: {', '.join(track.modes)}")
    return track, mode or track.headline


@contextlib.contextmanager
def lines_named(listing: Listing | None) -> Iterator[None]:
    """Let issues with a listed document (`not-gold`) name the file and the line that list it."""
    try:
        yield
    except InputError as error:
        if listing is None:
            raise
        raise InputError(
            dataclasses.replace(
                issue, where=dataclasses.replace(issue.where, file=listing.file, line=listing.lines[issue.where.doc])
            )
            if issue.code == "not-gold"
            else issue
            for issue in error.issues
        ) from error
