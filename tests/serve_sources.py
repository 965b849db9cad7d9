"""Serve the files of a folder of source texts on loopback at the paths of the addresses that the manifests pin.

usage: python serve_sources.py SOURCES, prints its address; for the test of the wheel, which has no network.
"""

import http.server
import pathlib
import sys
import tomllib
import urllib.parse

from rift.paths import data_root


def addresses() -> dict[str, str]:
    """Return the place below the sources of every file that may be downloaded, by the path of its address."""
    manifests = [tomllib.loads(path.read_text()) for path in (data_root() / "corpus").glob("*/manifest.toml")]
    files = ((place, entry) for manifest in manifests for place, entry in manifest.get("files", {}).items())
    return {urllib.parse.urlsplit(entry["url"]).path: place for place, entry in files}


class Handler(http.server.BaseHTTPRequestHandler):
    """Gives a file whole."""

    folder = pathlib.Path(sys.argv[1])
    places = addresses()

    def do_GET(self) -> None:
        """Give the file of an address, 404 for another."""
        place = self.places.get(self.path)
        path = self.folder / place if place else None
        content = path.read_bytes() if path and path.exists() else b""
        self.send_response(200 if content else 404)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Say nothing."""


if __name__ == "__main__":
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201 - who starts it reads it
        server.serve_forever()
