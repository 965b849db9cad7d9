"""`rift.load` and the rows that it and a release hold."""

import importlib
import os
import pathlib
import sys
import types
import warnings

import datasets
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rift
from invented import document
from rift import guidelines
from rift.annotations.collection import load_portion, read_open
from rift.annotations.formats.predictions import read_predictions
from rift.annotations.formats.tags import chunks
from rift.annotations.layer import Markup, Span
from rift.corpus.build import collections
from rift.issues import InputError
from rift.release.load import MissingTextsWarning, entries
from rift.release.rows import Entry, to_row, with_text
from rift.release.schema import dataset, features

SCHEME = guidelines.scheme()
TEXT = "Rebels fought ISIL near Azaz on Monday; five rebels died."
NOTE = document(TEXT, "notes-1")


def entry(*spans: Span, text: bool = True, gold: bool = True) -> Entry:
    return Entry(
        id="notes-1",
        collection="notes",
        split="train",
        title="Notes",
        publisher="Nobody",
        published="2014-06-10",
        language="en",
        license="CC0-1.0",
        source="invented",
        phenomena=("one",),
        sha256=NOTE.sha256,
        document=NOTE if text else None,
        markup=Markup(doc="notes-1", sha256=NOTE.sha256, layer="gold", spans=spans) if gold else None,
    )


Links = dict[str, list[str]]


def span(key: str, surface: str, label: str, links: Links | None = None, **attributes: str | int) -> Span:
    start = TEXT.index(surface)
    end = start + len(surface)
    return Span(id=key, start=start, end=end, label=label, surface=surface, attributes=attributes, links=links or {})


FACTS: dict[str, str | int] = {"outcome": "killed", "low": 5, "high": 5, "victims": "combatants", "scope": "incident"}
TOLL = span("t", "five rebels", "TOLL", {"where": ["p"]}, **FACTS)
PLACE = span("p", "Azaz", "LOCATION", kind="settlement", place="azaz")


def test_a_row_has_the_columns_that_are_declared() -> None:
    for known in (entry(TOLL, PLACE), entry(text=False), entry(gold=False)):
        row = to_row(known, SCHEME)
        assert list(row) == [name for name in row if name in features(SCHEME)]
        assert row.keys() == features(SCHEME).keys()
        assert dataset([row], SCHEME)[0] == row


def test_spans_tolls_and_the_estimate_say_what_gold_says() -> None:
    row = to_row(entry(TOLL, PLACE), SCHEME)
    assert [(item["id"], item["surface"]) for item in row["spans"]] == [("p", "Azaz"), ("t", "five rebels")]
    assert row["spans"][1]["links"]["where"] == ["p"]
    assert row["spans"][1]["links"]["by"] == []
    assert row["spans"][0]["attributes"]["low"] is None
    (toll,) = row["tolls"]
    assert (toll["low"], toll["high"], toll["where"]) == (5, 5, ["azaz"])
    assert row["fatalities"] == {"low": 5, "best": 5, "high": 5}


def test_a_row_without_text_or_gold_has_empty_lists_and_never_null_ones() -> None:
    bare = to_row(entry(TOLL, text=False), SCHEME)
    assert (bare["text"], bare["tokens"], bare["toll_tags"], len(bare["spans"])) == ("", [], [], 1)
    sealed = to_row(entry(gold=False), SCHEME)
    assert (sealed["gold"], sealed["spans"], sealed["tolls"], sealed["toll_tags"]) == ("sealed", [], [], [])
    assert sealed["fatalities"] == {"low": None, "best": None, "high": None}
    assert sealed["tokens"]


def test_the_text_can_be_joined_later_with_the_same_result() -> None:
    whole = to_row(entry(TOLL, PLACE), SCHEME)
    assert with_text(to_row(entry(TOLL, PLACE, text=False), SCHEME), TEXT, SCHEME) == whole


@given(st.lists(st.integers(0, len(TEXT) - 1), min_size=2, max_size=6, unique=True))
def test_tags_say_over_tokens_what_the_spans_say(cuts: list[int]) -> None:
    ordered = sorted(cuts)
    pairs = [(one, other) for one, other in zip(ordered[::2], ordered[1::2], strict=False)]
    spans = [
        Span(id=f"s{start}", start=start, end=end, label="ACTOR", surface=TEXT[start:end])
        for start, end in pairs
        if TEXT[start:end].strip() and not TEXT[start].isspace()
    ]
    row = to_row(entry(*spans), SCHEME)
    names = features(SCHEME)["actor_tags"].feature
    tagged = list(chunks([names.int2str(tag) for tag in row["actor_tags"]]))
    found = {(row["token_starts"][chunk.start], row["token_ends"][chunk.end - 1]) for chunk in tagged}
    covered = {
        (min(a for a, b in tokens), max(b for a, b in tokens))
        for item in spans
        if (
            tokens := [
                (a, b)
                for a, b in zip(row["token_starts"], row["token_ends"], strict=True)
                if a < item.end and item.start < b
            ]
        )
    }
    shared = len({number for number, tag in enumerate(row["actor_tags"]) if tag}) < sum(
        sum(a < item.end and item.start < b for a, b in zip(row["token_starts"], row["token_ends"], strict=True))
        for item in spans
    )
    assert shared or found == covered  # two spans that share a token cannot both be told by tags


