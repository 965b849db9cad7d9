"""What is brought back of a session, and what becomes of older files: on recorded exports, without a server."""

import pathlib
from collections.abc import Mapping, Sequence

import hypothesis
import hypothesis.strategies as st
import pytest

from invented import document
from rift import guidelines, paths
from rift.annotations.formats.labelstudio_writer import to_tasks
from rift.annotations.formats.rendering import Context, Losses
from rift.annotations.layer import Layer, Markup, Span, encode_layer, read_layer
from rift.issues import InputError
from rift.session.adjudication import agreed, compare, read_reasons
from rift.session.client import Client
from rift.session.keep import keep
from rift.session.pull import export, layer_names, read
from rift.session.state import Annotator

ONE = document("Rebels left Azaz.", "doc-1")
ACTOR = Span(id="r1", start=0, end=6, label="ACTOR", surface="Rebels", attributes={"form": "generic"})


def layer(*spans: Span) -> Layer:
    return Layer("ann", [Markup(doc=ONE.id, sha256=ONE.sha256, layer="ann", spans=spans)])


def files(folder: pathlib.Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def kept(folder: pathlib.Path, made: Layer, beside: bytes = b"w\n") -> str:
    return keep(folder / "ann.jsonl", made, folder / "ann.work.jsonl", beside).outcome


def test_a_layer_is_new_then_unchanged_then_changed_with_the_older_one_kept(tmp_path: pathlib.Path) -> None:
    assert kept(tmp_path, layer(), b"1\n") == "new"
    assert kept(tmp_path, layer(), b"1\n") == "unchanged"
    found = keep(tmp_path / "ann.jsonl", layer(ACTOR), tmp_path / "ann.work.jsonl", b"2\n")
    assert (found.outcome, found.older, found.differences) == ("changed", str(tmp_path / "ann.1.jsonl"), {"only-b": 1})
    assert files(tmp_path) == {
        "ann.1.jsonl": encode_layer(layer()),
        "ann.jsonl": encode_layer(layer(ACTOR)),
        "ann.work.1.jsonl": b"1\n",
        "ann.work.jsonl": b"2\n",
    }
    assert kept(tmp_path, layer()) == "changed"
    assert read_layer(tmp_path / "ann.2.jsonl").markups["doc-1"].spans == (ACTOR,)


def test_documents_more_and_fewer_are_counted(tmp_path: pathlib.Path) -> None:
    kept(tmp_path, layer(ACTOR))
    found = keep(tmp_path / "ann.jsonl", Layer("ann"), tmp_path / "ann.work.jsonl", b"")
    assert (found.added, found.gone, found.differences) == (0, 1, {})


def test_a_damaged_older_layer_is_kept_too(tmp_path: pathlib.Path) -> None:
    (tmp_path / "ann.jsonl").write_bytes(b'{"doc": ')
    found = keep(tmp_path / "ann.jsonl", layer(), tmp_path / "ann.work.jsonl", b"")
    assert (found.outcome, found.differences) == ("changed", None)
    assert files(tmp_path)["ann.1.jsonl"] == b'{"doc": '


@pytest.mark.parametrize("broken", range(4))
def test_broken_off_at_any_file_it_is_repeated_without_loss(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, broken: int
) -> None:
    kept(tmp_path, layer(), b"1\n")
    written: list[pathlib.Path] = []

    def write(path: pathlib.Path, content: bytes) -> None:
        if len(written) == broken:
            raise OSError("no space left")
        written.append(path)
        paths.write_whole(path, content)

    monkeypatch.setattr("rift.session.keep.write_whole", write)
    with pytest.raises(OSError, match="no space"):
        kept(tmp_path, layer(ACTOR), b"2\n")
    assert files(tmp_path)["ann.jsonl"] == encode_layer(layer())
    monkeypatch.undo()
    assert kept(tmp_path, layer(ACTOR), b"2\n") == "changed"
    assert files(tmp_path).keys() == {"ann.jsonl", "ann.1.jsonl", "ann.work.jsonl", "ann.work.1.jsonl"}
    assert files(tmp_path)["ann.1.jsonl"] == encode_layer(layer())


class Recorded(Client):
    """A server of two users, and what it answers for the export of a project, and when asked whether that is there."""

    def __init__(self, exported: Exception | None = None, there: Exception | None = None) -> None:
        super().__init__("http://127.0.0.1:1", "t")
        self._exported = exported
        self._there = there

    def users(self) -> dict[int, str]:
        """Return two users."""
        return {1: "ann@example.org", 2: "ben@example.org"}

    def export(self, project: int) -> list[dict[str, object]]:
        """Return no task, or raise what is to be raised."""
        del project
        if self._exported:
            raise self._exported
        return []

    def check_project(self, number: int) -> None:
        """Raise what is to be raised."""
        del number
        if self._there:
            raise self._there


ANN = Annotator(address="ann@example.org", project=7)


def made(by: int, *results: Mapping[str, object], **more: object) -> Mapping[str, object]:
    return {"completed_by": by, "result": results, "was_cancelled": False, "lead_time": 4.5, **more}


def region(key: str, end: int, origin: str = "manual") -> Mapping[str, object]:
    value = {"start": 0, "end": end, "labels": ["ACTOR"]}
    return {"id": key, "from_name": "label", "to_name": "text", "type": "labels", "value": value, "origin": origin}


def task(*annotations: Mapping[str, object], number: int = 12) -> Mapping[str, object]:
    data = {"doc": ONE.id, "text": ONE.text}
    return {"id": number, "data": data, "annotations": annotations, "predictions": [], "drafts": []}


def read_tasks(*tasks: Mapping[str, object]) -> tuple[Layer, Sequence[object], Sequence[str]]:
    context = Context({ONE.id: ONE}, guidelines.knowledge())
    found, work, issues = read(Recorded(), ANN, tasks, context)
    return found, work, [f"{issue.where.file} {issue.code}" for issue in issues]


def test_spans_are_cut_from_our_text_with_the_time_and_origin_of_each() -> None:
    found, (work,), _ = read_tasks(task(made(1, region("r1", 6, "prediction-changed"))))
    assert found.markups[ONE.id].spans[0].surface == "Rebels"
    assert vars_of(work) == ("12", ONE.id, 4.5, False, {"r1": "prediction-changed"})


def vars_of(work: object) -> tuple[object, ...]:
    return tuple(getattr(work, name) for name in ("task", "doc", "lead_time", "skipped", "origins"))


def test_faults_are_given_with_the_address_of_their_task_and_the_rest_is_kept() -> None:
    found, _, issues = read_tasks(task(made(1, region("r1", 6), region("r2", 99))))
    assert "http://127.0.0.1:1/projects/7/data?task=12 offset-outside" in issues
    assert [span.id for span in found.markups[ONE.id].spans] == ["r1"]


def test_what_others_annotated_is_passed_over_and_said() -> None:
    found, work, issues = read_tasks(task(made(2, region("r1", 6))))
    assert (len(found), work) == (0, [])
    assert "http://127.0.0.1:1/projects/7/data of-another" in issues


def test_no_task_gives_an_empty_layer() -> None:
    found, work, issues = read_tasks()
    assert (len(found), work, issues) == (0, [], [])


def refusal(code: str) -> InputError:
    from rift.issues import Issue, Level, Where  # noqa: PLC0415 - one use

    return InputError([Issue(code, Level.ERROR, Where("server"), "no")])


@pytest.mark.parametrize("exported", [None, refusal("refused")])
def test_what_is_exported_while_a_project_is_deleted_is_not_taken(exported: Exception | None) -> None:
    client = Recorded(exported, there=refusal("gone"))
    with pytest.raises(InputError) as error:
        export(client, 7)
    assert error.value.issues[0].code == "gone"


def test_a_refused_export_of_a_project_that_is_there_is_said() -> None:
    client = Recorded(refusal("refused"))
    with pytest.raises(InputError) as error:
        export(client, 7)
    assert error.value.issues[0].code == "refused"


@hypothesis.given(st.lists(st.from_regex(r"[a-z0-9.+-]{1,6}@[a-z]{1,4}\.org", fullmatch=True), unique=True))
def test_every_layer_has_a_name_of_its_own(addresses: list[str]) -> None:
    names = layer_names(Annotator(address=address) for address in addresses)
    assert list(names) == addresses
    assert len(set(names.values())) == len(addresses)


def test_layers_are_named_by_address_or_as_the_session_says() -> None:
    named = [Annotator(address="a@example.org"), Annotator(address="b@example.org", layer="b")]
    assert list(layer_names(named).values()) == ["a-example-org", "b"]


def test_reasons_are_a_number_a_code_and_perhaps_a_note() -> None:
    reasons, issues = read_reasons(
        "doc-1", ["1 slip", "2. figure  the text  says three", "x slip", "3"], {"doc-1": "p"}
    )
    assert [(item.number, item.reason, item.note) for item in reasons] == [
        (1, "slip", ""),
        (2, "figure", "the text says three"),
    ]
    assert [(issue.code, issue.where.file) for issue in issues] == [("wrong-reason", "p")] * 2


def test_documents_on_which_both_agree_are_taken_and_the_others_differ() -> None:
    full = Span(id="r1", start=0, end=6, label="ACTOR", attributes={"form": "generic", "kind": "armed_group"})
    two = document("Rebels left.", "doc-2")
    same = [Markup(doc=one.id, sha256=one.sha256, layer="a", spans=(full,)) for one in (ONE, two)]
    other = [same[0], Markup(doc=two.id, sha256=two.sha256, layer="b", spans=())]
    context = Context({ONE.id: ONE, two.id: two}, guidelines.knowledge())
    sides, issues = compare(Layer("a", same), Layer("b", other), context)
    assert (sides.differing, [markup.doc for markup in agreed(sides)], issues) == ([two.id], [ONE.id], [])
    _, issues = compare(Layer("a", same), Layer("b", other[:1]), context)
    assert [(issue.code, "1 of 2" in issue.message) for issue in issues] == [("not-all-done", True)]


def test_layers_with_errors_or_nothing_in_common_are_not_adjudicated() -> None:
    with pytest.raises(InputError, match="nothing-shared"):
        compare(layer(ACTOR), Layer("b"), Context({ONE.id: ONE}, guidelines.knowledge()))
    with pytest.raises(InputError, match="missing-attribute"):
        compare(layer(ACTOR), layer(ACTOR), Context({ONE.id: ONE}, guidelines.knowledge()))


def test_what_follows_from_a_chosen_entry_is_filled_in_and_what_is_said_stays() -> None:
    one = document("Rebels left Azaz for Azaz.", "doc-1")
    context = Context({one.id: one}, guidelines.knowledge())
    actor = next(iter(context.knowledge.actors))
    said = [
        Span(id="r1", start=0, end=6, label="ACTOR", attributes={"entity": actor}),
        Span(id="r2", start=12, end=16, label="LOCATION", attributes={"place": "azaz"}),
        Span(id="r3", start=21, end=25, label="LOCATION", attributes={"place": "azaz", "kind": "region"}),
    ]
    markup = Markup(doc=one.id, sha256=one.sha256, layer="1", spans=said)
    (exported,) = to_tasks(Layer("1", [markup]), context, "annotations", Losses())
    annotation = {**exported["annotations"][0], "completed_by": 1, "was_cancelled": False}
    found, _, issues = read(Recorded(), ANN, [{**exported, "id": 1, "annotations": [annotation]}], context)
    assert [dict(span.attributes) for span in found.markups[one.id].spans] == [
        {"form": "name", "kind": context.knowledge.actors[actor].kind, "entity": actor},
        {"kind": "settlement", "place": "azaz"},
        {"kind": "region", "place": "azaz"},
    ]
    assert [(issue.code, issue.where.span) for issue in issues] == [("kind-differs", "r3")]
    assert issues[0].message.endswith("in 'Azaz'")
