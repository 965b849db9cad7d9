"""`rift score`: one layer against gold."""

import importlib.util
import pathlib
from typing import TYPE_CHECKING, get_args

import click

from rift.cli.console import print_table
from rift.cli.evaluation import Listing, lines_named, scoring_options, track_and_mode
from rift.cli.options import sources_option
from rift.eval.metadata import SLICINGS, By, SpanSlicing
from rift.eval.tracks import Mode
from rift.guidelines import scheme
from rift.issues import InputError, Issue, Level, Where
from rift.paths import write_whole

if TYPE_CHECKING:
    from rift.eval.inputs import Inputs
    from rift.eval.scoring import Scores


@click.command(epilog="Every number is defined in docs/evaluation.md.")
@click.argument("gold")
@click.argument("predicted")
@scoring_options
@click.option(
    "--by", multiple=True, type=click.Choice(SLICINGS), help="Score slices as well; may be given several times."
)
@click.option("--json", "as_json", is_flag=True, help="Print every mode, the settings and the files as JSON.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=pathlib.Path),
    metavar="FILE.html",
    help="Write a page with the scores, the errors and the texts.",
)
@sources_option
def score(  # noqa: PLR0913 - one parameter an argument or option
    *,
    gold: str,
    predicted: str,
    name: str,
    mode: Mode | None,
    seed: int,
    resamples: int,
    documents: Listing | None,
    by: tuple[By, ...],
    as_json: bool,
    report: pathlib.Path | None,
    sources: pathlib.Path | None,
) -> None:
    """Score the file PREDICTED against GOLD: a layer file, or a split of the corpus such as `briefs/dev`.

    A gold document that PREDICTED lacks counts as predicted empty. A faulty file is reported whole and not scored.
    """
    track, chosen = track_and_mode(name, mode)
    if track.slots and (wrong := sorted({*by} & {*get_args(SpanSlicing)})):
        raise click.UsageError(f"the track {track.name!r} scores no spans: --by {wrong[0]} does not apply to it")
    from rift.eval import resample, run, show, table  # noqa: PLC0415 - scipy takes a second to load, --help needs none

    request = run.Request(
        gold=gold,
        predicted=predicted,
        track=track.name,
        bootstrap=resample.Bootstrap(seed, resamples),
        documents=None if documents is None else tuple(documents.lines),
        by=by,
    )
    with lines_named(documents):
        result = run.evaluate(request, sources)
    for issue in result.scores.issues:
        click.echo(str(issue), err=True)
    if report is not None:
        _write_report(report, run.read_request(request, sources), result.scores)
    if as_json:
        click.echo(run.as_json(result))
        return
    for found in table.tables(result.scores, chosen):
        print_table(found)
    for slicing in result.slices.values():
        click.echo()
        print_table(show.slice_table(slicing, chosen))
    if others := table.other_modes(result.scores, chosen):
        click.echo(others)
    click.echo(table.sizes(result.scores))
    click.echo(result.scores.modes[chosen].signature)


def _write_report(path: pathlib.Path, inputs: "Inputs", scores: "Scores") -> None:
    missing = [module for module in ("jinja2", "matplotlib") if importlib.util.find_spec(module) is None]
    if missing:
        hint = "pip install 'rift-corpus[report]'"
        raise InputError(
            Issue("missing-extra", Level.ERROR, Where("--report"), f"needs {module} (extra 'report')", hint)
            for module in missing
        )
    from rift.eval.inputs import whole  # noqa: PLC0415 - scipy takes a second to load, --help needs none
    from rift.eval.report import score_report  # noqa: PLC0415 - after the check that the extra is installed

    texts = [document for document in inputs.documents.values() if document]
    page = score_report(whole(inputs.gold), whole(inputs.predictions[0].layer), scores, texts, scheme())
    try:
        write_whole(path, page.encode())
    except OSError as error:
        hint = "name a file in a folder that can be written"
        message = f"cannot be written: {error.strerror}"
        raise InputError([Issue("not-written", Level.ERROR, Where(str(path)), message, hint)]) from error
    click.echo(f"report: {path}", err=True)
