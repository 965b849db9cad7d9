"""`rift.eval.slices` and `rift.eval.metadata`: slices of documents and of spans."""

from collections.abc import Mapping, Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval_strategies import NO_INTERVALS, Corpus, both, corpora, layer, span
from rift.annotations.collection import known_documents, load_portion
from rift.annotations.layer import Layer, Span
from rift.corpus.document import Document, digest
from rift.eval.metadata import SLICINGS, Metadata, SpanSlicing, corpus_metadata, surface_of, training_surfaces
from rift.eval.resample import Bootstrap
from rift.eval.scoring import collect, score
from rift.eval.slices import Facts, Slicing, collect_slices, slice_documents, slice_spans, span_slicer
from rift.eval.tracks import MODES

NOTHING = Facts({}, {}, frozenset())


def actor(start: int, end: int, **attributes: str) -> Span:
    return Span(start=start, end=end, label="ACTOR", attributes=attributes)


def surface(start: int, words: str, label: str = "ACTOR") -> Span:
    return Span(start=start, end=start + len(words), label=label, surface=words)


def counts(slicing: Slicing, mode: str = "strict") -> Mapping[str, tuple[float, float, int, int]]:
    """Return correct (gold side), correct (predicted side), gold and predicted of each slice."""
    rows = {
        name: next(row for key, row in found.modes.items() if key == mode) for name, found in slicing.slices.items()
    }
    return {name: (row.correct_gold, row.correct_predicted, row.gold, row.predicted) for name, row in rows.items()}


def sliced(
    gold: Sequence[Span], predicted: Sequence[Span], by: SpanSlicing, facts: Facts = NOTHING, mode: str = "strict"
) -> Mapping[str, tuple[float, float, int, int]]:
    sides = layer("gold", {"doc-a": gold}), layer("system", {"doc-a": predicted})
    return counts(slice_spans(*sides, "spans", by, facts, NO_INTERVALS), mode)


features = st.builds(
    lambda found, form, words: msgspec.structs.replace(
        found, attributes={} if form is None else {"form": form}, surface=words
    ),
    st.builds(span, st.integers(0, 5), st.integers(5, 9), st.sampled_from(["ACTOR", "DATE"])),
    st.sampled_from(["name", "generic", None]),
    st.sampled_from(["one", "one two", "one two three four", "", None]),
)
featured = st.dictionaries(
    st.sampled_from(["doc-a", "doc-b"]), st.tuples(st.lists(features, max_size=5), st.lists(features, max_size=5))
)


@given(featured, st.sampled_from(["label", "form", "seen", "length"]), st.sampled_from(["spans", "values"]))
@settings(max_examples=60)
def test_counts_over_the_slices_of_spans_add_up_to_the_whole(corpus: Corpus, by: SpanSlicing, track: str) -> None:
    facts = Facts({}, {}, frozenset({("ACTOR", "one")}))
    gold, predicted = both(corpus)
    found = collect_slices(gold, predicted, track, span_slicer(by, facts))
    whole = collect(gold, predicted, track).statistics
    assert found.documents == whole.documents
    assert found.modes == whole.modes
    assert found.counts.sum(axis=2).tolist() == whole.counts.sum(axis=2).tolist()


@given(corpora)
@settings(max_examples=30)
def test_slices_by_label_are_the_label_rows(corpus: Corpus) -> None:
    gold, predicted = both(corpus)
    found = slice_spans(gold, predicted, "spans", "label", NOTHING, Bootstrap(resamples=20))
    whole = score(gold, predicted, bootstrap=Bootstrap(resamples=20))
    for mode in MODES:
        rows = {name: row.modes[mode] for name, row in found.slices.items()}
        assert rows == {name: row for name, row in whole.modes[mode].labels.items() if row.gold or row.predicted}


@given(corpora, st.permutations(range(7)))
@settings(max_examples=20)
def test_the_order_of_spans_does_not_matter(corpus: Corpus, order: list[int]) -> None:
    gold, predicted = both(corpus)
    shuffled: Corpus = {
        doc: ([], [theirs[at] for at in order if at < len(theirs)]) for doc, (_, theirs) in corpus.items()
    }
    again = slice_spans(gold, both(shuffled)[1], "spans", "form", NOTHING, NO_INTERVALS)
    assert again == slice_spans(gold, predicted, "spans", "form", NOTHING, NO_INTERVALS)


def test_form_is_that_of_either_span_by_itself() -> None:
    gold = [actor(0, 4, form="name"), actor(5, 9, form="generic"), span(10, 12, "DATE")]
    predicted = [actor(0, 4, form="name"), actor(5, 9, form="name")]
    assert sliced(gold, predicted, "form") == {
        "name": (1, 2, 1, 2),
        "generic": (1, 0, 1, 0),
        "other": (0, 0, 1, 0),
    }


def test_a_predicted_span_that_does_not_tell_borrows_from_its_partner_or_is_unknown() -> None:
    gold = [actor(0, 4, form="name"), actor(5, 9, form="generic"), actor(20, 24)]
    predicted = [actor(0, 4), actor(5, 8), actor(20, 24)]
    assert sliced(gold, predicted, "form") == {
        "name": (1, 1, 1, 1),
        "generic": (0, 0, 1, 0),
        "unknown": (1, 1, 1, 2),
    }
    assert sliced(gold, predicted, "form", mode="partial")["generic"] == (0.5, 0.5, 1, 1)


