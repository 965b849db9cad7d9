"""The validator of submissions: each code has its smallest faulty file, and that file has that issue and no other."""

import json
import os
import pathlib
import re
import sys

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings

from rift.annotations.formats.codes import CODES
from rift.annotations.formats.content import LIMITS, Limits
from rift.corpus.document import Document, digest
from rift.corpus.tokens import Token, tokenize
from rift.eval.submission import check_submission, spelled_otherwise
from rift.guidelines import scheme
from rift.issues import Issue
from rift.jsonl import read_structs

CASES = pathlib.Path(__file__).parent / "cases" / "predictions"
TEXT = read_structs(Document, CASES / "documents.jsonl")[0].text


def documents(folder: pathlib.Path) -> dict[str, Document]:
    path = folder / "documents.jsonl"
    found = read_structs(Document, path if path.exists() else CASES / "documents.jsonl")
    return {document.id: document for document in found}


def check(code: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> list[Issue]:
    folder = CASES / code
    limits = folder / "limits.json"
    bounds = Limits(**json.loads(limits.read_text("utf-8"))) if limits.exists() else LIMITS
    path = next(folder.glob("predictions.*"), folder)
    if code == "no-file":
        path = folder / "predictions.jsonl"
    elif code == "not-a-file":
        path = tmp_path / "predictions.jsonl"
        os.mkfifo(path)
    elif code == "missing-package":
        monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    return check_submission(path, documents(folder), bounds)


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_a_case_with_that_issue_alone(
    code: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issues = check(code, tmp_path, monkeypatch)
    assert [issue.code for issue in issues] == [code]
    assert issues[0].level is CODES[code].level or code == "too-many-issues"
    assert issues[0].message
    assert issues[0].hint
    assert issues[0].where.file


def test_every_case_stands_for_a_known_code() -> None:
    assert {path.name for path in CASES.iterdir() if path.is_dir()} == set(CODES)


def submission(path: pathlib.Path, *spans: tuple[int, int, str], **rest: object) -> pathlib.Path:
    """Write a submission for the common document."""
    body = [{"start": start, "end": end, "label": label} for start, end, label in spans]
    markup = {"doc": "case", "sha256": digest(TEXT), "layer": "x", "spans": body, **rest}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(markup) + "\n")
    return path


WORDS = [match.span() for match in re.finditer(r"\w+", TEXT)]
LATE = [(start, end, "ACTOR") for start, end in WORDS if start > TEXT.index("\U0001f600")]


def test_a_sound_submission_has_no_issue(tmp_path: pathlib.Path) -> None:
    path = submission(tmp_path / "p.jsonl", *LATE)
    assert check_submission(path, documents(CASES)) == []


@pytest.mark.parametrize(
    ("counts", "words"), [("utf-16-le", "UTF-16 units"), ("utf-8", "bytes"), ("ascii", "tokens, not characters")]
)
def test_without_surfaces_offsets_that_break_words_are_suspect(counts: str, words: str, tmp_path: pathlib.Path) -> None:
    def offset(position: int) -> int:
        return len(TEXT[:position].encode(counts)) // (2 if counts == "utf-16-le" else 1)

    tokens = tokenize(TEXT)
    if counts == "ascii":
        spans = [
            (tokens.index(Token(start, end)), tokens.index(Token(start, end)) + 1, "ACTOR")
            for start, end, _ in LATE[5:]
        ]
    else:
        spans = [(offset(start), offset(end), "ACTOR") for start, end, _ in LATE]
    path = submission(tmp_path / "p.jsonl", *spans)
    issues = {issue.code: issue for issue in check_submission(path, documents(CASES))}
    assert words in issues["suspect-offsets"].message
    assert not issues.keys() & {"edge-space", "edge-punctuation"}


def test_a_script_without_spaces_is_not_suspect(tmp_path: pathlib.Path) -> None:
    text = "\u53db\u519b\u5360\u9886\u963f\u8428\u5179" * 5
    chinese = msgspec.structs.replace(documents(CASES)["case"], text=text, sha256=digest(text))
    path = submission(tmp_path / "p.jsonl", *((n, n + 2, "ACTOR") for n in range(0, 30, 2)), sha256=digest(text))
    assert check_submission(path, {"case": chinese}) == []


def test_every_issue_is_reported_at_once_with_its_line(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text("\n{not json\n\n", encoding="utf-8")
    submission(path, (LATE[0][0], LATE[0][1], "actor"), (5, 2, "ACTOR"))
    submission(path, doc="nowhere")
    submission(path)
    with path.open("ab") as file:
        file.write(b'"caf\xe9"\n7\n')
    found = [(issue.where.line, issue.code) for issue in check_submission(path, documents(CASES))]
    assert found == [
        (2, "not-json"),
        (4, "label-spelling"),
        (4, "reversed-span"),
        (5, "unknown-document"),
        (6, "duplicate-document"),
        (7, "not-utf-8"),
        (8, "wrong-type"),
    ]


def test_other_counting_is_one_issue_and_the_spans_that_it_does_not_explain_are_others(tmp_path: pathlib.Path) -> None:
    spans = [{"start": start, "end": end - 1, "label": label, "surface": TEXT[start:end]} for start, end, label in LATE]
    path = submission(tmp_path / "p.jsonl", spans=[*spans[1:], {**spans[0], "surface": "no such"}])
    issues = check_submission(path, documents(CASES))
    assert [issue.code for issue in issues] == ["inclusive-ends", "surface-differs"]
    assert f"{len(spans) - 1} of {len(spans)}" in issues[0].message


def test_a_single_short_span_does_not_accuse_all(tmp_path: pathlib.Path) -> None:
    spans = [{"start": start, "end": end, "label": label, "surface": TEXT[start:end]} for start, end, label in LATE]
    spans[0]["end"] = LATE[0][1] - 1
    path = submission(tmp_path / "p.jsonl", spans=spans)
    assert [issue.code for issue in check_submission(path, documents(CASES))] == ["surface-differs"]


def test_the_hash_of_something_else_is_told_when_the_surfaces_fit(tmp_path: pathlib.Path) -> None:
    start, end, label = LATE[0]
    span = {"start": start, "end": end, "label": label, "surface": TEXT[start:end]}
    path = submission(tmp_path / "p.jsonl", spans=[span], sha256="0" * 64)
    (issue,) = check_submission(path, documents(CASES))
    assert (issue.code, "the surfaces fit all the same" in issue.hint) == ("hash-mismatch", True)


def test_a_document_without_text_is_checked_for_the_rest(tmp_path: pathlib.Path) -> None:
    path = submission(tmp_path / "p.jsonl", (0, 9_999, "ACTOR"), (0, 9_999, "actors"))
    assert [issue.code for issue in check_submission(path, {"case": None})] == ["label-spelling"]


def test_other_forms_are_checked_too(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "p.conll"
    rows = [f"{TEXT[token.start : token.end]}\tO" for token in tokenize(TEXT)]
    rows[1] = rows[1].replace("\tO", "\tB-PER")
    path.write_text("\n".join(["# doc = case", *rows]), encoding="utf-8")
    (issue,) = check_submission(path, documents(CASES))
    assert (issue.code, issue.where.line, issue.hint) == ("label-spelling", 1, "write 'ACTOR'")


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        *[
            ("actor", "ACTOR"),
            ("B-ACTOR", "ACTOR"),
            ("I-loc", "LOCATION"),
            ("LOC", "LOCATION"),
            ("Locations", "LOCATION"),
        ],
        *[("PER", "ACTOR"), ("GPE", "LOCATION"), ("TIME", "DATE"), ("FATALITIES", "TOLL"), ("WEAPON", None)],
        *[("ACTOR", None), ("", None), ("A", None), ("B-", None)],
    ],
)
def test_other_spellings_of_labels_are_known(label: str, meant: str | None) -> None:
    assert spelled_otherwise(label, scheme()) == meant


def test_issues_beyond_the_limit_are_counted(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text("x\n" * 30, encoding="utf-8")
    issues = check_submission(path, {}, Limits(issues=10))
    assert [issue.code for issue in issues] == ["not-json"] * 10 + ["too-many-issues"]
    assert "20 of not-json" in issues[-1].message


def test_reading_stops_where_there_are_far_too_many_issues(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text("x\n" * 300, encoding="utf-8")
    issues = check_submission(path, {}, Limits(issues=10))
    assert issues[-1].message.endswith("the file was read no further")


@given(st.binary(max_size=200), st.sampled_from(["p.jsonl", "p.conll", "p.ann", "p.parquet", "p.gz", "p.zst", "p"]))
@settings(max_examples=200, deadline=None)
def test_no_bytes_bring_the_validator_down(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    path = tmp_path_factory.mktemp("noise") / name
    path.write_bytes(content)
    assert all(issue.code in CODES and str(issue).isprintable() for issue in check_submission(path, documents(CASES)))


KEYS = st.sampled_from(["start", "end", "label", "id", "attributes", "links", "surface"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


@given(VALUES)
@settings(max_examples=200, deadline=None)
def test_no_json_brings_the_validator_down(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = tmp_path_factory.mktemp("noise") / "p.jsonl"
    issues = check_submission(submission(path, spans=[value]), documents(CASES))
    assert all(issue.code in CODES and str(issue).isprintable() for issue in issues)


def test_brackets_in_strings_are_not_nesting(tmp_path: pathlib.Path) -> None:
    path = submission(tmp_path / "p.jsonl", *LATE, layer='[{\\"' * 200)
    assert check_submission(path, documents(CASES)) == []
