"""How much of a text its fingerprint gives away: an attack with a language model, on the articles that have one.

    RIFT_SOURCES=... python benchmarks/leak.py         --json for programs

The attacker knows the digits and has read other news on the same war (`fakes` and `briefs`). A bigram weighs
c / (c + k d), where c is how often its first word was read and d how many different words followed it (Witten and Bell
1991, whose k is 1), the word alone for the rest; the likeliest text with just these digits is found by the Viterbi
algorithm. The attacker chooses k as one could who has no text to look up: on a part of what was read, set apart. For
scale: what is guessed right without digits, and what the released surfaces give away by themselves. At last the
attacker takes the surfaces as known words, too.
"""

import bisect
import itertools
import os
import pathlib
from collections import Counter
from collections.abc import Container, Mapping, Sequence

import click
import msgspec
import numpy as np
import rich.box
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from rift.annotations.collection import load_portion
from rift.corpus.build import build_collection
from rift.corpus.fingerprint import digits, plain, words
from rift.paths import SOURCES_VARIABLE

READ = ("briefs", "fakes")
APART = ("fakes", "dev")  # what k is chosen on
KS = (1, 3, 10, 30)
UNKNOWN = 0.1  # words added to every count


class Leak(msgspec.Struct, frozen=True):
    """Shares of the words of the articles.

    `guessed` are right in the likeliest text with these digits, `commonest` where each word is the commonest with its
    digit, `blind` where it is the commonest of all; `surfaces` stand in a released surface; `guessed_beyond` is the
    share guessed among the others by an attacker who has the surfaces too. `in_vocabulary` bounds what this attacker
    can guess. `run` is the longest run of words in a row that are guessed right and stand in no surface. `k` is what
    the attacker chose, `tried` has for each k the share guessed of what was set apart, by a model of the rest, and of
    the articles.
    """

    words: int
    in_vocabulary: float
    blind: float
    commonest: float
    guessed: float
    surfaces: float
    guessed_beyond: float
    run: int
    k: int
    tried: Mapping[int, tuple[float, float]]


class Model:
    """A bigram model over the words of some texts, which are numbered so that those with one digit stand together."""

    def __init__(self, texts: Sequence[str], k: int) -> None:
        read = [spoken(text) for text in texts]
        digit = dict(pair for text in texts for pair in zip(spoken(text), secret(text), strict=True))
        counts = Counter(itertools.chain.from_iterable(read))
        self.words = sorted(counts, key=lambda word: (digit[word], word))
        self.place = {word: number for number, word in enumerate(self.words)}
        at = [digit[word] for word in self.words]
        self.by_digit = {each: slice(bisect.bisect_left(at, each), bisect.bisect_right(at, each)) for each in HEX}
        single = np.array([counts[word] for word in self.words], dtype=np.float32) + np.float32(UNKNOWN)
        single /= single.sum()
        pairs = np.zeros((len(self.words), len(self.words)), dtype=np.float32)  # the second word, then the first
        for said in read:
            for one, other in itertools.pairwise(said):
                pairs[self.place[other], self.place[one]] += 1
        seen, followers = pairs.sum(axis=0), np.count_nonzero(pairs, axis=0).astype(np.float32)
        weight = seen / np.maximum(seen + k * followers, 1)
        self.single = np.log(single)
        self.pairs = np.log(pairs * (weight / np.maximum(seen, 1)) + single[:, None] * (1 - weight))

    def commonest(self, digit: str) -> int:
        """Return the commonest word with a digit."""
        known = self.by_digit[digit]
        return int(known.start + self.single[known].argmax())

    def likeliest(self, candidates: Sequence[slice]) -> list[int]:
        """Return the likeliest words, each one of its candidates, in order."""
        score: NDArray[np.float32] = self.single[candidates[0]]
        back: list[NDArray[np.intp]] = []
        for one, other in itertools.pairwise(candidates):
            steps = self.pairs[other, one] + score
            best = steps.argmax(axis=1)
            back.append(best)
            score = steps[np.arange(best.size), best]
        at = int(score.argmax())
        path = [at]
        for best in reversed(back):
            at = int(best[at])
            path.append(at)
        return [known.start + place for known, place in zip(candidates, reversed(path), strict=True)]

    def guess(self, text: str, shown: Container[int] = ()) -> list[str]:
        """Return the words of a text as they are guessed from its digits, and from those that begin at `shown`."""
        candidates = [
            slice(self.place[word], self.place[word] + 1)
            if token.start in shown and word in self.place
            else self.by_digit[digit]
            for token, word, digit in zip(words(text), spoken(text), secret(text), strict=True)
        ]
        return [self.words[number] for number in self.likeliest(candidates)]


