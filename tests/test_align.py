"""Fingerprints and alignment: the spans of a text that may not be given away, on a reader's copy of it."""

import json
import pathlib
import random
import sys

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from rift.annotations.collection import layer_files, load_portion
from rift.annotations.layer import Markup, Span, read_layer
from rift.annotations.place import Placement, best_placement, place
from rift.cli.align import make_fingerprints
from rift.cli.main import rift
from rift.corpus.align import align
from rift.corpus.build import collection_folder
from rift.corpus.copies import canonical, read_copy
from rift.corpus.document import canonical_faults, digest
from rift.corpus.fingerprint import Fingerprint, digits, fingerprint, plain, read_fingerprints, words
from rift.issues import InputError

SYLLABLES = ["ba", "de", "fo", "gi", "hu", "ka", "le", "mo", "nu", "pe", "ri", "so", "ta", "vu", "wa", "ze"]
CHANCE = random.Random(7)  # noqa: S311  (repeatable, nothing secret)


def invented(sentences: int, chance: random.Random = CHANCE) -> str:
    """Return a text of invented words, a paragraph a sentence."""

    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(1, 3)))

    return "\n\n".join(
        " ".join(word() for _ in range(chance.randint(12, 20))).capitalize() + "." for _ in range(sentences)
    )


TEXT = invented(12)


def markup_of(text: str, every: int = 7) -> Markup:
    """Mark every few words, one to three of them."""
    tokens = words(text)
    pairs = [(tokens[at], tokens[min(at + at % 3, len(tokens) - 1)]) for at in range(0, len(tokens), every)]
    spans = [
        Span(id=f"s{one.start}", start=one.start, end=other.end, label="ACTOR", surface=text[one.start : other.end])
        for one, other in pairs
        if "\n" not in text[one.start : other.end]
    ]
    spans[1] = Span(
        **{key: getattr(spans[1], key) for key in ("id", "start", "end", "label")}, links={"by": [spans[0].id or ""]}
    )
    return Markup(doc="doc", sha256=digest(text), layer="gold", spans=spans)


MARKUP = markup_of(TEXT)
KNOWN = fingerprint("doc", MARKUP.sha256, TEXT, [(span.start, span.end) for span in MARKUP.spans])


def placed(found: Placement) -> dict[str | None, str | None]:
    return {span.id: found.text[span.start : span.end] for span in found.markup.spans}


def surfaces(markup: Markup = MARKUP, text: str = TEXT) -> dict[str | None, str]:
    return {span.id: text[span.start : span.end] for span in markup.spans}


def test_a_fingerprint_has_a_digit_a_word_that_case_quotes_and_width_do_not_change() -> None:
    assert len(KNOWN.digits) == len(words(TEXT))
    assert set(KNOWN.digits) <= set("0123456789abcdef")
    one, other = "The \u201cNusra\u201d Front\u2019s", "the 'NUSRA' front's"
    assert digits(one, words(one)) == digits(other, words(other))
    assert plain("\uff21\u00df") == "ass"
    assert digits("", words("")) == ""


def test_a_span_without_a_word_has_no_place() -> None:
    with pytest.raises(ValueError, match="no word"):
        fingerprint("doc", "0" * 64, "one -- two", [(4, 6)])


def test_the_text_itself_takes_every_span() -> None:
    found = place(MARKUP, KNOWN, TEXT)
    assert [(span.start, span.end) for span in found.markup.spans] == [(span.start, span.end) for span in MARKUP.spans]
    assert found.markup.sha256 == MARKUP.sha256
    assert (found.share, found.missing) == (1.0, {})


@given(st.integers(0, 11), st.integers(0, 11), st.integers(0, 30), st.integers(0, 30))
def test_paragraphs_may_change_places_and_stand_among_others(one: int, other: int, before: int, after: int) -> None:
    paragraphs = TEXT.split("\n\n")
    paragraphs[one], paragraphs[other] = paragraphs[other], paragraphs[one]
    strange = random.Random(f"{before} {after}")  # noqa: S311  (repeatable, nothing secret)
    copy = "\n".join([invented(before, strange), *paragraphs, invented(after, strange)])
    found = place(MARKUP, KNOWN, copy)
    assert placed(found) == surfaces()


