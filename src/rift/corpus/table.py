"""Reading the table of FA-KES, in either form in which it is published, and saying what is wrong with another."""

import csv
import datetime as dt
import hashlib
import io
import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from rift.corpus.selection import Article
from rift.issues import InputError, Issue, Level, Where

ID, TITLE, BODY, OUTLET, DATE, PLACE = "unit_id", "article_title", "article_content", "source", "date", "location"
COLUMNS = (ID, TITLE, BODY, OUTLET, DATE, PLACE)
_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_HINT = "docs/sources.md says where to get the table"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table as it stands, with the 1-based line on which it ends."""

    line: int
    id: str
    title: str
    body: str
    outlet: str
    date: str
    place: str


def row_digest(row: Row) -> str:
    """Return the SHA-256 of a row's title and text, a line end between them, as UTF-8."""
    return hashlib.sha256(f"{row.title}\n{row.body}".encode()).hexdigest()


def read_table(path: pathlib.Path) -> list[Row]:
    """Return the rows of the table at `path`, in its order; [] for one with a header only.

    The authors' own file is Latin-1 and has more columns, the copy beside RIFT is UTF-8: both give the same rows.
    Raises InputError: `no-source` (cannot be read), `source-packed` (an archive), `not-a-table` (no CSV, or a column is
    missing).
    """
    where = Where(str(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"the table cannot be read: {error.strerror}"
        raise InputError([Issue("no-source", Level.ERROR, where, message, _HINT)]) from error
    if data.startswith((_ZIP, _GZIP)):
        message = "the file is an archive, not a CSV table"
        raise InputError(
            [Issue("source-packed", Level.ERROR, where, message, "unpack it and name the CSV file inside")]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            message = f"the table has no column {', '.join(map(repr, missing))}"
            raise InputError([Issue("not-a-table", Level.ERROR, where, message, _HINT)])
        return list(_rows(reader))
    except csv.Error as error:
        message = f"the file is not a CSV table (line {reader.line_num}: {error})"
        raise InputError([Issue("not-a-table", Level.ERROR, where, message, _HINT)]) from error


def _rows(reader: "csv.DictReader[str]") -> Iterator[Row]:
    for row in reader:
        yield Row(
            line=reader.line_num,
            id=row[ID] or "",
            title=row[TITLE] or "",
            body=row[BODY] or "",
            outlet=row[OUTLET] or "",
            date=row[DATE] or "",
            place=row[PLACE] or "",
        )


def by_id(rows: list[Row]) -> Mapping[str, list[Row]]:
    """Return the rows of each id, in the table's order: some ids occur twice, with one text or with two."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return found


def row_text(rows: Sequence[Row], sha256: str, where: Where) -> str | Issue:
    """Return the text to clean of that of `rows` whose digest is `sha256`: a line of title and a line of running text.

    `rows` are those with the id wanted. Otherwise an issue: `no-row` where there is none, `row-altered` where none of
    them is the one expected.
    """
    for row in rows:
        if row_digest(row) == sha256:
            return f"{' '.join(row.title.split())}\n{' '.join(row.body.split())}"
    if not rows:
        return Issue("no-row", Level.ERROR, where, "the table has no row with the id of this document", _HINT)
    lines = " or ".join(str(row.line) for row in rows)
    message = f"the row that ends in line {lines} is not the one expected (SHA-256 {sha256})"
    return Issue("row-altered", Level.ERROR, where, message, f"put an unchanged table in its place; {_HINT}")


def article(row: Row) -> Article:
    """Return a row as an article to select; raises ValueError where its date is not month/day/year."""
    month, day, year = (int(part) for part in row.date.split("/"))
    date = dt.date(2000 + year, month, day)
    return Article(
        id=row.id, title=row.title, body=row.body, outlet=row.outlet, place=row.place, date=date,
        published=stated_date(row.body),
    )  # fmt: skip


_OPENING = 200  # characters in which an article states its date of publication
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_FORMS = (
    re.compile(rf"\b(?P<day>\d{{1,2}}) {_MONTH} (?P<year>20\d\d)"),
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}}) ?(?P<year>20\d\d)"),
    re.compile(r"\b(?P<day>\d{1,2})[-.](?P<month>\d{1,2})[-.](?P<year>20\d\d)"),
)


def stated_date(body: str) -> dt.date | None:
    """Return the first full date in the opening of an article, in any of the outlets' forms, or None."""
    opening = body[:_OPENING]
    matches = [match for form in _FORMS if (match := form.search(opening))]
    for match in sorted(matches, key=re.Match.start):
        month = match["month"]
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
        try:
            return dt.date(int(match["year"]), number, int(match["day"]))
        except ValueError:
            continue
    return None
