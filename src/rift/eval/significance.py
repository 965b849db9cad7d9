"""Significance: whether systems that were scored on the same documents can be told apart."""

import itertools
import math
import statistics
from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from rift.eval.resample import Bootstrap, interval, resample
from rift.eval.statistics import CORRECT_GOLD, GOLD, PREDICTED, Counts, measures

Values = npt.NDArray[np.float64]

Measure = Callable[[Counts], Values]
"""Turns sums of counts, of any shape (..., k), into a number each (...), NaN where it is undefined."""

ALPHA = 0.05
"""The two-sided level at which two systems count as different."""

_POWERED = 1.959964 + 0.841621  # normal quantiles .975 and .8: a difference of so many standard errors is mostly found
_TIE = 1e-12  # differences this close are equal: one fraction may be divided out of different counts
_CELLS = 1 << 22  # signs held at a time: bounds memory to some 20 MiB
_EXACT = 1 << 23  # whole numbers and halves are exact in single precision up to here


class Randomisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How two systems are tested: `seed` (from 0) and the number of `rounds` (from 1)."""

    seed: int = 0
    rounds: int = 10_000

    def __post_init__(self) -> None:
        """Raise ValueError for a negative seed or no round."""
        if self.seed < 0 or self.rounds < 1:
            raise ValueError("the seed must not be negative, and there must be a round at least")


class Ranked(msgspec.Struct, frozen=True):
    """A system with its value, the value's 95 % interval and its rank (None: undefined, and so not ranked)."""

    name: str
    value: float | None
    interval: tuple[float, float] | None
    rank: int | None


class Paired(msgspec.Struct, frozen=True):
    """Two systems held against each other; `difference` is the value of `first` less that of `second`.

    `interval` is the 95 % interval of the difference, `p` the two-sided p of the randomisation, `holm` the same
    corrected for the number of pairs, `detectable` the smallest true difference that such a test finds in 80 % of
    samples. None: undefined.
    """

    first: str
    second: str
    difference: float | None
    interval: tuple[float, float] | None
    p: float | None
    holm: float | None
    detectable: float | None


class Comparison(msgspec.Struct, frozen=True):
    """Systems on the same documents, best first and undefined last, and every pair of them, the better one first.

    `detectable` is the smallest detectable difference of these documents: the median over the pairs, None without any.
    """

    documents: int
    systems: Sequence[Ranked]
    pairs: Sequence[Paired]
    detectable: float | None
    randomisation: Randomisation
    bootstrap: Bootstrap


DEFAULT_BOOTSTRAP = Bootstrap()
DEFAULT_RANDOMISATION = Randomisation()


def micro_f1(counts: Counts) -> Values:
    """Return F1 of counts of the shape (..., 4)."""
    return measures(counts)[..., 2]


def compare(
    systems: Mapping[str, Counts],
    *,
    measure: Measure = micro_f1,
    bootstrap: Bootstrap = DEFAULT_BOOTSTRAP,
    randomisation: Randomisation = DEFAULT_RANDOMISATION,
) -> Comparison:
    """Rank systems by `measure` of the sums of their counts (documents, k), and compare all pairs.

    The documents are the same, in the same order. Systems come by value, then by name; the undefined ones last. The
    p of all pairs are corrected together after Holm (1979); the ranks are those of `ranks`. Without documents all is
    undefined. Raises ValueError for counts of different shapes.
    """
    if len({counts.shape for counts in systems.values()}) > 1:
        raise ValueError("the systems must have counts of the same documents")
    stacked = np.stack([*systems.values()], axis=1) if systems else np.zeros((0, 0, 4))
    values = dict(zip(systems, map(_number, measure(stacked.sum(axis=0))), strict=True))
    names = sorted(systems, key=lambda name: (*_best_first(values[name]), name))
    resampled = dict(zip(systems, measure(resample(stacked, bootstrap)).T, strict=True))
    swapped = dict(zip(systems, np.moveaxis(swapped_sums(stacked, randomisation), 1, 0), strict=True))
    found = list(itertools.combinations(names, 2))
    ps = [_p(systems[a].sum(axis=0), systems[b].sum(axis=0), swapped[b] - swapped[a], measure) for a, b in found]
    pairs = [
        Paired(
            first=a,
            second=b,
            difference=_difference(values[a], values[b]),
            interval=interval(resampled[a] - resampled[b], len(stacked)),
            p=p,
            holm=corrected,
            detectable=_detectable(resampled[a] - resampled[b], len(stacked)),
        )
        for (a, b), p, corrected in zip(found, ps, holm(ps), strict=True)
    ]
    different = {(pair.first, pair.second) for pair in pairs if pair.holm is not None and pair.holm < ALPHA}
    places = ranks([(name, values[name]) for name in names], different)
    smallest = [pair.detectable for pair in pairs if pair.detectable is not None]
    return Comparison(
        documents=len(stacked),
        systems=[Ranked(name, values[name], interval(resampled[name], len(stacked)), places[name]) for name in names],
        pairs=pairs,
        detectable=statistics.median(smallest) if smallest else None,
        randomisation=randomisation,
        bootstrap=bootstrap,
    )


