"""`rift session adjudicate`: the differences of two annotators as a project, and the decisions as gold."""

import os
import pathlib
import shlex
from collections import Counter

import click

from rift.annotations.collection import GOLD
from rift.annotations.formats.rendering import Context
from rift.annotations.layer import Layer
from rift.cli.session_pull import LAYERS, name_option, out_option, reached, told
from rift.cli.session_start import SESSIONS, stages
from rift.eval.decisions import Decision
from rift.issues import needs
from rift.jsonl import encode_values
from rift.session.form import SchemeForm
from rift.session.state import DOCUMENTS, Annotator, find_session, knowledge_folder, read_documents, read_knowledge


@click.command("adjudicate")
@name_option
@click.option("--adjudicator", metavar="ADDRESS", help="Who settles the differences; needed at first.")
@click.option("--between", metavar="A,B", help="The two layers; needed where there are more than two annotators.")
@click.option(
    "--anew", is_flag=True, help="Begin another one with the layers as they are now; the older project stays."
)
@out_option
def adjudicate_command(
    *, name: str | None, adjudicator: str | None, between: str | None, anew: bool, out: pathlib.Path | None
) -> None:
    """Settle the differences of two annotators in Label Studio; run it again to bring gold back.

    The first call opens a project of the documents that differ, with both annotators' spans and the numbered
    differences. When all are submitted, the next call writes gold.jsonl and decisions.jsonl, or says what is missing
    and writes neither.
    """
    with needs("session", SESSIONS):
        from rift.session import adjudicate, adjudication, begin, client, keep  # noqa: PLC0415 - an extra
    folder = find_session(os.environ, name)
    layers = out or folder / LAYERS
    with begin.alone(folder), stages() as stage:
        place = begin.Place(folder, os.environ, stage)
        session, url = reached(folder)
        if anew:
            session = adjudicate.anew(session, adjudicator, between)
        session, a, b, issues = adjudicate.settle(place, session, layers, adjudicator, between)
        documents = {document.id: document for document in read_documents(folder)}
        context = Context(documents, read_knowledge(folder))
        sides, more = adjudication.compare(a, b, context)
        session = adjudicate.keep_sides(place, session, a, b)
        for issue in (*issues, *more):
            click.echo(str(issue), err=True)
        gold = Layer(GOLD, adjudication.agreed(sides)).renamed(GOLD)
        decisions: list[Decision] = []
        if sides.found:
            session, added = adjudicate.begin(place, session, url, sides, SchemeForm(context.knowledge))
            person = adjudicate.adjudicator(session)
            if added:
                _tell(session.name, url, person, added, out)
                return
            reached_by = client.Client(url, person.token or "")
            gold, decisions, warned = adjudication.collect(reached_by, person, sides, context)
            for issue in warned:
                click.echo(str(issue), err=True)
        paths = layers / f"{GOLD}.jsonl", layers / "decisions.jsonl"
        kept = keep.keep(paths[0], gold, paths[1], encode_values(decisions))
    counts = Counter(item.choice for item in decisions)
    click.echo(f"{paths[0]}: {told(kept)}; {len(gold)} documents, {len(gold) - len(sides.differing)} as both had them")
    said_so = ", ".join(f"{count} {choice}" for choice, count in sorted(counts.items())) or "none"
    click.echo(f"{paths[1]}: {len(decisions)} decisions ({said_so})")
    own = f"--documents {shlex.quote(str(folder / DOCUMENTS))} --knowledge {shlex.quote(str(knowledge_folder(folder)))}"
    click.echo(f"check it: rift annotations check {shlex.quote(str(paths[0]))} {own}")


def _tell(name: str, url: str, person: Annotator, added: int, out: pathlib.Path | None) -> None:
    """Print who signs in where, and what to do next."""
    password = person.password or "their own"
    click.echo(f"documents that differ: {added}; {person.address} (password: {password}) settles them at")
    click.echo(f"  {url}/projects/{person.project}/data")
    where = "" if out is None else f" --out {shlex.quote(str(out))}"
    click.echo(f"open each task there from the list; then: rift session adjudicate --name {name}{where}")
