"""What a release says of itself: its version and the texts of its cards, from `corpus/release.toml`."""

import datetime as dt
import functools
import tomllib
from collections.abc import Mapping, Sequence

import msgspec

from rift.issues import InputError, Issue, Level, Where
from rift.paths import data_root

RELEASE = "release.toml"


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A release in words.

    `version` is that of the data, `timeframe` the first and last day of the texts, `responsible` the fields of
    Croissant's vocabulary for responsible AI.
    """

    version: str
    date: dt.date
    name: str
    title: str
    summary: str
    license: str
    licenses: Sequence[str]
    language: str
    tasks: Sequence[str]
    keywords: Sequence[str]
    creator: str
    citation: str
    timeframe: tuple[dt.date, dt.date]
    responsible: Mapping[str, str | Sequence[str]]


@functools.cache
def about() -> About:
    """Return what `corpus/release.toml` says; raises InputError where it is not of that form."""
    path = data_root() / "corpus" / RELEASE
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), About)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputError([Issue("bad-toml", Level.ERROR, Where(str(path)), str(error), "mend the file")]) from error
