"""Collections with their layers, and what of a text a released layer may repeat."""

import pathlib

import pytest
from click.testing import CliRunner

from rift.annotations.collection import (
    LONGEST_QUOTE,
    known_documents,
    layer_file,
    layer_files,
    load_portion,
    read_collection,
    releasable,
    sealed_splits,
    splits,
)
from rift.annotations.layer import Layer, Markup, Span, read_layer
from rift.annotations.sealed import SUFFIX
from rift.annotations.stats import layer_size
from rift.annotations.validate import check_file
from rift.cli.main import rift
from rift.corpus.build import collections
from rift.corpus.tokens import tokenize
from rift.guidelines import knowledge, scheme
from rift.issues import InputError
from rift.paths import data_root

LAYERS = [path for name in collections() for path in layer_files(name)]


WHOLE = ("annotator-a", "annotator-b", "gold")
"""The layers that cover their whole collection, what is sealed aside."""


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_layer_covers_documents_of_its_collection_and_bears_its_name(path: pathlib.Path) -> None:
    layer, members = read_layer(path), splits(path.parent.name)
    assert layer.name == path.stem
    assert set(layer.markups) <= members.keys()
    if path.stem in WHOLE:
        closed = sealed_splits(path.parent.name)
        assert set(layer.markups) == {doc for doc, split in members.items() if split not in closed}


@pytest.mark.parametrize("collection", collections())
def test_nothing_of_a_sealed_split_stands_in_the_clear(collection: str) -> None:
    sealed = {doc for doc, split in splits(collection).items() if split in sealed_splits(collection)}
    folder = data_root() / "annotations" / collection
    plain = "".join(path.read_text("utf-8") for path in folder.rglob("*") if path.is_file() and path.suffix != SUFFIX)
    assert [doc for doc in sealed if f'"{doc}"' in plain] == []


@pytest.mark.parametrize("name", WHOLE)
def test_the_sealed_split_is_annotated_in_full_too(name: str, test_key: str) -> None:
    assert test_key
    closed = [collection for collection in collections() if sealed_splits(collection)]
    assert closed
    for collection in closed:
        assert set(read_collection(collection, name).markups) == splits(collection).keys()


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_released_layer_has_no_issue_without_sources(path: pathlib.Path) -> None:
    assert check_file(path, known_documents(None), scheme(), knowledge())[1] == []


@pytest.mark.sources
@pytest.mark.parametrize("path", LAYERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_released_layer_has_no_issue_against_its_texts(path: pathlib.Path, sources: pathlib.Path) -> None:
    documents = known_documents(sources)
    assert None not in documents.values()
    assert check_file(path, documents, scheme(), knowledge())[1] == []


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_mention_of_a_name_is_a_name_of_its_entry_or_shares_a_word_with_one(path: pathlib.Path) -> None:
    """A slip in an id would link a mention to an entry with which it has nothing in common.

    By the guidelines a countryside without an entry has its province's.
    """
    strangers = []
    for markup in read_layer(path):
        for span in markup.spans:
            entity, place = span.attributes.get("entity"), span.attributes.get("place")
            entry = knowledge().actors.get(str(entity)) or knowledge().places.get(str(place))
            if place and entry and entry.kind == "admin" and str(span.surface).endswith("countryside"):
                continue
            if entry and span.surface and not shares_a_word(span.surface, [entry.name, *entry.aliases]):
                strangers.append(f"{markup.doc}: {span.surface} is not {entity or place}")
    assert strangers == []


def shares_a_word(surface: str, names: list[str]) -> bool:
    def words(text: str) -> set[str]:
        return {text[token.start : token.end].casefold() for token in tokenize(text)} - {"al", "of", "the", "-", "'"}

    return any(words(surface) & words(name) for name in names)


def test_a_portion_has_the_documents_of_its_split_and_their_gold() -> None:
    dev = load_portion("briefs", "dev")
    assert [document.id for document in dev.documents] == list(dev.gold.markups)
    assert {splits("briefs")[document.id] for document in dev.documents} == {"dev"}


def test_gold_can_be_had_without_the_texts() -> None:
    portion = load_portion("infighting", "test", None)
    assert portion.documents == ()
    assert len(portion.gold) == 5


def test_an_unknown_layer_is_named_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match="gold"):
        layer_file("briefs", "silver")


def test_a_long_surface_of_a_text_that_is_not_ours_is_left_out() -> None:
    words = " ".join(["word"] * (LONGEST_QUOTE + 1))
    spans = (
        Span(id="a", start=0, end=len(words), label="TOLL", surface=words),
        Span(id="b", start=0, end=4, label="ACTOR", surface="word"),
    )
    markups = [Markup(doc=doc, sha256="0" * 64, layer="l", spans=spans) for doc in ("infighting-latimes", "briefs-001")]
    theirs, ours = releasable(Layer("l", markups))
    assert [span.surface for span in theirs.spans] == [None, "word"]
    assert [span.surface for span in ours.spans] == [words, "word"]
    assert [span.end for span in theirs.spans] == [len(words), 4]


def test_no_released_layer_repeats_a_long_run_of_a_text_that_is_not_ours() -> None:
    for path in [*layer_files("infighting"), *layer_files("fakes")]:
        surfaces = [span.surface for markup in read_layer(path) for span in markup.spans if span.surface]
        assert max(len(tokenize(surface)) for surface in surfaces) <= LONGEST_QUOTE


def test_sizes_count_known_labels_first_and_unknown_ones_too() -> None:
    spans = [Span(start=0, end=1, label="X"), Span(start=1, end=2, label="DATE")]
    size = layer_size("c", Layer("l", [Markup(doc="d", sha256="0" * 64, layer="l", spans=spans)]), ["ACTOR", "DATE"])
    assert list(size.labels.items()) == [("ACTOR", 0), ("DATE", 1), ("X", 1)]
    assert (size.documents, size.spans) == (1, 2)


def test_a_layer_becomes_a_mention_list_and_the_same_layer_again(tmp_path: pathlib.Path) -> None:
    gold, mentions, again = layer_file("briefs", "gold"), tmp_path / "gold.mentions", tmp_path / "gold.jsonl"
    for source, target in ((gold, mentions), (mentions, again)):
        assert CliRunner().invoke(rift, ["convert", str(source), str(target)]).exit_code == 0
    assert again.read_text("utf-8") == gold.read_text("utf-8")


def test_a_faulty_list_is_not_converted(tmp_path: pathlib.Path) -> None:
    faulty, target = tmp_path / "l.mentions", tmp_path / "l.jsonl"
    faulty.write_text("# doc briefs-001\nACTOR\tNobody at all\tentity=isis\nACTOR\n", encoding="utf-8")
    result = CliRunner().invoke(rift, ["convert", str(faulty), str(target)])
    assert result.exit_code == 1
    assert f"{faulty}:2:" in result.output
    assert f"{faulty}:3:" in result.output
    assert not target.exists()
