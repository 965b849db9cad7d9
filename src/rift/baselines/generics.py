"""Rules for generic actors: common nouns that stand for a belligerent side."""

from collections.abc import Collection, Iterator

from rift.baselines.analysis import Analysis, Stretch
from rift.baselines.lexicon import GenericLists, Lexicon
from rift.guidelines import ActorKind

_HYPHENS = frozenset({"-", "\u2010", "\u2011", "\u2013"})

_SIDES = frozenset({"anti", "pro"})


def find_descriptions(analysis: Analysis, lexicon: Lexicon) -> Iterator[Stretch]:
    """Yield descriptions of one party by another's name (`Al-Qaida splinter group`), name included, as ACTOR."""
    for hit in analysis.hits:
        index = analysis.tokens_in(hit.start, hit.end).stop
        first, second = analysis.words_after(index)
        for length, phrase in ((2, f"{first} {second}"), (1, first)):
            last = index + length - 1
            if hit.actors and phrase in lexicon.generics.descriptions and not _modifies(analysis, last, lexicon):
                yield Stretch(hit.start, analysis.tokens[last].end, "ACTOR")
                break


def find_generics(analysis: Analysis, names: Collection[Stretch], lexicon: Lexicon) -> Iterator[Stretch]:
    """Yield common nouns for a side with the modifiers that say which, as ACTOR; none for a text without.

    `names` are the named actors: a noun for the same party beside its name (`X fighters`, `gunmen from X`) is none.
    """
    lists = lexicon.generics
    named = {index for name in names for index in analysis.tokens_in(name.start, name.end)}
    for index, word in enumerate(analysis.lower):
        if word not in lists.heads or index in named:
            continue
        first = _first_modifier(analysis, index, lists)
        if (
            (word in lists.need_modifier and first == index)
            or (word in lists.may_modify and _modifies(analysis, index, lexicon))
            or not named.isdisjoint(range(first, index))
            or (first - 1 in named and analysis.next_to(first))
            or _is_of_named(analysis, index, named)
            or not _is_common(analysis, range(first, index + 1))
        ):
            continue
        yield Stretch(analysis.tokens[first].start, analysis.tokens[index].end, "ACTOR")


def generic_kind(surface: str, lists: GenericLists) -> ActorKind | None:
    """Return the kind of side that a generic stands for, by its head and modifiers; None for an unknown head."""
    words = surface.lower().split()
    kind = lists.heads.get(words[-1]) if words else None
    of_the_state = kind == "armed_group" and not lists.state_modifiers.isdisjoint(words[:-1])
    return "state_force" if of_the_state else kind


def _first_modifier(analysis: Analysis, index: int, lists: GenericLists) -> int:
    """Return the first token of the modifiers directly before token `index`: listed words, `pro-X` and `anti-X`."""
    while analysis.next_to(index):
        side, hyphen, before = ["", "", "", *analysis.lower[:index]][-3:]
        if hyphen in _HYPHENS:
            if side not in _SIDES:
                return index
            index -= 3
        elif before in lists.modifiers:
            index -= 1
        else:
            return index
    return index


def _modifies(analysis: Analysis, index: int, lexicon: Lexicon) -> bool:
    """Say whether token `index` seems to modify a noun after it."""
    after, second = analysis.words_after(index + 1)
    if after in _HYPHENS:
        return bool(second)
    known = after in lexicon.words.function or after in lexicon.words.verbs
    return after.isalpha() and not known and not after.endswith(("ed", "ly"))


def _is_of_named(analysis: Analysis, index: int, named: Collection[int]) -> bool:
    """Say whether `from X` or `of X` follows, X a named actor."""
    after, second = analysis.words_after(index + 1)
    name = index + 3 if second in ("a", "an", "the") else index + 2
    return after in ("from", "of") and name in named


def _is_common(analysis: Analysis, tokens: range) -> bool:
    """Say whether the phrase is no unknown proper name: a capital is due to the headline or the sentence's start."""
    head = analysis.words[tokens[-1]]
    at_start = tokens.start == analysis.sentence_of(tokens.start).start
    in_headline = "\n" not in analysis.text[: analysis.tokens[tokens.start].start]
    return head.islower() or in_headline or (at_start and len(tokens) == 1)
