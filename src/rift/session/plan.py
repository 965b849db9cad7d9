"""What a session is to be: who annotates, which documents, and which of them without help."""

import hashlib
import pathlib
import re
import secrets
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from rift.corpus.document import Document
from rift.issues import InputError, Issue, Level, Where
from rift.session.state import Annotator, Blind, Session

_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@(localhost|([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63})")
_WHERE = Where("--annotators")


class Wanted(NamedTuple):
    """What a command asks of a session; None where it says nothing, so that an earlier command's word stands."""

    of: str | None = None
    addresses: Sequence[str] = ()
    pre: str | None = None
    share: float | None = None
    seed: int | None = None
    url: str | None = None
    knowledge: pathlib.Path | None = None


def read_addresses(text: str) -> tuple[list[str], list[Issue]]:
    """Split addresses at commas and return them in lower case, each once, with every issue found.

    Issues: `address-lowered` (a warning: the server signs nobody in by a capital), `bad-address`, `address-twice`,
    `no-annotators` where there is none at all.
    """
    addresses: list[str] = []
    issues: list[Issue] = []
    for raw in filter(None, (part.strip() for part in text.split(","))):
        address = raw.lower()
        if address != raw:
            message = f"{raw} will sign in as {address}"
            issues.append(Issue("address-lowered", Level.WARNING, _WHERE, message))
        if not _ADDRESS.fullmatch(address):
            message = f"{raw!r} is not an e-mail address"
            hint = "give addresses like name@example.org, separated by commas; no mail is sent to them"
            issues.append(Issue("bad-address", Level.ERROR, _WHERE, message, hint))
        elif address in addresses:
            issues.append(Issue("address-twice", Level.ERROR, _WHERE, f"{address} is named twice", "name each once"))
        else:
            addresses.append(address)
    if not addresses and not issues:
        issues.append(_nobody())
    return addresses, issues


def _nobody() -> Issue:
    hint = "name one or more: --annotators a@example.org,b@example.org"
    return Issue("no-annotators", Level.ERROR, _WHERE, "nobody is named to annotate", hint)


def choose_blind(documents: Iterable[str], share: float, seed: int) -> list[str]:
    """Return the ids of a share of `documents`, rounded to whole ones, in the order given.

    The choice depends on the ids, the share (0 to 1) and the seed alone, not on their order; a larger share holds a
    smaller one of the same seed.
    """
    ids = list(documents)
    drawn = sorted(ids, key=lambda doc: hashlib.sha256(f"{seed}:{doc}".encode()).digest())[: round(share * len(ids))]
    return [doc for doc in ids if doc in drawn]


def agree(name: str, before: Session | None, wanted: Wanted) -> Session:
    """Return the session that `wanted` asks for, given the one of earlier commands: annotators are added, none leave.

    Raises InputError with all that cannot be: `session-differs` where something is asked for that an earlier command
    settled otherwise, `no-annotators`, `nothing-shown` for a blind share of no pre-annotation.
    """
    issues: list[Issue] = []
    if before is None:
        if wanted.share and wanted.pre is None:
            hint = "say what is shown on the others, with --pre, or leave --blind out"
            issues.append(Issue("nothing-shown", Level.ERROR, Where("--blind"), "no spans are shown anywhere", hint))
        blind = Blind(share=wanted.share or 0.0, seed=wanted.seed or 0)
        before = Session(name=name, of=wanted.of or "", pre=wanted.pre, blind=blind, url=wanted.url)
    settled = {
        "--pre": (before.pre, wanted.pre),
        "--blind": (before.blind.share, wanted.share),
        "--seed": (before.blind.seed, wanted.seed),
        "--url": (before.url, wanted.url),
    }
    issues += [_differs(name, option, *both) for option, both in settled.items() if both[1] not in {None, both[0]}]
    known = {annotator.address for annotator in before.annotators}
    added = [Annotator(address=address) for address in wanted.addresses if address not in known]
    if not known and not added:
        issues.append(_nobody())
    if issues:
        raise InputError(issues)
    return msgspec.structs.replace(before, annotators=(*before.annotators, *added))


def _differs(name: str, option: str, old: object, new: object) -> Issue:
    was = "without it" if old is None else f"with {old}"
    message = f"the session {name!r} was begun {was}, not with {new}"
    hint = "leave the option out to go on with it, or begin another with --name"
    return Issue("session-differs", Level.ERROR, Where(option), message, hint)


def join_documents(before: Sequence[Document], wanted: Sequence[Document]) -> list[Document]:
    """Return the documents of a session with those that are new, in that order.

    Raises InputError: `document-differs` where an id stands for another text now, `no-documents` where there is none.
    """
    known = {document.id: document.sha256 for document in before}
    hint = "annotations count on the text: begin another session with --name"
    issues = [
        Issue("document-differs", Level.ERROR, Where("--documents", doc=document.id), "the text was another one", hint)
        for document in wanted
        if known.get(document.id, document.sha256) != document.sha256
    ]
    if issues:
        raise InputError(issues)
    joined = [*before, *(document for document in wanted if document.id not in known)]
    if not joined:
        hint = "name them: --collection and --split, or --documents"
        message = "the session has no documents"
        raise InputError([Issue("no-documents", Level.ERROR, Where("--documents"), message, hint)])
    return joined


def blinded(session: Session, new: Iterable[str]) -> Session:
    """Return the session with its share of the documents `new` drawn too; what was drawn before stays drawn."""
    blind = session.blind
    drawn = dict.fromkeys((*blind.documents, *choose_blind(new, blind.share, blind.seed)))
    return msgspec.structs.replace(session, blind=msgspec.structs.replace(blind, documents=tuple(drawn)))


def new_password() -> str:
    """Return a password of 96 random bits in sixteen characters."""
    return secrets.token_urlsafe(12)
