"""The forms of a layer: what is written comes back, and what does not is counted, whatever the layer."""

import collections
import pathlib
import sys
from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given, settings
from seqeval.metrics.sequence_labeling import get_entities
from spacy.lang.en import English
from spacy.tokens import Doc, DocBin

from invented import document
from layer_strategies import layers, missing, without_surfaces
from rift.annotations.codes import CODES
from rift.annotations.formats import cas, docbin, labelstudio
from rift.annotations.formats.findings import Findings
from rift.annotations.formats.forms import FORMS, find_form, read, write
from rift.annotations.formats.labelstudio_writer import TASKS
from rift.annotations.formats.predictions import read_predictions_leniently
from rift.annotations.formats.rendering import Context
from rift.annotations.layer import Layer, Markup, Span, reading_order
from rift.corpus.document import Document
from rift.guidelines import knowledge, scheme
from rift.issues import InputError, Issue

TEXT = (
    "Raid \U0001f600 kills 5\n\nOn 4 May 2014 ISIS killed  5 rebels in \u062d\u0644\u0628 (Aleppo), "
    "3\tof them near Hama."
)
CONTEXT = Context({"doc": document(TEXT)}, knowledge())


def at(surface: str, label: str, nth: int = 1, **rest: object) -> Span:
    start = -1
    for _ in range(nth):
        start = TEXT.index(surface, start + 1)
    return msgspec.convert(
        {"start": start, "end": start + len(surface), "label": label, "surface": surface, **rest}, Span
    )


SPANS = (
    at("5", "TOLL", id="t0", attributes={"outcome": "killed", "low": 5, "high": 5}),
    at("4 May 2014", "DATE", id="d", attributes={"value": "2014-05-04"}),
    at("ISIS", "ACTOR", id="is", attributes={"form": "name", "kind": "armed_group", "entity": "isis"}),
    at(
        "5 rebels",
        "TOLL",
        id="t1",
        attributes={"outcome": "killed", "low": 5, "high": 5, "approx": True, "breakdown": "partial"},
        links={"same_as": ["t0"], "by": ["is"], "victim": ["r"], "when": ["d"], "where": ["h", "a"]},
    ),
    at("rebels", "ACTOR", id="r", attributes={"form": "generic", "kind": "armed_group"}),
    at("\u062d\u0644\u0628", "LOCATION", id="h", attributes={"kind": "settlement", "place": "aleppo"}),
    at("Aleppo", "LOCATION", id="a", attributes={"kind": "settlement", "place": "aleppo"}),
    at("3", "TOLL", id="t2", attributes={"outcome": "killed", "low": 3, "approx": False}, links={"part_of": ["t1"]}),
    at("3\tof", "X-Y", id="x"),
)
"""A toll that contains an actor, a span that begins with another, an emoji before, a tab inside."""


def of(*spans: Span) -> Layer:
    return Layer("layer", [Markup(doc="doc", sha256=CONTEXT.texts["doc"].sha256, layer="layer", spans=spans)])


def dotted(name: str) -> str:
    """Return the ending of a form's files or folders as a suffix."""
    return f".{FORMS[name].ending.removeprefix('.')}"


def back(path: pathlib.Path, context: Context) -> tuple[Layer, list[Issue]]:
    """Read a file without the checks of its content, as the layers here are not sound."""
    reader = {".spacy": docbin.read, ".cas": cas.read}.get(path.suffix)
    if reader:
        found = Findings(10)
        return Layer("layer", [markup for _, markup in reader(path, context.documents, found)]), list(found.kept)
    if path.suffix.startswith(".labelstudio"):
        export = labelstudio.read(path / TASKS, context)
        (layer,) = [*export.layers.values(), *export.predictions.values()] or [Layer("layer")]
        return layer, [issue for issue in export.issues if issue.code not in CODES]
    return read_predictions_leniently(path, context.documents)


WHOLE = ("json-lines", "parquet")
TEXTUAL = ("conll", "brat", "spacy")
SCHEMED = ("cas", "label-studio", "label-studio-predictions")
"""Forms of tools that have a place for what the scheme names alone, and none for a flag that is false."""


