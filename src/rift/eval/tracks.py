"""The tracks that a layer can be scored in, as `eval/tracks.toml` lists them."""

import functools
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import msgspec

from rift.paths import data_root

Mode = Literal["strict", "exact", "partial", "type"]
"""What makes a pair of spans: the modes of SemEval-2013 task 9 (Segura-Bedmar et al. 2013), by their names there."""

MODES: tuple[Mode, ...] = get_args(Mode)

Label = Literal["ACTOR", "LOCATION", "DATE", "TOLL"]

Attribute = Literal[
    "form", "kind", "entity", "place", "value", "outcome", "low", "high", "approx", "victims", "scope", "breakdown"
]
"""What the track `values` compares: the attributes of the scheme."""

Slot = Literal["outcome", "figure", "victims", "scope", "victim", "by", "source", "where", "when"]
"""What the track `tolls` compares: the slots of a toll record."""

Figure = Literal["killed_exact", "log_error", "low", "high"]
"""What the track `tolls` gives beside F1."""


class Track(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One track: name, what it measures, the mode whose micro F1 ranks systems, and its modes with their meanings.

    `values` and `beside` are the attributes that the track `values` compares, by label; `slots` and `figures` are the
    rows of the track `tolls` and its other numbers, with their meanings. Empty for tracks without such.
    """

    name: str
    meaning: str
    headline: Mode
    modes: Mapping[Mode, str]
    values: Mapping[Label, Sequence[Attribute]] = {}
    beside: Mapping[Label, Sequence[Attribute]] = {}
    slots: Mapping[Slot, str] = {}
    figures: Mapping[Figure, str] = {}


@functools.cache
def tracks() -> Mapping[str, Track]:
    """Return the tracks by name, in the order of `eval/tracks.toml`."""
    return msgspec.toml.decode((data_root() / "eval" / "tracks.toml").read_bytes(), type=dict[str, Track])


def find_track(name: str) -> Track:
    """Return the track called `name`; raises ValueError, with the names known, where there is none."""
    known = tracks()
    if name not in known:
        raise ValueError(f"there is no track {name!r}; the tracks known are: {', '.join(known)}")
    return known[name]
