"""Knowledge against its use."""

from rift.annotations.layer import Layer, Markup, Span
from rift.annotations.orphans import knowledge_issues
from rift.guidelines import Actor, Knowledge, Place
from rift.issues import Level

KNOWLEDGE = Knowledge(
    actors={
        "front": Actor("Front", "armed_group"),
        "brigade": Actor("Brigade", "armed_group", ["1st Brigade"], parent="front"),
        "crier": Actor("Crier", "outlet"),
    },
    places={"azaz": Place("Azaz", "settlement", ["A'zaz"]), "azaz-gate": Place("Gate", "facility", ["AZAZ"])},
)


def layer(*attributes: dict[str, str | bool | int]) -> Layer:
    spans = [Span(start=n, end=n + 1, label="ACTOR", attributes=found) for n, found in enumerate(attributes)]
    return Layer("gold", [Markup(doc="d", sha256="0" * 64, layer="gold", spans=spans)])


def found(*layers: Layer) -> list[tuple[str, str, str]]:
    issues = list(knowledge_issues(layers, KNOWLEDGE))
    assert all(issue.level is Level.WARNING and issue.hint for issue in issues)
    return [(issue.code, issue.where.file, issue.where.span) for issue in issues]


def test_an_entry_is_used_where_it_or_a_part_of_it_is_mentioned() -> None:
    assert found(
        layer({"entity": "brigade"}, {"place": "azaz"}), layer({"entity": "crier"}, {"place": "azaz-gate"})
    ) == [("shared-name", "places.toml", "azaz")]


def test_an_entry_that_nobody_mentions_is_named() -> None:
    assert ("unused-entry", "actors.toml", "crier") in found(layer({"entity": "brigade"}))
    assert ("unused-entry", "actors.toml", "brigade") in found(layer({"entity": "front"}))
    assert len([item for item in found() if item[0] == "unused-entry"]) == 5


def test_an_unknown_id_does_not_matter_here() -> None:
    assert ("unused-entry", "actors.toml", "front") in found(layer({"entity": "nobody"}))