@pytest.mark.parametrize("name", [*WHOLE, *TEXTUAL])
def test_a_sound_layer_comes_back_whole(name: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / f"layer{dotted(name)}"
    assert write(path, of(*SPANS), CONTEXT) == ()
    found, issues = back(path, CONTEXT)
    assert list(found.markups["doc"].spans) == sorted(SPANS, key=reading_order)
    assert found.markups["doc"].sha256 == CONTEXT.texts["doc"].sha256
    assert issues == []


@pytest.mark.parametrize("name", SCHEMED)
def test_a_layer_of_the_scheme_comes_back_whole(name: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / f"layer{dotted(name)}"
    spans = [span for span in SPANS if span.label in scheme().labels and span.attributes.get("approx") is not False]
    assert write(path, of(*spans), CONTEXT) == ()
    found, issues = back(path, CONTEXT)
    assert list(found.markups["doc"].spans) == sorted(spans, key=reading_order)
    assert issues == []


@pytest.mark.parametrize("name", [*WHOLE, *TEXTUAL, *SCHEMED])
@given(drawn=layers())
@settings(max_examples=80, deadline=None)
def test_what_does_not_come_back_is_counted(
    tmp_path_factory: pytest.TempPathFactory, name: str, drawn: tuple[Layer, Mapping[str, Document]]
) -> None:
    layer, documents = drawn
    context = Context(documents, knowledge())
    path = tmp_path_factory.mktemp("form") / f"layer{dotted(name)}"
    counted: dict[str, int] = collections.Counter()
    for loss in write(path, layer, context):
        counted[loss.kind] += loss.count
    found, issues = back(path, context)
    assert missing(layer, found, documents) == counted
    assert issues == []
    if name in WHOLE:
        assert counted == {}


@pytest.mark.parametrize("name", [*WHOLE, *TEXTUAL, *SCHEMED])
@given(drawn=layers())
@settings(max_examples=20, deadline=None)
def test_what_came_back_once_comes_back_always_and_in_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, name: str, drawn: tuple[Layer, Mapping[str, Document]]
) -> None:
    layer, documents = drawn
    context = Context(documents, knowledge())
    path = tmp_path_factory.mktemp("form") / f"layer{dotted(name)}"
    write(path, layer, context)
    once, _ = back(path, context)
    again = FORMS[name].render(once, context)
    assert again.losses == ()
    assert FORMS[name].render(once, context).content == again.content
    again.save(path.with_name(f"again{dotted(name)}"))
    twice, _ = back(path.with_name(f"again{dotted(name)}"), context)
    assert without_surfaces(twice) == without_surfaces(once)


@pytest.mark.parametrize(("name", "lost"), [("conll", 7), ("brat", 5), ("spacy", 4)])
def test_spans_that_are_none_are_left_out_and_counted(name: str, lost: int, tmp_path: pathlib.Path) -> None:
    """Empty, reversed, beyond the end, white space at an edge, a label of two words; the last stretch is sound."""
    end = len(TEXT)
    stretches = [(4, 4), (9, 4), (end - 5, end + 1), (end, end + 4), (4, 6), (6, 11), (10, 11)]
    spans = [Span(start=start, end=stop, label="ACTOR") for start, stop in stretches]
    odd = Span(start=0, end=4, label="two words")
    path = tmp_path / f"layer{dotted(name)}"
    losses = write(path, of(*spans, odd), CONTEXT)
    found = back(path, CONTEXT)[0].markups["doc"].spans
    assert sum(loss.count for loss in losses) == lost
    assert {loss.kind for loss in losses} == {"spans"}
    assert len(found) == len(spans) + 1 - lost


@pytest.mark.parametrize("name", [*TEXTUAL, *SCHEMED])
def test_documents_without_their_text_are_left_out_and_counted(name: str, tmp_path: pathlib.Path) -> None:
    other = Markup(doc="other", sha256="0" * 64, layer="layer", spans=())
    changed = Markup(doc="doc", sha256="0" * 64, layer="layer", spans=())
    path = tmp_path / f"layer{dotted(name)}"
    losses = write(path, Layer("layer", [other, changed]), Context({**CONTEXT.documents, "other": None}, knowledge()))
    assert [(loss.kind, loss.count, loss.first.doc) for loss in losses] == [
        ("documents", 1, "doc"),
        ("documents", 1, "other"),
    ]


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_layer_is_an_empty_layer_in_every_form(name: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / f"layer{dotted(name)}"
    assert write(path, Layer("layer"), CONTEXT) == ()
    assert find_form(path) == name
    if name != "csv":
        assert list(read(path, CONTEXT)[0]) == []


def test_the_content_of_every_form_is_checked_when_it_is_read(tmp_path: pathlib.Path) -> None:
    for name in (*WHOLE, *TEXTUAL):
        path = tmp_path / f"layer{dotted(name)}"
        attributes = {"form": "name", "kind": "armed_group", "entity": "nobody"}
        write(path, of(at("ISIS", "ACTOR", attributes=attributes)), CONTEXT)
        assert [issue.code for issue in read(path, CONTEXT)[1]] == ["unknown-entity"]


# --- columns ---


def rows(path: pathlib.Path) -> tuple[list[str], list[list[list[str]]]]:
    """Read columns as any program would: the names, and the rows of each sentence."""
    first, *lines = path.read_text("utf-8").split("\n")
    sentences: list[list[list[str]]] = [[]]
    for line in lines:
        if not line:
            sentences.append([])
        elif not line.startswith("# "):
            sentences[-1].append(line.split("\t"))
    return first.removeprefix("# global.columns = ").split(), [found for found in sentences if found]


def test_columns_are_those_of_the_scheme_then_others(tmp_path: pathlib.Path) -> None:
    write(tmp_path / "layer.conll", of(*SPANS), CONTEXT)
    names, sentences = rows(tmp_path / "layer.conll")
    assert names == ["FORM", "START", "END", *scheme().labels, "X-Y"]
    assert sentences[0][0] == ["Raid", "0", "4", "O", "O", "O", "O", "O"]
    assert all(TEXT[int(row[1]) : int(row[2])] == row[0] for sentence in sentences for row in sentence)


@given(drawn=layers())
@settings(max_examples=40, deadline=None)
def test_seqeval_finds_the_same_spans_in_each_column(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[Layer, Mapping[str, Document]]
) -> None:
    layer, documents = drawn
    context = Context(documents, knowledge())
    path = tmp_path_factory.mktemp("conll") / "layer.conll"
    for doc in layer.markups:
        write(path, layer.only([doc]), context)
        names, sentences = rows(path)
        found = [
            (int(sentence[first][1]), int(sentence[last][2]), label)
            for index in range(3, len(names))
            for sentence in sentences
            for label, first, last in get_entities([row[index] for row in sentence])
        ]
        held = back(path, context)[0].markups[doc].spans
        assert sorted(found) == sorted((span.start, span.end, span.label) for span in held)


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("# span = {", "bad-comment"),
        ('# span = {"start": 0, "end": 1, "label": "ACTOR"}', "bad-comment"),
        ("# span = " + "[" * 100_000, "bad-comment"),
        ('# span = {"start": "0", "end": 1, "label": "ACTOR"}', "number-as-string"),
    ],
)
def test_a_comment_on_no_span_is_reported_with_its_line(comment: str, code: str, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "layer.conll"
    write(path, of(*SPANS), CONTEXT)
    path.write_text(path.read_text("utf-8").replace("# newdoc id = doc\n", f"# newdoc id = doc\n{comment}\n"), "utf-8")
    found, issues = back(path, CONTEXT)
    assert [(issue.code, issue.where.line) for issue in issues] == [(code, 3)]
    assert list(found.markups["doc"].spans) == sorted(SPANS, key=reading_order)


def test_a_second_comment_on_a_span_is_reported(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "layer.conll"
    write(path, of(*SPANS), CONTEXT)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:3], *lines[2:]]), "utf-8")
    assert lines[2].startswith("# span")
    assert [(issue.code, issue.where.line) for issue in back(path, CONTEXT)[1]] == [("bad-comment", 4)]


