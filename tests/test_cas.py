"""UIMA CAS: offsets in UTF-16 units, types that INCEpTION takes for layers, and what others write read or reported."""

import io
import pathlib
import re
import sys
import unicodedata
import zipfile
from collections.abc import Mapping
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings

from invented import document
from layer_strategies import layers
from rift.annotations.collection import known_documents, layer_file
from rift.annotations.formats.cas_types import TYPES, link_type_of, type_of
from rift.annotations.formats.forms import read, write
from rift.annotations.formats.rendering import Context
from rift.annotations.layer import Layer, Markup, Span, Value, read_layer
from rift.corpus.document import Document
from rift.guidelines import knowledge, scheme
from rift.issues import InputError

TEXT = "Raid \U0001f600 kills 5\n\nISIS killed 5 rebels in \u062d\u0644\u0628, e\u0301 & <b>."
CONTEXT = Context({"doc": document(TEXT)}, knowledge())
ACTOR = {"form": "name", "kind": "armed_group", "entity": "isis"}
TOLL: Mapping[str, Value] = {
    "outcome": "killed",
    "low": 5,
    "high": 5,
    "approx": True,
    "victims": "combatants",
    "scope": "incident",
}
SPANS = (
    Span(id="i", start=16, end=20, label="ACTOR", surface="ISIS", attributes=ACTOR),
    Span(id="t", start=28, end=36, label="TOLL", surface="5 rebels", attributes=TOLL, links={"by": ["i"]}),
)


def of(*spans: Span, doc: str = "doc") -> Layer:
    sha256 = CONTEXT.texts["doc"].sha256
    return Layer("layer", [Markup(doc=doc, sha256=sha256, layer="layer", spans=spans)])


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    assert write(tmp_path / "layer.cas", of(*SPANS), CONTEXT) == ()
    return tmp_path / "layer.cas"


def changed(folder: pathlib.Path, old: str, new: str) -> pathlib.Path:
    path = folder / "doc.xmi"
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new), "utf-8")
    return folder


def annotations(xmi: bytes) -> list[tuple[str, int, int]]:
    """Return label and offsets of each annotation, read as XML alone."""
    found = [(one.tag.rpartition("}")[2], one.attrib) for one in fromstring(xmi)]  # noqa: S314 - our own
    return [(name, int(given["begin"]), int(given["end"])) for name, given in found if "begin" in given]


@given(drawn=layers())
@settings(max_examples=60, deadline=None)
def test_offsets_count_utf_16_units(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[Layer, Mapping[str, Document]]
) -> None:
    layer, documents = drawn
    path = tmp_path_factory.mktemp("cas") / "layer.cas"
    write(path, layer, Context(documents, knowledge()))
    for name, one in documents.items():
        units = one.text.encode("utf-16-le", "surrogatepass")
        held = [s for s in layer.markups[name].spans if s.start <= s.end <= len(one.text) and s.label.isalnum()]
        found = [
            (label, units[2 * start : 2 * end].decode("utf-16-le"))
            for label, start, end in annotations((path / f"{name}.xmi").read_bytes())
        ]
        assert sorted(found) == sorted((s.label, one.text[s.start : s.end]) for s in held)


def test_the_text_stands_in_the_file_as_it_is(folder: pathlib.Path) -> None:
    found = fromstring((folder / "doc.xmi").read_bytes())  # noqa: S314 - our own
    assert [one.get("sofaString") for one in found if one.get("sofaString")] == [TEXT]


# --- what INCEpTION takes for a layer: its class TypeSystemAnalysis ---


def types(folder: pathlib.Path) -> dict[str, Element]:
    content = (folder / TYPES).read_bytes()
    assert content.startswith(b"<?xml")  # or INCEpTION takes the file for one of its own layers
    found = fromstring(content)  # noqa: S314 - our own
    return {
        str(one.findtext("{*}name")): one
        for one in found.iter("{http://uima.apache.org/resourceSpecifier}typeDescription")
    }


def features(one: Element) -> dict[str, tuple[str | None, str | None]]:
    """Return the type and the type of the elements of each feature."""
    return {
        str(feature.findtext("{*}name")): (feature.findtext("{*}rangeTypeName"), feature.findtext("{*}elementType"))
        for feature in one.iter("{http://uima.apache.org/resourceSpecifier}featureDescription")
    }


