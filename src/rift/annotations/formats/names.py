"""Names of prediction files."""

import pathlib
import re

_PACKED = re.compile(r"\.(gz|zst)$", re.IGNORECASE)


def unpacked_name(path: pathlib.Path) -> str:
    """Return the file's name without `.gz` or `.zst`."""
    return _PACKED.sub("", path.name)


def stem(path: pathlib.Path) -> str:
    """Return the file's name without `.gz` or `.zst` and without its last suffix: `bob` for `a/bob.conll.gz`."""
    return pathlib.PurePath(unpacked_name(path)).stem or path.name