# --- brat ---


def test_a_brat_server_knows_every_name_and_value_of_the_files(tmp_path: pathlib.Path) -> None:
    """It shows what annotation.conf names, and puts a warning on the rest; a flag that is false has no place there."""
    write(tmp_path / "brat", of(*(span for span in SPANS if span.attributes.get("approx") is not False)), CONTEXT)
    sections: dict[str, dict[str, dict[str, list[str]]]] = {}
    for line in (tmp_path / "brat" / "annotation.conf").read_text("utf-8").splitlines():
        name, _, rest = line.partition("\t")
        if line.startswith("["):
            sections[line] = {}
        elif line and not line.startswith("#"):
            last = list(sections)[-1]
            sections[last][name] = {
                key: found.split("|") for key, _, found in (part.partition(":") for part in rest.split(", ") if part)
            }
    assert list(sections) == ["[entities]", "[relations]", "[events]", "[attributes]"]
    labels: dict[str, str] = {}
    for line in (tmp_path / "brat" / "doc.ann").read_text("utf-8").splitlines():
        name, body, *_ = line.split("\t")
        kind, *parts = body.split(" ")
        match line[0]:
            case "T":
                labels[name] = kind
                assert kind in sections["[entities]"]
            case "A":
                known = sections["[attributes]"][kind]
                assert labels[parts[0]] in known["Arg"]
                assert parts[1:] == [] if "Value" not in known else parts[1] in known["Value"]
            case "R":
                known = sections["[relations]"][kind]
                for part in parts:
                    argument, _, target = part.partition(":")
                    assert labels[target] in known[argument]
    assert sections["[relations]"]["<OVERLAP>"] == {
        "Arg1": ["ACTOR", "LOCATION", "DATE"],
        "Arg2": ["TOLL"],
        "<OVL-TYPE>": ["contain", "equal"],
    }
    visual = (tmp_path / "brat" / "visual.conf").read_text("utf-8").splitlines()
    assert {f"{name}\tbgColor:{label.colour}" for name, label in scheme().labels.items()} <= set(visual)


