"""Hostile submissions: a clear issue within fixed memory and time, never a traceback."""

import gzip
import json
import os
import pathlib
import resource
import subprocess
import sys
from collections.abc import Callable

import pytest
import zstandard

from rift.corpus.document import digest

DOCUMENTS = pathlib.Path(__file__).parent / "cases" / "predictions" / "documents.jsonl"
MEMORY = 1 << 30
SECONDS = 30

PROGRAM = """
import json, pathlib, sys
from rift.corpus.document import Document
from rift.eval.submission import check_submission
from rift.jsonl import read_structs
documents = {d.id: d for d in read_structs(Document, pathlib.Path(sys.argv[2]))}
issues = check_submission(pathlib.Path(sys.argv[1]), documents)
print(json.dumps([[issue.code, str(issue)] for issue in issues]))
"""
TEXT: str = json.loads(DOCUMENTS.read_text("utf-8"))["text"]
HEAD = f'{{"doc": "case", "sha256": "{digest(TEXT)}", "layer": "x", "spans": ['.encode()


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def codes(path: pathlib.Path) -> list[str]:
    """Check a file in a process that may have 1 GiB of address space, and return the codes of the issues."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), str(DOCUMENTS)],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        preexec_fn=limited,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    issues = json.loads(done.stdout)
    assert all(len(text) < 2_000 and text.isprintable() for _, text in issues)
    return [code for code, _ in issues]


def endless_line(path: pathlib.Path) -> None:
    with path.open("wb") as file:
        file.write(HEAD)
        file.truncate(2 << 30)


def endless_file(path: pathlib.Path) -> None:
    with path.open("wb") as file:
        for _ in range(40):
            file.seek(16 << 20, os.SEEK_CUR)
            file.write(b"\n")


def many_empty_lists(path: pathlib.Path) -> None:
    path.write_bytes(HEAD + b"[]," * (10 << 20) + b"[]]}\n")


def few_values_of_great_size(path: pathlib.Path) -> None:
    path.write_bytes(HEAD + b'{"start": 0, "end": 1, "label": "' + "\U0001f600".encode() * (7 << 20) + b'"}]}\n')


def faulty_spans(path: pathlib.Path) -> None:
    path.write_bytes(HEAD + b"{}," * 300_000 + b"{}]}\n")


def many_keys(path: pathlib.Path) -> None:
    keys = b",".join(b'"k%d":1' % number for number in range(400_000))
    path.write_bytes(b"{" + keys + b"}\n")


def faulty_lines(path: pathlib.Path) -> None:
    path.write_bytes(b"x\n" * 1_000_000)


def unknown_documents(path: pathlib.Path) -> None:
    line = b'{"doc":"d%d","sha256":"' + b"0" * 64 + b'","layer":"","spans":[]}\n'
    path.write_bytes(b"".join(line % number for number in range(120_000)))


def nested_spans(path: pathlib.Path) -> None:
    spans = [{"start": 0, "end": 3 + n % 90, "label": f"L{n}"} for n in range(190)]
    path.write_bytes(HEAD + json.dumps(spans).encode()[1:] + b"}\n")


def gzip_bomb(path: pathlib.Path) -> None:
    block = gzip.compress(b"\n" * (16 << 20), mtime=0)
    path.write_bytes(block * 64)


def zstandard_bomb(path: pathlib.Path) -> None:
    frame = zstandard.ZstdCompressor(write_content_size=False).compress(b" " * (16 << 20))
    path.write_bytes(frame * 256)


def greedy_window(path: pathlib.Path) -> None:
    descriptor, window, last_raw_block_of_one_byte = b"\x00", bytes([(30 - 10) << 3]), b"\x09\x00\x00x"
    path.write_bytes(b"\x28\xb5\x2f\xfd" + descriptor + window + last_raw_block_of_one_byte)


def columns_without_end(path: pathlib.Path) -> None:
    path.write_bytes(b"# doc = case\n" + b"x\tO\n" * 200_000)


def columns_that_fit_nowhere(path: pathlib.Path) -> None:
    path.write_bytes(b"# doc = case\n" + b"the B-ACTOR\n" * 1_100)


HOSTILE: dict[str, tuple[str, Callable[[pathlib.Path], object], set[str]]] = {
    "a line of 2 GiB": ("p.jsonl", endless_line, {"long-line"}),
    "a file of 640 MiB": ("p.jsonl", endless_file, {"too-large"}),
    "nested 100,000 deep": ("p.jsonl", lambda p: p.write_bytes(b'{"doc":' + b"[" * 100_000), {"too-deep"}),
    "objects nested 100,000 deep": ("p.jsonl", lambda p: p.write_bytes(b'{"a":' * 100_000), {"too-deep"}),
    "ten million empty lines": ("p.jsonl", lambda p: p.write_bytes(b"\n" * 10_000_000), {"no-predictions"}),
    "lines of CR LF": ("p.jsonl", lambda p: p.write_bytes(b"\r\n" * 3_000_000), {"no-predictions"}),
    "1e400": ("p.jsonl", lambda p: p.write_bytes(HEAD + b'{"start":1e400}]}'), {"bad-number"}),
    "a number of a million digits": ("p.jsonl", lambda p: p.write_bytes(b"1" * 1_000_000), {"bad-number"}),
    "ten million lists in a line": ("p.jsonl", many_empty_lists, {"too-many-values"}),
    "one label of 28 MiB": ("p.jsonl", few_values_of_great_size, {"unknown-label"}),
    "300,000 faulty spans": ("p.jsonl", faulty_spans, {"missing-key", "too-many-issues"}),
    "400,000 keys": ("p.jsonl", many_keys, {"unknown-key"}),
    "a million faulty lines": ("p.jsonl", faulty_lines, {"not-json", "too-many-issues"}),
    "120,000 documents": ("p.jsonl", unknown_documents, {"unknown-document", "too-many-issues"}),
    "spans in spans": ("p.jsonl", nested_spans, {"unknown-label"}),
    "a gzip bomb": ("p.jsonl.gz", gzip_bomb, {"compression-bomb"}),
    "a Zstandard bomb": ("p.jsonl.zst", zstandard_bomb, {"long-line"}),
    "a Zstandard window of 1 GiB": ("p.jsonl.zst", greedy_window, {"bad-compression"}),
    "200,000 rows of a short text": ("p.conll", columns_without_end, {"too-many-values"}),
    "rows that fit nowhere": ("p.conll", columns_that_fit_nowhere, {"tagged-token-differs"}),
    "a pipe": ("p.jsonl", os.mkfifo, {"not-a-file"}),
    "a device": ("p.jsonl", lambda p: p.symlink_to("/dev/zero"), {"not-a-file"}),
    "a loop of links": ("p.jsonl", lambda p: p.symlink_to(p), {"no-file"}),
    "noise called Parquet": (
        "p.parquet",
        lambda p: p.write_bytes(b"PAR1" + b"\xff" * 10_000 + b"PAR1"),
        {"bad-compression"},
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_gives_clear_issues_within_a_gigabyte_and_half_a_minute(
    case: str, tmp_path: pathlib.Path
) -> None:
    name, make, expected = HOSTILE[case]
    make(tmp_path / name)
    assert expected <= set(codes(tmp_path / name))
