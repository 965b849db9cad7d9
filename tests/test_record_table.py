"""Toll records as a table: what a spreadsheet opens, and the records back from it."""

import csv
import io
import pathlib
import re
from collections.abc import Mapping, Sequence

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings

import toll_strategies
from rift.annotations.formats.cells import cell, joined, text_of, values_of
from rift.annotations.formats.forms import write
from rift.annotations.formats.record_table import read_records
from rift.annotations.formats.rendering import Context, Loss
from rift.annotations.layer import Layer, Markup, Span
from rift.annotations.records import records
from rift.guidelines import knowledge
from rift.issues import InputError
from toll_strategies import actor, date, location, markup, toll

CONTEXT = Context({}, knowledge())
ASKED = ["doc", "outcome", "low", "high", "victims", "by", "where", "lat", "lon", "when", "source", "scope", "surface"]
HOSTILE = (
    "=1+1",
    "-2",
    "+3",
    "@sum",
    "'",
    "a; b",
    "a;b",
    ";",
    "\\;",
    "\\",
    "\\n",
    "line\nend",
    "\r",
    "\t=1",
    " x ",
    "\u00e9",
    "\0",
)
texts = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5))


def table(path: pathlib.Path) -> list[dict[str, str]]:
    """Read a table as any program would."""
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def written(path: pathlib.Path, *markups: Markup) -> tuple[Loss, ...]:
    return write(path, Layer("layer", markups), CONTEXT)


EXAMPLE = markup(
    actor(0, "isis", key="i"),
    actor(10, None, "state_force", key="s"),
    location(20, "hama", key="h"),
    location(30, "46th-base", key="b"),
    date(40, "2014-01~", key="d"),
    msgspec.structs.replace(
        toll(50, 3, key="t0", approx=True, links={"by": ["i", "s"], "where": ["h", "b"], "when": ["d"]}),
        surface="=about three",
    ),
    toll(70, 2, 2, key="t1", links={"part_of": ["t0"], "source": ["i"], "victim": ["s"]}),
    doc="doc-a",
)


def test_a_row_is_a_record_with_ids_and_names(tmp_path: pathlib.Path) -> None:
    written(tmp_path / "t.csv", EXAMPLE)
    first, second = table(tmp_path / "t.csv")
    places, actors = knowledge().places, knowledge().actors
    assert list(first)[: len(ASKED)] == ASKED
    assert first == {
        "doc": "doc-a",
        "outcome": "killed",
        "low": "3",
        "high": "",
        "victims": "combatants",
        "scope": "incident",
        "by": "generic:state_force; isis",
        "by_name": f"state force; {actors['isis'].name}",
        "where": "46th-base; hama",
        "where_name": f"{places['46th-base'].name}; {places['hama'].name}",
        "lat": f"; {places['hama'].latitude}",
        "lon": f"; {places['hama'].longitude}",
        "when": "2014-01~",
        "source": "",
        "source_name": "",
        "victim": "",
        "victim_name": "",
        "breakdown": "",
        "surface": "'=about three",
        "approx": "true",
        "record": "1",
        "part_of": "",
        "same_as": "",
        "start": "50",
        "end": "60",
    }
    assert (second["part_of"], second["record"], second["victim"], second["approx"]) == (
        "1",
        "2",
        "generic:state_force",
        "",
    )


def test_the_file_says_that_it_is_utf_8_and_has_one_line_a_record(tmp_path: pathlib.Path) -> None:
    """Without the mark a spreadsheet takes the bytes for those of the system's own code page."""
    written(tmp_path / "t.csv", EXAMPLE)
    content = (tmp_path / "t.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfdoc,outcome,")
    assert (content.count(b"\n"), content.count(b"\r")) == (3, 0)


@given(texts)
def test_a_text_comes_back_from_a_cell_that_is_no_formula(text: str) -> None:
    made = cell(text)
    assert text_of(made) == text
    assert not re.match(r"[=+@-](?![0-9.]+$)|[\t\r\n]", made)
    assert "\n" not in made
    assert "\r" not in made


@given(st.lists(texts, max_size=4))
def test_values_come_back_from_one_cell_that_is_no_formula(values: Sequence[str]) -> None:
    made = joined(values)
    assert list(values_of(made)) == values
    assert not re.match(r"[=+@-](?![0-9.]+$)|[\t\r\n]", made)
    assert "\n" not in made


