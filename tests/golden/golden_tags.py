"""Random tag sequences for the scripts beside this file, and the way in which they write their results."""

import json
import pathlib
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version

import numpy as np


def chunks(random: np.random.Generator, labels: Sequence[str], length: int) -> list[tuple[str | None, int]]:
    """Return labelled runs (None: outside), with their lengths, that fill `length` tokens."""
    found: list[tuple[str | None, int]] = []
    while length:
        run = int(random.integers(1, min(4, length) + 1))
        found.append((None if random.random() < 0.35 else str(random.choice(labels)), run))
        length -= run
    return found


def spelled(found: Sequence[tuple[str | None, int]], scheme: str) -> list[str]:
    """Return the tags of labelled runs in IOB2, IOE2, IOBES or BILOU."""
    first, inside, last, single = tuple({"IOB2": "BIIB", "IOE2": "IIEE", "IOBES": "BIES", "BILOU": "BILU"}[scheme])
    tags: list[str] = []
    for label, run in found:
        prefixes = single if run == 1 else first + inside * (run - 2) + last
        tags += ["O"] * run if label is None else [f"{prefix}-{label}" for prefix in prefixes]
    return tags


def disturbed(random: np.random.Generator, tags: Sequence[str], every: Sequence[str], share: float) -> list[str]:
    """Return `tags` with that share replaced by any of `every`."""
    return [str(random.choice(every)) if random.random() < share else tag for tag in tags]


def pair(
    random: np.random.Generator, labels: Sequence[str], scheme: str, share: float
) -> tuple[list[list[str]], list[list[str]]]:
    """Return gold tags of a few sequences, and the same with about `share` of them replaced."""
    prefixes = {"IOB2": "BI", "IOE2": "IE", "IOBES": "BIES", "BILOU": "BILU"}[scheme]
    every = ["O", *(f"{prefix}-{label}" for prefix in prefixes for label in labels)]
    lengths = [int(random.integers(1, 16)) for _ in range(int(random.integers(2, 6)))]
    gold = [spelled(chunks(random, labels, length), scheme) for length in lengths]
    return gold, [disturbed(random, tags, every, share) for tags in gold]


def write(maker: str, packages: Sequence[str], cases: Sequence[Mapping[str, object]], **more: str) -> None:
    """Write the cases, one a line, beside the script `maker`, with the versions of what made them."""
    made_by = {"python": platform.python_version(), **{name: version(name) for name in packages}, **more}
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    path = pathlib.Path(maker)
    target = path.with_name(path.stem.removeprefix("make_") + ".json")
    target.write_text(f'{{"made_by":{json.dumps(made_by)},"cases":[\n{lines}]}}\n', "utf-8")
