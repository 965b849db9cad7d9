"""Copies of a text as readers have them: boilerplate, wrapping, quotes, spellings, paragraphs lost or moved, HTML.

Each copy knows, for every character, which one of the original it is, so that where a span belongs is known.
"""

import dataclasses
import html
import random
import re
from collections.abc import Callable, Sequence

NONE = -1

BOILERPLATE = (
    "Sign up for our morning briefing",
    "Share this story on your favourite network",
    "Advertisement",
    "More in World: markets calm as ministers meet in Geneva, sources say",
    "Photo: smoke rises over a town in the north (archive)",
    "Read also: five things to know about the talks",
    "Cookies help us to deliver our services. By using them you agree.",
    "12 comments",
    "Subscribe for 1 euro a week and support independent reporting on Syria and Iraq",
    "All rights reserved. No part of this page may be reproduced.",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Traced:
    """A text with the offset in the original of each of its characters, `NONE` for one that was put in."""

    text: str
    origin: Sequence[int]

    def __post_init__(self) -> None:
        """Hold the two to one length."""
        if len(self.text) != len(self.origin):
            raise ValueError("a character without origin")

    def replaced(self, start: int, end: int, other: str, origin: Sequence[int] | None = None) -> "Traced":
        """Return the text with `[start, end)` replaced."""
        put = [NONE] * len(other) if origin is None else origin
        return Traced(self.text[:start] + other + self.text[end:], [*self.origin[:start], *put, *self.origin[end:]])

    def paragraphs(self) -> "list[Traced]":
        """Return the paragraphs, without the lines between them."""
        found = re.finditer(r"[^\n]+(?:\n[^\n]+)*", self.text)
        return [Traced(match.group(), self.origin[match.start() : match.end()]) for match in found]


def original(text: str) -> Traced:
    """Return a text as its own copy."""
    return Traced(text, range(len(text)))


def joined(paragraphs: Sequence[Traced], gap: str = "\n\n") -> Traced:
    """Put paragraphs together."""
    text = gap.join(item.text for item in paragraphs)
    origin: list[int] = []
    for number, item in enumerate(paragraphs):
        origin.extend([NONE] * len(gap) if number else [])
        origin.extend(item.origin)
    return Traced(text, origin)


def boilerplate(copy: Traced, chance: random.Random) -> Traced:
    """Put lines of a site before, within and after."""
    lines = [Traced(line, [NONE] * len(line)) for line in chance.sample(BOILERPLATE, len(BOILERPLATE))]
    paragraphs = copy.paragraphs()
    places = sorted(chance.sample(range(1, len(paragraphs) + 1), min(3, len(paragraphs))), reverse=True)
    for place in places:
        paragraphs.insert(place, lines.pop())
    return joined([*lines[:4], *paragraphs, *lines[4:]])


def wrapped(copy: Traced, chance: random.Random) -> Traced:
    """Wrap the lines at some width, as a mail program does."""
    width, characters, column = chance.randint(50, 90), list(copy.text), 0
    for place, character in enumerate(characters):
        column = 0 if character == "\n" else column + 1
        if character == " " and column >= width:
            characters[place], column = "\n", 0
    return Traced("".join(characters), copy.origin)


_CURLY = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2013": "-", "\u2014": "-"})


def straight(copy: Traced, _: random.Random) -> Traced:
    """Make quotes and dashes straight."""
    return Traced(copy.text.translate(_CURLY), copy.origin)


def curly(copy: Traced, _: random.Random) -> Traced:
    """Make quotes curly."""
    text = re.sub(r"(?<!\w)\"", "\u201c", copy.text.replace("'", "\u2019"))
    return Traced(text.replace('"', "\u201d"), copy.origin)


_SPELLINGS = (
    ("Q", "K"),
    ("q", "k"),
    ("ei", "ay"),
    ("ai", "ei"),
    ("iy", "i"),
    ("ou", "u"),
    ("ee", "i"),
    ("a", "e"),
    ("o", "u"),
)


def transliterated(copy: Traced, chance: random.Random, share: float = 0.02) -> Traced:
    """Spell a share of the words with a capital in another way."""
    for match in reversed(list(re.finditer(r"[A-Z][a-z]{3,}", copy.text))):
        if chance.random() >= share:
            continue
        word = match.group()
        for one, other in _SPELLINGS:
            if one in word[1:]:
                changed = word[0] + word[1:].replace(one, other, 1)
                origin = [copy.origin[match.start()]] + [NONE] * (len(changed) - 2) + [copy.origin[match.end() - 1]]
                copy = copy.replaced(*match.span(), changed, origin)
                break
    return copy


def without_one(copy: Traced, chance: random.Random) -> Traced:
    """Leave a paragraph out."""
    paragraphs = copy.paragraphs()
    paragraphs.pop(chance.randrange(len(paragraphs)))
    return joined(paragraphs)


def swapped(copy: Traced, chance: random.Random) -> Traced:
    """Let two paragraphs change places."""
    paragraphs = copy.paragraphs()
    one, other = sorted(chance.sample(range(len(paragraphs)), 2))
    paragraphs[one], paragraphs[other] = paragraphs[other], paragraphs[one]
    return joined(paragraphs)


def everything(copy: Traced, chance: random.Random) -> Traced:
    """Do all of it."""
    for step in (transliterated, curly, without_one, swapped, boilerplate, wrapped):
        copy = step(copy, chance)
    return copy


MUTILATIONS: Sequence[Callable[[Traced, random.Random], Traced]] = (
    boilerplate, wrapped, straight, curly, transliterated, without_one, swapped, everything,
)  # fmt: skip


def _page(title: str, body: str, around: Sequence[str]) -> str:
    above, below = (f"<p>{html.escape(line)}</p>" for line in around)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{html.escape(title)} | The Daily Paper</title></head>"
        f"<body>{above}{body}{below}</body></html>"
    )


