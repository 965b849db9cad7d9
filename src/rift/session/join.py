"""Joining a server that somebody else runs: its accounts are made as people make theirs, by signing up."""

import html
import re
from collections.abc import Sequence

import httpx
import msgspec

from rift.issues import InputError, Issue, Level, Where
from rift.session.client import DIRECT, Client
from rift.session.plan import new_password
from rift.session.state import Annotator

_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ERROR = re.compile(r'class="[^"]*error[^"]*"[^>]*>(.*?)</', re.DOTALL)


def join(client: Client, annotators: Sequence[Annotator], token: str) -> list[Annotator]:
    """Return the annotators with accounts on the server, signing up those without one, all reached by `token`.

    Raises InputError with every account that cannot be made (`no-account`), and as the client does.
    """
    there = set(client.users().values())
    missing = [annotator for annotator in annotators if annotator.address not in there]
    passwords = {annotator.address: annotator.password or new_password() for annotator in missing}
    if missing:
        invitation = client.invitation()
        outcomes = [sign_up(invitation, address, password) for address, password in passwords.items()]
        if issues := [issue for issue in outcomes if issue is not None]:
            raise InputError(issues)
    return [
        msgspec.structs.replace(annotator, token=token, password=passwords.get(annotator.address, annotator.password))
        for annotator in annotators
    ]


def sign_up(invitation: str, address: str, password: str) -> Issue | None:
    """Sign up by the form that the address `invitation` shows; return what kept it from being done, or None."""
    hint = "let them sign up themselves by the server's invitation (Organization, Invite People), and start again"
    try:
        with httpx.Client(mounts=dict.fromkeys(DIRECT)) as http:  # keeps the form's cookie
            found = _CSRF.search(http.get(invitation).text)
            fields = {"csrfmiddlewaretoken": found[1] if found else "", "email": address, "password": password}
            answer = http.post(invitation, data=fields, headers={"Referer": invitation})
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
    else:
        if answer.status_code == httpx.codes.FOUND:
            return None
        reasons = map(_plain, _ERROR.findall(answer.text))
        reason = next(filter(None, reasons), f"it answers {answer.status_code}")
    message = f"the server does not let {address} sign up: {reason}"
    return Issue("no-account", Level.ERROR, Where(invitation.partition("?")[0]), message, hint)


def _plain(fragment: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", fragment)).split())
