"""One user's access to a Label Studio server, by `label-studio-sdk`, with every way to fail named."""

import contextlib
import http
import re
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

import httpx
import msgspec
from label_studio_sdk import ImportApiRequest, LabelStudio, LseProject, LseTask
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.core.parse_error import ParsingError

from rift import __version__
from rift.issues import InputError, Issue, Level, Where
from rift.session.form import DOC

GONE = "gone"
"""Code of the issue that what was asked for is not there, or is not to be seen by this user."""

REFUSED = "refused"
"""Code of the issue that the server will not, or cannot, do what was asked of it."""

DIRECT = ("all://127.0.0.1", "all://localhost")
"""Patterns of the addresses that are never reached by a proxy."""

_AGENT = f"rift-corpus/{__version__}"
_FIELDS = "id,data,total_annotations,cancelled_annotations,total_predictions,avg_lead_time"
_CONNECT = 5.0  # seconds until a server that does not answer is given up
_PAGE = 1000
_TOKEN = re.compile("[!-~]+")  # what can be sent
_LONGEST = 300  # characters of a server's reason that are repeated

_NO_ANSWER = (ParsingError, ValueError, httpx.InvalidURL, httpx.UnsupportedProtocol, AttributeError, TypeError)
"""What is raised where an answer is none of Label Studio's: the SDK does not check what it makes objects of."""

