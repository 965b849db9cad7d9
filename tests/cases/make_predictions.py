"""Write `tests/cases/predictions`: for each code of a prediction file the smallest file that has that issue alone.

Run `python tests/cases/make_predictions.py` after a change; the files are committed. A case's `limits.json` lowers the
limits under which it is checked, `documents.jsonl` names other documents than the common ones.
"""

import gzip
import json
import pathlib
import shutil
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from rift.corpus.document import digest

HERE = pathlib.Path(__file__).parent / "predictions"
TEXT = (
    "na\u00efve rebels of \U0001f600 Azaz\n\nIn May 2014 "
    "the rebels killed 12 soldiers near Idlib, the Observatory said."
)

Span = dict[str, Any]


def span(surface: str, label: str, nth: int = 1, **rest: Any) -> Span:  # noqa: ANN401 - JSON
    """Make a span of the nth occurrence of a surface."""
    start = -1
    for _ in range(nth):
        start = TEXT.index(surface, start + 1)
    return {"start": start, "end": start + len(surface), "label": label, **rest}


VALID = [
    span("rebels", "ACTOR"),
    span("Azaz", "LOCATION"),
    span("May 2014", "DATE"),
    span("rebels", "ACTOR", 2),
    span("12 soldiers", "TOLL"),
    span("Idlib", "LOCATION"),
]


def with_surfaces(spans: list[Span]) -> list[Span]:
    """Return the spans with their surfaces."""
    return [{**item, "surface": TEXT[item["start"] : item["end"]]} for item in spans]


def shifted(counts: str, spans: list[Span]) -> list[Span]:
    """Return the spans with offsets that count something other than code points."""

    def count(offset: int) -> int:
        encoded = TEXT[:offset].encode(counts)
        return len(encoded) // (2 if counts == "utf-16-le" else 1)

    return [{**item, "start": count(item["start"]), "end": count(item["end"])} for item in spans]


def by(start: int, end: int) -> list[Span]:
    """Return the valid spans with surfaces, moved."""
    return [{**item, "start": item["start"] + start, "end": item["end"] + end} for item in with_surfaces(VALID)]


def tokens() -> list[Span]:
    """Return spans whose offsets count words between spaces."""
    words = TEXT.split()
    places = [("Azaz", "LOCATION"), ("Idlib,", "LOCATION"), ("Observatory", "ACTOR")]
    return [{"start": words.index(w), "end": words.index(w) + 1, "label": name, "surface": w} for w, name in places]


def line(spans: Any, **rest: Any) -> str:  # noqa: ANN401 - JSON
    """Encode a markup."""
    markup = {"doc": "case", "sha256": digest(TEXT), "layer": "case", "spans": spans, **rest}
    return json.dumps(markup, ensure_ascii=False) + "\n"


def document(name: str) -> str:
    """Encode the document under some id."""
    rest = {"title": "", "publisher": "RIFT", "published": None, "language": "en", "license": "CC-BY-4.0"}
    body = {"id": name, "collection": "cases", **rest, "source": "Invented", "text": TEXT, "sha256": digest(TEXT)}
    return json.dumps(body, ensure_ascii=False) + "\n"


def columns(rows: str) -> str:
    """Write `token/TAG token …` as columns; the rest of the text follows untagged."""
    given = [part.rpartition("/") for part in rows.split()]
    cut = [f"{token}\t{tag}" for token, _, tag in given]
    return "# doc = case\n" + "\n".join(cut) + "\n"


REST = " ".join(f"{word}/O" for word in TEXT.split()[5:])
START = "na\u00efve/O rebels/B-ACTOR of/O \U0001f600/O Azaz/B-LOCATION "
PLAIN = line([VALID[0]])


def altered(**change: Any) -> str:  # noqa: ANN401 - JSON
    """Return a line of one span with some keys changed; a value `...` takes the key away."""
    item = {key: value for key, value in {**VALID[0], **change}.items() if value is not ...}
    return line([item])


def brat(lines: str) -> dict[str, str]:
    """Return a brat folder's annotation file."""
    return {"case.ann": lines}


T1 = "T1\tACTOR 6 12\trebels\n"

