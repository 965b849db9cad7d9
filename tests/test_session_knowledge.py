"""The actors and places of a session: a copy of its own, to which its lead adds what the annotators find."""

import pathlib
import shutil

import pytest

from invented import document
from live import quiet
from rift import guidelines
from rift.issues import InputError
from rift.session.begin import Place, prepare
from rift.session.plan import Wanted
from rift.session.state import knowledge_folder, read_knowledge

ONE = document("Rebels left Azaz.", "one")
NEW = """
[new-town]
name = "New Town"
kind = "settlement"
aliases = []
parent = "aleppo-province"
"""


def begin(folder: pathlib.Path, knowledge: pathlib.Path | None = None) -> pathlib.Path:
    """Begin a session, or go on with it; returns its folder."""
    place = Place(folder / "s", {}, quiet)
    prepare(place, Wanted("invented", ["a@example.org"], knowledge=knowledge), [ONE], None)
    return place.folder


def copy(folder: pathlib.Path) -> pathlib.Path:
    """Return a copy of the guidelines' files with one place more."""
    shutil.copytree(guidelines.knowledge_folder(), folder)
    with (folder / guidelines.PLACES).open("a") as file:
        file.write(NEW)
    return folder


def test_a_session_begins_with_what_the_guidelines_know_and_keeps_what_is_added(tmp_path: pathlib.Path) -> None:
    folder = begin(tmp_path)
    assert read_knowledge(folder) == guidelines.knowledge()
    with (knowledge_folder(folder) / guidelines.PLACES).open("a") as file:
        file.write(NEW)
    begin(tmp_path)
    assert read_knowledge(folder).places.keys() - guidelines.knowledge().places.keys() == {"new-town"}


def test_a_session_begins_with_files_that_are_named_and_then_has_its_own(tmp_path: pathlib.Path) -> None:
    named = copy(tmp_path / "named")
    folder = begin(tmp_path, named)
    assert "new-town" in read_knowledge(folder).places
    with pytest.raises(InputError) as error:
        begin(tmp_path, named)
    assert [issue.code for issue in error.value.issues] == ["session-differs"]
    assert str(knowledge_folder(folder)) in error.value.issues[0].hint


def test_files_that_are_faulty_begin_nothing(tmp_path: pathlib.Path) -> None:
    named = copy(tmp_path / "named")
    (named / guidelines.ACTORS).write_text("[a]\nname = 3\n")
    with pytest.raises(InputError) as error:
        begin(tmp_path, named)
    assert [issue.code for issue in error.value.issues] == ["bad-toml"]
    assert not (tmp_path / "s").exists()
