"""The table of FA-KES, in either form in which it is published, and its rows as articles to select from."""

import csv
import datetime as dt
import io
import pathlib
import re
from collections.abc import Iterator

from rift.corpus.selection import Article
from rift.corpus.table import HINT, Row, Rows, read_file
from rift.issues import Issue, Level, Where

ID, TITLE, BODY, OUTLET, DATE, PLACE = "unit_id", "article_title", "article_content", "source", "date", "location"
COLUMNS = (ID, TITLE, BODY, OUTLET, DATE, PLACE)


def read_rows(path: pathlib.Path) -> Rows:
    """Return the rows of the table at `path`, in its order; none for one with a header only.

    The authors' own file is Latin-1 and has more columns, the copy beside RIFT is UTF-8: both give the same rows.
    Codes: those of `rift.corpus.table.read_file`, and `not-a-table` (no CSV, or a column is missing).
    """
    where = Where(str(path))
    data = read_file(path)
    if isinstance(data, Issue):
        return Rows((), [data])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            message = f"the table has no column {', '.join(map(repr, missing))}"
            return Rows((), [Issue("not-a-table", Level.ERROR, where, message, HINT)])
        return Rows(list(_rows(reader)))
    except csv.Error as error:
        message = f"the file is not a CSV table (line {reader.line_num}: {error})"
        return Rows((), [Issue("not-a-table", Level.ERROR, where, message, HINT)])


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
