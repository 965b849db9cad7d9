"""One user's access to a Label Studio server over its HTTP interface, with every way to fail named."""

import dataclasses
import http
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
import urllib3

from rift import __version__
from rift.issues import InputError, Issue, Level, Where

GONE = "gone"
"""Code of the issue that what was asked for is not there, or is not to be seen by this user."""

_AGENT = f"rift-corpus/{__version__}"
_LONGEST = 300  # characters of a server's reason that are repeated


@dataclasses.dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds: for a connection, and for the next piece of an answer."""

    connect: float = 5.0
    read: float = 120.0


class Client:
    """Calls as the user of `token`, a personal access token or a legacy one, to the server at `url`.

    Every call raises InputError: `no-server` (no answer), `not-label-studio` (another kind of answer), `bad-token`,
    `gone` (404), `refused` (anything else than success). Nothing is tried twice: a call may have been carried out.
    """

    def __init__(self, url: str, token: str, patience: Patience = Patience()) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._authorization: str | None = None
        timeout = urllib3.Timeout(connect=patience.connect, read=patience.read)
        self._pool = urllib3.PoolManager(headers={"User-Agent": _AGENT}, timeout=timeout, retries=False)

    def get(self, path: str, **query: object) -> Any:  # noqa: ANN401 - whatever JSON the server answers
        """Return the decoded answer to GET."""
        return self._call("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def post(self, path: str, body: object) -> Any:  # noqa: ANN401 - likewise
        """Return the decoded answer to POST of `body` as JSON."""
        return self._call("POST", path, body)

    def release(self) -> str:
        """Return the server's release, such as `1.23.2`, without signing in."""
        status, answer = self._send("GET", "/api/version", None, {})
        if status != http.HTTPStatus.OK or not isinstance(answer, dict) or "release" not in answer:
            raise self._no_label_studio()
        return str(answer["release"])

    def _call(self, method: str, path: str, body: object) -> Any:  # noqa: ANN401 - likewise
        status, answer = self._send(method, path, body, {"Authorization": self._authorize()})
        if status == http.HTTPStatus.UNAUTHORIZED and self._is_personal:
            self._authorization = None  # what a personal token was exchanged for lasts some minutes
            status, answer = self._send(method, path, body, {"Authorization": self._authorize()})
        if http.HTTPStatus.OK <= status < http.HTTPStatus.MULTIPLE_CHOICES:
            if answer is _NO_JSON:
                raise self._no_label_studio()
            return answer
        if status == http.HTTPStatus.UNAUTHORIZED:
            raise self._bad_token()
        where = Where(f"{self.url}{path.partition('?')[0]}")
        if status == http.HTTPStatus.NOT_FOUND:
            message = "the server has nothing there"
            hint = "it may have been deleted: `rift session start` makes anew what is missing"
            raise InputError([Issue(GONE, Level.ERROR, where, message, hint)])
        message = f"the server answers {status}: {_reason(answer)}"
        raise InputError([Issue("refused", Level.ERROR, where, message, "its log may say more")])

    @property
    def _is_personal(self) -> bool:
        return self._token.count(".") == 2  # noqa: PLR2004 - the parts of a JSON Web Token

    def _authorize(self) -> str:
        if not self._is_personal:
            return f"Token {self._token}"
        if self._authorization is None:
            status, answer = self._send("POST", "/api/token/refresh", {"refresh": self._token}, {})
            if status == http.HTTPStatus.UNAUTHORIZED:
                raise self._bad_token()
            if status != http.HTTPStatus.OK or not isinstance(answer, dict) or "access" not in answer:
                raise self._no_label_studio()
            self._authorization = f"Bearer {answer['access']}"
        return self._authorization

    def _send(self, method: str, path: str, body: object, headers: Mapping[str, str]) -> tuple[int, Any]:
        if not self.url.startswith(("http://", "https://")):
            raise self._no_label_studio()
        given = {} if body is None else {"Content-Type": "application/json"}
        content = None if body is None else msgspec.json.encode(body)
        try:
            answer = self._pool.request(
                method, self.url + path, body=content, headers={**self._pool.headers, **headers, **given}
            )
        except urllib3.exceptions.LocationValueError as error:
            raise self._no_label_studio() from error
        except urllib3.exceptions.HTTPError as error:
            reason = " ".join(str(error).split(": ", 1)[-1].split())
            hint = "if it ran on this machine, `rift session start` starts it again and goes on; else check the address"
            message = f"the server does not answer: {reason}"
            raise InputError([Issue("no-server", Level.ERROR, Where(self.url), message, hint)]) from error
        try:
            return answer.status, msgspec.json.decode(answer.data) if answer.data else None
        except (msgspec.DecodeError, UnicodeDecodeError):
            return answer.status, _NO_JSON

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


_NO_JSON = object()


def _reason(answer: object) -> str:
    """Return what an answer says of its failure, shortened."""
    if not isinstance(answer, dict):
        return "without saying why"
    details = answer.get("validation_errors") or answer.get("detail") or answer
    text = " ".join(msgspec.json.encode(details).decode().split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