def test_seen_goes_by_label_and_casefolded_surface() -> None:
    facts = Facts({}, {}, frozenset({("ACTOR", "the weavers"), ("LOCATION", "hollow")}))
    gold = [surface(0, "The WEAVERS"), surface(20, "Hollow"), surface(30, "Hollow", "LOCATION"), span(50, 54)]
    assert sliced(gold, [], "seen", facts) == {
        "seen": (0, 0, 2, 0),
        "unseen": (0, 0, 1, 0),
        "unknown": (0, 0, 1, 0),
    }


def test_length_counts_tokens_of_the_surface_or_else_of_the_text() -> None:
    text = "Weavers met the River Guild of Hollow."
    document = Document(
        id="doc-a",
        collection="c",
        title="t",
        publisher="p",
        published=None,
        language="en",
        license="CC0-1.0",
        source="s",
        text=text,
        sha256=digest(text),
    )
    gold = [surface(0, "Weavers"), span(16, 27), span(12, 37), surface(0, "a-b"), span(3, 3)]
    facts = Facts({"doc-a": document}, {}, frozenset())
    assert {name: row[2] for name, row in sliced(gold, [], "length", facts).items()} == {
        "0": 1,
        "1": 1,
        "2-3": 2,
        "4+": 1,
    }
    assert sliced([span(16, 27)], [], "length") == {"unknown": (0, 0, 1, 0)}


def test_the_documents_of_a_slice_are_those_that_have_a_part_in_it() -> None:
    gold = layer("gold", {"doc-a": [span(0, 3)], "doc-b": [span(0, 3, "DATE")], "doc-c": []})
    predicted = layer("system", {"doc-c": [span(0, 3)], "doc-x": [span(0, 3, "TOLL")]})
    found = slice_spans(gold, predicted, "spans", "label", NOTHING, NO_INTERVALS)
    assert {name: row.documents for name, row in found.slices.items()} == {"ACTOR": 2, "DATE": 1}


METADATA = {
    "doc-a": Metadata("fables", "train", "Gazette", ("irony", "feint")),
    "doc-b": Metadata("fables", "dev", "Courier", ("irony",)),
    "doc-c": Metadata("notes", "dev", "Gazette", ()),
}
DOCUMENTS = {name: ([span(0, 3)] * number, [span(0, 3)]) for number, name in enumerate([*METADATA, "doc-d"], start=1)}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("collection", {"fables": 3, "notes": 3, "unknown": 4}),
        ("split", {"dev": 5, "train": 1, "unknown": 4}),
        ("outlet", {"Courier": 2, "Gazette": 4, "unknown": 4}),
        ("phenomenon", {"feint": 1, "irony": 3, "none": 3, "unknown": 4}),
    ],
)
def test_documents_are_sliced_by_what_the_corpus_says(by: str, expected: Mapping[str, int]) -> None:
    chosen = next(name for name in ("collection", "split", "outlet", "phenomenon") if name == by)
    statistics = collect(*both(DOCUMENTS)).statistics
    found = slice_documents(statistics, chosen, Facts({}, METADATA, frozenset()), Bootstrap(resamples=10))
    assert {name: row[2] for name, row in counts(found).items()} == expected
    assert list(found.slices) == list(expected)
    assert found.additive is (by != "phenomenon")


def test_a_slice_of_documents_is_scored_as_if_it_were_all() -> None:
    gold, predicted = both(DOCUMENTS)
    facts = Facts({}, METADATA, frozenset())
    found = slice_documents(collect(gold, predicted).statistics, "outlet", facts, Bootstrap(3, 50))
    alone = score(gold.only(["doc-a", "doc-c"]), predicted, bootstrap=Bootstrap(3, 50))
    assert found.slices["Gazette"].documents == 2
    assert found.slices["Gazette"].modes == {mode: scores.micro for mode, scores in alone.modes.items()}


def test_nothing_has_no_slices() -> None:
    empty = Layer("gold")
    assert slice_spans(empty, empty, "spans", "form", NOTHING).slices == {}
    assert slice_documents(collect(empty, empty).statistics, "split", NOTHING).slices == {}


def test_facts_have_no_spans_to_slice() -> None:
    with pytest.raises(ValueError, match="tolls"):
        collect_slices(Layer("gold"), Layer("system"), "tolls", span_slicer("form", NOTHING))


def test_a_slicing_survives_json() -> None:
    found = slice_spans(*both(DOCUMENTS), "spans", "label", NOTHING, Bootstrap(resamples=10))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Slicing) == found


def test_the_corpus_gives_metadata_without_any_source() -> None:
    metadata = corpus_metadata()
    assert metadata["briefs-001"].collection == "briefs"
    assert metadata["briefs-001"].outlet == "RIFT"
    assert metadata["briefs-001"].phenomena
    assert {found.split for found in metadata.values()} == {"train", "dev", "test"}
    assert all(found.outlet not in ("", "unknown") for found in metadata.values())


def test_all_is_seen_in_training_that_training_holds() -> None:
    documents = known_documents(None)
    known = training_surfaces(documents)
    facts = Facts(documents, corpus_metadata(), known)
    train, dev = load_portion("briefs", "train").gold, load_portion("briefs", "dev").gold
    assert list(slice_spans(train, train, "spans", "seen", facts, NO_INTERVALS).slices) == ["seen"]
    assert list(slice_spans(dev, dev, "spans", "seen", facts, NO_INTERVALS).slices) == ["seen", "unseen"]
    assert all(words == words.casefold() for _, words in known)


def test_a_surface_is_the_spans_own_before_it_is_the_texts() -> None:
    assert surface_of("doc-a", surface(0, "own"), {}) == "own"
    assert surface_of("doc-a", span(0, 3), {"doc-a": None}) is None


def test_every_slicing_has_a_name_of_its_own() -> None:
    assert len(set(SLICINGS)) == len(SLICINGS) == 8