def test_each_label_is_a_layer_of_spans_with_features_and_link_features(folder: pathlib.Path) -> None:
    found = types(folder)
    for name, label in scheme().labels.items():
        one = found[type_of(name)]
        assert one.findtext("{*}supertypeName") == "uima.tcas.Annotation"
        assert one.findtext("{*}description") == label.gloss
        kinds = features(one)
        assert kinds.keys() == {"id", *label.attributes, *label.links}
        for key, attribute in label.attributes.items():
            assert kinds[key] == (f"uima.cas.{'Boolean' if attribute.type == 'flag' else 'String'}", None)
        for key, link in label.links.items():
            held = link_type_of(name, key)
            assert kinds[key] == ("uima.cas.FSArray", held)
            assert found[held].findtext("{*}supertypeName") == "uima.cas.TOP"
            ends = {"role": ("uima.cas.String", None), "target": (type_of(link.target), None)}
            assert features(found[held]) == ends


def test_names_are_those_of_java() -> None:
    names = [name for label in scheme().labels.values() for name in (*label.attributes, *label.links)]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) for name in [*scheme().labels, *names])


def test_a_label_of_others_has_a_type_if_it_can(tmp_path: pathlib.Path) -> None:
    spans = (Span(id="a", start=0, end=4, label="EVENT"), Span(id="b", start=0, end=4, label="X-Y"))
    losses = write(tmp_path / "layer.cas", of(*spans), CONTEXT)
    assert [(loss.kind, loss.count, loss.first.span) for loss in losses] == [("spans", 1, "b")]
    assert features(types(tmp_path / "layer.cas")["rift.EVENT"]).keys() == {"id"}
    (span,) = read(tmp_path / "layer.cas", CONTEXT)[0].markups["doc"].spans
    assert (span.label, span.surface) == ("EVENT", "Raid")


def test_a_figure_of_0_is_told_from_none(tmp_path: pathlib.Path) -> None:
    """UIMA writes a number that is not set as 0."""
    none = Span(id="a", start=0, end=4, label="TOLL", surface="Raid", attributes={"high": 3})
    zero = Span(id="b", start=13, end=14, label="TOLL", surface="5", attributes={"low": 0, "high": 3})
    assert write(tmp_path / "layer.cas", of(none, zero), CONTEXT) == ()
    assert list(read(tmp_path / "layer.cas", CONTEXT)[0].markups["doc"].spans) == [none, zero]


def test_links_to_a_span_of_another_label_are_left_out_and_counted(tmp_path: pathlib.Path) -> None:
    """The types allow none, though UIMA 2 reads them."""
    wrong = Span(id="t", start=28, end=36, label="TOLL", links={"where": ["i", "i"], "by": ["i", "t"]})
    losses = write(tmp_path / "layer.cas", of(SPANS[0], wrong), CONTEXT)
    assert [(loss.kind, loss.count) for loss in losses] == [("links", 3)]
    assert read(tmp_path / "layer.cas", CONTEXT)[0].markups["doc"].spans[1].links == {"by": ["i"]}


def test_what_xml_cannot_hold_is_left_out_and_counted(tmp_path: pathlib.Path) -> None:
    odd = document("Raid\x01", "odd")
    context = Context({"doc": document(TEXT), "odd": odd}, knowledge())
    spans = (Span(id="\x02", start=0, end=4, label="DATE", attributes={"value": "\x03"}),)
    layer = Layer("l", [*of(*spans), Markup(doc="odd", sha256=odd.sha256, layer="l", spans=())])
    losses = write(tmp_path / "layer.cas", layer, context)
    assert sorted((loss.kind, loss.count) for loss in losses) == [("attributes", 1), ("documents", 1), ("ids", 1)]


def test_no_span_of_gold_begins_or_ends_with_what_inception_trims() -> None:
    """It refuses the document: its class AllAnnotationsStartAndEndWithCharactersCheck."""
    texts = Context(known_documents(None), knowledge()).texts
    for markup in read_layer(layer_file("briefs", "gold")):
        text = texts[markup.doc].text
        edges = {edge for span in markup.spans for edge in (text[span.start], text[span.end - 1])}
        assert not [edge for edge in edges if edge.isspace() or unicodedata.category(edge) == "Cf"]


# --- reading ---


