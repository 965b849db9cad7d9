"""The collection `fakes`: its selection can be repeated, and nothing of an event is in two splits."""

import itertools
import pathlib
from collections import Counter

import pytest

from rift.corpus.build import build_collection, collection_folder
from rift.corpus.choose import OUTCOMES, SETTINGS, choose, read_settings
from rift.corpus.fa_kes import article, read_rows
from rift.corpus.manifest import RowEntry, StoredEntry, read_manifest
from rift.corpus.selection import Outcome, Overlaps, same_event
from rift.corpus.table import by_id, row_digest
from rift.jsonl import read_structs

FOLDER = collection_folder("fakes")
SELECTION = [item for item in read_structs(Outcome, FOLDER / OUTCOMES) if item.status == "selected"]


def entries() -> dict[str, RowEntry]:
    return {doc: entry for doc, entry in read_manifest(FOLDER).documents.items() if isinstance(entry, RowEntry)}


def test_the_manifest_holds_what_was_selected_in_the_split_that_it_fell_into() -> None:
    assert {f"fakes-{item.id}": item.split for item in SELECTION} == {doc: e.split for doc, e in entries().items()}
    assert Counter(item.split for item in SELECTION) == read_settings(FOLDER / SETTINGS).splits


def test_two_outlets_are_in_test_alone() -> None:
    settings = read_settings(FOLDER / SETTINGS)
    assert len(settings.test_only) == 2
    for outlet in settings.test_only:
        assert {item.split for item in SELECTION if item.outlet == outlet} == {"test"}


def test_a_brief_is_in_the_split_of_the_articles_that_it_draws_on() -> None:
    splits = {doc: entry.split for doc, entry in entries().items()}
    briefs = read_manifest(collection_folder("briefs")).documents
    for doc, entry in briefs.items():
        assert isinstance(entry, StoredEntry)
        assert {splits.get(drawn, entry.split) for drawn in entry.draws_on} == {entry.split}, doc


@pytest.mark.sources
def test_the_selection_can_be_repeated(sources: pathlib.Path) -> None:
    assert choose("fakes", sources) == read_structs(Outcome, FOLDER / OUTCOMES)


@pytest.mark.sources
def test_no_event_and_no_story_is_in_two_splits(sources: pathlib.Path) -> None:
    settings = read_settings(FOLDER / SETTINGS)
    rows = by_id(read_rows(sources / "fakes" / "fakes.csv").rows)
    chosen = {}
    for entry in entries().values():
        (row,) = {row_digest(row): row for row in rows[entry.row] if row_digest(row) == entry.row_sha256}.values()
        chosen[entry.row] = (article(row), entry.split)
    overlaps = Overlaps([item for item, _ in chosen.values()])
    for (left, one), (right, other) in itertools.combinations(chosen.values(), 2):
        assert overlaps.jaccard(left.id, right.id) < settings.near_duplicate
        if one != other:
            assert not same_event(left, right, settings.same_event_days), (left.id, right.id)
            assert overlaps.jaccard(left.id, right.id) < settings.same_story, (left.id, right.id)


@pytest.mark.sources
def test_no_text_keeps_what_its_page_added(sources: pathlib.Path) -> None:
    built = build_collection("fakes", sources)
    assert built.issues == ()
    for item in built.documents:
        text = item.document.text
        for debris in (
            "Get short URL",
            "Date of publication",
            "Read Also",
            "- YouTube",
            "Our Standards",
            "Last updated at",
        ):
            assert debris not in text, item.document.id
        headline, _, body = text.partition("\n\n")
        assert headline == item.document.title
        assert not body.startswith(headline), item.document.id
