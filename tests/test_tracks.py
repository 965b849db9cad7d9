"""The tracks and their closed vocabulary."""

import msgspec
import pytest

from rift.eval.tracks import Track, tracks
from rift.guidelines import scheme
from rift.paths import data_root

TRACKS = data_root() / "eval" / "tracks.toml"


def test_tracks_are_called_what_their_tables_are_called() -> None:
    assert {name: track.name for name, track in tracks().items()} == {
        "spans": "spans",
        "values": "values",
        "tolls": "tolls",
    }


def test_the_values_track_shares_out_the_attributes_of_the_scheme() -> None:
    track = tracks()["values"]
    for label, of_scheme in scheme().labels.items():
        shared = [
            *(name for known, names in track.values.items() if known == label for name in names),
            *(name for known, names in track.beside.items() if known == label for name in names),
        ]
        assert sorted(shared) == sorted(of_scheme.attributes)


def test_the_slots_of_the_tolls_track_are_attributes_and_links_of_the_scheme() -> None:
    toll = scheme().labels["TOLL"]
    assert set(tracks()["tolls"].slots) - {"figure"} == (
        toll.attributes.keys() - {"low", "high", "approx", "breakdown"} | toll.links.keys() - {"part_of", "same_as"}
    )


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        ('headline = "strict"', 'headline = "lenient"'),
        ("strict = ", "lenient = "),
        ('LOCATION = ["place"]', 'PERSON = ["place"]'),
        ('["place"]', '["coordinates"]'),
        ("outcome = ", "weapon = "),
        ("log_error = ", "squared_error = "),
        ("meaning = ", "purpose = "),
    ],
)
def test_what_is_not_in_the_vocabulary_is_refused(known: str, unknown: str) -> None:
    content = TRACKS.read_text("utf-8")
    assert known in content
    msgspec.toml.decode(content, type=dict[str, Track])
    with pytest.raises(msgspec.ValidationError):
        msgspec.toml.decode(content.replace(known, unknown, 1), type=dict[str, Track])
