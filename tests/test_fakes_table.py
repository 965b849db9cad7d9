"""The table of FA-KES: read in both its forms, and every way in which a copy can be another."""

import csv
import datetime as dt
import io
import pathlib
import zipfile

import pytest

from rift.corpus.fa_kes import COLUMNS, read_rows, stated_date
from rift.corpus.table import Row, by_id, find_row, row_digest, row_text
from rift.issues import Issue, Where

ROWS = [
    {"unit_id": "1", "article_title": "Bridge opens", "article_content": "The caf\u00e9 stays", "source": "crier"},
    {"unit_id": "1", "article_title": "Bridge opens", "article_content": "The caf\u00e9 stays", "source": "crier"},
    {"unit_id": "2", "article_title": "Bridge \tshut", "article_content": "Two\tlines\nof it", "source": "post"},
]
WHERE = Where("table.csv")


def table(columns: tuple[str, ...] = COLUMNS) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, extrasaction="ignore", restval="x")
    writer.writeheader()
    writer.writerows(ROWS)
    return file.getvalue()


def fault(path: pathlib.Path) -> Issue:
    rows, (issue,) = read_rows(path)
    assert rows == ()
    assert issue.where.file == str(path)
    assert issue.hint
    return issue


def test_the_authors_form_and_the_copy_give_the_same_rows(tmp_path: pathlib.Path) -> None:
    (tmp_path / "copy.csv").write_text(table(), "utf-8", newline="")
    (tmp_path / "own.csv").write_bytes(table(("extra", *COLUMNS, "labels")).encode("latin-1"))
    (tmp_path / "bom.csv").write_bytes(b"\xef\xbb\xbf" + table().encode())
    rows = read_rows(tmp_path / "copy.csv").rows
    assert [row.body for row in rows] == [row["article_content"] for row in ROWS]
    for other in ("own.csv", "bom.csv"):
        assert [row_digest(row) for row in read_rows(tmp_path / other).rows] == [row_digest(row) for row in rows]
    assert {name: len(found) for name, found in by_id(rows).items()} == {"1": 2, "2": 1}


def test_a_table_that_is_not_there_is_named(tmp_path: pathlib.Path) -> None:
    assert fault(tmp_path / "none.csv").code == "no-source"


def test_an_archive_is_told_from_a_table(tmp_path: pathlib.Path) -> None:
    with zipfile.ZipFile(tmp_path / "table.csv", "w") as archive:
        archive.writestr("inner.csv", table())
    assert fault(tmp_path / "table.csv").code == "source-packed"


def test_a_table_without_a_column_names_it(tmp_path: pathlib.Path) -> None:
    (tmp_path / "table.csv").write_text(table(COLUMNS[:-1]))
    assert "'location'" in fault(tmp_path / "table.csv").message


def test_bytes_that_are_no_table_are_refused(tmp_path: pathlib.Path) -> None:
    (tmp_path / "table.csv").write_text(f'{",".join(COLUMNS)}\n"{"x" * 200_000}"\n')
    assert fault(tmp_path / "table.csv").code == "not-a-table"


def test_a_row_is_found_by_what_it_says(tmp_path: pathlib.Path) -> None:
    (tmp_path / "table.csv").write_text(table(), newline="")
    rows = by_id(read_rows(tmp_path / "table.csv").rows)
    found = find_row(rows["2"], row_digest(rows["2"][0]), WHERE)
    assert isinstance(found, Row)
    assert row_text(found) == "Bridge shut\nTwo\tlines\nof it"
    altered, missing = find_row(rows["2"], "0" * 64, WHERE), find_row((), "0" * 64, WHERE)
    assert isinstance(altered, Issue)
    assert isinstance(missing, Issue)
    assert (altered.code, missing.code) == ("row-altered", "no-row")
    assert "line" in altered.message


@pytest.mark.parametrize(
    ("opening", "date"),
    [
        ("Wed 05 Apr 2017 Headline", dt.date(2017, 4, 5)),
        ("April 18 2017 Headline", dt.date(2017, 4, 18)),
        ("Last updated at Jul 152016 BEIRUT", dt.date(2016, 7, 15)),
        ("Headline Middle East 07-08-2013 0147 PM", dt.date(2013, 8, 7)),
        ("1601 10.10.2017) Get", dt.date(2017, 10, 10)),
        ("On 31-31-2013 and 2 March 2014", dt.date(2014, 3, 2)),
        ("Nothing of the kind on Monday", None),
        ("x" * 300 + " 5 April 2017", None),
    ],
)
def test_the_date_of_publication_is_read_from_the_opening(opening: str, date: dt.date | None) -> None:
    assert stated_date(opening) == date
