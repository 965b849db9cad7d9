"""What a session is to be, settled without a server."""

import pathlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented import document
from rift.annotations.layer import Layer, Markup, Span, write_layer
from rift.issues import InputError, Level
from rift.session import state
from rift.session.client import Task
from rift.session.plan import Wanted, agree, blinded, choose_blind, join_documents, new_password, read_addresses
from rift.session.preannotation import pre_annotate
from rift.session.push import missing_documents
from rift.session.standing import count

IDS = st.lists(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), unique=True, max_size=40)
SHARES = st.floats(0, 1)


def codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    assert all(issue.hint for issue in error.value.issues)
    return [issue.code for issue in error.value.issues]


@given(IDS, SHARES, st.integers(0, 5))
def test_the_blind_are_a_share_of_the_documents_whatever_their_order(ids: list[str], share: float, seed: int) -> None:
    blind = choose_blind(ids, share, seed)
    assert len(blind) == round(share * len(ids))
    assert [doc for doc in ids if doc in set(blind)] == blind
    assert set(choose_blind(sorted(ids), share, seed)) == set(blind)


@given(IDS, SHARES, SHARES, st.integers(0, 5))
def test_a_larger_share_holds_a_smaller_one(ids: list[str], one: float, other: float, seed: int) -> None:
    assert set(choose_blind(ids, min(one, other), seed)) <= set(choose_blind(ids, max(one, other), seed))


def test_another_seed_draws_others() -> None:
    ids = [f"doc-{number}" for number in range(40)]
    assert len({tuple(choose_blind(ids, 0.5, seed)) for seed in range(5)}) == 5


def test_a_blind_share_of_nothing_that_is_shown_is_said() -> None:
    with pytest.raises(InputError) as error:
        agree("s", None, Wanted(addresses=["a@example.org"], share=0.5))
    assert codes(error) == ["nothing-shown"]


def test_what_is_drawn_stays_drawn_when_documents_are_added() -> None:
    session = agree("s", None, Wanted(addresses=["a@example.org"], pre="rules", share=0.5))
    first = blinded(session, [f"a-{number}" for number in range(10)])
    second = blinded(first, [f"b-{number}" for number in range(4)])
    assert len(first.blind.documents) == 5
    assert second.blind.documents[:5] == first.blind.documents
    assert len(second.blind.documents) == 7
    assert blinded(second, [f"b-{number}" for number in range(4)]) == second


def test_addresses_are_lowered_with_a_word_about_it() -> None:
    addresses, issues = read_addresses(" Ann@Example.org, b@example.org ,")
    assert addresses == ["ann@example.org", "b@example.org"]
    assert [(issue.code, issue.level) for issue in issues] == [("address-lowered", Level.WARNING)]
    assert "ann@example.org" in issues[0].message


@pytest.mark.parametrize("text", ["", " , "])
def test_no_address_at_all_is_said(text: str) -> None:
    addresses, issues = read_addresses(text)
    assert addresses == []
    assert [issue.code for issue in issues] == ["no-annotators"]


def test_all_that_is_wrong_with_addresses_is_said_at_once() -> None:
    _, issues = read_addresses("ann, a@example.org, a@example.org, b@, c@d")
    assert [issue.code for issue in issues] == ["bad-address", "address-twice", "bad-address", "bad-address"]
    assert all(issue.hint for issue in issues)


def test_a_session_needs_somebody() -> None:
    with pytest.raises(InputError) as error:
        agree("s", None, Wanted(of="briefs/dev"))
    assert codes(error) == ["no-annotators"]


def test_annotators_are_added_and_none_leave() -> None:
    first = agree("s", None, Wanted(of="briefs/dev", addresses=["a@example.org"], pre="rules", share=0.2, seed=3))
    second = agree("s", first, Wanted(addresses=["b@example.org", "a@example.org"]))
    assert [item.address for item in second.annotators] == ["a@example.org", "b@example.org"]
    assert msgspec.structs.replace(second, annotators=first.annotators) == first
    assert agree("s", second, Wanted()) == second


def test_all_that_was_settled_otherwise_is_said_at_once() -> None:
    first = agree("s", None, Wanted(addresses=["a@example.org"], pre="rules"))
    asked = Wanted(pre="linear", share=0.5, seed=1, url="http://127.0.0.1:8080")
    with pytest.raises(InputError) as error:
        agree("s", first, asked)
    assert codes(error) == ["session-differs"] * 4
    assert [issue.where.file for issue in error.value.issues] == ["--pre", "--blind", "--seed", "--url"]


def test_documents_are_added_and_none_may_change() -> None:
    one, two = document("Rebels left.", "one"), document("Rebels came.", "two")
    assert join_documents([one], [two, one]) == [one, two]
    assert join_documents([one], []) == [one]
    with pytest.raises(InputError) as error:
        join_documents([one, two], [document("Rebels stayed.", "one")])
    assert codes(error) == ["document-differs"]
    with pytest.raises(InputError) as error:
        join_documents([], [])
    assert codes(error) == ["no-documents"]


