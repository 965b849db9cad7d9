"""Write the cases: one valid layer, and for each code the smallest layer or mention list that has that issue alone.

Run from the repository's root: `python tests/cases/make.py`. Each case is a folder `invalid/<code>` with `layer.jsonl`
or `list.mentions`, over the one document of `documents.jsonl`; the code `no-file` is a folder without either.
"""

import copy
import json
import pathlib
import shutil
from typing import Any

from rift.corpus.document import digest

HERE = pathlib.Path(__file__).parent
TEXT = (
    "Raid on Azaz kills 5\n\n"
    "On 4 May 2014 the Nusra Front killed 5 people in Azaz, 3 rebels and 2 civilians, "
    "the naïve \U0001f600 Observatory said."
)
Span = dict[str, Any]


def span(key: str, label: str, surface: str, nth: int = 1, /, **rest: Any) -> Span:  # noqa: ANN401 - JSON
    """Make a span of the nth occurrence of a surface."""
    start = -1
    for _ in range(nth):
        start = TEXT.index(surface, start + 1)
    return {"id": key, "start": start, "end": start + len(surface), "label": label, "surface": surface, **rest}


def toll(key: str, surface: str, nth: int, count: int, **rest: Any) -> Span:  # noqa: ANN401 - JSON
    """Make a toll of an exact count of people killed."""
    links = rest.pop("links", {})
    attributes = {"outcome": "killed", "low": count, "high": count, "victims": "mixed", "scope": "incident", **rest}
    return span(key, "TOLL", surface, nth, attributes=attributes, links=links)


VALID: list[Span] = [
    span("p1", "LOCATION", "Azaz", attributes={"kind": "settlement", "place": "azaz"}, links={}),
    toll("t1", "5", 1, 5),
    span("d1", "DATE", "4 May 2014", attributes={"value": "2014-05-04"}, links={}),
    span(
        "a1",
        "ACTOR",
        "Nusra Front",
        attributes={"form": "name", "kind": "armed_group", "entity": "al-nusra-front"},
        links={},
    ),
    toll("t2", "5 people", 1, 5, breakdown="complete", links={"same_as": ["t1"], "when": ["d1"], "by": ["a1"]}),
    toll("t3", "3 rebels", 1, 3, links={"part_of": ["t2"], "victim": ["a2"]}),
    span("a2", "ACTOR", "rebels", attributes={"form": "generic", "kind": "armed_group"}, links={}),
    toll("t4", "2 civilians", 1, 2, links={"part_of": ["t2"]}),
    span(
        "a3",
        "ACTOR",
        "Observatory",
        attributes={"form": "name", "kind": "organisation", "entity": "syrian-observatory"},
        links={},
    ),
]


def changed(key: str, path: str, value: Any) -> list[Span]:  # noqa: ANN401 - JSON
    """Return the valid spans with one field of one span set, or deleted where the value is `...`."""
    spans = copy.deepcopy(VALID)
    target: Any = next(item for item in spans if item["id"] == key)
    *parents, last = path.split(".")
    for parent in parents:
        target = target[parent]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return spans


def moved(key: str, start: int, end: int) -> list[Span]:
    """Return the valid spans with one of them at other offsets, its surface following."""
    spans = copy.deepcopy(VALID)
    target = next(item for item in spans if item["id"] == key)
    target["start"] += start
    target["end"] += end
    target["surface"] = TEXT[target["start"] : target["end"]]
    return spans


def without(*keys: str) -> list[Span]:
    """Return the valid spans without some."""
    return [item for item in VALID if item["id"] not in keys]