def test_signs_of_brats_settings_never_come_into_them(tmp_path: pathlib.Path) -> None:
    odd = [at("ISIS", "ACTOR", attributes={"entity": value}) for value in ("<x>", "a|b", "a,b", "a b")]
    write(tmp_path / "brat", of(*odd[:1], at("3", "<a>|b")), CONTEXT)
    settings = (tmp_path / "brat" / "annotation.conf").read_text("utf-8")
    assert "<x>" not in settings
    assert "<a>" not in settings


def test_an_id_that_brat_gives_is_never_that_of_another_span(tmp_path: pathlib.Path) -> None:
    spans = (at("5", "TOLL"), at("ISIS", "ACTOR", id="T1"), at("3", "TOLL", id="n", links={"by": ["T1"]}))
    write(tmp_path / "brat", of(*spans), CONTEXT)
    found = back(tmp_path / "brat", CONTEXT)[0].markups["doc"].spans
    assert [span.id for span in found] == ["T2", "T1", "n"]
    assert found[2].links == {"by": ["T1"]}


# --- DocBin ---


def docs(path: pathlib.Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(English().vocab))


def test_spacy_has_a_span_group_a_label_with_attributes_and_links(tmp_path: pathlib.Path) -> None:
    write(tmp_path / "layer.spacy", of(*SPANS), CONTEXT)
    (doc,) = docs(tmp_path / "layer.spacy")
    assert doc.text == TEXT
    assert doc.user_data == {"doc": "doc", "layer": "layer"}
    tolls = doc.spans["TOLL"]
    assert [(span.text, span.id_, span.label_) for span in tolls] == [
        ("5", "t0", "TOLL"),
        ("5 rebels", "t1", "TOLL"),
        ("3", "t2", "TOLL"),
    ]
    assert tolls.attrs["attributes"] == [span.attributes for span in SPANS if span.label == "TOLL"]
    assert tolls.attrs["links"] == [span.links for span in SPANS if span.label == "TOLL"]
    assert [(span.text, span.kb_id_) for span in doc.spans["ACTOR"]] == [("ISIS", "isis"), ("rebels", "")]
    assert not doc.has_annotation("ENT_IOB")


