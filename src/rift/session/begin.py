"""Beginning a session, or going on with it: server, accounts, projects and tasks, each only as far as it is missing."""

import contextlib
import pathlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import filelock
import msgspec

from rift import guidelines
from rift.annotations.layer import Layer
from rift.corpus.document import Document
from rift.issues import InputError, Issue, Level, Where
from rift.session.client import Client
from rift.session.form import Form
from rift.session.install import Stage, interpreter
from rift.session.instructions import instructions
from rift.session.join import join
from rift.session.plan import Wanted, agree, blinded, join_documents, new_password
from rift.session.preannotation import pre_annotate
from rift.session.push import find_project, make_project, missing_documents, push_tasks
from rift.session.server import address, choose_port, make_accounts, running, start_server
from rift.session.standing import project_gone
from rift.session.state import (
    Annotator,
    Session,
    keep_knowledge,
    knowledge_folder,
    read_documents,
    read_pre,
    read_process,
    read_session,
    write_documents,
    write_pre,
    write_process,
    write_session,
)


class Place(NamedTuple):
    """Where a session is begun: its folder, the environment's variables, and what shows how long steps go on."""

    folder: pathlib.Path
    environment: Mapping[str, str]
    stage: Stage


@contextlib.contextmanager
def alone(folder: pathlib.Path) -> Iterator[None]:
    """Keep two commands from working on one session at once; raises InputError (`session-busy`) where one does."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with filelock.FileLock(folder / "lock", timeout=0):
            try:
                yield
            finally:
                if [path.name for path in folder.iterdir()] == ["lock"]:  # nothing came of it
                    shutil.rmtree(folder)
    except filelock.Timeout as error:
        message = "another command is at work on this session"
        raise InputError([Issue("session-busy", Level.ERROR, Where(str(folder)), message, "wait for it")]) from error


def prepare(
    place: Place, wanted: Wanted, documents: Sequence[Document], sources: pathlib.Path | None
) -> tuple[Session, list[Issue]]:
    """Settle what the session is to be, and keep it with its documents: those of before, and `documents`.

    New ones are pre-annotated, but for the blind ones among them; the knowledge files are copied. The issues are
    warnings of the pre-annotation.
    Raises InputError with all that cannot be (see `rift.session.plan` and `pre_annotate`); nothing is changed then.
    """
    session = agree(place.folder.name, read_session(place.folder), wanted)
    source = _knowledge(place.folder, wanted.knowledge)
    before = read_documents(place.folder)
    joined = join_documents(before, documents)
    new = joined[len(before) :]
    issues: list[Issue] = []
    if session.pre is not None and new:
        place.stage(f"pre-annotating with {session.pre}", None)
        layer, issues = pre_annotate(session.pre, new, sources)
        write_pre(place.folder, Layer(layer.name, {**read_pre(place.folder).markups, **layer.markups}.values()))
    keep_knowledge(place.folder, source)
    session = _kept(place, blinded(session, (document.id for document in new)))
    write_documents(place.folder, joined)  # last: what is not there yet is taken for new when it is tried again
    return session, issues


def _knowledge(folder: pathlib.Path, given: pathlib.Path | None) -> pathlib.Path:
    """Return the folder of the knowledge files that a session begins with; raises InputError where it cannot be."""
    if given is None:
        return guidelines.knowledge_folder()
    own = knowledge_folder(folder)
    if own.exists():
        hint = f"mend those, in {own}"
        message = "the session has knowledge files of its own already"
        raise InputError([Issue("session-differs", Level.ERROR, Where("--knowledge"), message, hint)])
    guidelines.load_knowledge(given / guidelines.ACTORS, given / guidelines.PLACES)
    return given


def reach(place: Place, session: Session, token: str | None, port: int | None) -> tuple[str, Session]:
    """Return the address of the session's server and the session, with an account and a token for every annotator.

    Raises InputError as `serve` and `sign_in` do, and `no-token` where a server is joined without one.
    """
    if session.url is None:
        return serve(place, session, port)
    known = token or next((item.token for item in session.annotators if item.token), None)
    if known is None:
        hint = "make one there under Account & Settings, Personal Access Token, and pass it with --token"
        raise InputError([Issue("no-token", Level.ERROR, Where("--token"), f"{session.url} asks for a token", hint)])
    return session.url, sign_in(place, session, session.url, known)


def serve(place: Place, session: Session, port: int | None) -> tuple[str, Session]:
    """Run the session's own server, at `port` where one is wanted, with an account for each annotator.

    Returns its address, and the session with tokens. A server that runs already stays. Raises InputError: as the
    installation, the accounts and the server do, and `port-differs` where it runs at another port than the one wanted.
    """
    last = read_process(place.folder)
    process = running(last)
    if process is not None and port not in {None, process.port}:
        message = f"the server runs already, at port {process.port}"
        hint = f"leave --port out, or end it first: `rift session stop --name {session.name}`"
        raise InputError([Issue("port-differs", Level.ERROR, Where("--port"), message, hint)])
    free = choose_port(port, None if last is None else last.port) if process is None else process.port
    python = interpreter(place.environment, place.stage)
    session = _with_accounts(place, python, session, (item for item in session.annotators if item.token is None))
    if process is None:
        place.stage("starting the server", None)
        process = start_server(python, place.folder, free, place.environment)
        write_process(place.folder, process)
    url = address(process)
    rejected = [item for item in session.annotators if not is_accepted(url, item)]
    return url, _with_accounts(place, python, session, rejected)


def _with_accounts(place: Place, python: pathlib.Path, session: Session, wanting: Iterable[Annotator]) -> Session:
    """Return the session with an account and a new token for those who are wanting one; passwords are kept first."""
    lacking = {item.address for item in wanting}
    if not lacking:
        return session
    named = [
        msgspec.structs.replace(item, password=item.password or new_password()) if item.address in lacking else item
        for item in session.annotators
    ]
    session = _kept(place, msgspec.structs.replace(session, annotators=tuple(named)))
    place.stage("making accounts (at first half a minute)", None)
    wanted = [item for item in named if item.address in lacking]
    made = {item.address: item for item in make_accounts(python, place.folder, wanted, place.environment)}
    annotators = tuple(made.get(item.address, item) for item in session.annotators)
    return _kept(place, msgspec.structs.replace(session, annotators=annotators))


def is_accepted(url: str, annotator: Annotator) -> bool:
    """Say whether the server accepts an annotator's token; raises InputError as the client does for all else."""
    try:
        Client(url, annotator.token or "").check_token()
    except InputError as error:
        if error.issues[0].code != "bad-token":
            raise
        return False
    return True


