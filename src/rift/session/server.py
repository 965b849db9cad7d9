"""A Label Studio server on this machine: started, told from others, and ended."""

import os
import pathlib
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence

import msgspec
import psutil

from rift.issues import InputError, Issue, Level, Where
from rift.session.install import STUDIO
from rift.session.state import Annotator, Process

HOST = "127.0.0.1"

_KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ")
_SETTINGS = {
    "ALLOWED_HOSTS": f"{HOST},localhost",
    "CORS_ALLOW_ALL_ORIGINS": "false",
    "COLLECT_ANALYTICS": "false",
    "DEBUG": "false",
    "DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "FRONTEND_SENTRY_DSN": "",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
}
_START = 180.0  # seconds that a start may take
_STOP = 15.0  # seconds that an orderly end may take
_PAUSE = 0.1
_SAME = 2.0  # seconds by which two readings of one start may differ


def server_environment(environment: Mapping[str, str], folder: pathlib.Path) -> dict[str, str]:
    """Return the environment of a session's server: nothing it sends or asks for goes out, its data stay in `folder`.

    Only what a program needs is taken over: Label Studio reads plain names, such as `HOST` and `DEBUG`, for its own.
    """
    kept = {name: environment[name] for name in _KEPT if name in environment}
    settings = {**_SETTINGS, "BASE_DATA_DIR": str(folder / "label-studio")}
    own = {f"LABEL_STUDIO_{name}": value for name, value in settings.items()}
    return {**kept, **own, "XDG_CONFIG_HOME": str(folder / "config")}


def address(process: Process) -> str:
    """Return the address at which a server of this machine answers."""
    return f"http://{HOST}:{process.port}"


def running(process: Process | None) -> Process | None:
    """Return `process` if the server that was started as it runs, else None: another may have its number since."""
    return process if _find(process) is not None else None


def _find(process: Process | None) -> psutil.Process | None:
    if process is None:
        return None
    try:
        found = psutil.Process(process.pid)
        same = abs(found.create_time() - process.started) < _SAME and found.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return None
    return found if same else None


def make_accounts(
    python: pathlib.Path, folder: pathlib.Path, annotators: Sequence[Annotator], environment: Mapping[str, str]
) -> list[Annotator]:
    """Make the annotators' accounts, as far as they are missing, and return the annotators with new tokens.

    The database is made first where there is none, which takes half a minute. Raises InputError (`no-accounts`) where
    the server's program fails.
    """
    wanted = [{"address": annotator.address, "password": annotator.password} for annotator in annotators]
    done = subprocess.run(  # noqa: S603 - our own program
        [python, STUDIO / "accounts.py"],
        input=msgspec.json.encode(wanted),
        capture_output=True,
        env=server_environment(environment, folder),
        check=False,
    )
    log = folder / "accounts.log"
    log.write_bytes(done.stderr)
    if done.returncode:
        reason = _last(log)
        hint = f"{log} says more"
        message = f"the accounts cannot be made: {reason}"
        raise InputError([Issue("no-accounts", Level.ERROR, Where(str(folder)), message, hint)])
    tokens = {made["address"]: made["token"] for made in msgspec.json.decode(done.stdout)}
    return [msgspec.structs.replace(annotator, token=tokens[annotator.address]) for annotator in annotators]


def choose_port(wanted: int | None, before: int | None) -> int:
    """Return a free port: the one wanted, else the one of the last time if it is free, else any.

    Raises InputError (`port-taken`) where the port wanted is not free.
    """
    if wanted is not None and not _is_free(wanted):
        raise _port_taken(wanted)
    if wanted is None and before is not None and _is_free(before):
        return before
    return wanted or _any_port()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _port_taken(port: int) -> InputError:
    message = f"the port {port} is taken by another program"
    hint = "choose another with --port, or leave it out and a free one is found"
    return InputError([Issue("port-taken", Level.ERROR, Where("--port"), message, hint)])


def start_server(python: pathlib.Path, folder: pathlib.Path, port: int, environment: Mapping[str, str]) -> Process:
    """Start the session's server at `port` and return its process once it listens there itself.

    Label Studio moves to the next port without a word where one is taken, and another program might answer: so the
    process is asked where it listens. Raises InputError: `port-taken`, `server-failed` (it ended, or took too long).
    """
    log = folder / "server.log"
    options = ["start", "--internal-host", HOST, "--port", str(port), "--no-browser"]
    process = _spawn([str(python), str(STUDIO / "serve.py"), *options], log, server_environment(environment, folder))
    try:
        at = _await_port(process)
    except BaseException:  # an impatient user's too: nothing may run on that is not known
        stop_server(process)
        raise
    if at == port:
        return msgspec.structs.replace(process, port=port)
    stop_server(process)
    if at is not None:
        raise _port_taken(port)
    message = f"the server did not start: {_last(log)}"
    raise InputError([Issue("server-failed", Level.ERROR, Where(str(folder)), message, f"{log} says more")])


def _spawn(command: list[str], log: pathlib.Path, environment: Mapping[str, str]) -> Process:
    """Start a program that outlives this one, of which a `Popen` would complain; its port is not known yet."""
    with log.open("wb") as record:
        pid = os.posix_spawn(
            command[0],
            command,
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                *((os.POSIX_SPAWN_DUP2, record.fileno(), stream) for stream in (1, 2)),
            ],
            setsid=True,
        )
    return Process(pid=pid, started=psutil.Process(pid).create_time(), port=0)


def _await_port(process: Process) -> int | None:
    """Return the port at which a process listens once it does; None where it ends, or takes too long."""
    limit = time.monotonic() + _START
    while (found := _find(process)) is not None and time.monotonic() < limit:
        if (port := _listening(found)) is not None:
            return port
        time.sleep(_PAUSE)
    return None


def _listening(server: psutil.Process) -> int | None:
    try:
        connections = server.net_connections("inet")
    except psutil.Error:
        return None
    return next((item.laddr.port for item in connections if item.status == psutil.CONN_LISTEN), None)


def stop_server(process: Process | None) -> bool:
    """End the server that was started as `process`, orderly if it can be; say whether there was one to end."""
    found = _find(process)
    if found is None:
        return False
    found.terminate()
    try:
        found.wait(_STOP)
    except psutil.TimeoutExpired:
        found.kill()
        found.wait(_STOP)
    return True


def _last(log: pathlib.Path) -> str:
    """Return the last line of a log that says something."""
    lines = [line.strip() for line in log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
