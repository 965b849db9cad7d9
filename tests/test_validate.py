"""Validation: each code has its smallest faulty file, and that file has that issue and no other."""

import pathlib

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from rift.annotations.codes import CODES
from rift.annotations.geometry import text_issues, trim
from rift.annotations.layer import Layer, Span
from rift.annotations.mentions import read
from rift.annotations.validate import check_file, check_markups
from rift.cli.main import rift
from rift.corpus.document import Document
from rift.guidelines import knowledge, scheme
from rift.issues import Issue, Where
from rift.jsonl import read_structs

CASES = pathlib.Path(__file__).parent / "cases"
DOCUMENTS = {document.id: document for document in read_structs(Document, CASES / "documents.jsonl")}


def check(folder: pathlib.Path) -> tuple[Layer, list[Issue]]:
    mentions = folder / "list.mentions"
    if not mentions.exists():
        return check_file(folder / "layer.jsonl", DOCUMENTS, scheme(), knowledge())
    listed = read(mentions, DOCUMENTS, scheme(), knowledge())
    rows = ((0, markup) for markup in listed.markups)
    content = check_markups(rows, DOCUMENTS, scheme(), knowledge(), str(mentions))
    return Layer("list", listed.markups), [*listed.issues, *map(listed.with_line, content)]


def test_the_valid_case_has_no_issue() -> None:
    layer, issues = check(CASES / "valid")
    assert issues == []
    assert len(layer.markups["case"].spans) == 9


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_case_with_that_issue_alone(code: str) -> None:
    issues = check(CASES / "invalid" / code)[1]
    assert [issue.code for issue in issues] == [code]
    assert issues[0].message
    assert issues[0].hint
    assert issues[0].where.file


def test_every_case_stands_for_a_known_code() -> None:
    assert {path.name for path in (CASES / "invalid").iterdir()} == set(CODES)


def test_every_issue_of_a_file_is_reported_at_once_and_the_command_exits_1(tmp_path: pathlib.Path) -> None:
    faulty = tmp_path / "faulty.jsonl"
    lines = [
        (CASES / "invalid" / code / "layer.jsonl").read_bytes() for code in ("not-json", "edge-space", "wrong-type")
    ]
    lines[2] = lines[2].replace(b'"doc": "case"', b'"doc": "other"')
    faulty.write_bytes(b"".join(lines))
    result = CliRunner().invoke(
        rift, ["annotations", "check", str(faulty), "--documents", str(CASES / "documents.jsonl")]
    )
    assert result.exit_code == 1
    for line, code in ((1, "not-json"), (2, "edge-space"), (3, "wrong-type"), (3, "unknown-document")):
        assert any(
            found.startswith(f"{faulty}:{line}:") and f"[{code}]" in found for found in result.output.splitlines()
        )


def test_a_valid_file_passes_with_exit_0() -> None:
    arguments = ["annotations", "check", str(CASES / "valid" / "layer.jsonl")]
    result = CliRunner().invoke(rift, [*arguments, "--documents", str(CASES / "documents.jsonl")])
    assert (result.exit_code, result.output) == (0, "0 errors, 0 warnings\n")


@pytest.mark.parametrize(
    ("start", "end", "hint"),
    [
        (0, -1, "the end seems to be the last character"),
        (1, 1, "UTF-16"),
        (4, 4, "bytes"),
        (-30, -30, "the nearest place where the surface stands is"),
    ],
)
def test_the_hint_says_what_wrong_offsets_seem_to_count(
    start: int, end: int, hint: str, tmp_path: pathlib.Path
) -> None:
    (layer, _) = check(CASES / "valid")
    observatory = layer.markups["case"].spans[-1]
    text = (CASES / "valid" / "layer.jsonl").read_text("utf-8")
    text = text.replace(f'"start": {observatory.start}', f'"start": {observatory.start + start}')
    text = text.replace(f'"end": {observatory.end}', f'"end": {observatory.end + end}')
    shifted = tmp_path / "layer.jsonl"
    shifted.write_text(text, encoding="utf-8")
    issues = [issue for issue in check(tmp_path)[1] if issue.code == "surface-differs"]
    assert len(issues) == 1
    assert hint in issues[0].hint


@given(st.text("aB.'(\u201d \n", max_size=12))
def test_what_is_trimmed_is_a_span_that_nothing_is_said_of(text: str) -> None:
    start, end = trim(text, 0, len(text))
    outside = text[:start] + text[end:]
    assert not any(map(str.isalpha, outside))
    if start < end:
        assert list(text_issues([Span(start=start, end=end, label="ACTOR")], text, Where("x"))) == []
        assert trim(text, start, end) == (start, end)


@pytest.mark.parametrize(
    ("text", "kept"), [(" Mill (old), ", "Mill (old)"), ("the U.S.", "the U.S."), ("Dec.", "Dec"), ("\u2014 .", "")]
)
def test_an_edge_loses_space_and_punctuation_that_are_not_its_own(text: str, kept: str) -> None:
    start, end = trim(text, 0, len(text))
    assert text[start:end] == kept
