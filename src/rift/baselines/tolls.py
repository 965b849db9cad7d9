"""Rules for tolls: which figures count people harmed, and how far their spans go."""

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from rift.baselines.analysis import Analysis, Stretch
from rift.baselines.lexicon import Lexicon, Words
from rift.baselines.numbers import Quantity
from rift.baselines.outcomes import find_cue, find_outcome

_PRONOUNS = frozenset({"them", "whom", "those", "us", "these", "which"})
_DETERMINERS = frozenset({"the", "its", "their", "his", "her", "our", "more", "other"})
_LONGEST_PHRASE = 6
"""Words between a figure and its head noun, at most."""

_CLOSE = 2
"""Up to how many words away the harm to an indefinite singular is told."""


def find_tolls(analysis: Analysis, lexicon: Lexicon) -> Iterator[Stretch]:
    """Yield figures of people harmed as TOLL, in no order; none for a text without."""
    dates = _tokens_of(analysis, analysis.dates)
    names = _tokens_of(analysis, analysis.hits)
    closed = dates | analysis.figure_tokens
    for figure in analysis.quantities:
        tokens = analysis.tokens_in(figure.start, figure.end)
        taken = not dates.isdisjoint(tokens) or not names.isdisjoint(tokens)
        designated = analysis.word_before(tokens.start) in lexicon.tolls.designators
        if taken or (designated and analysis.words[tokens.start].isdigit()):
            continue
        yield from _figure(analysis, figure, tokens, closed, lexicon)
    yield from _indefinites(analysis, closed, lexicon)
    yield from _headline_singulars(analysis, closed | names, lexicon)


def _figure(
    analysis: Analysis, figure: Quantity, tokens: range, closed: Collection[int], lexicon: Lexicon
) -> Iterator[Stretch]:
    one = figure.amount.high is not None and figure.amount.high <= 1
    nouns = lexicon.tolls.nouns_for(one=one)
    head = _head(analysis, tokens.stop, nouns, closed, lexicon)
    if head is not None:
        end = head if one else _last_head(analysis, head, nouns, closed, lexicon)
        phrase = range(tokens.start, end + 1)
        harmed = _is_harmed if figure.amount.high == 1 else _is_told
        if harmed(analysis, phrase, lexicon):
            yield Stretch(figure.start, analysis.tokens[end].end, "TOLL")
    elif _stands_alone(analysis, tokens, lexicon):
        yield Stretch(figure.start, figure.end, "TOLL")


def _is_told(analysis: Analysis, phrase: range, lexicon: Lexicon) -> bool:
    return find_outcome(analysis, phrase, lexicon.tolls) is not None


def _stands_alone(analysis: Analysis, tokens: range, lexicon: Lexicon) -> bool:
    """Say whether a figure without a noun counts people harmed: its verb, or a death toll, stands beside it."""
    after, _ = analysis.words_after(tokens.stop)
    lists = lexicon.tolls
    told = set().union(*lists.cues.values())
    if after.isalpha() and after not in lexicon.words.function | told:
        return False
    surface = analysis.lower[tokens.start]
    if len(tokens) == 1 and (surface == "no" or (surface == "one" and after == "of")):
        return False
    sentence = analysis.sentence_of(tokens.start)
    before = analysis.lower[max(sentence.start, tokens.start - lists.reach) : tokens.start]
    if not lists.toll_words.isdisjoint(before):
        return True
    cue = find_cue(analysis, tokens, lists)
    return cue is not None and cue.outcome is not None and cue.distance <= 1


def _head(analysis: Analysis, index: int, nouns: Words, closed: Collection[int], lexicon: Lexicon) -> int | None:
    """Return the token that heads the noun phrase from token `index` on, None where no noun of `nouns` does."""
    if analysis.words_after(index)[0] == "of":
        index += 1
        if analysis.words_after(index)[0] in _PRONOUNS:
            return None
    while analysis.words_after(index)[0] in _DETERMINERS:
        index += 1
    for place in range(index, min(index + _LONGEST_PHRASE, len(analysis.tokens))):
        word = analysis.words_after(place)[0]
        if word in nouns:
            while analysis.words_after(place + 1)[0] in nouns:
                place += 1  # noqa: PLW2901 - the last of several nouns is the head
            return place
        if place in closed or not (word.isalnum() or word == "-") or word in lexicon.words.function:
            return None
    return None


def _last_head(analysis: Analysis, head: int, nouns: Words, closed: Collection[int], lexicon: Lexicon) -> int:
    """Return the last head of a list under one figure (`700 soldiers, guards and staff`), or `head`."""
    last, reached = head, head
    while True:
        joint, second = analysis.words_after(reached + 1)
        step = 1 + (joint == "," and second in ("and", "or"))
        if joint not in (",", "and", "or"):
            return last
        start = reached + 1 + step
        found = _head(analysis, start, nouns, closed, lexicon)
        if found is None or found > start + 1:
            return last
        reached = found
        if joint != "," or step > 1:
            last = reached


def _indefinites(analysis: Analysis, closed: Collection[int], lexicon: Lexicon) -> Iterator[Stretch]:
    """Yield indefinite singulars, article included, whose harm is told close by (`a captain was killed`)."""
    for index, word in enumerate(analysis.lower):
        if word not in ("a", "an", "another") or index in closed:
            continue
        head = _head(analysis, index + 1, lexicon.tolls.victims.singular, closed, lexicon)
        if head is not None and _is_harmed(analysis, range(index, head + 1), lexicon):
            yield Stretch(analysis.tokens[index].start, analysis.tokens[head].end, "TOLL")


def _headline_singulars(analysis: Analysis, closed: Collection[int], lexicon: Lexicon) -> Iterator[Stretch]:
    """Yield singulars of the headline whose article is left out (`Senior Commander killed`)."""
    headline = analysis.tokens_in(0, max(analysis.text.find("\n"), 0))
    told = set().union(*lexicon.tolls.cues.values())
    stop = lexicon.words.function | lexicon.words.verbs | told
    for index in headline:
        if analysis.lower[index] not in lexicon.tolls.victims.singular or index in closed:
            continue
        first = index
        while analysis.next_to(first) and first - 1 not in closed and analysis.words[first - 1].isalpha():
            if analysis.lower[first - 1] in stop:
                break
            first -= 1
        definite = analysis.next_to(first) and analysis.lower[first - 1] in ("the", "a", "an", "another", "'", "\u2019")
        if not definite and _is_harmed(analysis, range(first, index + 1), lexicon):
            yield Stretch(analysis.tokens[first].start, analysis.tokens[index].end, "TOLL")


def _is_harmed(analysis: Analysis, phrase: range, lexicon: Lexicon) -> bool:
    after, _ = analysis.words_after(phrase.stop)
    told = set().union(*lexicon.tolls.cues.values())
    modifies = after in ("'", "\u2019", "-") or (after.isalpha() and after not in lexicon.words.function | told)
    cue = find_cue(analysis, phrase, lexicon.tolls)
    return not modifies and cue is not None and cue.outcome is not None and cue.distance <= _CLOSE


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def _tokens_of(analysis: Analysis, placed: Iterable[_Placed]) -> frozenset[int]:
    return frozenset(index for item in placed for index in analysis.tokens_in(item.start, item.end))