_T = TypeVar("_T")


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A task as the server counts it: its number, its document (None: not one of ours), what there is of it.

    `seconds` is what the annotations took on the average, 0 where there are none.
    """

    number: int
    doc: str | None
    annotations: int
    skipped: int
    predictions: int
    seconds: float


class Client:
    """Calls as the user of `token`, a personal access token or a legacy one, to the server at `url`.

    Every call raises InputError: `no-server` (no answer), `not-label-studio` (another kind of answer), `bad-token`,
    `gone` (404), `refused` (anything else than success). Nothing is tried twice: a call may have been carried out.
    `patience` is how long the next piece of an answer is waited for, in seconds.
    """

    def __init__(self, url: str, token: str, patience: float = 120.0) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._sdk: LabelStudio | None = None
        timeout = httpx.Timeout(patience, connect=_CONNECT)
        self._http = httpx.Client(
            headers={"User-Agent": _AGENT}, timeout=timeout, follow_redirects=True, mounts=dict.fromkeys(DIRECT)
        )
        weakref.finalize(self, self._http.close)

    def release(self) -> str:
        """Return the server's release, such as `1.23.2`."""
        try:
            with self._calling() as sdk:
                return str(_given(sdk.versions.get().release))
        except InputError as error:
            if error.issues[0].code in {GONE, REFUSED}:
                raise self._no_label_studio() from error
            raise

    def check_token(self) -> None:
        """Do nothing where the server accepts the token."""
        with self._calling() as sdk:
            sdk.users.whoami()

    def check_project(self, number: int) -> None:
        """Do nothing where the project is there."""
        with self._calling(f"/projects/{number}") as sdk:
            sdk.projects.get(number)

    def projects(self) -> dict[int, str]:
        """Return the description of each project that the user may see, by its number."""
        with self._calling() as sdk:
            found: Iterable[LseProject] = sdk.projects.list(include="id,description", page_size=_PAGE)
            return {_given(project.id): project.description or "" for project in found}

    def make_project(self, **settings: Any) -> int:  # noqa: ANN401 - those of the SDK
        """Make a project and return its number."""
        with self._calling() as sdk:
            return _given(sdk.projects.create(**settings).id)

    def tasks(self, project: int) -> list[Task]:
        """Return all tasks of a project; [] for a project without any."""
        with self._calling(f"/projects/{project}") as sdk:
            found: Iterable[LseTask] = sdk.tasks.list(project=project, include=_FIELDS, page_size=_PAGE)
            return [
                Task(
                    number=_given(task.id),
                    doc=task.data.get(DOC),
                    annotations=task.total_annotations or 0,
                    skipped=task.cancelled_annotations or 0,
                    predictions=task.total_predictions or 0,
                    seconds=float(task.avg_lead_time or 0),
                )
                for task in found
            ]

    def add_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> None:
        """Add tasks, with their predictions and annotations, to a project: all or none."""
        with self._calling(f"/projects/{project}") as sdk:
            sdk.projects.import_tasks(project, request=cast("Sequence[ImportApiRequest]", tasks))

    def export(self, project: int) -> list[dict[str, Any]]:
        """Return all tasks of a project with their annotations, as the server has them at one moment."""
        with self._calling(f"/projects/{project}") as sdk:
            answer = sdk.projects.exports.download_sync(project, export_type="JSON", download_all_tasks=True)
            return msgspec.json.decode(b"".join(answer), type=list[dict[str, Any]])

    def users(self) -> dict[int, str]:
        """Return the addresses of the users whom this one may see, by their number, with capitals lowered."""
        with self._calling() as sdk:
            return {_given(user.id): user.email.lower() for user in sdk.users.list()}

    def invitation(self) -> str:
        """Return the address at which others sign up."""
        with self._calling() as sdk:
            return self.url + str(_given(sdk.organizations.invites.get_invite_link().invite_url))

    @contextlib.contextmanager
    def _calling(self, page: str = "") -> Iterator[LabelStudio]:
        """Give the SDK, and name what goes wrong with it; `page` is where a person would look."""
        if not self.url.startswith(("http://", "https://")):
            raise self._no_label_studio()
        if not _TOKEN.fullmatch(self._token):
            raise self._bad_token()
        try:
            self._sdk = self._sdk or LabelStudio(  # type: ignore[no-untyped-call]  # the SDK's own
                # With a slash, as the SDK otherwise renews its access at the root of the host.
                base_url=f"{self.url}/",
                api_key=self._token,
                httpx_client=self._http,
                max_retries=0,
            )
            yield self._sdk
        except ApiError as error:
            raise self._named(error, page) from error
        except _NO_ANSWER as error:
            raise self._no_label_studio() from error
        except httpx.HTTPError as error:
            hint = "if it ran on this machine, `rift session start` starts it again and goes on; else check the address"
            message = f"the server does not answer: {' '.join(str(error).split()) or type(error).__name__}"
            raise InputError([Issue("no-server", Level.ERROR, Where(self.url), message, hint)]) from error

    def _named(self, error: ApiError, page: str) -> InputError:
        status, where = error.status_code, Where(f"{self.url}{page}")
        if status == http.HTTPStatus.UNAUTHORIZED:
            return self._bad_token()
        if status is None or status < http.HTTPStatus.MULTIPLE_CHOICES:
            return self._no_label_studio()
        if status == http.HTTPStatus.NOT_FOUND:
            message = "the server has nothing there"
            hint = "it may have been deleted: `rift session start` makes anew what is missing"
            return InputError([Issue(GONE, Level.ERROR, where, message, hint)])
        message = f"the server answers {status}: {_reason(error.body)}"
        return InputError([Issue(REFUSED, Level.ERROR, where, message, "its log may say more")])

    def _bad_token(self) -> InputError:
        message = "the server does not accept the token: it is wrong, revoked or expired"
        hint = (
            "`rift session start` gives its own server a new one; for another, make one under Account & Settings,"
            " Personal Access Token, and pass it with --token"
        )
        return InputError([Issue("bad-token", Level.ERROR, Where(self.url), message, hint)])

    def _no_label_studio(self) -> InputError:
        hint = "give the address at which Label Studio's first page opens in a browser, such as http://127.0.0.1:8080"
        issue = Issue("not-label-studio", Level.ERROR, Where(self.url), "no Label Studio answers at this address", hint)
        return InputError([issue])


def _given(value: _T | None) -> _T:
    """Return what an answer must have; raises ValueError where it has not."""
    if value is None:
        raise ValueError
    return value


def _reason(answer: object) -> str:
    """Return what an answer says of its failure, shortened."""
    if not isinstance(answer, dict):
        return "without saying why"
    details = answer.get("validation_errors") or answer.get("detail") or answer
    text = " ".join(msgspec.json.encode(details).decode().split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
