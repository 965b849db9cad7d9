"""Selecting articles for a collection: duplicates dropped, a topic taken whole, the rest drawn, splits by event."""

import collections
import datetime as dt
import itertools
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from rift.corpus.manifest import Split

SHINGLE = 5  # words


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An event that the document `text` of another collection reports, and the split of that document."""

    text: str
    place: str
    date: dt.date
    split: Split


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How to select (`corpus/<collection>/selection.toml`, which says what each field means)."""

    seed: int
    size: int
    fewest_words: int
    splits: Mapping[Split, int]
    test_only: Sequence[str]
    near_duplicate: float
    contained: float
    same_story: float
    same_event_days: int
    figure: str
    harm: str
    topic: Sequence[str]
    restated_in: Sequence[str] = ()
    elsewhere: Sequence[Event] = ()


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """An article to select from: `date` is that of the event, `published` that of the article where it is stated."""

    id: str
    title: str
    body: str
    outlet: str
    place: str
    date: dt.date
    published: dt.date | None


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an article and why.

    `of` is the article that a duplicate repeats; `event` names the group of articles on one event by its first id.
    """

    id: str
    outlet: str
    year: int
    status: Literal["selected", "duplicate", "near-duplicate", "too-short", "no-toll", "not-drawn"]
    reason: Literal["topic", "drawn"] | None = None
    of: str | None = None
    event: str | None = None
    split: Split | None = None


def select(
    articles: Sequence[Article], settings: Settings, fixed: Mapping[str, Split], together: Iterable[Sequence[str]] = ()
) -> list[Outcome]:
    """Return what becomes of each distinct article, ordered by id; the same input and seed give the same selection.

    `fixed` puts articles into a split (another collection's text restates them), `together` keeps some in one.
    A repeated id, and a text too close to that of another, is dropped: of a pair, the one outside the topic, else the
    later id. All of the topic is taken; what is missing is drawn among the others that report a toll, in proportion to
    outlet and year (largest remainders). Articles on one event, and those that share much of their words, form a group;
    groups with a text of a `test_only` outlet or of `elsewhere` go where that says, the others are dealt out at random,
    those on the topic first and the largest first, to the split furthest from its share (of the topic, or of all).
    Raises ValueError where the splits cannot be filled, or a group belongs in two.
    """
    first = {article.id: article for article in reversed(articles)}
    distinct = [first[name] for name in sorted(first)]
    overlaps = Overlaps(distinct)
    rank = {article.id: (article.id not in settings.topic, article.id not in fixed, article.id) for article in distinct}
    repeats: dict[str, str] = {}
    kept: list[Article] = []
    for article in sorted(distinct, key=lambda item: rank[item.id]):
        twin = next((other.id for other in kept if overlaps.repeats(article.id, other.id, settings)), None)
        if twin is None:
            kept.append(article)
        else:
            repeats[article.id] = twin
    toll = toll_pattern(settings)
    topic = [article for article in kept if article.id in settings.topic]
    short = {article.id for article in kept if len(article.body.split()) < settings.fewest_words}
    pool = [item for item in kept if item.id not in short.union(settings.topic) and _reports(toll, item)]
    draw = random.Random(settings.seed)  # noqa: S311  (a repeatable draw, nothing secret)
    drawn = _stratified(pool, settings.size - len(topic), draw)
    chosen = sorted([*topic, *drawn], key=lambda item: item.id)
    groups = _groups(chosen, settings, overlaps, together)
    splits = _deal(groups, {item.id: item for item in chosen}, settings, fixed, draw)
    event = {name: group[0] for group in groups for name in group}
    pooled = {article.id for article in pool}
    counts = collections.Counter(article.id for article in articles)

    def outcome(article: Article) -> Outcome:
        name, year = article.id, article.date.year
        if name in splits:
            reason: Literal["topic", "drawn"] = "topic" if name in settings.topic else "drawn"
            return Outcome(
                id=name, outlet=article.outlet, year=year, status="selected", reason=reason, event=event[name],
                split=splits[name],
            )  # fmt: skip
        if name in repeats:
            twin = repeats[name]
            same = first[twin].body == article.body
            status: Literal["duplicate", "near-duplicate"] = "duplicate" if same else "near-duplicate"
            return Outcome(id=name, outlet=article.outlet, year=year, status=status, of=twin)
        left: Literal["too-short", "no-toll", "not-drawn"] = "not-drawn" if name in pooled else "no-toll"
        return Outcome(id=name, outlet=article.outlet, year=year, status="too-short" if name in short else left)

    repeated = [
        Outcome(id=name, outlet=first[name].outlet, year=first[name].date.year, status="duplicate", of=name)
        for name, count in sorted(counts.items())
        for _ in range(count - 1)
    ]
    return sorted([*map(outcome, distinct), *repeated], key=lambda item: (item.id, item.of == item.id))


def toll_pattern(settings: Settings) -> re.Pattern[str]:
    """Return the pattern that finds a report of people harmed: a figure within a few words of a word of harm."""
    figure, harm = settings.figure, settings.harm
    after = rf"\b{figure}\W+(?:\w+\W+){{0,6}}?{harm}"
    before = rf"\b{harm}\w*\W+(?:\w+\W+){{0,4}}?{figure}\b"
    return re.compile(f"{after}|{before}", re.IGNORECASE)


def same_event(left: Article, right: Article, days: int) -> bool:
    """Whether two articles are on one place and at most `days` apart, by the event or by publication."""
    if left.place != right.place:
        return False
    if abs((left.date - right.date).days) <= days:
        return True
    published = (left.published, right.published)
    return published[0] is not None and published[1] is not None and abs((published[0] - published[1]).days) <= days


class Overlaps:
    """How many five-word shingles any two of some articles share, counted exactly by way of an index of shingles."""

    def __init__(self, articles: Sequence[Article]) -> None:
        shingles = {article.id: _shingles(article.body) for article in articles}
        self._sizes = {name: len(found) for name, found in shingles.items()}
        holders: dict[tuple[str, ...], list[str]] = collections.defaultdict(list)
        for name, found in shingles.items():
            for shingle in found:
                holders[shingle].append(name)
        self._shared = collections.Counter(
            pair for names in holders.values() for pair in itertools.combinations(sorted(names), 2)
        )

    def jaccard(self, left: str, right: str) -> float:
        """Return the shared share of all shingles of two articles, in [0, 1]; 0 where neither has any."""
        shared = self._shared[min(left, right), max(left, right)]
        union = self._sizes[left] + self._sizes[right] - shared
        return shared / union if union else 0.0

    def contained(self, left: str, right: str) -> float:
        """Return the shared share of the shingles of the shorter of two articles, in [0, 1]."""
        shorter = min(self._sizes[left], self._sizes[right])
        return self._shared[min(left, right), max(left, right)] / shorter if shorter else 0.0

    def repeats(self, left: str, right: str, settings: Settings) -> bool:
        """Whether two articles are near-duplicates by the thresholds of `settings`."""
        return self.jaccard(left, right) >= settings.near_duplicate or self.contained(left, right) >= settings.contained


def _shingles(body: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", body.lower())
    return {tuple(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)}


def _reports(toll: re.Pattern[str], article: Article) -> bool:
    return toll.search(f"{article.title}. {article.body}") is not None


def _stratified(pool: Sequence[Article], size: int, draw: random.Random) -> list[Article]:
    strata: dict[tuple[str, int], list[Article]] = collections.defaultdict(list)
    for article in sorted(pool, key=lambda item: item.id):
        strata[article.outlet, article.date.year].append(article)
    if not 0 <= size <= len(pool):
        raise ValueError(f"{size} articles are to be drawn from {len(pool)}")
    shares = {stratum: size * len(found) / len(pool) for stratum, found in strata.items()}
    takes = {stratum: int(share) for stratum, share in shares.items()}
    by_remainder = sorted(shares, key=lambda stratum: (takes[stratum] - shares[stratum], stratum))
    for stratum in by_remainder[: size - sum(takes.values())]:
        takes[stratum] += 1
    return [article for stratum in sorted(strata) for article in draw.sample(strata[stratum], takes[stratum])]


def _groups(
    chosen: Sequence[Article], settings: Settings, overlaps: Overlaps, together: Iterable[Sequence[str]]
) -> list[list[str]]:
    leader = {article.id: article.id for article in chosen}

    def find(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    def join(left: str, right: str) -> None:
        low, high = sorted((find(left), find(right)))
        leader[high] = low

    for left, right in itertools.combinations(chosen, 2):
        if (
            same_event(left, right, settings.same_event_days)
            or overlaps.jaccard(left.id, right.id) >= settings.same_story
        ):
            join(left.id, right.id)
    for names in together:
        present = [name for name in names if name in leader]
        for name in present[1:]:
            join(present[0], name)
    groups: dict[str, list[str]] = collections.defaultdict(list)
    for article in chosen:
        groups[find(article.id)].append(article.id)
    return list(groups.values())


def _deal(
    groups: Sequence[Sequence[str]],
    chosen: Mapping[str, Article],
    settings: Settings,
    fixed: Mapping[str, Split],
    draw: random.Random,
) -> dict[str, Split]:
    room: dict[Split, float] = dict(settings.splits)
    on_topic = frozenset(chosen) & frozenset(settings.topic)
    topic_room: dict[Split, float] = {
        split: len(on_topic) * size / settings.size for split, size in settings.splits.items()
    }
    splits: dict[str, Split] = {}

    def put(group: Sequence[str], split: Split) -> None:
        room[split] -= len(group)
        topic_room[split] -= len(on_topic.intersection(group))
        splits.update(dict.fromkeys(group, split))

    free: list[Sequence[str]] = []
    for group in groups:
        wanted = {split for name in group for split in _demands(chosen[name], settings, fixed)}
        if len(wanted) > 1:
            raise ValueError(f"the articles on one event {', '.join(group)} belong in {' and '.join(sorted(wanted))}")
        if wanted:
            put(group, *wanted)
        else:
            free.append(group)
    shuffled = sorted(draw.sample(free, len(free)), key=len, reverse=True)
    for group in sorted(shuffled, key=on_topic.isdisjoint):
        left = room if on_topic.isdisjoint(group) else topic_room
        put(group, max(left, key=lambda split: left[split] / settings.splits[split]))
    if any(room.values()):
        raise ValueError(f"the splits cannot be filled: {room} left over")
    return splits


def _demands(article: Article, settings: Settings, fixed: Mapping[str, Split]) -> Iterable[Split]:
    if article.id in fixed:
        yield fixed[article.id]
    if article.outlet in settings.test_only:
        yield "test"
    for event in settings.elsewhere:
        near = (article.date, article.published)
        if article.place == event.place and any(
            day is not None and abs((day - event.date).days) <= settings.same_event_days for day in near
        ):
            yield event.split