def task(**known: object) -> Task:
    return msgspec.convert(
        {"number": 1, "doc": "d", "annotations": 0, "skipped": 0, "predictions": 0, "seconds": 0} | known, Task
    )


def test_only_documents_without_a_task_are_missing() -> None:
    documents = [document("Rebels left.", key) for key in ("one", "two", "three")]
    assert [item.id for item in missing_documents(documents, [task(doc="two"), task(doc=None)])] == ["one", "three"]


def test_progress_counts_a_task_once() -> None:
    counts = [(1, 0, 30), (2, 1, 90), (0, 1, 5), (0, 0, 0), (1, 0, 0)]
    found = count(
        "a@example.org", [task(annotations=done, skipped=skipped, seconds=took) for done, skipped, took in counts]
    )
    assert (found.tasks, found.done, found.skipped) == (5, 3, 1)
    assert (found.seconds, found.median) == (120, 30)
    assert count("a@example.org", []).median is None


def test_passwords_are_long_and_differ() -> None:
    assert len({new_password() for _ in range(100)}) == 100
    assert min(len(new_password()) for _ in range(100)) == 16


def session() -> state.Session:
    annotator = state.Annotator(address="a@example.org", password="secret", token="token", project=3)  # noqa: S106 - invented
    return state.Session(name="s", of="briefs/dev", pre="rules", annotators=(annotator,))


def test_a_session_is_read_as_it_was_written_and_by_its_owner_alone(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "sessions" / "s"
    assert state.read_session(folder) is None
    state.write_session(folder, session())
    assert state.read_session(folder) == session()
    assert (folder / state.FILE).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("damage", [b"", b"{", b"{}", b"\xff", b'{"name": "s", "of": "", "annotators": [{}]}'])
def test_a_damaged_session_is_named_with_the_next_step(tmp_path: pathlib.Path, damage: bytes) -> None:
    (tmp_path / state.FILE).write_bytes(damage)
    with pytest.raises(InputError) as error:
        state.read_session(tmp_path)
    assert codes(error) == ["bad-session"]
    assert state.FILE in error.value.issues[0].where.file


def test_a_session_is_found_by_name_or_as_the_only_one(tmp_path: pathlib.Path) -> None:
    environment = {"RIFT_DATA": str(tmp_path)}
    with pytest.raises(InputError, match="session start") as error:
        state.find_session(environment, None)
    assert codes(error) == ["no-session"]
    state.write_session(state.session_folder(environment, "one"), session())
    assert state.find_session(environment, None).name == "one"
    state.write_session(state.session_folder(environment, "two"), session())
    assert state.find_session(environment, "two").name == "two"
    with pytest.raises(InputError, match="one, two") as error:
        state.find_session(environment, None)
    assert codes(error) == ["several-sessions"]
    with pytest.raises(InputError, match="one, two") as error:
        state.find_session(environment, "three")
    assert codes(error) == ["no-session"]


TEXT = document("Rebels left Azaz on Tuesday.", "one")


def test_a_baseline_pre_annotates() -> None:
    layer, issues = pre_annotate("rules", [TEXT], None)
    assert issues == []
    assert {span.label for span in layer.markups["one"].spans} >= {"ACTOR", "LOCATION"}


def test_a_layer_pre_annotates_as_far_as_it_goes(tmp_path: pathlib.Path) -> None:
    spans = (Span(id="s1", start=0, end=6, label="ACTOR", attributes={"form": "generic", "kind": "armed_group"}),)
    path = tmp_path / "mine.jsonl"
    write_layer(path, Layer("mine", [Markup(doc="one", sha256=TEXT.sha256, layer="mine", spans=spans)]))
    layer, issues = pre_annotate(str(path), [TEXT, document("Nothing.", "two")], None)
    assert list(layer.markups) == ["one"]
    assert [(issue.code, issue.level) for issue in issues] == [("not-pre-annotated", Level.WARNING)]


def test_a_layer_of_the_corpus_pre_annotates_its_documents() -> None:
    brief = document("Rebels left.", "briefs-022")
    brief = msgspec.structs.replace(brief, collection="briefs")
    with pytest.raises(InputError, match="briefs-022"):  # the text is another one than gold was made on
        pre_annotate("gold", [brief], None)


def test_a_layer_on_another_text_is_refused(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mine.jsonl"
    write_layer(path, Layer("mine", [Markup(doc="one", sha256="0" * 64, layer="mine", spans=())]))
    with pytest.raises(InputError):
        pre_annotate(str(path), [TEXT], None)


def test_an_unknown_pre_annotation_is_said_with_what_there_is() -> None:
    with pytest.raises(InputError, match="rules") as error:
        pre_annotate("nothing", [TEXT], None)
    assert codes(error) == ["no-pre"]
