"""How spans are cut: what is counted of their surfaces."""

import msgspec
import pytest
from click.testing import CliRunner

from rift.annotations.extents import HABITS, Extents, extents
from rift.annotations.layer import Layer, Markup, Span
from rift.cli.main import rift


@pytest.mark.parametrize(
    ("surface", "habits"),
    [
        ("Town Crier", set()),
        ("the Town Crier", {"article"}),
        ("A baker", {"article"}),
        ("Theatre", set()),
        ("They", {"pronoun"}),
        ("us", {"pronoun"}),
        ("US", set()),
        ("bakers", {"no capital"}),
        ("2014", {"digit"}),
        ("the crier\u2019s two bakers", {"article", "no capital", "possessive"}),
        ("the bakers' guild", {"article", "no capital", "possessive"}),
        ("O'Hara", set()),
        ("Mayor of the Old Town", {"5+ words"}),
    ],
)
def test_a_surface_has_these_habits(surface: str, habits: set[str]) -> None:
    assert {name for name, has in HABITS.items() if has(surface)} == habits


def test_spans_are_counted_by_label_where_their_surface_is_given() -> None:
    spans = [
        Span(start=0, end=9, label="ACTOR", surface="the baker"),
        Span(start=10, end=13, label="ACTOR", surface="Ada"),
        Span(start=20, end=90, label="ACTOR"),
        Span(start=91, end=93, label="OTHER", surface="it"),
    ]
    layer = Layer("gold", [Markup(doc="a", sha256="0" * 64, layer="gold", spans=spans)])
    (row,) = extents("town", layer, ["DATE", "ACTOR"])
    assert (row.collection, row.label, row.spans) == ("town", "ACTOR", 2)
    assert {name: count for name, count in row.habits.items() if count} == {"article": 1, "no capital": 1}
    assert extents("town", Layer("gold"), ["ACTOR"]) == []


def test_our_gold_leaves_articles_and_pronouns_out_and_re3d_does_not() -> None:
    """What corpus/re3d/README.md says of the difference."""
    result = CliRunner().invoke(rift, ["annotations", "extents", "--json"])
    rows = msgspec.json.decode(result.stdout, type=list[Extents])
    shares = {(row.collection, row.label): {name: row.habits[name] / row.spans for name in HABITS} for row in rows}
    assert {"briefs", "infighting", "re3d"} <= {row.collection for row in rows}
    for name in ("article", "pronoun"):
        assert shares["re3d", "ACTOR"][name] > 0.15
        assert max(found[name] for (its, label), found in shares.items() if its != "re3d" and label == "ACTOR") < 0.01


def test_the_table_names_collections_and_labels_and_an_unknown_collection_is_refused() -> None:
    table = CliRunner().invoke(rift, ["annotations", "extents", "re3d"]).stdout
    assert [row.split()[:2] for row in table.splitlines() if "re3d" in row] == [
        ["re3d", "ACTOR"],
        ["re3d", "LOCATION"],
        ["re3d", "DATE"],
    ]
    refused = CliRunner().invoke(rift, ["annotations", "extents", "nowhere"])
    assert refused.exit_code == 1
    assert "no-collection" in refused.stderr
