"""A session as it stands on the user's machine: a folder with its file, its documents and its pre-annotation."""

import pathlib
from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar

import msgspec

from rift import guidelines
from rift.annotations.layer import Layer, read_layer, write_layer
from rift.corpus.document import Document, Identifier
from rift.guidelines import ACTORS, PLACES, Knowledge, load_knowledge
from rift.issues import InputError, Issue, Level, Where
from rift.jsonl import read_structs, write_values
from rift.paths import user_folder, write_whole

FILE = "session.json"
"""Name of the session's file in its folder."""

DOCUMENTS = "documents.jsonl"
"""Name of the file of the session's documents in its folder."""

_PROCESS = "server.json"
_SECRET = 0o600
_MINE = 0o700

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Annotator(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One annotator: address, password, the token that reaches their project, and the project's number.

    `password` is None where the account was there before the session; `token` and `project` until they are made.
    `shown` says that the password has been printed. `layer` names the annotator's layer in place of the address: a lead
    may write it into the file, so that nobody's address goes into what is passed on.
    """

    address: str
    password: str | None = None
    shown: bool = False
    token: str | None = None
    project: int | None = None
    layer: Identifier | None = None


class Blind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The documents that get no pre-annotation, so that its pull can be measured: a seeded share of all."""

    share: Share = 0.0
    seed: int = 0
    documents: tuple[Identifier, ...] = ()


class Process(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A server that was started here: its process id, the time of its start (seconds since 1970) and its port."""

    pid: int
    started: float
    port: int


class Adjudication(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who settles the differences of which two layers; the layers as they were then are kept with the session.

    `number` counts the adjudications of the session that were begun, this one included.
    """

    adjudicator: Annotator
    a: Identifier
    b: Identifier
    number: int = 1


class Session(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a session is: whose documents, pre-annotated by what, for whom, and on which server.

    `of` names the documents (`briefs/dev`, a file); `pre` the layer or baseline, None for none; `url` the server that
    was joined, None for one that RIFT runs itself. `adjudication` is None until one is begun.
    """

    name: Identifier
    of: str
    pre: str | None = None
    blind: Blind = Blind()
    annotators: tuple[Annotator, ...] = ()
    url: str | None = None
    adjudication: Adjudication | None = None


T = TypeVar("T", Session, Process)


def session_folder(environment: Mapping[str, str], name: str) -> pathlib.Path:
    """Return the folder of the session `name`; it need not exist."""
    return user_folder(environment) / "sessions" / name


def known_sessions(environment: Mapping[str, str]) -> list[str]:
    """Return the names of the user's sessions, in alphabetical order; [] where there is none."""
    return sorted(path.parent.name for path in session_folder(environment, "").glob(f"*/{FILE}"))


def find_session(environment: Mapping[str, str], name: str | None) -> pathlib.Path:
    """Return the folder of the session `name`, or of the only one where none is named.

    Raises InputError: `no-session`, and `several-sessions` where a name is needed.
    """
    known = known_sessions(environment)
    if name is None and len(known) == 1:
        return session_folder(environment, known[0])
    if name in known:
        return session_folder(environment, name)
    where = Where(str(session_folder(environment, name or "")))
    if name is None and known:
        hint = f"choose one with --name: {', '.join(known)}"
        raise InputError([Issue("several-sessions", Level.ERROR, where, f"there are {len(known)} sessions", hint)])
    message = "there is no session" + (f" {name!r}" if name else "")
    hint = f"known ones: {', '.join(known)}" if known else "`rift session start` begins one"
    raise InputError([Issue("no-session", Level.ERROR, where, message, hint)])


def read_session(folder: pathlib.Path) -> Session | None:
    """Read the session of a folder; None where it has no file. Raises InputError (`bad-session`) for a damaged one."""
    hint = (
        "put a copy back; or move the file away and run `rift session start` as before: it finds projects and tasks"
        " again and gives new passwords"
    )
    return _read(folder / FILE, Session, hint)


def write_session(folder: pathlib.Path, session: Session) -> None:
    """Write the session's file, whole, for its owner's eyes only: it holds passwords and tokens."""
    folder.mkdir(mode=_MINE, parents=True, exist_ok=True)
    _write(folder / FILE, session)


def read_process(folder: pathlib.Path) -> Process | None:
    """Read which process was last the server of a folder's session; None where none was.

    Raises InputError (`bad-session`) for a damaged file.
    """
    hint = "end the server yourself if it runs, and remove the file"
    return _read(folder / _PROCESS, Process, hint)


def write_process(folder: pathlib.Path, process: Process) -> None:
    """Note which process is the server of a folder's session. It stands in a file of its own, to outlast the other."""
    _write(folder / _PROCESS, process)


def _read(path: pathlib.Path, kind: type[T], hint: str) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"the file is damaged: {error}"
        raise InputError([Issue("bad-session", Level.ERROR, Where(str(path)), message, hint)]) from error


def _write(path: pathlib.Path, value: Session | Process) -> None:
    write_whole(path, msgspec.json.format(msgspec.json.encode(value)) + b"\n", _SECRET)


def read_documents(folder: pathlib.Path) -> list[Document]:
    """Return the documents of the session, in order; [] where it has none yet."""
    path = folder / DOCUMENTS
    return read_structs(Document, path) if path.exists() else []


def write_documents(folder: pathlib.Path, documents: Sequence[Document]) -> None:
    """Keep the documents of the session, whole or not at all."""
    write_values(folder / DOCUMENTS, documents)


def knowledge_folder(folder: pathlib.Path) -> pathlib.Path:
    """Return where the session's own knowledge files stand, to which its lead adds what the annotators find."""
    return folder / "knowledge"


def read_knowledge(folder: pathlib.Path) -> Knowledge:
    """Read the session's actors and places, the guidelines' where it has none; raises InputError for a faulty file."""
    own = knowledge_folder(folder)
    return load_knowledge(own / ACTORS, own / PLACES) if own.exists() else guidelines.knowledge()


def keep_knowledge(folder: pathlib.Path, begin_with: pathlib.Path) -> None:
    """Copy the knowledge files of a folder into the session, each unless it is there; raises OSError."""
    for name in (ACTORS, PLACES):
        if not (knowledge_folder(folder) / name).exists():
            write_whole(knowledge_folder(folder) / name, (begin_with / name).read_bytes())


def read_pre(folder: pathlib.Path) -> Layer:
    """Return the pre-annotation of the session; a layer of no document where it has none."""
    path = folder / "pre.jsonl"
    return read_layer(path) if path.exists() else Layer("none")


def write_pre(folder: pathlib.Path, layer: Layer) -> None:
    """Keep the pre-annotation of the session, whole or not at all."""
    write_layer(folder / "pre.jsonl", layer)


def read_side(folder: pathlib.Path, number: int, name: str) -> Layer | None:
    """Return one of the layers of an adjudication, as it was when that was begun; None where it was not."""
    path = _side(folder, number, name)
    return Layer(name, read_layer(path)) if path.exists() else None


def write_side(folder: pathlib.Path, number: int, layer: Layer) -> None:
    """Keep one of the two layers of an adjudication, whole or not at all."""
    write_layer(_side(folder, number, layer.name), layer)


def _side(folder: pathlib.Path, number: int, name: str) -> pathlib.Path:
    return folder / "adjudications" / str(number) / f"{name}.jsonl"