@given(st.integers(0, 11))
def test_what_a_lost_paragraph_held_is_missing_and_nothing_else(lost: int) -> None:
    paragraphs = TEXT.split("\n\n")
    gone = paragraphs.pop(lost)
    found = place(MARKUP, KNOWN, "\n\n".join(paragraphs))
    start = TEXT.index(gone)
    expected = {span.id for span in MARKUP.spans if start <= span.start < start + len(gone)}
    assert set(found.missing) == expected
    assert placed(found) == {key: surface for key, surface in surfaces().items() if key not in expected}
    assert all(target not in expected for span in found.markup.spans for target in span.links.get("by", ()))


@given(st.integers(1, 190))
def test_a_word_spelt_otherwise_keeps_its_place(number: int) -> None:
    tokens = words(TEXT)
    token = tokens[min(number, len(tokens) - 2)]
    spelt = TEXT[token.start : token.end] + "h"
    found = place(MARKUP, KNOWN, TEXT[: token.start] + spelt + TEXT[token.end :])
    touched = {span.id for span in MARKUP.spans if span.start < token.end and token.start < span.end}
    assert found.missing.keys() <= touched


def test_another_word_in_the_place_of_a_span_is_not_taken_for_it() -> None:
    span = next(span for span in MARKUP.spans if span.surface and " " not in span.surface and len(span.surface) > 3)
    found = place(MARKUP, KNOWN, TEXT[: span.start] + "Xylophon" + TEXT[span.end :])
    assert found.missing == {span.id: "other-words"}


def test_of_a_withheld_surface_the_digits_speak() -> None:
    (silent,) = [span for span in MARKUP.spans if span.surface is None]
    assert silent.id in placed(place(MARKUP, KNOWN, TEXT))


@given(st.integers(8, 1000))
def test_on_another_text_nothing_is_placed(seed: int) -> None:
    found = place(MARKUP, KNOWN, invented(12, random.Random(seed)))  # noqa: S311  (repeatable, nothing secret)
    assert found.markup.spans == ()
    assert set(found.missing.values()) == {"other-text"}


def test_on_an_empty_text_nothing_is_placed() -> None:
    assert place(MARKUP, KNOWN, "").markup.spans == ()
    assert align("", "").share == 0


def test_the_beginning_of_the_article_is_enough_to_place_what_it_holds() -> None:
    beginning = "\n\n".join(TEXT.split("\n\n")[:3])
    found = place(MARKUP, KNOWN, beginning)
    assert placed(found) == {key: surface for key, surface in surfaces().items() if int(str(key)[1:]) < len(beginning)}


@given(st.text("0123", max_size=60), st.text("0123", max_size=60))
def test_an_alignment_maps_equal_digits_one_to_one(ours: str, theirs: str) -> None:
    found = align(ours, theirs)
    assert all(ours[one] == theirs[other] for one, other in found.alike.items())
    assert len(set(found.alike.values())) == len(found.alike)
    assert not found.alike.keys() & found.replaced.keys()


def test_a_fingerprint_of_another_text_or_without_a_span_is_refused() -> None:
    other = Fingerprint(doc="doc", sha256="0" * 64, digits=KNOWN.digits, places=KNOWN.places)
    with pytest.raises(ValueError, match="another text"):
        place(MARKUP, other, TEXT)
    bare = Fingerprint(doc="doc", sha256=KNOWN.sha256, digits=KNOWN.digits, places=())
    with pytest.raises(ValueError, match="does not know the offset"):
        place(MARKUP, bare, TEXT)


def test_dots_of_an_abbreviation_belong_to_its_span_where_the_copy_has_them() -> None:
    text = f"{TEXT}\n\nThe U.S. said so and then left."
    start = text.index("U.S.")
    span = Span(id="us", start=start, end=start + 4, label="ACTOR", surface="U.S.")
    markup = Markup(doc="doc", sha256=digest(text), layer="gold", spans=[span])
    known = fingerprint("doc", markup.sha256, text, [(span.start, span.end)])
    assert placed(place(markup, known, text)) == {"us": "U.S."}
    assert placed(place(markup, known, text.replace("U.S.", "U.S"))) == {"us": "U.S"}


PAGE = (
    "<!DOCTYPE html><html><head><title>{title}</title></head><body><nav>Home</nav><h1>{title}</h1>{body}</body></html>"
)


