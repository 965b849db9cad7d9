"""What an adjudication is begun with, and what it says where it cannot be: without a server."""

import pathlib

import msgspec
import pytest

from invented import document
from live import quiet
from rift.annotations.layer import Layer, Markup, write_layer
from rift.issues import InputError, Level
from rift.session.adjudicate import anew, keep_sides, settle
from rift.session.begin import Place
from rift.session.state import Annotator, Session, read_session

ONE = document("Rebels left Azaz.", "doc-1")
PAIR = Session(name="s", of="d", annotators=(Annotator(address="a@x.org"), Annotator(address="b@x.org")))
TRIO = msgspec.structs.replace(PAIR, annotators=(*PAIR.annotators, Annotator(address="c@x.org")))


@pytest.fixture
def place(tmp_path: pathlib.Path) -> Place:
    """Return a session's folder, with layers of two annotators in `layers`."""
    for name in ("a-x-org", "b-x-org"):
        markup = Markup(doc=ONE.id, sha256=ONE.sha256, layer=name, spans=())
        write_layer(tmp_path / "layers" / f"{name}.jsonl", Layer(name, [markup]))
    return Place(tmp_path / "s", {}, quiet)


def codes(place: Place, session: Session, address: str | None, between: str | None) -> list[str]:
    with pytest.raises(InputError) as error:
        settle(place, session, place.folder.parent / "layers", address, between)
    return [issue.code for issue in error.value.issues]


def test_what_an_adjudication_needs_is_said_all_at_once(place: Place) -> None:
    assert codes(place, TRIO, None, None) == ["which-two", "no-adjudicator"]
    assert codes(place, PAIR, "nobody", "a-x-org,d") == ["which-two", "bad-address"]
    assert codes(place, PAIR, "d@x.org,e@x.org", None) == ["no-adjudicator"]
    assert codes(place, TRIO, "d@x.org", "a-x-org,c-x-org") == ["not-pulled"]
    alone = msgspec.structs.replace(PAIR, annotators=PAIR.annotators[:1])
    assert codes(place, alone, "d@x.org", None) == ["which-two"]


def test_layers_may_be_named_by_their_annotators(place: Place) -> None:
    layers = place.folder.parent / "layers"
    session, a, b, _ = settle(place, TRIO, layers, "d@x.org", "B@x.org, a@x.org")
    assert (a.name, b.name) == ("b-x-org", "a-x-org")
    assert settle(place, session, layers, None, "b@x.org,a-x-org")[0] == session


def test_who_adjudicates_their_own_work_is_told_so(place: Place) -> None:
    *_, issues = settle(place, PAIR, place.folder.parent / "layers", "a@x.org", None)
    assert [(issue.code, issue.level) for issue in issues] == [("own-work", Level.WARNING)]


def test_what_was_begun_goes_on_with_the_layers_of_then(place: Place) -> None:
    layers = place.folder.parent / "layers"
    session, a, b, issues = settle(place, PAIR, layers, "D@x.org", None)
    assert issues == []
    keep_sides(place, session, a, b)
    again = read_session(place.folder)
    assert again == session
    assert codes(place, session, "e@x.org", None) == ["adjudication-differs"]
    write_layer(layers / "a-x-org.jsonl", Layer("a-x-org"))
    _, kept, _, issues = settle(place, session, layers, None, None)
    assert kept.markups == a.markups
    assert [issue.code for issue in issues] == ["layers-moved"]


def test_another_adjudication_begins_with_the_layers_as_they_are_now(place: Place) -> None:
    layers = place.folder.parent / "layers"
    assert anew(PAIR, "d@x.org", None) == PAIR  # there is none yet
    first, a, b, _ = settle(place, PAIR, layers, "d@x.org", None)
    keep_sides(place, first, a, b)
    write_layer(layers / "a-x-org.jsonl", Layer("a-x-org"))
    second, now, other, issues = settle(place, anew(first, None, None), layers, None, None)
    assert (len(now), other.markups, issues) == (0, b.markups, [])
    keep_sides(place, second, now, other)
    for session, kept in ((first, a), (second, now)):
        _, found, _, _ = settle(place, session, layers, None, None)
        assert found.markups == kept.markups
    assert second.adjudication is not None
    assert (second.adjudication.number, second.adjudication.adjudicator.project) == (2, None)
    third = anew(second, "e@x.org", "b-x-org,a-x-org").adjudication
    assert third is not None
    assert (third.adjudicator.address, third.a, third.b, third.number) == ("e@x.org", "b-x-org", "a-x-org", 3)