LAYERS: dict[str, list[Span]] = {
    "wrong-type": changed("a3", "start", "four"),
    "missing-key": changed("a3", "label", ...),
    "unknown-key": changed("a3", "comment", "sure"),
    "empty-span": moved("a3", 11, 0),
    "offset-outside": changed("a3", "end", 10_000),
    "surface-differs": changed("a1", "surface", "Nusra front"),
    "edge-space": moved("a3", -1, 0),
    "edge-punctuation": moved("t4", 0, 1),
    "duplicate-id": changed("p1", "id", "a3"),
    "overlap": [*VALID, span("a4", "ACTOR", "Front killed", attributes={"form": "generic", "kind": "armed_group"})],
    "crossing": [*VALID, span("d2", "DATE", "Front killed", attributes={"value": "2014"})],
    "nesting": [*VALID, span("d2", "DATE", "Front", attributes={"value": "2014"})],
    "unknown-label": changed("d1", "label", "TIME"),
    "unknown-attribute": changed("d1", "attributes.sure", "yes"),
    "missing-attribute": changed("t3", "attributes.outcome", ...),
    "bad-value": changed("d1", "attributes.value", "4 May 2014"),
    "unknown-entity": changed("p1", "attributes.place", "atlantis"),
    "kind-differs": changed("p1", "attributes.kind", "country"),
    "form-differs": changed("a1", "attributes.form", "generic"),
    "no-figure": [*without("t1", "t2", "t3", "t4"), toll("t1", "5", 1, 5)],
    "range-reversed": changed("t1", "attributes.low", 6),
    "unknown-link": changed("t3", "links.near", ["p1"]),
    "dangling-link": changed("t3", "links.victim", ["a9"]),
    "wrong-target": changed("t3", "links.victim", ["p1"]),
    "circular-link": changed("t1", "links.same_as", ["t1"]),
    "breakdown-sum": changed("t4", "attributes.high", 1),
    "part-exceeds": changed("t2", "attributes.breakdown", "partial"),
    "breakdown-without-parts": changed("t1", "attributes.breakdown", "partial"),
}
del LAYERS["no-figure"][-1]["attributes"]["low"], LAYERS["no-figure"][-1]["attributes"]["high"]
LAYERS["breakdown-sum"] = changed("t4", "attributes.low", 1)
next(item for item in LAYERS["breakdown-sum"] if item["id"] == "t4")["attributes"]["high"] = 1
next(item for item in LAYERS["part-exceeds"] if item["id"] == "t4")["attributes"].update(low=6, high=6)
LAYERS["unknown-label"] = [item for item in LAYERS["unknown-label"] if item["id"] != "t2"]
for item in LAYERS["unknown-label"]:
    item["links"] = {}

LISTS = {
    "no-document": "ACTOR\tNusra Front\tentity=al-nusra-front\n",
    "bad-mention": "# doc case\nACTOR Nusra Front\n",
    "surface-not-found": "# doc case\nACTOR\tNusra front\tentity=al-nusra-front\n",
}


def line(spans: list[Span], **rest: Any) -> bytes:  # noqa: ANN401 - JSON
    """Encode a markup."""
    markup = {"doc": "case", "sha256": digest(TEXT), "layer": "case", "spans": spans, **rest}
    return (json.dumps(markup, ensure_ascii=False) + "\n").encode()


def main() -> None:
    """Write all cases anew."""
    for folder in ("valid", "invalid"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
    document = {
        "id": "case",
        "collection": "cases",
        "title": TEXT.split("\n", maxsplit=1)[0],
        "publisher": "RIFT",
        "published": "2014-05-06",
        "language": "en",
        "license": "CC-BY-4.0",
        "source": "Invented for the tests",
        "text": TEXT,
        "sha256": digest(TEXT),
    }
    (HERE / "documents.jsonl").write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
    whole = line(VALID)
    files = {
        "valid/layer.jsonl": whole,
        "invalid/not-utf-8/layer.jsonl": whole.replace("ï".encode(), b"\xef").replace(b"Nusra", b"N\xfcsra", 1),
        "invalid/not-json/layer.jsonl": whole[:-3] + b"\n",
        "invalid/not-lines/layer.jsonl": b"[\n" + whole + b"]\n",
        "invalid/duplicate-document/layer.jsonl": whole + whole,
        "invalid/unknown-document/layer.jsonl": line([], doc="nowhere"),
        "invalid/hash-mismatch/layer.jsonl": line(VALID, sha256="0" * 64),
        "invalid/no-file/README.md": b"There is no layer here.\n",
        **{f"invalid/{code}/layer.jsonl": line(spans) for code, spans in LAYERS.items()},
        **{f"invalid/{code}/list.mentions": text.encode() for code, text in LISTS.items()},
    }
    for name, content in files.items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
