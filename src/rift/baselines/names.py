"""Rules for names: whether one means a party or the ground, and how far a place's name goes."""

from collections.abc import Iterator

from rift.baselines.analysis import Analysis, Stretch
from rift.baselines.gazetteer import Hit
from rift.baselines.lexicon import Lexicon


def find_names(analysis: Analysis, lexicon: Lexicon) -> Iterator[Stretch]:
    """Yield the known names as ACTOR or LOCATION, in order; none for a text without.

    Names in credit lines and agencies in brackets are passed over. A place's name takes the type word that follows it.
    """
    for hit in analysis.hits:
        if _in_credit_line(analysis, hit, lexicon) or _is_credited_outlet(analysis, hit):
            continue
        if _is_party(analysis, hit, lexicon):
            yield Stretch(hit.start, hit.end, "ACTOR")
        else:
            yield Stretch(hit.start, _with_type_word(analysis, hit, lexicon), "LOCATION")


def _in_credit_line(analysis: Analysis, hit: Hit, lexicon: Lexicon) -> bool:
    line = analysis.text[analysis.text.rfind("\n", 0, hit.start) + 1 :].lstrip("( ").lower()
    return line.startswith(lexicon.names.credit_lines)


def _is_credited_outlet(analysis: Analysis, hit: Hit) -> bool:
    """Say whether an agency stands alone in brackets, as in a dateline."""
    outlet = bool(hit.actors) and analysis.actor(hit.actors[0]).kind == "outlet"
    return outlet and analysis.text[hit.start - 1 : hit.start] == "(" and analysis.text[hit.end : hit.end + 1] == ")"


def _is_party(analysis: Analysis, hit: Hit, lexicon: Lexicon) -> bool:
    """Decide for a name that both an actor and a place bear; the ground, where nothing speaks for a party."""
    if not (hit.actors and hit.places):
        return bool(hit.actors)
    lists, tokens = lexicon.names, analysis.tokens_in(hit.start, hit.end)
    before, (after, second) = analysis.word_before(tokens.start), analysis.words_after(tokens.stop)
    if after == "-":
        return second in lists.party_after_hyphen
    if after in ("'", "\u2019") or before in lists.ground_compass:
        return False
    acts = after in lexicon.words.verbs or after in ("has", "had", "is", "was", "would", "will") or after.endswith("ed")
    modifies = analysis.text[hit.start : hit.end].replace(".", "").isupper() and _is_noun(after, lexicon)
    if before in lists.ground_before and not modifies:
        return False
    return acts or modifies or before in lists.party_before


def _is_noun(word: str, lexicon: Lexicon) -> bool:
    return word.isalpha() and word not in lexicon.words.function | lexicon.words.verbs


def _with_type_word(analysis: Analysis, hit: Hit, lexicon: Lexicon) -> int:
    """Return where the place's name ends with its type word, or the name's own end."""
    lists = lexicon.names
    tokens = analysis.tokens_in(hit.start, hit.end)
    after, second = analysis.words_after(tokens.stop)
    length = 1 if after in lists.type_words else 2 if after in lists.type_fillers and second in lists.type_words else 0
    if not length:
        return hit.end
    linked = analysis.word_before(tokens.start) in ("-", "\u2013")
    last = analysis.tokens[tokens.stop + length - 1]
    return hit.end if linked and analysis.lower[tokens.stop] in lists.link_words else last.end