def test_a_negative_number_stays_a_number() -> None:
    assert joined(["-77.03"]) == "-77.03"
    assert joined(["-77.03", "37.1"]).startswith("'")


def test_values_typed_by_hand_may_stand_without_a_space() -> None:
    assert values_of("a;b; c") == ("a", "b", "c")


@given(toll_strategies.documents(), st.dictionaries(st.sampled_from(["aleppo", "isis", "2014-01", "killed"]), texts))
@settings(max_examples=80, deadline=None)
def test_the_records_come_back(
    tmp_path_factory: pytest.TempPathFactory, drawn: Markup, other: Mapping[str, str]
) -> None:
    """Whatever the values are; those of the strategy are exchanged for hostile ones."""
    spans = [
        msgspec.structs.replace(
            span, attributes={key: other.get(str(value), value) for key, value in span.attributes.items()}
        )
        for span in drawn.spans
    ]
    changed = msgspec.structs.replace(drawn, spans=tuple(spans))
    path = tmp_path_factory.mktemp("table") / "t.csv"
    written(path, changed)
    assert read_records(path) == ({changed.doc: records(changed)} if records(changed) else {})
    assert all("\n" not in value for row in table(path) for value in row.values())


def test_rows_may_be_sorted_and_columns_added_in_a_spreadsheet(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "t.csv"
    written(path, EXAMPLE, msgspec.structs.replace(EXAMPLE, doc="doc-b"))
    before = read_records(path)
    rows = table(path)
    kept = [name for name in rows[0] if not name.endswith("_name")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["note", *kept], extrasaction="ignore", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({**row, "note": "seen"} for row in reversed(rows))
    assert read_records(path) == before
    assert len(before["doc-a"]) == 2


def test_the_tenth_record_comes_after_the_ninth(tmp_path: pathlib.Path) -> None:
    many = markup(*(toll(10 * n, n, n, key=f"t{n}", links={"part_of": [f"t{n - 1}"]} if n else {}) for n in range(12)))
    written(tmp_path / "t.csv", many)
    assert read_records(tmp_path / "t.csv") == {many.doc: records(many)}


def test_what_a_table_has_no_place_for_is_counted(tmp_path: pathlib.Path) -> None:
    nameless = Span(id="x", start=90, end=95, label="ACTOR", attributes={"form": "name"})
    odd = toll(80, 1, key="t2", links={"by": ["x"], "near": ["i"], "where": ["i", "gone"], "same_as": ["t2"]})
    odd = msgspec.structs.replace(odd, attributes={**odd.attributes, "mood": "grim", "high": True, "victims": ""})
    marked = msgspec.structs.replace(EXAMPLE, spans=(*EXAMPLE.spans, nameless, odd))
    losses = written(tmp_path / "t.csv", marked, markup(actor(0), doc="doc-b"))
    assert [(loss.kind, loss.count, loss.first.doc) for loss in losses] == [
        ("spans", 7, "doc-a"),
        ("ids", 3, "doc-a"),
        ("attributes", 3, "doc-a"),
        ("links", 5, "doc-a"),
        ("documents", 1, "doc-b"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("killed,2,2,", "killed,two,2,", "wrong-type", 3),
        (",50,60", ",,60", "wrong-type", 2),
        (",true,", ",yes,", "wrong-type", 2),
        (",,2,1,,", ",,1,1,,", "duplicate-id", 3),
        (",,2,1,,", ",,2,7,,", "dangling-link", 3),
        ("doc,outcome", "doc,result", "missing-key", 1),
        ("doc-a,killed,2", '"doc-a,killed,2', "wrong-type", 3),
    ],
)
def test_every_fault_of_a_table_is_reported_with_its_line(
    old: str, new: str, code: str, line: int, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "t.csv"
    written(path, EXAMPLE)
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(InputError) as caught:
        read_records(path)
    assert [(issue.code, issue.where.line) for issue in caught.value.issues] == [(code, line)]


def test_a_table_that_is_not_utf_8_or_not_there_is_an_issue(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "t.csv"
    with pytest.raises(InputError, match="no-file"):
        read_records(path)
    path.write_bytes("doc,caf\u00e9".encode("latin-1"))
    with pytest.raises(InputError, match="not-utf-8"):
        read_records(path)


def test_a_table_of_no_rows_has_no_records(tmp_path: pathlib.Path) -> None:
    written(tmp_path / "t.csv")
    assert read_records(tmp_path / "t.csv") == {}