def test_a_data_set_is_read_back_as_predictions() -> None:
    table = dataset([to_row(entry(TOLL, PLACE), SCHEME)], SCHEME)
    layer = read_predictions(table, {"notes-1": NOTE})
    assert {(item.start, item.label) for item in layer.markups["notes-1"].spans} == {
        (PLACE.start, "LOCATION"),
        (TOLL.start, "TOLL"),
    }


def test_three_lines_give_train_dev_and_test() -> None:
    data = rift.load("briefs")
    assert list(data) == ["train", "dev", "test"]
    assert data["train"][0]["text"]
    assert data["train"].features == features(SCHEME)


def test_rows_without_text_are_named_and_there_all_the_same(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RIFT_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.warns(MissingTextsWarning, match="fakes, infighting.*docs/sources.md"):
        data = rift.load()
    assert sum(map(len, data.values())) == 365
    assert {row["gold"] for row in data["test"] if row["collection"] == "fakes"} == {"sealed"}
    assert all(row["spans"] for row in data["dev"])


@pytest.mark.filterwarnings("ignore::rift.release.load.MissingTextsWarning")
def test_others_gold_is_not_part_of_all_and_has_what_its_table_says() -> None:
    assert "re3d" not in {row["collection"] for rows in rift.load().values() for row in rows}
    rows = list(rift.load("re3d")["test"])
    assert len(rows) == 98
    assert {row["license"] for row in rows if row["publisher"] == "BBC Online"} == {"CC-BY-NC-3.0"}
    assert all(row["source"].startswith(f"re3d (Dstl 2017), {row['publisher']}, row ") for row in rows)
    assert {span["label"] for row in rows for span in row["spans"]} == {"ACTOR", "LOCATION", "DATE"}
    assert not any(row["tolls"] for row in rows)


def test_an_unknown_collection_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match="all, briefs, fakes, infighting, re3d") as error:
        rift.load("news")
    assert error.value.issues[0].code == "no-collection"


@pytest.mark.sources
def test_with_the_sources_every_row_has_its_text(sources: pathlib.Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = rift.load("all", sources=sources)
    dev = load_portion("fakes", "dev", sources)
    rows = {row["id"]: row for row in data["dev"]}
    for item in dev.documents:
        assert rows[item.id]["text"] == item.text
        for one in rows[item.id]["spans"]:
            assert item.text[one["start"] : one["end"]] == one["surface"]


@pytest.mark.sources
def test_with_the_key_the_sealed_split_is_there_too(sources: pathlib.Path, test_key: str) -> None:
    assert test_key
    data = rift.load("fakes", sources=sources)
    assert {row["gold"] for row in data["test"]} == {"open"}
    assert all(row["spans"] for row in data["test"])


def test_faulty_sources_are_reported_and_not_passed_over(tmp_path: pathlib.Path) -> None:
    (tmp_path / "fakes").mkdir()
    (tmp_path / "fakes" / "fakes.csv").write_text("no,table\n")
    with pytest.raises(InputError, match="not-a-table"):
        rift.load("fakes", sources=tmp_path)


def test_an_old_version_of_datasets_is_named_with_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    old = types.ModuleType("datasets")
    for name in ("ClassLabel", "Dataset", "DatasetDict", "Features", "Value"):
        setattr(old, name, getattr(datasets, name))
    monkeypatch.setitem(sys.modules, "datasets", old)
    monkeypatch.delitem(sys.modules, "rift.release.schema", raising=False)
    with pytest.raises(InputError, match=r"old-package.*datasets.*--upgrade 'rift-corpus\[data\]'"):
        rift.load("briefs")


def test_a_missing_datasets_is_named_with_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(InputError, match=r"missing-package.*pip install 'rift-corpus\[data\]'"):
        rift.load("briefs")


def test_entries_without_sources_are_those_whose_text_is_ours() -> None:
    for name in collections():
        found = entries(name, None, read_open(name, "gold"))
        assert found
        assert {item.document is not None for item in found} == {name == "briefs"}


def test_the_package_has_nothing_else_to_load() -> None:
    assert os.environ["RIFT_CACHE"]
    with pytest.raises(AttributeError, match="no attribute 'unload'"):
        importlib.import_module("rift").__getattr__("unload")