def test_a_page_is_read_with_its_headline_and_in_full(tmp_path: pathlib.Path) -> None:
    title, *paragraphs = TEXT.split("\n\n")
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(title=title, body="".join(f"<p>{text}</p>" for text in paragraphs)))
    found = best_placement(MARKUP, KNOWN, read_copy(page))
    assert placed(found) == surfaces()
    assert not list(canonical_faults(found.text))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04rest", "copy-packed"),
        (b"%PDF-1.7", "copy-packed"),
        (b"\n \n", "copy-empty"),
        (b"x" * (33 << 20), "copy-too-large"),
    ],
)
def test_a_file_that_is_no_copy_is_named(tmp_path: pathlib.Path, content: bytes, code: str) -> None:
    path = tmp_path / "copy"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_copy(path)
    assert [(issue.code, issue.where.file) for issue in error.value.issues] == [(code, str(path))]
    assert error.value.issues[0].hint


def test_a_copy_that_is_not_there_is_named(tmp_path: pathlib.Path) -> None:
    with pytest.raises(InputError, match="no-copy"):
        read_copy(tmp_path / "none")


def test_windows_characters_and_control_characters_are_read_as_text(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "copy.txt"
    path.write_bytes(b"\x93Quoted\x94\x00 and\r\nwrapped \xe9")
    (text,) = read_copy(path)
    assert text == "\u201cQuoted\u201d and\nwrapped \u00e9"
    assert canonical(text) == text


def run(*arguments: str | pathlib.Path) -> tuple[int, str]:
    result = CliRunner().invoke(rift, ["corpus", "align", *map(str, arguments)])
    return result.exit_code, result.output


@pytest.mark.sources
def test_fingerprints_are_those_of_the_texts_and_layers(sources: pathlib.Path) -> None:
    assert list(read_fingerprints(collection_folder("infighting")).values()) == make_fingerprints("infighting", sources)


@pytest.mark.sources
def test_the_raw_page_takes_every_span_through_the_command(sources: pathlib.Path, tmp_path: pathlib.Path) -> None:
    portion = load_portion("infighting", "test", sources)
    document = next(item for item in portion.documents if item.id == "infighting-haaretz")
    copy = tmp_path / "copy.txt"
    copy.write_text(f"Advertisement\n{document.text}\nMore stories")
    code, output = run(document.id, copy, "--out", tmp_path / "out")
    assert code == 0, output
    layer = read_layer(tmp_path / "out" / document.id / "gold.jsonl")
    assert len(layer.markups[document.id].spans) == len(portion.gold.markups[document.id].spans)
    (written,) = (tmp_path / "out" / document.id / "documents.jsonl").read_text().splitlines()
    assert digest(json.loads(written)["text"]) == layer.markups[document.id].sha256


@pytest.mark.sources
def test_another_article_is_refused_by_the_command(sources: pathlib.Path, tmp_path: pathlib.Path) -> None:
    texts = {item.id: item.text for item in load_portion("infighting", "test", sources).documents}
    copy = tmp_path / "copy.txt"
    copy.write_text(texts["infighting-dailystar"])
    code, output = run("infighting-haaretz", copy, "--out", tmp_path / "out")
    assert code == 1
    assert "other-text" in output
    assert not (tmp_path / "out").exists()
    code, output = run("infighting-haaretz", copy, "--out", tmp_path / "out", "--json")
    report = json.loads(output.splitlines()[0])
    assert report["placed"] == 0
    assert len(report["missing"]) == report["spans"]


def test_a_document_without_fingerprint_is_named_with_those_that_have_one(tmp_path: pathlib.Path) -> None:
    code, output = run("briefs-001", tmp_path / "copy.txt")
    assert code == 1
    assert "no-fingerprint" in output
    assert "infighting-haaretz" in output
    assert run("infighting-haaretz", tmp_path / "copy.txt", "--layer", "none")[0] == 1


def test_a_missing_extra_is_named_with_the_way_to_get_it(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("rift.annotations.place", "rift.corpus.copies"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    code, output = run("infighting-haaretz", tmp_path / "copy.txt")
    assert code == 1
    assert "pip install 'rift-corpus[align]'" in output


def test_all_layers_of_infighting_can_be_placed() -> None:
    prints = read_fingerprints(collection_folder("infighting"))
    for path in layer_files("infighting"):
        for markup in read_layer(path):
            known = {item.offset for item in prints[markup.doc].places}
            assert {offset for span in markup.spans for offset in (span.start, span.end)} <= known
