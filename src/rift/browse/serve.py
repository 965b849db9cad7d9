"""A server of the site for its reader alone, on the loopback address of this machine."""

import contextlib
import errno
import http.server
import pathlib
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from rift.browse.site import POLICY
from rift.issues import InputError, Issue, Level, Where

HOST = "127.0.0.1"

_TYPES: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@contextlib.contextmanager
def listen(files: Mapping[str, bytes], port: int) -> Iterator[http.server.ThreadingHTTPServer]:
    """Open a server of `files`, by path from the root, on the loopback address; `serve_forever` then serves them.

    What `files` holds at that time is served, and nothing is read from a disk, so no path leads out of the site. Port 0
    takes any that is free. Requests that name another host are refused, since a page elsewhere may have its name
    resolved to this machine. Raises InputError (`port-taken`) where the port is in use, and (`port-refused`) where it
    may not be used.
    """

    class Handler(_Handler):
        site = files

    try:
        server = http.server.ThreadingHTTPServer((HOST, port), Handler)
    except OSError as error:
        code = "port-taken" if error.errno == errno.EADDRINUSE else "port-refused"
        message = "the port is in use" if code == "port-taken" else f"the port cannot be used: {error.strerror}"
        hint = "name another, or --port 0 for any that is free"
        raise InputError([Issue(code, Level.ERROR, Where(f"{HOST}:{port}"), message, hint)]) from error
    server.daemon_threads = True
    with server:
        yield server


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET and HEAD with the files of `site`."""

    site: Mapping[str, bytes] = {}
    server_version, sys_version = "RIFT", ""

    def do_GET(self) -> None:
        """Answer with a file and its content."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer with what is said of a file."""
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Keep still: the terminal belongs to the command."""

    def _answer(self, *, with_body: bool) -> None:
        named = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        path = unquote(urlsplit(self.path).path).removeprefix("/") or "index.html"
        content = self.site.get(path)
        if named not in {HOST, "localhost"}:
            status, content, suffix = http.HTTPStatus.MISDIRECTED_REQUEST, b"not this host\n", ""
        elif content is None:
            status, content, suffix = http.HTTPStatus.NOT_FOUND, b"no such page\n", ""
        else:
            status, suffix = http.HTTPStatus.OK, pathlib.PurePosixPath(path).suffix
        self.send_response(status)
        self.send_header("Content-Type", _TYPES.get(suffix, "text/plain; charset=utf-8"))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", f"{POLICY}; frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if with_body:
            self.wfile.write(content)
