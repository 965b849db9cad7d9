"""UIMA CAS held to Apache UIMA itself: it reads our files strictly, and we read what it writes of them."""

import pathlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote_plus

import pytest
from hypothesis import Phase, given, settings

from invented import document
from layer_strategies import layers
from rift.annotations.collection import known_documents, layer_file
from rift.annotations.formats.cas_types import TYPES, label_of, link_type_of, type_of
from rift.annotations.formats.forms import read, write
from rift.annotations.formats.rendering import Context
from rift.annotations.layer import Layer, Markup, Span, Value, read_layer
from rift.corpus.document import Document
from rift.eval.differences import differences
from rift.guidelines import knowledge, scheme

JAR = pathlib.Path("/usr/share/java/uimaj-core.jar")
"""UIMA as Debian's `libuima-core-java` has it."""

PROGRAM = pathlib.Path(__file__).parent / "uima" / "Reread.java"

OPTIONS = ["-cp", str(JAR), "-Duser.language=en", "-XX:TieredStopAtLevel=1"]
"""With messages as the tests know them, and code that is soon made instead of fast."""

TEXT = (
    "\U0001f600 ISIS\u00a0men  killed\t5 rebels\r\nin \u062d\u0644\u0628 on e\u0301te\u0301 \U0001f469\u200d\U0001f680;"
    " 0 of <b> & 'a' died.\n"
)


def span(
    surface: str, label: str, name: str | None, links: Mapping[str, list[str]] | None = None, **said: Value
) -> Span:
    start = TEXT.index(surface)
    end = start + len(surface)
    return Span(id=name, start=start, end=end, label=label, surface=surface, attributes=said, links=dict(links or {}))


SPANS = (
    span("ISIS", "ACTOR", "a1", form="name", kind="armed_group", entity="isis"),
    span("ISIS\u00a0men", "ACTOR", "a2", form="generic", kind="armed_group"),
    span("rebels", "ACTOR", "a3", form="generic", kind=" \"<&>'\t\r\n\U0001f600e\u0301 "),
    span("\u062d\u0644\u0628", "LOCATION", "l1", kind="city", place="aleppo"),
    span("e\u0301te\u0301", "DATE", "d1", value="2014-06"),
    span("\U0001f469\u200d\U0001f680", "ACTOR", None),
    span(
        "5 rebels", "TOLL", "t1",
        {"by": ["a1", "a2"], "victim": ["a3"], "source": ["a1"], "where": ["l1"], "when": ["d1"]},
        outcome="killed", low=5, approx=True, victims="combatants", scope="incident", breakdown="whole",
    ),
    span("0 of <b> & 'a'", "TOLL", "t2", {"part_of": ["t1"], "same_as": ["t1"]}, low=0, high=0, approx=False),
    span("0 of <b> & 'a' died", "EVENT", "e 1"),
)  # fmt: skip
"""All labels, attributes and links of the scheme, and a label of others."""

CONTEXT = Context({"doc": document(TEXT)}, knowledge())

FAULTS = {
    "feature": ("doc.xmi", ' low="', ' mood="', "unknown feature: mood"),
    "type": ("doc.xmi", "<rift:ACTOR", "<rift:MOOD", "unknown type: rift.MOOD"),
    "link": ("doc.xmi", ' by="', ' by="99 ', "xmi id 99 is referenced but not defined"),
    "offset": ("doc.xmi", ' begin="', ' begin="x', "expected integer value, but found: x"),
    "length": ("doc.xmi", ' end="', ' end="9', "StringIndexOutOfBoundsException"),
    "xml": ("doc.xmi", "&lt;b&gt;", "<b>", "must not contain the '<' character"),
    "range": (TYPES, "uima.cas.Boolean", "uima.cas.Bool", 'Undefined type "uima.cas.Bool"'),
    "supertype": (TYPES, "uima.tcas.Annotation", "uima.tcas.None", 'Undefined type "uima.tcas.None"'),
    "schema": (TYPES, "<description>", "<description/><description>", "Invalid descriptor"),
}
"""The file, what is replaced in it by what, and what UIMA says then."""


class Case(NamedTuple):
    """A layer that the form holds whole, but for false flags, and the folders of our files and of UIMA's."""

    layer: Layer
    context: Context
    ours: pathlib.Path
    theirs: pathlib.Path


