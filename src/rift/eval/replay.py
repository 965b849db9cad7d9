"""Replay: a result file computed anew from gold and predictions, and compared number by number."""

import pathlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from rift.eval.run import Run, as_json, evaluate
from rift.issues import InputError, Issue, Level, Where
from rift.jsonl import to_struct

MISSING = "missing"
"""What stands for a number that one side does not have."""

_NO_SCORES = {"run", "issues"}  # what was read and warned of; files and version are compared by themselves

_HINT = "write one with: rift score GOLD PREDICTED --json > FILE"

Leaf = float | str | None


class Difference(msgspec.Struct, frozen=True):
    """A number that is not the same: its place (`modes.strict.micro.f1.value`), as stored and as computed anew.

    None is an undefined number.
    """

    place: str
    stored: Leaf
    again: Leaf


class Replay(msgspec.Struct, frozen=True):
    """The outcome: how many numbers were compared, those that differ, and warnings (changed files, another version)."""

    numbers: int
    differences: tuple[Difference, ...]
    issues: tuple[Issue, ...]


class _Stored(NamedTuple):
    run: Run
    content: Mapping[str, object]


def replay(
    path: pathlib.Path, sources: pathlib.Path | None, gold: str | None = None, predicted: str | None = None
) -> Replay:
    """Compute the result file at `path` anew and say which of its numbers are the same to the last digit.

    `gold` and `predicted` are used instead of what the result names; a file that it names is looked for from the
    working folder, then from the folder of the result. Warnings: `file-changed` for a file with another SHA-256,
    `other-version`, `signature-differs`. Raises InputError for a file that is no result (`no-file`, `not-json`,
    `no-run`, `no-request` and the codes of `rift.jsonl.to_struct`), and as `rift.eval.run.evaluate` does.
    """
    stored = _read(path)
    request = stored.run.request
    request = msgspec.structs.replace(
        request,
        gold=gold or _near(request.gold, path.parent),
        predicted=predicted or _near(request.predicted, path.parent),
    )
    try:
        result = evaluate(request, sources)
    except ValueError as error:
        raise InputError([Issue("no-request", Level.ERROR, Where(str(path)), str(error), _HINT)]) from error
    again = msgspec.json.decode(as_json(result), type=dict[str, object])
    ours, theirs = dict(_leaves(stored.content)), dict(_leaves(again))
    places = [place for place in {**ours, **theirs} if not _is_text(place, ours, theirs)]
    differences = tuple(
        Difference(place, *both)
        for place in places
        if (both := (ours.get(place, MISSING), theirs.get(place, MISSING)))[0] != both[1]
    )
    signed = [place for place in ours if place.endswith("signature") and ours[place] != theirs.get(place, MISSING)]
    issues = (*_warnings(path, stored.run, result.run, signed),)
    return Replay(len(places), differences, issues)


def _read(path: pathlib.Path) -> _Stored:
    where = Where(str(path))
    try:
        content = msgspec.json.decode(path.read_bytes(), type=dict[str, object])
    except OSError as error:
        issue = Issue("no-file", Level.ERROR, where, f"cannot be read: {error.strerror}", "check the path")
        raise InputError([issue]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        issue = Issue("not-json", Level.ERROR, where, f"the file is not a JSON object: {error}", _HINT)
        raise InputError([issue]) from error
    if "run" not in content:
        issue = Issue("no-run", Level.ERROR, where, "the file does not say how its numbers came about", _HINT)
        raise InputError([issue])
    run = to_struct(Run, content["run"], where)
    if isinstance(run, list):
        raise InputError(run)
    return _Stored(run, content)


def _near(name: str, folder: pathlib.Path) -> str:
    """Return the name of a file from the working folder, or from `folder` where it is only found there."""
    found = folder / name
    return str(found) if not pathlib.Path(name).exists() and found.is_file() else name


def _leaves(content: object, place: str = "") -> Iterator[tuple[str, Leaf]]:
    """Yield numbers and texts with their places, those of the scores and slices alone."""
    match content:
        case dict():
            for key, value in content.items():
                if place or key not in _NO_SCORES:
                    yield from _leaves(value, f"{place}.{key}" if place else str(key))
        case list():
            for at, value in enumerate(content):
                yield from _leaves(value, f"{place}.{at}")
        case int() | float() | str() | None:
            yield place, content
        case _:
            raise TypeError(f"{place}: JSON does not hold {type(content).__name__}")


def _is_text(place: str, *sides: Mapping[str, Leaf]) -> bool:
    return all(isinstance(side.get(place, ""), str) for side in sides)


def _warnings(path: pathlib.Path, stored: Run, again: Run, signed: list[str]) -> Iterator[Issue]:
    for name, old, new in (("gold", stored.gold, again.gold), ("prediction", stored.predicted, again.predicted)):
        if old.sha256 != new.sha256:
            message = (
                f"the {name} file has SHA-256 {new.sha256[:8]}\u2026, the result was made of {old.sha256[:8]}\u2026"
            )
            yield Issue("file-changed", Level.WARNING, Where(new.path), message, "name the file that was scored")
    if stored.version != again.version:
        message = f"the result is of rift {stored.version}, this is {again.version}"
        yield Issue(
            "other-version", Level.WARNING, Where(str(path)), message, f"pip install rift-corpus=={stored.version}"
        )
    elif signed:
        message = f"another signature: {', '.join(signed)}"
        yield Issue("signature-differs", Level.WARNING, Where(str(path)), message, "compare the two part by part")
