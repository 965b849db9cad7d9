"""Rules for what befell the people of a figure, by the words around it."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from rift.baselines.analysis import Analysis
from rift.baselines.lexicon import Outcome, TollLists

_CLAUSE, _COMMA, _FIGURE = 2, 1, 4
"""What a conjunction, a comma and another figure between a figure and a verb count, in words."""

_NEAR = 3
"""Up to how many words away a verb outdoes what a noun says (`released 20 prisoners`)."""


class Cue(NamedTuple):
    """What befell the people of a figure, None for no harm, and how far away in words the text says so."""

    distance: int
    outcome: Outcome | None


def find_cue(analysis: Analysis, phrase: range, lists: TollLists) -> Cue | None:
    """Return the nearest word in the sentence that says what befell the people of `phrase`, a range of tokens.

    Auxiliaries are passed over, clauses and other figures between count more. Two verbs joined over one figure (`killed
    or wounded`) make casualties. None where no word within reach says anything.
    """
    sentence = analysis.sentence_of(phrase.start)
    ahead = _scan(analysis, range(phrase.stop, sentence.stop), lists)
    behind = _scan(analysis, range(phrase.start - 1, sentence.start - 1, -1), lists)
    found = min([*ahead, *behind], key=lambda cue: cue.distance, default=None)
    return found if found and found.distance <= lists.reach else None


def find_outcome(analysis: Analysis, phrase: range, lists: TollLists) -> Outcome | None:
    """Return what befell the people of `phrase`, by its nouns (`20 bodies`) and the words around; None for no harm."""
    nouns = [lists.nouns[word] for word in analysis.lower[phrase.start : phrase.stop] if word in lists.nouns]
    cue = find_cue(analysis, phrase, lists)
    if nouns and (nouns[-1] in ("killed", "casualties") or cue is None or cue.distance > _NEAR):
        return nouns[-1]
    return cue.outcome if cue else None


def _scan(analysis: Analysis, indices: range, lists: TollLists) -> Iterator[Cue]:
    """Yield the cue nearest to the start of `indices`, walking away from the figure."""
    distance = 0
    figures = analysis.figure_tokens
    for index in indices:
        word = analysis.lower[index]
        outcome = _outcome(word, lists)
        if outcome:
            joined = _joined(analysis, index, indices.step, lists)
            harm = None if outcome == "other" else outcome if joined in (None, outcome) else "casualties"
            yield Cue(distance + 1, harm)
            return
        if index in figures:
            distance += _FIGURE if index - indices.step not in figures else 0
        elif word in (",", "\u2014", "-"):
            distance += _COMMA
        elif word in ("and", "but", "while", "when", "as", ";", ":"):
            distance += _CLAUSE
        elif word.isalnum() and word not in lists.light:
            distance += 1


def _outcome(word: str, lists: TollLists) -> Outcome | Literal["other"] | None:
    return next((outcome for outcome, words in lists.cues.items() if word in words), None)


def _joined(analysis: Analysis, index: int, step: int, lists: TollLists) -> Outcome | None:
    """Return the outcome of a verb that `and` or `or` joins to the one at `index`, with no figure of its own."""
    other = index + 2 * step
    if not 0 <= other < len(analysis.lower) or analysis.lower[index + step] not in ("and", "or"):
        return None
    beyond = max(index, other) + 1
    has_figure = step > 0 and (beyond in analysis.figure_tokens)
    found = None if has_figure else _outcome(analysis.lower[other], lists)
    return None if found == "other" else found