def test_a_zip_file_is_read_and_a_document_known_by_its_text(folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """As INCEpTION exports one document: named for the annotator, with the types beside it."""
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as packed:
        packed.writestr("lead.xmi", (folder / "doc.xmi").read_bytes())
        packed.writestr(TYPES, (folder / TYPES).read_bytes())
    found, issues = read(tmp_path / "export.zip", CONTEXT)
    assert (found.name, list(found.markups["doc"].spans)) == ("export", list(SPANS))
    assert [issue.code for issue in issues] == []


def test_a_file_alone_is_read_with_our_types(folder: pathlib.Path) -> None:
    (folder / TYPES).unlink()
    found, issues = read(folder / "doc.xmi", CONTEXT)
    assert (list(found.markups["doc"].spans), issues) == (list(SPANS), [])


def test_a_folder_of_any_name_is_read(folder: pathlib.Path) -> None:
    found, _ = read(folder.rename(folder.with_name("exported")), CONTEXT)
    assert list(found.markups["doc"].spans) == list(SPANS)


def test_an_annotation_without_an_id_gets_one(folder: pathlib.Path) -> None:
    found = read(changed(folder, ' id="i"', ""), CONTEXT)[0].markups["doc"].spans
    assert found[0].id is not None
    assert found[1].links == {"by": [found[0].id]}


def test_tokens_of_tools_are_passed_over_and_other_types_named(folder: pathlib.Path) -> None:
    theirs = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"
    described = "".join(
        f"<typeDescription><name>{name}</name><supertypeName>uima.tcas.Annotation</supertypeName></typeDescription>"
        for name in (theirs, "webanno.custom.Mood")
    )
    path = folder / TYPES
    path.write_text(path.read_text("utf-8").replace("</types>", f"{described}</types>"), "utf-8")
    more = (
        f'<t:Token xmlns:t="http:///{theirs.rpartition(".")[0].replace(".", "/")}.ecore" '
        'xmi:id="91" sofa="1" begin="0" end="4"/>'
        '<w:Mood xmlns:w="http:///webanno/custom.ecore" xmi:id="92" sofa="1" begin="0" end="4"/>'
    )
    changed(changed(folder, "<cas:Sofa", f"{more}<cas:Sofa"), 'members="', 'members="91 92 ')
    found, issues = read(folder, CONTEXT)
    assert list(found.markups["doc"].spans) == list(SPANS)
    assert [(issue.code, issue.message) for issue in issues] == [
        ("not-read", "1 annotations of the type webanno.custom.Mood are no spans of labels")
    ]
    path.unlink()
    assert [issue.code for issue in read(folder, CONTEXT)[1]] == ["not-read"]


@pytest.mark.parametrize("offset", ["6", "99"])
def test_an_offset_inside_a_character_or_beyond_the_text_is_an_error(folder: pathlib.Path, offset: str) -> None:
    """The emoji takes the units 5 and 6."""
    codes = {issue.code for issue in read(changed(folder, 'end="21"', f'end="{offset}"'), CONTEXT)[1]}
    assert "offset-outside" in codes


def test_a_number_that_is_none_is_an_error(folder: pathlib.Path) -> None:
    issues = read(changed(folder, 'low="5"', 'low="five"'), CONTEXT)[1]
    assert [(issue.code, issue.where.span) for issue in issues] == [("bad-value", "t")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<xmi:XMI", "<xmi:XMI <", "unknown-format"),
        ('by="', 'mood="', "unknown-format"),
        ('by="', 'by="99 ', "unknown-format"),
        ("Raid", "Rain", "text-differs"),
    ],
)
def test_what_is_no_xmi_of_ours_is_refused(folder: pathlib.Path, old: str, new: str, code: str) -> None:
    found, issues = read(changed(folder, old, new), CONTEXT)
    assert (len(found), [issue.code for issue in issues]) == (0, [code])


def test_two_files_of_one_document_and_one_of_none_are_reported(folder: pathlib.Path) -> None:
    content = (folder / "doc.xmi").read_text("utf-8")
    (folder / "again.xmi").write_text(content, "utf-8")
    (folder / "other.xmi").write_text(content.replace("Raid", "Rain"), "utf-8")
    assert sorted(issue.code for issue in read(folder, CONTEXT)[1]) == ["duplicate-document", "unknown-document"]


def test_a_file_that_is_not_there_and_a_zip_file_that_is_none_are_said(tmp_path: pathlib.Path) -> None:
    (tmp_path / "export.zip").write_bytes(b"PK")
    assert [issue.code for issue in read(tmp_path / "export.zip", CONTEXT)[1]] == ["bad-compression"]
    assert [issue.code for issue in read(tmp_path / "nothing.xmi", CONTEXT)[1]] == ["no-file"]


def test_a_zip_file_that_would_fill_the_memory_is_refused(tmp_path: pathlib.Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("lead.xmi", bytes(1 << 20))
    size = (1 << 20).to_bytes(4, "little")
    assert packed.getvalue().count(size) > 0
    (tmp_path / "export.zip").write_bytes(packed.getvalue().replace(size, b"\xff\xff\xff\x7f"))
    assert [issue.code for issue in read(tmp_path / "export.zip", CONTEXT)[1]] == ["too-large"]


def test_without_cassis_it_is_said_how_to_get_it(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cassis", None)
    expected = ("missing-package", "pip install 'rift-corpus[cas]'")
    assert [(issue.code, issue.hint) for issue in read(folder, CONTEXT)[1]] == [expected]
    with pytest.raises(InputError, match="missing-package"):
        write(folder.with_name("again.cas"), of(*SPANS), CONTEXT)
    assert not folder.with_name("again.cas").exists()