def sign_in(place: Place, session: Session, url: str, token: str) -> Session:
    """Join the server at `url` as the user of `token`, with an account for each annotator; returns the session.

    Raises InputError as the client and `rift.session.join.join` do.
    """
    place.stage(f"joining {url}", None)
    client = Client(url, token)
    client.release()
    return _kept(place, msgspec.structs.replace(session, annotators=tuple(join(client, session.annotators, token))))


def hand_out(place: Place, session: Session, url: str, form: Form) -> tuple[Session, list[Issue]]:
    """Give each annotator their project with its tasks, and return the session with the projects' numbers.

    The issues are warnings: `project-gone` for a project that was deleted and is made anew. Raises InputError as the
    client does; what had been handed out by then stays, and the next call goes on from there.
    """
    documents = read_documents(place.folder)
    blind = set(session.blind.documents)
    pre = read_pre(place.folder).only(document.id for document in documents if document.id not in blind)
    issues: list[Issue] = []
    for annotator in session.annotators:
        client = Client(url, annotator.token or "")
        number = find_project(client, annotator.project, session.name, annotator.address)
        if number is None:
            if annotator.project is not None:
                gone = project_gone(session.name, annotator.address)
                issues.append(Issue(gone.code, Level.WARNING, gone.where, gone.message, "it was made anew, empty"))
            number = make_project(client, session.name, annotator.address, form, instructions())
        session = _kept(place, _with_project(session, annotator, number))
        missing = missing_documents(documents, client.tasks(number))
        advance = place.stage(f"tasks for {annotator.address}", len(missing))
        push_tasks(client, number, missing, pre, form, advance)
    return session, issues


def note_shown(place: Place, session: Session) -> None:
    """Keep that the passwords have been shown."""
    annotators = tuple(msgspec.structs.replace(item, shown=item.password is not None) for item in session.annotators)
    _kept(place, msgspec.structs.replace(session, annotators=annotators))


def _with_project(session: Session, annotator: Annotator, number: int) -> Session:
    annotators = tuple(
        msgspec.structs.replace(item, project=number) if item.address == annotator.address else item
        for item in session.annotators
    )
    return msgspec.structs.replace(session, annotators=annotators)


def _kept(place: Place, session: Session) -> Session:
    write_session(place.folder, session)
    return session
