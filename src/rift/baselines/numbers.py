"""Numbers as news writes them: digits and words, quantity words, ranges, and the range that modifiers make of them."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = (
    {word: value for value, word in enumerate([*_UNITS, *_TEENS], start=1)}
    | {word: 10 * value for value, word in enumerate(_TENS, start=2)}
    | {"a": 1, "an": 1}
)
_NONE = frozenset({"no", "no one", "nobody", "zero"})
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}

# The table of the guidelines, "How words become low and high".
_MULTIPLIED = {"several": 3, "many": 3, "a few": 3}
_PLURALS = {"tens": 20, "dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2_000, "millions": 2_000_000}
_VAGUE = _PLURALS | dict.fromkeys(
    ["several", "many", "numerous", "a number", "a large number", "large numbers", "a few", "a handful"], 3
)
_MODIFIERS = {
    "at least": "floor",
    "no fewer than": "floor",
    "no less than": "floor",
    "a minimum of": "floor",
    "more than": "above",
    "over": "above",
    "above": "above",
    "upwards of": "above",
    "in excess of": "above",
    "up to": "cap",
    "as many as": "cap",
    "at most": "cap",
    "no more than": "cap",
    "a maximum of": "cap",
    "fewer than": "below",
    "less than": "below",
    "under": "below",
    "about": "near",
    "around": "near",
    "roughly": "near",
    "approximately": "near",
    "nearly": "near",
    "almost": "near",
    "some": "near",
    "close to": "near",
    "an estimated": "near",
}
_FOLLOWING = {"at least": "floor", "or more": "floor", "at most": "cap", "or fewer": "cap", "or less": "cap"}


class Amount(NamedTuple):
    """The range that words assert: `low` and `high` are whole numbers from 0, or None where that end is open."""

    low: int | None
    high: int | None
    approx: bool = False


class Quantity(NamedTuple):
    """An amount at `[start, end)` of a text, from its first modifier to its last number word."""

    start: int
    end: int
    amount: Amount


def _any_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + r")\b"


_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_SCALE = _any_of(_SCALES)
_TO_99 = rf"(?:{_any_of(_TENS)}(?:[- ]{_any_of(_UNITS)})?|{_any_of([*_UNITS, *_TEENS])})"
_TO_999 = rf"(?:(?:{_TO_99}|an?)[- ]hundred\b(?:(?: and)? {_TO_99})?|{_TO_99})"
_IN_WORDS = (
    rf"(?:{_TO_999}(?:[- ]{_SCALE}(?:,? (?:and )?{_TO_999})?)*|(?:half )?an?[- ]{_SCALE}|no one\b|nobody\b|no\b|zero\b)"
)
_NUMBER = rf"(?:{_DIGITS}(?:[- ]{_SCALE})?|{_IN_WORDS})"
_WORDY = (
    rf"(?:{_any_of(_MULTIPLIED)} (?P<scale>{_SCALE[:-2]})s?\b"
    rf"|(?P<times>{_any_of(_PLURALS)}) of (?P<unit>thousands|millions)\b"
    rf"|(?P<couple>a couple)\b|(?P<vague>{_any_of(_VAGUE)}))"
)
_CORE = (
    rf"(?:between (?P<from>{_NUMBER}) and (?P<until>{_NUMBER})"
    rf"|(?P<first>{_DIGITS}) ?[-\u2013] ?(?P<last>{_DIGITS})|(?P<left>{_NUMBER}) (?:to|or) (?P<right>{_NUMBER})"
    rf"|{_WORDY}|(?P<number>{_NUMBER}))"
)
_MODIFIER = _any_of(_MODIFIERS)
# Not a count: a part of a word, of a sum of money, of a clock time, of a compound adjective, or a share.
_QUANTITY = re.compile(
    rf"(?<![\w$€£.,:/-])(?ai:(?P<modifiers>(?:{_MODIFIER} )*)(?P<core>{_CORE}))"
    r"(?![\w/%]|[.,:]\d|-\w|\u2013\d| (?i:per ?cent))"
)
_NEXT_MODIFIER = re.compile(_MODIFIER, re.IGNORECASE | re.ASCII)
_AFTERTHOUGHT = re.compile(rf",? ({_any_of(_FOLLOWING)})", re.IGNORECASE | re.ASCII)


def find_quantities(text: str) -> list[Quantity]:
    """Find every quantity in `text`, in order; an empty text gives [].

    Money, percentages, clock times and numbers inside words (`40-year-old`, `46A`) are passed over; whether the others
    count people is not looked at. Values follow the guidelines' table; `a captain` is no quantity here.
    """
    return [_to_quantity(match) for match in _QUANTITY.finditer(text)]


def with_afterthought(amount: Amount, following: str) -> Amount:
    """Return `amount` as `following`, the text directly after the counted phrase, changes it (`125 men at least`)."""
    match = _AFTERTHOUGHT.match(following)
    return _modified(amount, _FOLLOWING[match[1].lower()]) if match else amount


def number_of(words: str) -> int:
    """Return the whole number that `words` say, in digits, words or both (`1,300`, `twenty-one`, `1.5 million`).

    Raises ValueError for words that are no number.
    """
    if words.lower() in _NONE:
        return 0
    total, current = 0.0, 0.0
    for word in re.findall(r"[\d.,]+|[a-z]+", words.lower()):
        if word == "and":
            continue
        if word[0].isdigit():
            current += float(word.replace(",", ""))
        elif word in _SMALL:
            current += _SMALL[word]
        elif word == "half":
            return number_of(words.lower().replace("half", "", 1)) // 2
        elif word in ("hundred", "dozen"):
            current = (current or 1) * _SCALES[word]
        elif word in _SCALES:
            total, current = total + (current or 1) * _SCALES[word], 0
        else:
            raise ValueError(f"{words!r} is not a number")
    return round(total + current)


def _to_quantity(match: re.Match[str]) -> Quantity:
    amount = _core_amount(match)
    modifiers = [found.lower() for found in _NEXT_MODIFIER.findall(match["modifiers"])]
    for modifier in reversed(modifiers):
        amount = _modified(amount, _MODIFIERS[modifier])
    return Quantity(match.start(), match.end(), amount)


def _core_amount(match: re.Match[str]) -> Amount:
    ends = [match[name] for name in ("from", "until", "first", "last", "left", "right") if match[name]]
    if ends:
        low, high = map(number_of, ends)
        return Amount(min(low, high), max(low, high))
    if match["scale"]:
        return Amount(3 * _SCALES[match["scale"].lower()], None, approx=True)
    if match["times"]:
        return Amount(_PLURALS[match["times"].lower()] * _SCALES[match["unit"].lower()[:-1]], None, approx=True)
    if match["couple"]:
        return Amount(2, 2, approx=True)
    if match["vague"]:
        return Amount(_VAGUE[match["vague"].lower()], None, approx=True)
    number = number_of(match["number"])
    return Amount(number, number)


def _modified(amount: Amount, kind: str) -> Amount:
    low = amount.low
    high = amount.low if amount.high is None else amount.high
    match kind:
        case "floor":
            return Amount(low, None, amount.approx)
        case "above":
            return Amount(None if low is None else low + 1, None, amount.approx)
        case "cap":
            return Amount(None, high, amount.approx)
        case "below":
            return Amount(None, None if high is None else max(high - 1, 0), amount.approx)
        case _:
            return amount._replace(approx=True)