def randomisation_p(
    first: Counts, second: Counts, *, measure: Measure = micro_f1, randomisation: Randomisation = DEFAULT_RANDOMISATION
) -> float | None:
    """Return the two-sided p of two systems' counts (documents, k) under paired approximate randomisation.

    In each round every document's counts change sides with probability one half (Noreen 1989, Yeh 2000); p is
    (1 + rounds with a difference at least as large) / (1 + rounds). A round whose difference is undefined counts as
    large. Symmetric in the systems; None where the difference itself is undefined, as without documents.
    """
    swapped = swapped_sums(second - first, randomisation)
    return _p(first.sum(axis=0), second.sum(axis=0), swapped, measure)


def swapped_sums(counts: Counts, randomisation: Randomisation) -> Counts:
    """Return each round's sum over the documents that change sides: (documents, ...) to (rounds, ...).

    The signs come from the raw stream of PCG64, a bit a document, so a seed gives the same everywhere; the sums of
    whole numbers and halves are exact.
    """
    number = len(counts)
    flat = counts.reshape(number, math.prod(counts.shape[1:]))
    whole = bool((2 * flat == np.rint(2 * flat)).all()) and np.abs(flat).sum(axis=0).max(initial=0) < _EXACT
    exact = flat.astype(np.float32 if whole else np.float64)
    sums = np.zeros((randomisation.rounds, flat.shape[1]))
    stream = np.random.PCG64(randomisation.seed)
    words = -(-number // 64)
    step = max(1, _CELLS // max(1, number))
    for start in range(0, randomisation.rounds if number else 0, step):
        rows = min(step, randomisation.rounds - start)
        packed = stream.random_raw(rows * words).astype("<u8").view(np.uint8).reshape(rows, 8 * words)
        sums[start : start + rows] = (
            np.unpackbits(packed, axis=1, count=number, bitorder="little").astype(exact.dtype) @ exact
        )
    return sums.reshape(randomisation.rounds, *counts.shape[1:])


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """Return the p corrected for their number after Holm (1979), in the order given; None stays and is not counted."""
    tested = sorted((p, at) for at, p in enumerate(ps) if p is not None)
    corrected: list[float | None] = [None] * len(ps)
    highest = 0.0
    for place, (p, at) in enumerate(tested):
        highest = max(highest, min(1.0, (len(tested) - place) * p))
        corrected[at] = highest
    return corrected


def ranks(systems: Sequence[tuple[str, float | None]], different: set[tuple[str, str]]) -> dict[str, int | None]:
    """Return the rank of each system; `systems` are given best first, `different` holds the pairs (better, worse).

    The best has rank 1. A new rank begins with the first system that differs from the first system of the current rank,
    and its number is the system's place, so that after two systems of rank 1 comes rank 3. A system without a value has
    no rank.
    """
    found: dict[str, int | None] = {}
    head, rank = "", 0
    for place, (name, value) in enumerate(systems, start=1):
        if value is None:
            found[name] = None
            continue
        if place == 1 or (head, name) in different:
            head, rank = name, place
        found[name] = rank
    return found


def detectable_alone(counts: Counts, changed: float = 0.1) -> float | None:
    """Return the smallest detectable difference in F1 between a system, by its counts (documents, 4), and a rival.

    The rival is imagined: it loses each correct span with the probability `changed`, wins spans that the system lacks
    at the rate that keeps its expected F1 the same, and predicts as many. The standard error of the difference follows
    in closed form, and `Paired.detectable` says what is made of it. None with fewer than two documents, with nothing
    correct, and with nothing that could be won.
    """
    correct = counts[:, CORRECT_GOLD]
    room = np.maximum(np.minimum(counts[:, GOLD], counts[:, PREDICTED]) - correct, 0)
    if len(counts) < 2 or not correct.sum() or not room.sum():  # noqa: PLR2004 - one document says nothing of others
        return None
    won = min(1.0, changed * correct.sum() / room.sum())
    lost = won * room.sum() / correct.sum()
    variance = correct * lost * (1 - lost) + room * won * (1 - won) + (room * won - correct * lost) ** 2
    return float(_POWERED * 2 * np.sqrt(variance.sum()) / (counts[:, GOLD] + counts[:, PREDICTED]).sum())


def _p(first: Counts, second: Counts, swapped: Counts, measure: Measure) -> float | None:
    """Return p, given the systems' sums (k,) and by how much `first` gains and `second` loses in each round."""
    observed = abs(float(measure(first) - measure(second)))
    if np.isnan(observed):
        return None
    differences = np.abs(measure(first + swapped) - measure(second - swapped))
    small = int(np.count_nonzero(differences < observed - _TIE))
    return (1 + len(differences) - small) / (1 + len(differences))


def _detectable(differences: Values, documents: int) -> float | None:
    """Return what a test finds in 80 % of samples, after Card et al. (2020), by the bootstrap's standard error."""
    defined = differences[~np.isnan(differences)]
    error = float(np.std(defined, ddof=1)) if min(documents, len(defined)) > 1 else 0.0
    return _POWERED * error or None


def _best_first(value: float | None) -> tuple[bool, float]:
    return (value is None, -(value or 0.0))


def _difference(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else first - second


def _number(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