JSON_LINES: dict[str, str] = {
    "too-large": PLAIN,
    "long-line": PLAIN,
    "too-many-values": PLAIN,
    "too-many-issues": altered(label="ORGAN"),
    "no-predictions": "",
    "byte-order-mark": "\ufeff" + PLAIN,
    "json-array": f"[{PLAIN}]\n",
    "json-object": json.dumps(json.loads(PLAIN), indent=1),
    "not-json": PLAIN.replace('"doc": ', '"doc" '),
    "too-deep": '{"doc": ' + "[" * 3_000 + "\n",
    "bad-number": PLAIN.replace('"start": 6', '"start": NaN'),
    "lone-surrogate": PLAIN.replace('"layer": "case"', '"layer": "\\ud800"'),
    "duplicate-key": PLAIN.replace('"start": 6', '"start": 6, "start": 7'),
    "number-as-string": altered(start="6"),
    "number-as-float": altered(start=6.0),
    "negative-offset": altered(start=-6),
    "wrong-type": altered(label=7),
    "missing-key": altered(label=...),
    "unknown-key": altered(score=0.9),
    "duplicate-document": PLAIN + PLAIN,
    "unknown-document": PLAIN + line([], doc="nowhere"),
    "hash-mismatch": line([VALID[0]], sha256="0" * 64),
    "offset-outside": altered(end=10_000),
    "surface-differs": line([*with_surfaces(VALID[1:]), {**VALID[0], "surface": "Rebels"}]),
    "empty-span": altered(end=6),
    "reversed-span": altered(end=2),
    "edge-space": altered(start=5),
    "edge-punctuation": line([span("Idlib,", "LOCATION")]),
    "too-many-spans": line([{**VALID[0], "id": f"s{number}"} for number in range(len(TEXT) + 101)]),
    "utf16-offsets": line(shifted("utf-16-le", with_surfaces(VALID))),
    "byte-offsets": line(shifted("utf-8", with_surfaces(VALID))),
    "inclusive-ends": line(by(0, -1)),
    "one-based-offsets": line(by(1, 1)),
    "token-offsets": line(tokens()),
    "suspect-offsets": line([{**item, "end": item["end"] - 1} for item in VALID]),
    "label-spelling": altered(label="B-ACTOR"),
    "unknown-label": altered(label="WEAPON"),
    "duplicate-span": line([VALID[0], VALID[0]]),
    "duplicate-id": line([{**VALID[0], "id": "s1"}, {**VALID[1], "id": "s1"}]),
    "overlap": line([VALID[0], span("na\u00efve rebels", "ACTOR")]),
    "crossing": line([span("rebels of", "ACTOR"), span("of \U0001f600 Azaz", "LOCATION")]),
    "nesting": line([VALID[1], span("rebels of \U0001f600 Azaz", "ACTOR")]),
    "unknown-attribute": altered(
        attributes={"form": "generic", "kind": "armed_group", "mood": "grim"},
    ),
    "bad-value": altered(attributes={"form": "generic", "kind": "band"}),
    "unknown-entity": altered(attributes={"form": "name", "kind": "armed_group", "entity": "nobody"}),
    "range-reversed": line([{**VALID[4], "attributes": {"outcome": "killed", "low": 3, "high": 2}}]),
    "unknown-link": altered(links={"near": ["s2"]}),
    "dangling-link": line([{**VALID[4], "links": {"victim": ["s9"]}}]),
    "missing-documents": PLAIN,
}

FILES: dict[str, dict[str, str | bytes]] = {
    **{code: {"predictions.jsonl": text} for code, text in JSON_LINES.items()},
    "no-file": {"README.md": "There is no prediction file here.\n"},
    "not-a-file": {"README.md": "The test makes a pipe: an archive of files cannot hold one.\n"},
    "unknown-format": {"predictions.txt": "rebels were seen near Azaz\n"},
    "bad-compression": {"predictions.jsonl.gz": gzip.compress(PLAIN.encode(), mtime=0)[:-9]},
    "compression-bomb": {"predictions.jsonl.gz": gzip.compress(PLAIN.encode() + b"\n" * 4_000, mtime=0)},
    "not-utf-8": {"predictions.jsonl": PLAIN.replace('"layer": "case"', '"layer": "caf\u00e9"').encode("latin-1")},
    "no-document": {"predictions.conll": "Nobody O\nknows O\n"},
    "bad-row": {"predictions.conll": columns(START + REST) + "said\n"},
    "tagged-token-differs": {"predictions.conll": columns(START.replace("Azaz", "Azazz") + REST)},
    "bad-comment": {
        "predictions.conll": columns(START + REST) + '# span = {"start": 6, "end": 13, "label": "ACTOR"}\n'
    },
    "token-differs": {"predictions.conll": columns(START.replace("of", "off") + REST)},
    "skipped-text": {"predictions.conll": columns(START)},
    "ill-formed-tags": {
        "predictions.conll": columns(START.replace("\U0001f600/O Azaz/B-", "\U0001f600/O Azaz/I-") + REST)
    },
    "bad-annotation": {**brat(T1 + "T2 LOCATION 18 22 Azaz\n")},
    "text-differs": {**brat(T1), "case.txt": "rebels of Azaz\n"},
    "discontinuous-span": {**brat("T1\tACTOR 0 5;6 12\tna\u00efve rebels\n")},
    "not-read": {**brat(T1 + "#1\tAnnotatorNotes T1\tsure\n")},
    "missing-package": {},
}

LIMITS: dict[str, dict[str, int]] = {
    "too-large": {"file": 100},
    "long-line": {"line": 100},
    "too-many-values": {"values": 5},
    "too-many-issues": {"issues": 0},
    "compression-bomb": {"free": 1_000, "ratio": 5},
}


def main() -> None:
    """Write all cases anew."""
    shutil.rmtree(HERE, ignore_errors=True)
    for code, files in FILES.items():
        folder = HERE / code
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        if code in LIMITS:
            (folder / "limits.json").write_text(json.dumps(LIMITS[code]) + "\n", encoding="utf-8")
    (HERE / "documents.jsonl").write_text(document("case"), encoding="utf-8")
    both = document("case") + document("other")
    (HERE / "missing-documents" / "documents.jsonl").write_text(both, encoding="utf-8")
    table = pa.table({"doc": ["case"], "spans": [[VALID[0]]]})
    pq.write_table(table, HERE / "missing-package" / "predictions.parquet", store_schema=False)


if __name__ == "__main__":
    main()
