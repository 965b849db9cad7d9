"""Beginning an adjudication, or going on with one: whose layers, an account, a project, its tasks."""

import pathlib

import msgspec

from rift.annotations.layer import Layer, read_layer
from rift.issues import InputError, Issue, Level, Where
from rift.session.adjudication import Sides
from rift.session.adjudication_form import AdjudicationForm, instructions
from rift.session.begin import Place, is_accepted
from rift.session.client import Client
from rift.session.form import Form
from rift.session.install import interpreter
from rift.session.join import join
from rift.session.plan import new_password, read_addresses
from rift.session.pull import layer_file, layer_names
from rift.session.push import find_project, make_project, missing_documents, push_tasks
from rift.session.server import make_accounts
from rift.session.state import (
    Adjudication,
    Annotator,
    Session,
    read_documents,
    read_side,
    write_session,
    write_side,
)


def settle(
    place: Place, session: Session, layers: pathlib.Path, address: str | None, between: str | None
) -> tuple[Session, Layer, Layer, list[Issue]]:
    """Return the session with its adjudication, and the two layers, as they were in the folder `layers` at first.

    `address` is the adjudicator's and `between` the layers' names, `A,B`; neither is needed again, nor `between` where
    there are two annotators. The issues are warnings: `layers-moved` where a layer has been pulled anew since,
    `own-work` where an annotator is the adjudicator. Raises InputError: `no-adjudicator`, `bad-address`, `which-two`,
    `not-pulled`, `adjudication-differs`.
    """
    if session.adjudication is not None:
        _is_the_same(session, session.adjudication, address, between)
    wanted = session.adjudication or _adjudication(session, address, between)
    pulled = {name: layer_file(layers, name) for name in (wanted.a, wanted.b)}
    kept = {name: read_side(place.folder, wanted.number, name) for name in pulled}
    hint = f"`rift session pull --name {session.name}` brings them back"
    missing = [
        Issue("not-pulled", Level.ERROR, Where(str(path)), "the layer is not there", hint)
        for name, path in pulled.items()
        if kept[name] is None and not path.exists()
    ]
    if missing:
        raise InputError(missing)
    issues: list[Issue] = []
    sides: list[Layer] = []
    for name, path in pulled.items():
        before = kept[name]
        now = Layer(name, read_layer(path)) if path.exists() else before
        if before is not None and now is not None and before.markups != now.markups:
            message = f"{name} has been pulled anew since the adjudication began; it goes on with what it began with"
            anew = "--anew begins another one with the layers as they are now"
            issues.append(Issue("layers-moved", Level.WARNING, Where(str(path)), message, anew))
        sides.extend(side for side in (before or now,) if side is not None)
    issues.extend(_own_work(session, wanted))
    return msgspec.structs.replace(session, adjudication=wanted), sides[0], sides[1], issues


def _own_work(session: Session, adjudication: Adjudication) -> list[Issue]:
    """Return a warning where somebody adjudicates what they have annotated themselves."""
    address = adjudication.adjudicator.address
    if layer_names(session.annotators).get(address) not in {adjudication.a, adjudication.b}:
        return []
    message = f"{address} adjudicates their own work, and sees that of the other"
    return [Issue("own-work", Level.WARNING, Where("--adjudicator"), message, "somebody else would be independent")]


def anew(session: Session, address: str | None, between: str | None) -> Session:
    """Return the session with another adjudication in place of the one that was begun, if one was.

    Who adjudicates, and what, is as before where it is not said. The project of the one before stays on the server.
    Raises InputError as `settle` does.
    """
    begun = session.adjudication
    if begun is None:
        return session
    who, which = address or begun.adjudicator.address, between or f"{begun.a},{begun.b}"
    other = msgspec.structs.replace(_adjudication(session, who, which), number=begun.number + 1)
    return msgspec.structs.replace(session, adjudication=other)


def _is_the_same(session: Session, begun: Adjudication, address: str | None, between: str | None) -> None:
    """Raise InputError (`adjudication-differs`) where another one is asked for than was begun."""
    other_person = address is not None and address.strip().lower() != begun.adjudicator.address
    other_layers = between is not None and _chosen(session, between) != [begun.a, begun.b]
    if other_person or other_layers:
        message = f"{begun.adjudicator.address} settles {begun.a} and {begun.b} already"
        where = Where("--adjudicator" if other_person else "--between")
        hint = "leave the options out to go on with it, or begin another one with --anew"
        raise InputError([Issue("adjudication-differs", Level.ERROR, where, message, hint)])


