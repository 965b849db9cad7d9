"""Reading the attributes of a span off its words and those around it."""

from collections.abc import Mapping

from rift.annotations.layer import Value
from rift.baselines.analysis import Analysis, Stretch
from rift.baselines.dates import Anchors, resolve
from rift.baselines.generics import generic_kind
from rift.baselines.lexicon import Lexicon
from rift.baselines.numbers import Amount, with_afterthought
from rift.baselines.outcomes import find_outcome
from rift.guidelines import Place

_INCIDENT_DAYS = 7
"""An incident takes about a week at most (guidelines)."""

Attributes = Mapping[str, Value]


def read_attributes(analysis: Analysis, stretch: Stretch, lexicon: Lexicon) -> Attributes:
    """Return the attributes of a span of `analysis`: all that the scheme requires, or none where one cannot be told."""
    match stretch.label:
        case "ACTOR":
            return _actor(analysis, stretch, lexicon)
        case "LOCATION":
            return _location(analysis, stretch, lexicon)
        case "DATE":
            return _date(analysis, stretch)
        case _:
            return _toll(analysis, stretch, lexicon)


def _actor(analysis: Analysis, stretch: Stretch, lexicon: Lexicon) -> Attributes:
    surface = analysis.text[stretch.start : stretch.end]
    entities = analysis.gazetteer.actors(surface)
    if entities:
        return {"form": "name", "kind": analysis.actor(entities[0]).kind, "entity": entities[0]}
    kind = generic_kind(surface, lexicon.generics)
    if kind is None:
        last_words = (" ".join(surface.lower().split()[-length:]) for length in (1, 2))
        kind = "armed_group" if not lexicon.generics.descriptions.isdisjoint(last_words) else None
    return {"form": "generic", "kind": kind} if kind else {}


def _location(analysis: Analysis, stretch: Stretch, lexicon: Lexicon) -> Attributes:
    """Look the name up whole; for a province, told by the words around, also without its type word."""
    lists, look_up = lexicon.names, analysis.gazetteer.places
    surface = analysis.text[stretch.start : stretch.end]
    bare, _, last = surface.rpartition(" ")
    before = analysis.lower[: analysis.tokens_in(stretch.start, stretch.end).start][-2:]
    typed = last.lower() in lists.admin_words
    is_admin = typed or (before[1:] == ["of"] and before[0] in lists.admin_before)
    name = bare if typed else surface
    places = look_up(surface) + (look_up(f"{name} province") + look_up(name) if is_admin else ())
    if not places:
        return {}
    known: Mapping[str, Place] = analysis.gazetteer.known.places
    wanted = (known[places[0]].kind if typed else "admin") if is_admin else "settlement"
    place = next((place for place in places if known[place].kind == wanted), places[0])
    return {"kind": known[place].kind, "place": place}


def _date(analysis: Analysis, stretch: Stretch) -> Attributes:
    same = (date.period for date in analysis.dates if (date.start, date.end) == stretch[:2])
    surface = analysis.text[stretch.start : stretch.end]
    period = next(same, None) or resolve(surface, Anchors(analysis.document.published))
    return {"value": period.edtf} if period else {}


def _toll(analysis: Analysis, stretch: Stretch, lexicon: Lexicon) -> Attributes:
    phrase = analysis.tokens_in(stretch.start, stretch.end)
    outcome = find_outcome(analysis, phrase, lexicon.tolls)
    if outcome is None:
        sentence = analysis.sentence_of(phrase.start)
        outcome = (
            None if lexicon.tolls.toll_words.isdisjoint(analysis.lower[sentence.start : sentence.stop]) else "killed"
        )
    if outcome is None:
        return {}
    figures = (figure.amount for figure in analysis.quantities if stretch.start <= figure.start < stretch.end)
    amount = with_afterthought(next(figures, Amount(1, 1)), analysis.text[stretch.end :])
    found: dict[str, Value] = {"outcome": outcome}
    found |= {} if amount.low is None else {"low": amount.low}
    found |= {} if amount.high is None else {"high": amount.high}
    found |= {"approx": True} if amount.approx else {}
    return found | {"victims": _victims(analysis, phrase, lexicon), "scope": _scope(analysis, phrase, lexicon)}


def _victims(analysis: Analysis, phrase: range, lexicon: Lexicon) -> str:
    lists, words = lexicon.tolls.victims, set(analysis.lower[phrase.start : phrase.stop])
    named = any(hit.actors and analysis.tokens_in(hit.start, hit.end).start in phrase for hit in analysis.hits)
    civilians, combatants = bool(words & lists.civilians), named or bool(words & lists.combatants)
    if civilians and combatants:
        return "mixed"
    return "civilians" if civilians else "combatants" if combatants else "unspecified"


def _scope(analysis: Analysis, phrase: range, lexicon: Lexicon) -> str:
    sentence = analysis.sentence_of(phrase.start)
    start, end = analysis.tokens[sentence[0]].start, analysis.tokens[sentence[-1]].end
    text = f" {analysis.text[start:end].lower()} "
    periods = (date.period for date in analysis.dates if start <= date.start < end)
    is_long = any(period.days > _INCIDENT_DAYS for period in periods if period)
    return "cumulative" if is_long or any(f" {cue} " in text for cue in lexicon.tolls.long_period) else "incident"
