"""Where things are: the data folders in a checkout or a wheel, the source texts, the files to write."""

import os
import pathlib
import shutil
import tempfile
from collections.abc import Mapping

import platformdirs

_PACKAGE = pathlib.Path(__file__).resolve().parent

SOURCES_VARIABLE = "RIFT_SOURCES"
"""Name of the environment variable that holds the folder of the source texts."""


CACHE_VARIABLE = "RIFT_CACHE"
"""Name of the environment variable that holds the folder of what was downloaded or built once for all projects."""

DATA_VARIABLE = "RIFT_DATA"
"""Name of the environment variable that holds the folder of what users make with RIFT: their annotation sessions."""


def data_root() -> pathlib.Path:
    """Return the folder that holds `corpus/`, `annotations/`, `guidelines/`, `baselines/` and `eval/`.

    In an installed wheel that is `rift/_data`, in a checkout the repository's root.
    """
    packaged = _PACKAGE / "_data"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1]


def cache_folder(environment: Mapping[str, str]) -> pathlib.Path:
    """Return the folder that all projects share for what was downloaded or built: `RIFT_CACHE`, or the user's cache."""
    named = environment.get(CACHE_VARIABLE)
    return pathlib.Path(named).expanduser() if named else platformdirs.user_cache_path("rift-corpus")


def user_folder(environment: Mapping[str, str]) -> pathlib.Path:
    """Return the folder that keeps what users make: `RIFT_DATA`, or the user's data folder; it need not exist."""
    named = environment.get(DATA_VARIABLE)
    return pathlib.Path(named).expanduser() if named else platformdirs.user_data_path("rift-corpus")


def fetched_sources(environment: Mapping[str, str]) -> pathlib.Path:
    """Return the folder into which `rift corpus fetch` puts source texts; it need not exist."""
    return cache_folder(environment) / "sources"


def find_sources(environment: Mapping[str, str], working_folder: pathlib.Path) -> pathlib.Path | None:
    """Return the folder of the source texts, or None where there is none.

    `RIFT_SOURCES` decides, even when the folder that it names does not exist (the caller then says so); without it, the
    folder `sources` below the working folder is taken if it is there, else what was fetched.
    """
    named = environment.get(SOURCES_VARIABLE)
    if named:
        return pathlib.Path(named).expanduser()
    folders = (working_folder / "sources", fetched_sources(environment))
    return next((folder for folder in folders if folder.is_dir()), None)


def write_whole(path: pathlib.Path, content: bytes, mode: int = 0o644) -> None:
    """Write `content` to `path` whole or not at all, with the permissions `mode`, making its folder when missing.

    A reader sees the old file or the new one, never a part: the bytes go to a temporary file in the same folder, which
    then takes the name. Raises OSError where the folder cannot be written; the old file is then as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        pathlib.Path(temporary).chmod(mode)
        pathlib.Path(temporary).replace(path)
    except BaseException:
        pathlib.Path(temporary).unlink(missing_ok=True)
        raise


def write_folder(path: pathlib.Path, files: Mapping[str, bytes]) -> None:
    """Write `files`, content by name, into the new folder `path`: all of them or none; no files make an empty folder.

    Raises OSError where the folder cannot be written, or is there already and holds something; it is then as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = pathlib.Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        for name, content in files.items():
            (temporary / name).write_bytes(content)
        temporary.chmod(0o755)
        temporary.replace(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
