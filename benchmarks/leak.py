"""How much of a text its fingerprint gives away: an attack with a language model, on the articles that have one.

    RIFT_SOURCES=... python benchmarks/leak.py         --json for programs

The attacker knows the digits and has read other news on the same war (`fakes` and `briefs`). The model is a bigram
model with interpolation (Jelinek and Mercer 1980); the likeliest text with just these digits is found by the Viterbi
algorithm. For scale: what is guessed right without digits, and what the released surfaces give away by themselves.
"""

import itertools
import os
import pathlib
from collections import Counter
from collections.abc import Sequence

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
WEIGHT = 0.7  # of the bigram
UNKNOWN = 0.1  # words added to every count


class Leak(msgspec.Struct, frozen=True):
    """Shares of the words of the articles.

    `guessed` are right in the likeliest text with these digits, `commonest` where each word is the commonest with its
    digit, `blind` where it is the commonest of all; `surfaces` stand in a released surface; `guessed_beyond` is the
    share guessed among the others. `in_vocabulary` bounds what this attacker can guess. `run` is the longest run of
    words in a row that are guessed right and stand in no surface.
    """

    words: int
    in_vocabulary: float
    blind: float
    commonest: float
    guessed: float
    surfaces: float
    guessed_beyond: float
    run: int


class Model:
    """A bigram model over the words of some texts, by digit."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        counts = Counter(itertools.chain.from_iterable(texts))
        self.words = sorted(counts)
        self.place = {word: number for number, word in enumerate(self.words)}
        single = np.array([counts[word] for word in self.words], dtype=np.float64) + UNKNOWN
        self.single = np.log(single / single.sum()).astype(np.float32)
        pairs = np.zeros((len(self.words), len(self.words)), dtype=np.float32)
        for text in texts:
            for one, other in itertools.pairwise(text):
                pairs[self.place[one], self.place[other]] += 1
        pairs /= np.maximum(pairs.sum(axis=1, keepdims=True), 1)
        self.pairs = np.log(WEIGHT * pairs + (1 - WEIGHT) * np.exp(self.single)[None, :])
        text = " ".join(self.words)
        self.by_digit = {digit: np.flatnonzero([at == digit for at in digits(text, words(text))]) for digit in HEX}

    def commonest(self, digit: str) -> int:
        """Return the commonest word with a digit."""
        known = self.by_digit[digit]
        return int(known[np.argmax(self.single[known])])

    def likeliest(self, secret: str) -> list[int]:
        """Return the likeliest words with these digits, in order."""
        known = self.by_digit[secret[0]]
        score: NDArray[np.float32] = self.single[known]
        back: list[NDArray[np.intp]] = []
        for one, other in itertools.pairwise(secret):
            steps = score[:, None] + self.pairs[np.ix_(self.by_digit[one], self.by_digit[other])]
            best = steps.argmax(axis=0)
            back.append(best)
            score = steps[best, np.arange(best.size)]
        at = int(score.argmax())
        path = [at]
        for best in reversed(back):
            at = int(best[at])
            path.append(at)
        return [int(self.by_digit[digit][place]) for digit, place in zip(secret, reversed(path), strict=True)]


HEX = "0123456789abcdef"


def spoken(text: str) -> list[str]:
    """Return the words of a text as they are hashed."""
    return [plain(text[token.start : token.end]) for token in words(text)]


def measure(sources: pathlib.Path) -> Leak:
    """Attack all articles."""
    read = [item.document.text for name in READ for item in build_collection(name, sources).documents]
    model = Model([spoken(text) for text in read])
    portion = load_portion("infighting", "test", sources)
    common = model.words[int(model.single.argmax())]
    rows: list[tuple[bool, bool, bool, bool, bool]] = []
    for document in track(portion.documents, "guessing", console=Console(stderr=True)):
        secret, tokens = digits(document.text, words(document.text)), words(document.text)
        truth, guess = spoken(document.text), model.likeliest(secret)
        spans = [span for span in portion.gold.markups[document.id].spans if span.surface is not None]
        shown = {place for span in spans for place in range(span.start, span.end)}
        for token, digit, word, number in zip(tokens, secret, truth, guess, strict=True):
            commonest = model.words[model.commonest(digit)]
            row = (
                word in model.place,
                word == common,
                word == commonest,
                word == model.words[number],
                token.start in shown,
            )
            rows.append(row)
    table = np.array(rows)
    known, blind, commonest, guessed, shown_words = table.T
    beyond = guessed & ~shown_words
    run = max((len(list(group)) for right, group in itertools.groupby(beyond) if right), default=0)
    return Leak(
        words=len(rows),
        in_vocabulary=float(known.mean()),
        blind=float(blind.mean()),
        commonest=float(commonest.mean()),
        guessed=float(guessed.mean()),
        surfaces=float(shown_words.mean()),
        guessed_beyond=float(guessed[~shown_words].mean()),
        run=run,
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
        ("right in that text, of the words in no surface", leak.guessed_beyond),
    ):
        table.add_row(meaning, f"{value:.1%}")
    console = Console(width=100)
    console.print(table)
    console.print(f"the longest run of such words guessed right: {leak.run}")


if __name__ == "__main__":
    main()
