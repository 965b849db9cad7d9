"""The server's program: Label Studio in an environment of its own, installed once for all sessions."""

import collections
import contextlib
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import venv
from collections.abc import Callable, Iterator, Mapping

import filelock

from rift.issues import InputError, Issue, Level, Where
from rift.paths import user_folder

VARIABLE = "RIFT_LABEL_STUDIO"
"""Name of the environment variable that names the `bin` folder of an installation to use instead."""

STUDIO = pathlib.Path(__file__).parent / "studio"
"""The folder of what runs in the server's environment, and of the list of its packages."""

REQUIREMENTS = STUDIO / "requirements.txt"

_READY = "ready"
_REQUIREMENT = re.compile(r"^[A-Za-z0-9][^ ]*==", re.MULTILINE)
_STEP = re.compile(r"(Collecting|Requirement already|Ignoring) ")
_ASK = "import importlib.metadata as metadata; print(metadata.version('label-studio'))"

Stage = Callable[[str, int | None], Callable[[int], None]]
"""Called when a long step begins, with its name and its number of parts (None: not known); gives what to call with the
number of parts that have just been done."""


def pinned() -> str:
    """Return the version of Label Studio that sessions are made for."""
    found = re.search(r"^label-studio==(\S+)", REQUIREMENTS.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{REQUIREMENTS} does not pin label-studio")
    return found[1]


def interpreter(environment: Mapping[str, str], stage: Stage) -> pathlib.Path:
    """Return the Python of an environment that has the pinned Label Studio, installing it where there is none.

    `RIFT_LABEL_STUDIO` decides; otherwise it is installed below the user's data folder, once for all sessions; of two
    processes one installs and the other waits. Raises InputError: `no-installation` and `other-version` for the one
    named, `cannot-install`.
    """
    named = environment.get(VARIABLE)
    if named:
        return _named(pathlib.Path(named).expanduser().absolute())
    folder = user_folder(environment) / "label-studio" / pinned()
    ready = folder / _READY
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{folder}.lock"):
        if not ready.exists() or ready.read_text("utf-8") != digest:
            shutil.rmtree(folder, ignore_errors=True)
            _install(folder, stage)
            ready.write_text(digest, "utf-8")
    return _python(folder)


def _python(folder: pathlib.Path) -> pathlib.Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _named(folder: pathlib.Path) -> pathlib.Path:
    python = _python(folder.parent)
    hint = f"{VARIABLE} must name the `bin` folder of an environment with label-studio {pinned()}; or unset it"
    try:
        asked = subprocess.run([python, "-c", _ASK], capture_output=True, text=True, check=True)  # noqa: S603 - the user's choice
    except (OSError, subprocess.CalledProcessError) as error:
        message = "there is no Label Studio in this environment"
        raise InputError([Issue("no-installation", Level.ERROR, Where(str(folder)), message, hint)]) from error
    if asked.stdout.strip() != pinned():
        message = f"the Label Studio there is {asked.stdout.strip()}, sessions are made for {pinned()}"
        raise InputError([Issue("other-version", Level.ERROR, Where(str(folder)), message, hint)])
    return python


def _install(folder: pathlib.Path, stage: Stage) -> None:
    log = folder.with_name(f"{folder.name}.log")
    command = [str(_python(folder)), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"]
    options = ["--disable-pip-version-check", "--progress-bar", "off", "--requirement", str(REQUIREMENTS)]
    total = len(_REQUIREMENT.findall(REQUIREMENTS.read_text("utf-8")))
    last: collections.deque[str] = collections.deque(maxlen=20)
    try:
        venv.create(folder, with_pip=True)
        with log.open("w", encoding="utf-8") as record, _running([*command, *options]) as pip:
            advance = stage(f"installing Label Studio {pinned()} (a gigabyte, once)", total)
            for line in pip.stdout or ():
                record.write(line)
                last.append(line)
                advance(1 if _STEP.match(line) else 0)
        failed = pip.returncode
    except subprocess.CalledProcessError as error:  # of `venv`
        failed, last = error.returncode, collections.deque(str(error.stdout or error).splitlines())
    if failed:
        reasons = [line.removeprefix("ERROR: ").strip() for line in last if line.startswith("ERROR: ")]
        message = f"Label Studio cannot be installed: {(reasons or [*last, 'no reason given'])[0].strip()}"
        hint = f"{log} says more; mend it and start again, or name an installation of {pinned()} with {VARIABLE}"
        shutil.rmtree(folder, ignore_errors=True)
        raise InputError([Issue("cannot-install", Level.ERROR, Where(str(folder)), message, hint)])


@contextlib.contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a command with its messages as one stream; it is ended where the caller fails, or is interrupted."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # noqa: S603 - our own pip
        try:
            yield process
        except BaseException:
            process.terminate()
            raise
