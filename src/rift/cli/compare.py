"""`rift compare`: several systems on the same gold."""

import pathlib
from collections import Counter

import click
import msgspec

from rift.cli.console import print_table
from rift.cli.evaluation import Listing, lines_named, scoring_options, track_and_mode
from rift.cli.options import sources_option
from rift.eval.tracks import Mode


@click.command(epilog="Ranks, p and intervals are defined in docs/evaluation.md.")
@click.argument("gold")
@click.argument("systems", nargs=-1, required=True)
@scoring_options
@click.option(
    "--rounds", type=click.IntRange(min=1), default=10_000, show_default=True, help="Rounds of the randomisation."
)
@click.option("--json", "as_json", is_flag=True, help="Print all pairs as JSON.")
@sources_option
def compare(  # noqa: PLR0913 - one parameter an argument or option
    *,
    gold: str,
    systems: tuple[str, ...],
    name: str,
    mode: Mode | None,
    seed: int,
    resamples: int,
    documents: Listing | None,
    rounds: int,
    as_json: bool,
    sources: pathlib.Path | None,
) -> None:
    """Rank the files SYSTEMS against GOLD by micro F1, and say which of them can be told apart.

    GOLD is a layer file, or a split of the corpus such as `briefs/dev`. Systems that cannot be told apart from the best
    of their group share its rank.
    """
    track, chosen = track_and_mode(name, mode)
    if twice := [system for system, uses in Counter(systems).items() if uses > 1]:
        raise click.UsageError(f"{twice[0]} is named twice")
    from rift.eval import compare as comparing  # noqa: PLC0415 - scipy takes a second to load, --help needs none
    from rift.eval import resample, show, significance  # noqa: PLC0415 - likewise

    request = comparing.ComparisonRequest(
        gold=gold,
        systems=systems,
        track=track.name,
        mode=chosen,
        documents=None if documents is None else tuple(documents.lines),
        bootstrap=resample.Bootstrap(seed, resamples),
        randomisation=significance.Randomisation(seed, rounds),
    )
    with lines_named(documents):
        result = comparing.compare_files(request, sources)
    for issue in result.issues:
        click.echo(str(issue), err=True)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(result)))
        return
    title = f"{len(systems)} systems against {result.gold}: {track.name}, {chosen}, micro F1"
    print_table(show.comparison_table(result.comparison, title))
    click.echo(show.detectable_line(result.comparison))
    click.echo(result.signature)
