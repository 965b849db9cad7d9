"""The guidelines as the instructions that annotators are shown."""

import re

import markdown_it

from rift.paths import data_root

_STYLE = """<style>
.guidelines { line-height: 1.5; overflow-wrap: anywhere; }
.guidelines h1, .guidelines h2, .guidelines h3 { line-height: 1.25; margin: 1.2em 0 0.4em; }
.guidelines p, .guidelines ul, .guidelines ol, .guidelines pre, .guidelines table { margin: 0 0 0.8em; }
.guidelines ul { list-style: disc; padding-left: 1.4em; }
.guidelines ol { list-style: decimal; padding-left: 1.4em; }
.guidelines pre { overflow-x: auto; white-space: pre-wrap; padding: 0.6em; border: 1px solid; tab-size: 4; }
.guidelines td, .guidelines th { border: 1px solid; padding: 0.2em 0.5em; text-align: left; }
</style>
"""  # Label Studio takes the margins and bullets of what it shows away


_MENTION_LIST = re.compile(r"^## The mention list\n.*?(?=^## )", re.MULTILINE | re.DOTALL)
"""The section on marking in a text editor."""


def instructions() -> str:
    """Return the annotation guidelines as HTML, without scripts or anything from elsewhere.

    How to mark in Label Studio stands in place of how to write a mention list. Raises ValueError where the guidelines
    have no such section.
    """
    before, *after = _MENTION_LIST.split((data_root() / "guidelines" / "guidelines.md").read_text("utf-8"))
    if not after:
        raise ValueError("the guidelines have no section on the mention list")
    return styled(f"{_rendered(before)}{how_to_mark()}{_rendered(''.join(after))}")


def how_to_mark() -> str:
    """Return how to mark in Label Studio as HTML, with headings from the second level on."""
    text = (data_root() / "guidelines" / "label-studio.md").read_text("utf-8")
    return _rendered(re.sub("^#", "##", text, flags=re.MULTILINE))


def styled(page: str) -> str:
    """Return HTML with the margins, bullets and numbers that Label Studio takes away."""
    return f'{_STYLE}<div class="guidelines">\n{page}</div>\n'


def _rendered(text: str) -> str:
    rendered: str = markdown_it.MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return rendered