class Run(NamedTuple):
    """What UIMA was given and what it said: the program's lines, as fields, by the first field."""

    cases: Sequence[Case]
    faulty: Mapping[str, pathlib.Path]
    said: Mapping[str, Sequence[Sequence[str]]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Let UIMA read and write all that is tested, in one process, or skip where there is none."""
    java = shutil.which("java")
    if not JAR.exists() or not java or not shutil.which("javac"):
        pytest.skip(f"needs Apache UIMA and a JDK: there is no {'javac' if JAR.exists() else JAR}")
    folder = tmp_path_factory.mktemp("uima")
    cases = [
        Case(layer, context, folder / f"{number}.cas", folder / f"{number}-theirs.cas")
        for number, (layer, context) in enumerate([rich(), gold(), *drawn(50, folder)])
    ]
    for case in cases:
        assert {loss.kind for loss in write(case.ours, case.layer, case.context)} <= {"attributes"}
    faulty = {name: shutil.copytree(cases[0].ours, folder / name) for name in FAULTS}
    for name, (file, old, new, _) in FAULTS.items():
        text = (faulty[name] / file).read_text("utf-8")
        assert old in text
        (faulty[name] / file).write_text(text.replace(old, new), "utf-8")
    pairs = [(case.ours, case.theirs) for case in cases] + [(one, folder / "none") for one in faulty.values()]
    command = [java, *OPTIONS, str(PROGRAM), *(str(path) for pair in pairs for path in pair)]
    lines = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode("ascii").splitlines()
    said: dict[str, list[list[str]]] = {"type": [], "annotation": [], "refused": []}
    for kind, *fields in (map(unquote_plus, line.split("\t")) for line in lines):
        said[kind].append(fields)
    return Run(cases, faulty, said)


def rich() -> tuple[Layer, Context]:
    text = document(TEXT)
    return Layer("layer", [Markup(doc=text.id, sha256=text.sha256, layer="layer", spans=SPANS)]), CONTEXT


def gold() -> tuple[Layer, Context]:
    layer = read_layer(layer_file("briefs", "gold"))
    return layer.only(sorted(layer.markups)[:10]), Context(known_documents(None), knowledge())


def drawn(number: int, folder: pathlib.Path) -> list[tuple[Layer, Context]]:
    """Return layers made from invented ones, always the same, by leaving out what the form does not hold."""
    found: list[tuple[Layer, Context]] = []

    @settings(max_examples=number, derandomize=True, database=None, phases=[Phase.generate])
    @given(drawn=layers())
    def collect(drawn: tuple[Layer, Mapping[str, Document]]) -> None:
        path = folder / f"drawn-{len(found)}.cas"
        context = Context(drawn[1], knowledge())
        write(path, drawn[0], context)
        found.append((read(path, context)[0], context))

    collect()
    return found


Annotation = tuple[str, str, int, int, str, tuple[tuple[str, str], ...]]
"""File, type, begin, end and covered text, and the features in some order, a link for each target."""


def expected(case: Case) -> list[Annotation]:
    """Return what UIMA should say of a layer's spans."""
    return sorted(
        (
            str(case.ours / f"{markup.doc}.xmi"),
            type_of(span.label),
            *stretch(span, text),
            tuple(sorted(features(span, markup))),
        )
        for markup in case.layer
        for text in [case.context.texts[markup.doc].text]
        for span in markup.spans
    )


def stretch(span: Span, text: str) -> tuple[int, int, str]:
    """Return offsets in UTF-16 units, as those of Java, and the covered text."""
    before, covered = text[: span.start], text[span.start : span.end]
    begin, length = (len(part.encode("utf-16-le")) // 2 for part in (before, covered))
    return begin, begin + length, covered


def features(span: Span, markup: Markup) -> Iterator[tuple[str, str]]:
    label = label_of(span.label)
    labels = {one.id: one.label for one in markup.spans}
    if span.id is not None:
        yield "id", span.id
    for key, attribute in label.attributes.items():
        if attribute.type == "flag":
            yield key, "true" if span.attributes.get(key) else "false"  # a boolean of UIMA is always one of them
        elif key in span.attributes:
            yield key, str(span.attributes[key])
    for key, targets in span.links.items():
        yield from ((key, f"{key} {type_of(labels[target])} {target}") for target in targets)


def test_uima_reads_our_files_strictly_and_finds_what_the_layers_say(run: Run) -> None:
    ours = {str(case.ours) for case in run.cases}
    assert [fields for fields in run.said["refused"] if str(pathlib.Path(fields[0]).parent) in ours] == []
    found: dict[str, list[Annotation]] = {folder: [] for folder in ours}
    for file, kind, begin, end, covered, *rest in run.said["annotation"]:
        folder = str(pathlib.Path(file).parent)
        if folder in ours and kind != "uima.tcas.DocumentAnnotation":  # which UIMA makes for itself
            pairs = zip(rest[::2], rest[1::2], strict=True)
            found[folder].append((file, kind, int(begin), int(end), covered, tuple(sorted(pairs))))
    for case in run.cases:
        assert sorted(found[str(case.ours)]) == expected(case)


def test_the_first_layer_has_all_that_the_scheme_has() -> None:
    for name, label in scheme().labels.items():
        found = [one for one in SPANS if one.label == name]
        assert {key for one in found for key in one.attributes} == label.attributes.keys()
        assert {key for one in found for key in one.links} == label.links.keys()


def test_links_are_arrays_of_what_they_hold(run: Run) -> None:
    """INCEpTION takes a feature for one of links by the type of the array's elements."""
    types = {name: dict(zip(rest[::2], rest[1::2], strict=True)) for _, name, *rest in run.said["type"]}
    for name, label in scheme().labels.items():
        for link in label.links:
            assert types[type_of(name)][link] == f"{link_type_of(name, link)}[]"


def test_we_read_what_uima_writes_as_we_read_our_own_files(run: Run) -> None:
    for case in run.cases:
        (ours, issues), (theirs, same) = read(case.ours, case.context), read(case.theirs, case.context)
        assert [(one.code, one.where.doc) for one in same] == [(one.code, one.where.doc) for one in issues]
        assert theirs.markups.keys() == ours.markups.keys() == case.layer.markups.keys()
        assert differences(ours, theirs) == differences(case.layer, theirs) == []


@pytest.mark.parametrize("name", FAULTS)
def test_uima_refuses_what_is_wrong(run: Run, name: str) -> None:
    file, *_, message = FAULTS[name]
    (found,) = [why for where, why in run.said["refused"] if where == str(run.faulty[name] / file)]
    assert message in found
