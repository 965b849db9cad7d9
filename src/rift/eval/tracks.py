"""The tracks that a layer can be scored in, as `eval/tracks.toml` lists them."""

import functools
from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from rift.paths import data_root

Mode = Literal["strict", "exact", "partial", "type"]
"""What makes a pair of spans: the modes of SemEval-2013 task 9 (Segura-Bedmar et al. 2013), by their names there."""

MODES: tuple[Mode, ...] = get_args(Mode)


class Track(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One track: name, what it measures, the mode whose micro F1 ranks systems, and its modes with their meanings."""

    name: str
    meaning: str
    headline: Mode
    modes: Mapping[Mode, str]


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
