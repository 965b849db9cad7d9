"""What follows from a chosen entry need not be said, and nothing is lost by leaving it out."""

import pytest
from hypothesis import given

from layer_strategies import layers
from rift.annotations.implied import with_implied, without_implied
from rift.annotations.layer import Layer, Value
from rift.corpus.document import Document
from rift.guidelines import knowledge


@given(layers())
def test_what_is_left_out_comes_back(made: tuple[Layer, dict[str, Document]]) -> None:
    for markup in made[0]:
        for span in markup.spans:
            full = with_implied(span.label, span.attributes, knowledge())
            short = without_implied(span.label, full, knowledge())
            assert short.items() <= full.items()
            assert with_implied(span.label, short, knowledge()) == full


@pytest.mark.parametrize(
    ("label", "full", "short"),
    [
        ("LOCATION", {"kind": "settlement", "place": "azaz"}, {"place": "azaz"}),
        ("LOCATION", {"kind": "region", "place": "azaz"}, {"kind": "region", "place": "azaz"}),
        ("LOCATION", {"kind": "region", "place": "new"}, {"kind": "region", "place": "new"}),
        ("ACTOR", {"form": "generic", "kind": "armed_group"}, {"kind": "armed_group"}),
        ("ACTOR", {"form": "name", "kind": "armed_group", "entity": "isis"}, {"entity": "isis"}),
        ("TOLL", {"low": 3}, {"low": 3}),
    ],
)
def test_only_what_the_entry_says_is_left_out(label: str, full: dict[str, Value], short: dict[str, Value]) -> None:
    assert without_implied(label, full, knowledge()) == short
