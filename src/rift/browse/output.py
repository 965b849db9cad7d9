"""Writing the site to a folder."""

import pathlib
from collections.abc import Iterable

from rift.issues import InputError, Issue, Level, Where
from rift.paths import write_whole

_LISTED = 3  # files named in an issue


def write_site(folder: pathlib.Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write the files of a site below `folder`, each whole or not at all, and return how many they are.

    All are made before the first is written. Raises InputError (`other-files`) where the folder holds a file that is
    none of the site's, such as the page of a document that is no longer shown: nothing is then written.
    """
    made = dict(files)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    if others := sorted(there - made.keys()):
        more = f" and {len(others) - _LISTED} more" if len(others) > _LISTED else ""
        message = f"the folder holds other files than the site's: {', '.join(others[:_LISTED])}{more}"
        raise InputError([Issue("other-files", Level.ERROR, Where(str(folder)), message, "name an empty folder")])
    for name, content in made.items():
        write_whole(folder / name, content)
    return len(made)