HEX = "0123456789abcdef"


def spoken(text: str) -> list[str]:
    """Return the words of a text as they are hashed."""
    return [plain(text[token.start : token.end]) for token in words(text)]


def secret(text: str) -> str:
    """Return the digits of a text."""
    return digits(text, words(text))


def guessed(model: Model, texts: Sequence[str]) -> float:
    """Return the share of the words of texts that are guessed right."""
    right = [word == guess for text in texts for word, guess in zip(spoken(text), model.guess(text), strict=True)]
    return sum(right) / len(right)


def measure(sources: pathlib.Path) -> Leak:
    """Attack all articles."""
    items = [
        (name, item.split, item.document.text) for name in READ for item in build_collection(name, sources).documents
    ]
    read = [text for _, _, text in items]
    apart = [text for *part, text in items if tuple(part) == APART]
    rest = [text for *part, text in items if tuple(part) != APART]
    portion = load_portion("infighting", "test", sources)
    texts = [document.text for document in portion.documents]
    tried = {
        k: (guessed(Model(rest, k), apart), guessed(Model(read, k), texts))
        for k in track(KS, "guessing", console=Console(stderr=True))
    }
    k = max(KS, key=lambda each: tried[each][0])
    model = Model(read, k)
    common = model.words[int(model.single.argmax())]
    rows: list[tuple[bool, bool, bool, bool, bool, bool]] = []
    for document in portion.documents:
        spans = [span for span in portion.gold.markups[document.id].spans if span.surface is not None]
        shown = {place for span in spans for place in range(span.start, span.end)}
        text = document.text
        guesses = model.guess(text), model.guess(text, shown)
        for token, digit, word, guess, better in zip(words(text), secret(text), spoken(text), *guesses, strict=True):
            row = (
                word in model.place,
                word == common,
                word == model.words[model.commonest(digit)],
                word == guess,
                word == better,
                token.start in shown,
            )
            rows.append(row)
    known, blind, commonest, right, helped, shown_words = np.array(rows).T
    beyond = helped & ~shown_words
    run = max((len(list(group)) for alike, group in itertools.groupby(beyond) if alike), default=0)
    return Leak(
        words=len(rows),
        in_vocabulary=float(known.mean()),
        blind=float(blind.mean()),
        commonest=float(commonest.mean()),
        guessed=float(right.mean()),
        surfaces=float(shown_words.mean()),
        guessed_beyond=float(helped[~shown_words].mean()),
        run=run,
        k=k,
        tried=tried,
    )


@click.command()
@click.option("--json", "as_json", is_flag=True)
def main(*, as_json: bool) -> None:
    """Print what the fingerprints give away."""
    named = os.environ.get(SOURCES_VARIABLE)
    if not named:
        raise click.UsageError("the articles are needed: set RIFT_SOURCES")
    leak = measure(pathlib.Path(named))
    if as_json:
        click.echo(msgspec.json.encode(leak))
        return
    table = Table(f"of {leak.words:,} words", box=rich.box.SIMPLE)
    table.add_column("share", justify="right")
    for meaning, value in (
        ("known to the attacker's model", leak.in_vocabulary),
        ("right as the commonest word of all", leak.blind),
        ("right as the commonest word with its digit", leak.commonest),
        ("right in the likeliest text with these digits", leak.guessed),
        ("shown in a surface of the gold layer", leak.surfaces),
        ("right in the likeliest with the surfaces too, of the words in none", leak.guessed_beyond),
    ):
        table.add_row(meaning, f"{value:.1%}")
    console = Console(width=100)
    console.print(table)
    console.print(f"the longest run of such words guessed right: {leak.run}")
    tried = Table("k", box=rich.box.SIMPLE)
    for column in ("guessed of {}/{}".format(*APART), "guessed of infighting"):
        tried.add_column(column, justify="right")
    for k, shares in leak.tried.items():
        tried.add_row(str(k), *(f"{share:.1%}" for share in shares))
    console.print(tried)
    console.print(f"k = {leak.k} was chosen")


if __name__ == "__main__":
    main()