def article_page(paragraphs: Sequence[str], chance: random.Random) -> str:
    """Lay an article out as a modern page does: header, navigation, article, aside, footer."""
    lines = chance.sample(BOILERPLATE, 2)
    body = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs[1:])
    content = (
        f"<header><nav><ul><li>Home</li><li>World</li></ul></nav></header><main><article><h1>{html.escape(paragraphs[0])}</h1>"
        f"{body}</article><aside><p>{lines[0]}</p></aside></main><footer>{lines[1]}</footer>"
    )
    return _page(paragraphs[0], content, chance.sample(BOILERPLATE, 2))


def div_page(paragraphs: Sequence[str], chance: random.Random) -> str:
    """Lay an article out in nested divisions, with lines of the site within."""
    items = [f"<div class='text'>{html.escape(text)}</div>" for text in paragraphs[1:]]
    items.insert(chance.randrange(len(items) + 1), f"<div class='promo'>{chance.choice(BOILERPLATE)}</div>")
    content = f"<div id='story'><h2 class='headline'>{html.escape(paragraphs[0])}</h2>{''.join(items)}</div>"
    return _page(paragraphs[0], content, chance.sample(BOILERPLATE, 2))


def table_page(paragraphs: Sequence[str], chance: random.Random) -> str:
    """Lay an article out as a page of 1999: in a table, its lines broken by <br>."""
    text = "<br><br>".join(html.escape(item) for item in paragraphs[1:])
    aside, headline = "<br>".join(chance.sample(BOILERPLATE, 3)), html.escape(paragraphs[0])
    cells = f"<td width=150>{aside}</td><td><b>{headline}</b><br><br>{text}</td>"
    return _page(paragraphs[0], f"<table><tr>{cells}</tr></table>", chance.sample(BOILERPLATE, 2))


LAYOUTS: Sequence[Callable[[Sequence[str], random.Random], str]] = (article_page, div_page, table_page)
