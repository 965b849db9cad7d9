"""What annotators and adjudicators are shown before they begin."""

import html
import re
from html.parser import HTMLParser

import pytest

from rift.paths import data_root
from rift.session import adjudication_form
from rift.session.instructions import instructions

MENTION_LIST = "The mention list"


class Elements(HTMLParser):
    """Collects the names of elements, and addresses that they would load."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.loaded: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element."""
        self.names.add(tag)
        self.loaded.extend(value for name, value in attrs if name in {"src", "href"} or name.startswith("on"))


def source(name: str) -> str:
    """Return a file of the guidelines."""
    return (data_root() / "guidelines" / name).read_text("utf-8")


def headings(name: str) -> list[str]:
    """Return the headings of a file of the guidelines, all levels, in order."""
    without_examples = re.sub(r"^```.*?^```", "", source(name), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^#+ (.+)$", without_examples, re.MULTILINE)


def test_the_instructions_are_the_guidelines_without_anything_from_elsewhere() -> None:
    elements = Elements()
    elements.feed(instructions())
    assert {"h1", "h2", "table", "pre", "li"} <= elements.names
    assert not {"script", "iframe", "img", "link"} & elements.names
    assert elements.loaded == []


def test_how_to_mark_in_label_studio_stands_in_place_of_the_mention_list() -> None:
    expected = headings("guidelines.md")
    at = expected.index(MENTION_LIST)
    expected[at : at + 1] = headings("label-studio.md")
    shown = re.findall(r"<h\d>(.*?)</h\d>", instructions())
    assert [html.unescape(re.sub("<.*?>", "", heading)) for heading in shown] == [
        heading.replace("`", "") for heading in expected
    ]
    assert "separated by" not in instructions()
    assert "# doc" not in instructions()


def test_where_a_span_may_lie_is_said_in_the_same_words() -> None:
    section = source("guidelines.md").partition(f"## {MENTION_LIST}\n")[2].partition("\n## ")[0]
    rules = section.strip().split("\n\n")[-1]
    assert rules.startswith("Spans never cross.")
    assert rules in source("label-studio.md")


@pytest.mark.parametrize(
    "word",
    ["ann", "ben", "list of tasks", "Duplicate Annotation", "Add", "Update", "<h2>Differences", "<h2>How to mark"],
)
def test_an_adjudicator_is_told_what_to_do(word: str) -> None:
    assert word in adjudication_form.instructions("ann", "ben", [], {})