def test_flat_spans_are_entities_too(tmp_path: pathlib.Path) -> None:
    flat = [span for span in SPANS if span.label in {"ACTOR", "DATE"}]
    write(tmp_path / "layer.spacy", of(*flat), CONTEXT)
    (doc,) = docs(tmp_path / "layer.spacy")
    assert [(entity.text, entity.label_, entity.id_) for entity in doc.ents] == [
        (span.surface, span.label, span.id) for span in flat
    ]
    assert doc.has_annotation("ENT_IOB")


@given(drawn=layers())
@settings(max_examples=40, deadline=None)
def test_spacy_has_the_text_and_the_surfaces(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[Layer, Mapping[str, Document]]
) -> None:
    layer, documents = drawn
    context = Context(documents, knowledge())
    path = tmp_path_factory.mktemp("spacy") / "layer.spacy"
    write(path, layer, context)
    for doc in docs(path):
        text = documents[doc.user_data["doc"]].text
        assert doc.text == text
        found = {(span.start_char, span.end_char, key, span.text) for key, group in doc.spans.items() for span in group}
        held = [span for span in layer.markups[doc.user_data["doc"]].spans if span.start < span.end <= len(text)]
        assert found == {(span.start, span.end, span.label, text[span.start : span.end]) for span in held}


def test_a_docbin_of_another_hand_is_read_by_its_text(tmp_path: pathlib.Path) -> None:
    doc = English()(TEXT)
    start = TEXT.index("ISIS")
    entity = doc.char_span(start, start + 4, "ACTOR")
    assert entity is not None
    doc.set_ents([entity])
    DocBin(docs=[doc]).to_disk(tmp_path / "theirs.spacy")
    found, issues = read(tmp_path / "theirs.spacy", CONTEXT)
    assert issues == []
    assert (found.name, list(found.markups["doc"].spans)) == ("theirs", [at("ISIS", "ACTOR")])


def test_what_is_wrong_with_a_docbin_is_said(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "layer.spacy"
    path.write_bytes(b"no DocBin")
    assert [issue.code for issue in read(path, CONTEXT)[1]] == ["bad-compression"]
    nlp = English()
    known, strange, changed, askew = nlp(TEXT), nlp("Nobody was there."), nlp("Another text."), nlp(TEXT)
    changed.user_data["doc"] = "doc"
    askew.spans["ACTOR"] = [askew[0:1]]
    askew.spans["ACTOR"].attrs["links"] = [{}, {}]
    DocBin(docs=[known, strange, changed, known], store_user_data=True).to_disk(path)
    assert [issue.code for issue in read(path, CONTEXT)[1]] == [
        "unknown-document",
        "text-differs",
        "duplicate-document",
    ]
    DocBin(docs=[askew]).to_disk(path)
    assert [issue.code for issue in back(path, CONTEXT)[1]] == ["not-read"]
    assert [issue.code for issue in read(tmp_path / "nothing.spacy", CONTEXT)[1]] == ["no-file"]


def test_without_spacy_it_is_said_how_to_get_it(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "layer.spacy"
    write(path, of(*SPANS), CONTEXT)
    monkeypatch.setitem(sys.modules, "spacy.tokens", None)
    assert [(issue.code, issue.hint) for issue in read(path, CONTEXT)[1]] == [
        ("missing-package", "pip install 'rift-corpus[spacy]'")
    ]
    with pytest.raises(InputError, match="missing-package"):
        write(tmp_path / "again.spacy", of(*SPANS), CONTEXT)
    assert not (tmp_path / "again.spacy").exists()
