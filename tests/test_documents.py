"""The documents: their blocks run, print what they show, name every column, and link to what is there."""

import pathlib
import re
import subprocess
import sys

import pytest

from rift.guidelines import scheme
from rift.release.schema import features

REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
RUNNER = REPOSITORY / "docs" / "run_document.py"
DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
RUN = [path for path in DOCUMENTS if re.search(r"^```(?:python|sh)$", path.read_text("utf-8"), re.MULTILINE)]
MARKDOWN = [
    *REPOSITORY.glob("*.md"),
    *(
        path
        for folder in ("annotations", "baselines", "corpus", "docs", "eval", "guidelines")
        for path in (REPOSITORY / folder).rglob("*.md")
    ),
]


def run(path: pathlib.Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(RUNNER), str(path)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.name)
def test_a_document_shows_what_its_blocks_print(path: pathlib.Path) -> None:
    done = run(path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == path.read_text("utf-8")


def test_the_documents_for_the_three_kinds_of_user_run() -> None:
    assert {path.name for path in RUN} >= {"README.md", "loading.md", "submitting.md", "extending.md", "releasing.md"}


def test_an_output_that_is_old_is_written_anew_and_the_rest_left_as_it_is(tmp_path: pathlib.Path) -> None:
    document = tmp_path / "note.md"
    document.write_text(
        "One.\n\n```python\nnumber = 2\n```\n\n<!-- file: deep/word.txt -->\n```text\nseven\n```\n\n"
        "```python\nprint(number, open('deep/word.txt').read())\n```\n\n```text\nold\n```\n\n"
        "```sh\necho $((3 + 4))\n```\n\n```text\n```\n\n```text\nnot an output\n```\n"
    )
    done = run(document)
    assert done.returncode == 0, done.stderr
    assert done.stdout == document.read_text().replace("old\n", "2 seven\n").replace("```text\n```", "```text\n7\n```")


@pytest.mark.parametrize(
    ("block", "message"),
    [("```python\nraise ValueError('no')\n```\n", "ValueError: no"), ("```sh\nfalse | true\n```\n", "exit 1")],
    ids=["python", "sh"],
)
def test_a_block_that_fails_is_named_by_its_line(tmp_path: pathlib.Path, block: str, message: str) -> None:
    document = tmp_path / "note.md"
    document.write_text(f"One.\n\n{block}")
    done = run(document)
    assert (done.returncode, done.stdout) == (1, "")
    assert "note.md: line 3: " in done.stderr
    assert message in done.stderr


def test_a_document_runs_without_sources_and_key(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RIFT_SOURCES", "RIFT_TEST_KEY"):
        monkeypatch.setenv(name, "somewhere")
    document = tmp_path / "note.md"
    document.write_text("```sh\nenv | grep -c 'RIFT_SOURCES\\|RIFT_TEST_KEY' || true\n```\n\n```text\n0\n```\n")
    assert run(document).stdout == document.read_text()


def test_the_table_of_columns_names_those_that_are_declared() -> None:
    table = (
        (REPOSITORY / "docs" / "loading.md")
        .read_text("utf-8")
        .partition("## The columns")[2]
        .partition("A **span**")[0]
    )
    named = [
        name for line in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", line)
    ]
    assert named == list(features(scheme()))


def anchors(path: pathlib.Path) -> set[str]:
    """Return the anchors of the headings of a file, as GitHub makes them."""
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_lead_to_files_and_headings_that_are_there(path: pathlib.Path) -> None:
    for target in re.findall(r"\]\(((?!https?:)[^)\s]+)\)", path.read_text("utf-8")):
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


MEASURED = [
    (path, command)
    for path in DOCUMENTS
    for command in re.findall(r"<!-- \$ python (\S+) -->", path.read_text("utf-8"))
]


@pytest.mark.sources
@pytest.mark.usefixtures("sources")
@pytest.mark.parametrize(("path", "command"), MEASURED, ids=[command for _, command in MEASURED])
def test_the_documents_show_what_the_benchmarks_print(path: pathlib.Path, command: str) -> None:
    """All but seconds, which stand at the end of a line and are the machine's."""
    shown = path.read_text("utf-8").partition(f"<!-- $ python {command} -->\n```text\n")[2].partition("```")[0]
    done = subprocess.run([sys.executable, command], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    printed = [row.rstrip() for row in done.stdout.splitlines() if row.strip()]
    assert [without_seconds(row) for row in shown.splitlines()] == [without_seconds(row) for row in printed]


def without_seconds(row: str) -> str:
    return re.sub(r" +\d+\.\d\d$", "", row)
