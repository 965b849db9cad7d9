"""Gold that others made: what is taken of it, what becomes of the rest, and that re3d's stands here as it is made."""

import json
import pathlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

import invented_re3d as invented
from rift.annotations.collection import GOLD, coverage, layer_file, layer_scheme
from rift.annotations.layer import Span, read_layer
from rift.annotations.transfer import MEANINGS, Fate, Fates, Transferred, transfer
from rift.annotations.validate import check_file
from rift.cli import transfer as command
from rift.cli.main import rift
from rift.corpus import build as build_module
from rift.corpus.build import build_collection
from rift.guidelines import knowledge, scheme
from rift.issues import InputError


@pytest.fixture
def root(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Return the root of a data folder, in which the tests write the collection `town`."""
    for known in (build_module, command):
        monkeypatch.setattr(known, "data_root", lambda: tmp_path)
    return tmp_path


def taken(root: pathlib.Path, *entities: Mapping[str, Any]) -> tuple[list[tuple[str, str]], Counter[Fate]]:
    """Return label and surface of the spans that are made of entities of one document, and how many have each fate."""
    invented.write_collection(root, {"town": entities})
    found = transfer("town", root / "sources")
    spans = found.layer.markups["town-aaaa0001"].spans
    assert all(invented.TEXT[span.start : span.end] == span.surface for span in spans)
    fates = Counter[Fate]()
    for row in found.fates:
        assert row.entities == sum(row.fates.values())
        fates.update(row.fates)
    return [(span.label, span.surface or "") for span in spans], +fates


def test_types_become_labels_and_offsets_those_of_the_canonical_text(root: pathlib.Path) -> None:
    spans, fates = taken(root, *invented.ENTITIES["town"])
    assert spans == [("ACTOR", "The Town Crier"), ("DATE", "Monday"), ("LOCATION", "Mill River")]
    assert fates == {Fate.GOLD: 3}


@pytest.mark.parametrize(
    ("entity", "fate"),
    [
        (invented.entity("duck", "Vehicle"), Fate.OTHER_TYPE),
        (invented.entity("Ada", "Person", 0), Fate.REJECTED),
        (invented.entity("Ada", "Person", 0.49), Fate.DOUBTFUL),
        (invented.entity("Ada", "Person", 0.5), Fate.GOLD),
        (invented.entity("Monday.\n\nNobody", "Temporal"), Fate.ACROSS_LINES),
        (invented.entity("Monday.\n\nNobody", "Temporal", value="Monday. Nobody"), Fate.ACROSS_LINES),
        (invented.entity("Ada", "Person", value="Eve"), Fate.BROKEN),
        (invented.entity("\u201cno\u201d", "Person", value="'no'"), Fate.GOLD),
        (invented.entity("Ada", "Person", begin=10_000, end=10_003), Fate.BROKEN),
        (invented.entity("  ", "Person"), Fate.NOT_IN_TEXT),
        (invented.entity("[1]", "Person"), Fate.NOT_IN_TEXT),
        (invented.entity("1", "Person"), Fate.NOT_IN_TEXT),
    ],
)
def test_each_entity_has_the_first_fate_that_applies(root: pathlib.Path, entity: dict[str, Any], fate: Fate) -> None:
    spans, fates = taken(root, entity)
    assert fates == {fate: 1}
    assert len(spans) == (fate is Fate.GOLD)


def test_space_and_punctuation_at_an_edge_are_left_outside(root: pathlib.Path) -> None:
    invented.write_collection(
        root, {"town": [invented.entity(" Monday.", "Temporal"), invented.entity("Ada", "Person")]}
    )
    found = transfer("town", root / "sources")
    assert [span.surface for span in found.layer.markups["town-aaaa0001"].spans] == ["Ada", "Monday"]
    assert found.trimmed == 1


def test_of_two_that_overlap_the_longer_is_kept_whatever_the_order(root: pathlib.Path) -> None:
    entities = [
        invented.entity("Ada", "Person"),
        invented.entity("Mayor Ada", "Person", 0.6),
        invented.entity("Town", "Location"),
        invented.entity("The Town Crier", "Organisation"),
        invented.entity("Mill River", "Location"),
    ]
    spans, fates = taken(root, *entities)
    assert spans == [("ACTOR", "The Town Crier"), ("ACTOR", "Mayor Ada"), ("LOCATION", "Mill River")]
    assert fates == {Fate.GOLD: 3, Fate.OVERLAPPING: 1, Fate.NESTED: 1}


def test_of_two_of_one_length_the_surer_is_kept(root: pathlib.Path) -> None:
    spans, fates = taken(root, invented.entity("Ada", "Location", 0.7), invented.entity("Ada", "Person", 0.8))
    assert spans == [("ACTOR", "Ada")]
    assert fates == {Fate.GOLD: 1, Fate.NESTED: 1}


def test_a_span_of_two_types_of_one_label_is_taken_once(root: pathlib.Path) -> None:
    spans, fates = taken(root, invented.entity("Ada", "Organisation"), invented.entity("Ada", "Person"))
    assert spans == [("ACTOR", "Ada")]
    assert fates == {Fate.GOLD: 1, Fate.OVERLAPPING: 1}


def test_a_collection_of_gold_made_here_has_nothing_to_take_over() -> None:
    with pytest.raises(InputError, match="no-transfer"):
        transfer("briefs", pathlib.Path())


def refused(root: pathlib.Path) -> Sequence[tuple[str, str]]:
    with pytest.raises(InputError) as raised:
        transfer("town", root / "sources")
    assert all(issue.hint for issue in raised.value.issues)
    return [(issue.code, pathlib.Path(issue.where.file).name) for issue in raised.value.issues]


def test_all_that_keeps_gold_from_being_made_is_named_at_once(root: pathlib.Path) -> None:
    invented.write_collection(root)
    town, village = root / "sources" / "town" / "town", root / "sources" / "town" / "village"
    (town / "documents.json").unlink()
    (town / "entities.json").unlink()
    (village / "entities.json").write_bytes((village / "entities.json").read_bytes()[:-20])
    assert refused(root) == [
        ("no-source", "documents.json"),
        ("no-source", "entities.json"),
        ("source-truncated", "entities.json"),
    ]


def test_entities_other_than_the_pinned_ones_are_refused(root: pathlib.Path) -> None:
    invented.write_collection(root)
    path = root / "sources" / "town" / "town" / "entities.json"
    path.write_bytes(invented.lines([invented.entity("Ada", "Person")]))
    assert refused(root) == [("source-altered", "entities.json")]


def test_entities_of_another_document_are_named(root: pathlib.Path) -> None:
    invented.write_collection(root, {"town": [invented.entity("Ada", "Person", document="CCCC0003")]})
    assert refused(root) == [("unknown-document", "entities.json")]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(rift, ["annotations", *arguments])


def test_the_command_writes_the_layer_and_compares_it_with_the_one_here(root: pathlib.Path) -> None:
    invented.write_collection(root)
    target, sources = root / "out" / "town.jsonl", str(root / "sources")
    first = run("import", "town", "--out", str(target), "--sources", sources)
    assert first.exit_code == 1
    assert "gold-differs" in first.stderr
    committed = root / "annotations" / "town" / "gold.jsonl"
    committed.parent.mkdir(parents=True)
    committed.write_bytes(target.read_bytes())
    again = run("import", "town", "--out", str(target), "--sources", sources)
    assert (again.exit_code, again.stderr) == (0, "")
    assert ["Person", "ACTOR", "1"] in [row.split()[:3] for row in again.stdout.splitlines()]
    assert all(meaning in again.stdout for meaning in MEANINGS.values())
    assert "Ada" in {span.surface for markup in read_layer(target) for span in markup.spans}


def test_the_command_prints_counts_for_programs(root: pathlib.Path) -> None:
    invented.write_collection(root)
    found = run("import", "town", "--out", str(root / "town.jsonl"), "--sources", str(root / "sources"), "--json")
    rows = msgspec.json.decode(found.stdout, type=list[Fates])
    assert {row.type: row.fates[Fate.GOLD] for row in rows} == {
        "Organisation": 1,
        "Person": 1,
        "Location": 1,
        "Temporal": 1,
    }


def test_without_sources_the_command_says_what_it_needs(root: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    invented.write_collection(root)
    monkeypatch.delenv("RIFT_SOURCES", raising=False)
    monkeypatch.chdir(root / "corpus")
    found = run("import", "town")
    assert found.exit_code == 2
    assert "RIFT_SOURCES" in found.stderr


def made(sources: pathlib.Path) -> Transferred:
    return transfer("re3d", sources)


@pytest.mark.sources
def test_the_gold_of_re3d_is_the_one_that_is_made_of_its_files(sources: pathlib.Path, tmp_path: pathlib.Path) -> None:
    found = run("import", "re3d", "--out", str(tmp_path / "re3d.jsonl"), "--sources", str(sources))
    assert (found.exit_code, found.stderr) == (0, "")
    counts = made(sources).fates
    assert sum(row.entities for row in counts) == 4838
    assert sum(row.fates[Fate.GOLD] for row in counts) == sum(
        len(m.spans) for m in read_layer(layer_file("re3d", GOLD))
    )


@pytest.mark.sources
def test_re3d_covers_each_text_from_where_its_annotators_began(sources: pathlib.Path) -> None:
    """The titles that stand before a text are the only words that they were not given."""
    known = coverage("re3d")
    built = build_collection("re3d", sources)
    assert built.issues == ()
    assert known is not None
    assert len(built.documents) == len(known.starts) == 98
    for item in built.documents:
        title, gap, _ = item.document.text.partition("\n\n")
        assert known.starts[item.document.id] in (0, len(title + gap))
    assert [doc for doc, start in known.starts.items() if not start] == ["re3d-189862cf"]  # it begins with its title


def spans_of_re3d() -> list[tuple[str, Span]]:
    return [(markup.doc, span) for markup in read_layer(layer_file("re3d", GOLD)) for span in markup.spans]


def test_the_gold_of_re3d_is_spans_alone_where_it_says_that_it_is() -> None:
    known = coverage("re3d")
    assert known is not None
    assert {span.label for _, span in spans_of_re3d()} == set(known.labels) == {"ACTOR", "LOCATION", "DATE"}
    assert all(span.start >= known.starts[doc] for doc, span in spans_of_re3d())


def faults(content: dict[str, Any], path: pathlib.Path, held_to: pathlib.Path) -> list[str]:
    path.write_text(json.dumps(content) + "\n", "utf-8")
    _, issues = check_file(path, {"re3d-x": None}, layer_scheme(held_to), knowledge())
    return [issue.code for issue in issues]


def test_a_layer_of_spans_alone_is_held_to_its_labels_without_attributes(tmp_path: pathlib.Path) -> None:
    actor = {"id": "s1", "start": 0, "end": 3, "label": "ACTOR"}
    other = {"id": "s2", "start": 9, "end": 12, "label": "TOLL"}
    line = {"doc": "re3d-x", "sha256": "0" * 64, "layer": "gold", "spans": [actor]}
    theirs, ours = layer_file("re3d", GOLD), layer_file("briefs", GOLD)
    path = tmp_path / "gold.jsonl"
    assert faults(line, path, theirs) == []
    named = line | {"spans": [actor | {"attributes": {"form": "generic", "kind": "person"}}]}
    assert faults(named, path, theirs) == ["unknown-attribute", "unknown-attribute"]
    assert faults(named, path, ours) == []
    assert faults(line | {"spans": [actor, other]}, path, theirs) == ["unknown-label"]
    assert faults(line | {"spans": [actor, actor | {"id": "s2", "start": 1}]}, path, theirs) == ["overlap"]


def test_other_layers_are_held_to_the_scheme_of_the_guidelines(tmp_path: pathlib.Path) -> None:
    assert layer_scheme(layer_file("briefs", GOLD)) == scheme()
    assert layer_scheme(tmp_path / "re3d" / "gold.jsonl") == scheme()
    assert set(layer_scheme(layer_file("re3d", GOLD)).labels) == {"ACTOR", "LOCATION", "DATE"}