def _chosen(session: Session, between: str) -> list[str]:
    """Return the layers that `A,B` names, each by its name or by its annotator's address."""
    names = layer_names(session.annotators)
    return [names.get(one.lower(), one) for one in (part.strip() for part in between.split(","))]


def _adjudication(session: Session, address: str | None, between: str | None) -> Adjudication:
    names = layer_names(session.annotators)
    chosen = _chosen(session, between) if between else list(names.values())
    issues: list[Issue] = []
    if len(names) == 1:
        hint = f"add another: `rift session start --name {session.name} --annotators b@example.org`"
        issues.append(Issue("which-two", Level.ERROR, Where(session.name), "there is only one annotator", hint))
    elif len(chosen) != 2 or len(set(chosen)) != 2 or not set(chosen) <= set(names.values()):  # noqa: PLR2004 - a pair
        hint = f"name two of {', '.join(names.values())}: --between A,B"
        issues.append(Issue("which-two", Level.ERROR, Where("--between"), "two layers are adjudicated", hint))
    addresses, faults = read_addresses(address) if address else ([], [])
    issues.extend(issue for issue in faults if issue.level is Level.ERROR)
    if len(addresses) != 1 and not faults:
        hint = "name one: --adjudicator c@example.org"
        issues.append(Issue("no-adjudicator", Level.ERROR, Where("--adjudicator"), "one person adjudicates", hint))
    if issues:
        raise InputError(issues)
    return Adjudication(adjudicator=Annotator(address=addresses[0]), a=chosen[0], b=chosen[1])


def begin(place: Place, session: Session, url: str, sides: Sides, form: Form) -> tuple[Session, int]:
    """Give the adjudicator an account, a project and tasks, as far as they are missing; return how many were added.

    Raises InputError as the server does; what was done by then stays, and the next call goes on from there.
    """
    session = _with_account(place, session, url)
    person = adjudicator(session)
    client = Client(url, person.token or "")
    documents = {document.id: document for document in read_documents(place.folder)}
    name = f"{session.name} adjudication {_begun(session).number}"
    form = AdjudicationForm(form, sides.a, sides.b, sides.found)
    number = find_project(client, person.project, name, person.address)
    if number is None:
        text = instructions(sides.a.name, sides.b.name, sides.found, documents)
        number = make_project(client, name, person.address, form, text)
    session = _kept(place, session, msgspec.structs.replace(person, project=number))
    differing = [documents[doc] for doc in sides.differing]
    missing = missing_documents(differing, client.tasks(number))
    advance = place.stage(f"tasks for {person.address}", len(missing))
    push_tasks(client, number, missing, Layer("none"), form, advance)
    return session, len(missing)


def keep_sides(place: Place, session: Session, a: Layer, b: Layer) -> Session:
    """Keep which layers are adjudicated and what they are, so that numbers of differences stay what they are."""
    number = _begun(session).number
    for side in (a, b):
        if read_side(place.folder, number, side.name) is None:
            write_side(place.folder, number, side)
    write_session(place.folder, session)
    return session


def adjudicator(session: Session) -> Annotator:
    """Return who adjudicates; raises ValueError where no adjudication has been begun."""
    return _begun(session).adjudicator


def _begun(session: Session) -> Adjudication:
    if session.adjudication is None:
        raise ValueError("no adjudication has been begun")
    return session.adjudication


def _kept(place: Place, session: Session, person: Annotator) -> Session:
    adjudication = session.adjudication and msgspec.structs.replace(session.adjudication, adjudicator=person)
    session = msgspec.structs.replace(session, adjudication=adjudication)
    write_session(place.folder, session)
    return session


def _with_account(place: Place, session: Session, url: str) -> Session:
    """Return the session with an adjudicator whom the server knows, and a token that it accepts."""
    person = adjudicator(session)
    known = next((item for item in session.annotators if item.address == person.address), person)
    person = msgspec.structs.replace(person, password=known.password, token=person.token or known.token)
    if person.token and is_accepted(url, person):
        return _kept(place, session, person)
    if session.url is not None:
        token = next((item.token for item in session.annotators if item.token), "") or ""
        (made,) = join(Client(url, token), [person], token)
        return _kept(place, session, made)
    person = msgspec.structs.replace(person, password=person.password or new_password())
    session = _kept(place, session, person)
    place.stage("making the adjudicator's account", None)
    (made,) = make_accounts(interpreter(place.environment, place.stage), place.folder, [person], place.environment)
    return _kept(place, session, made)
