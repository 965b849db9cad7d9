"""The word lists of the rules, as `baselines/rules/config.toml` gives them."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from rift.baselines.extractor import Settings, to_settings
from rift.guidelines import ActorKind

Words = frozenset[str]
Outcome = Literal["killed", "wounded", "casualties", "captured", "missing", "displaced"]


class WordLists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of the language: those that end a noun phrase, and verbs that a party is the subject of."""

    function: Words
    verbs: Words


class NameLists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What tells ground from government around a name, and the type words of places."""

    ground_before: Words
    ground_compass: Words
    party_before: Words
    party_after_hyphen: Words
    type_words: Words
    type_fillers: Words
    link_words: Words
    admin_words: Words
    admin_before: Words
    credit_lines: tuple[str, ...]


class GenericLists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Common nouns for a side: heads with their kinds, and what may or must stand before them."""

    modifiers: Words
    descriptions: Words
    may_modify: Words
    need_modifier: Words
    state_modifiers: Words
    heads: Mapping[str, ActorKind]


class VictimLists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nouns for people counted, by who they are; `singular` are those among them that count one."""

    civilians: Words
    combatants: Words
    unspecified: Words
    singular: Words


class TollLists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What makes a figure a toll; `reach` is in words and `cues` by outcome, `other` for what harms nobody."""

    reach: Annotated[int, msgspec.Meta(ge=1)]
    designators: Words
    light: Words
    long_period: tuple[str, ...]
    toll_words: Words
    cues: Mapping[Outcome | Literal["other"], Words]
    nouns: Mapping[str, Outcome]
    victims: VictimLists

    def nouns_for(self, *, one: bool) -> Words:
        """Return the nouns that a figure counts: for a figure of one, those in the singular too."""
        victims = self.victims
        every = victims.civilians | victims.combatants | victims.unspecified
        return every if one else every - victims.singular


class Lexicon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All word lists of the rules; words are in lower case."""

    words: WordLists
    names: NameLists
    generics: GenericLists
    tolls: TollLists


def to_lexicon(settings: Settings) -> Lexicon:
    """Convert settings to word lists; raises InputError (`bad-settings`) where one is missing, unknown or ill-typed."""
    return to_settings(Lexicon, settings, "rules")
