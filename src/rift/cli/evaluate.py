"""`rift eval`: check a submission, repeat a result."""

import pathlib

import click
import msgspec

from rift.annotations.collection import known_documents
from rift.cli.common import report_issues
from rift.cli.main import FINDINGS
from rift.cli.options import sources_option

_FILE = click.Path(path_type=pathlib.Path)


@click.group("eval")
def evaluate() -> None:
    """Check submissions before they are scored, and repeat results."""


@evaluate.command()
@click.argument("predicted", type=_FILE)
@click.option("--split", required=True, metavar="COLLECTION/SPLIT", help="What was to be predicted: `briefs/dev`.")
@click.option("--json", "as_json", is_flag=True, help="Print the issues as JSON.")
@sources_option
def check(*, predicted: pathlib.Path, split: str, as_json: bool, sources: pathlib.Path | None) -> None:
    """Report every issue of the submission PREDICTED; exits 1 where one of them keeps it from being scored."""
    from rift.eval.inputs import find_split  # noqa: PLC0415 - loads slowly, --help needs none
    from rift.eval.submission import check_submission  # noqa: PLC0415 - likewise

    known = known_documents(sources)
    documents = {doc: known[doc] for doc in find_split(split)}
    report_issues(check_submission(predicted, documents), as_json=as_json)


@evaluate.command()
@click.argument("result", metavar="FILE.json", type=_FILE)
@click.option("--gold", help="Gold to use in place of what the result names: a file or a split.")
@click.option("--predicted", help="Predictions to use in place of the file that the result names.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@sources_option
@click.pass_context
def replay(
    context: click.Context,
    *,
    result: pathlib.Path,
    gold: str | None,
    predicted: str | None,
    as_json: bool,
    sources: pathlib.Path | None,
) -> None:
    """Compute a result of `rift score --json` anew and compare every number; exits 1 where one differs."""
    from rift.eval import replay as replaying  # noqa: PLC0415 - scipy takes a second to load, --help needs none
    from rift.eval import show  # noqa: PLC0415 - likewise

    outcome = replaying.replay(result, sources, gold, predicted)
    for issue in outcome.issues:
        click.echo(str(issue), err=True)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(outcome)))
    else:
        for line in show.replay_lines(outcome):
            click.echo(line)
    if outcome.differences:
        context.exit(FINDINGS)
