"""Sealed layers: what is known of a test split, encrypted in the repository so that it enters no training set.

The format is age (age-encryption.org/v1) with an X25519 recipient. The public key stands in the repository, so anyone
can seal; only who holds the private one can open. Each sealed file begins with a canary line (Srivastava et al. 2022,
BIG-bench): who finds it in the clear in a corpus knows that the split has leaked there.
"""

import importlib
import os
import pathlib
from collections.abc import Mapping
from typing import Any

from rift.annotations.layer import Markup, number_markups
from rift.issues import InputError, Issue, Level, Where, needs
from rift.jsonl import decode_lines
from rift.paths import data_root, write_whole

KEY_VARIABLE = "RIFT_TEST_KEY"
"""Name of the environment variable that holds the private key, or the path of its file."""

CANARY = "RIFT sealed test data; must never appear in training corpora; canary 5b0a3a6e-4d0c-4d0f-9d0e-7f1c2b9a86d1"

SUFFIX = ".age"

_HINT = (
    "docs/evaluation.md says how the sealed split is scored: send the predictions in, or, if you hold the key, set "
    f"{KEY_VARIABLE} to its file"
)


def sealed_files(collection: str) -> list[pathlib.Path]:
    """Return the sealed files of a collection, by name; [] where it has none."""
    return sorted((data_root() / "annotations" / collection / "sealed").glob(f"*{SUFFIX}"))


def sealed_file(collection: str, name: str) -> pathlib.Path | None:
    """Return the sealed part of the file `name` (`gold.jsonl`) of a collection, or None where there is none."""
    path = data_root() / "annotations" / collection / "sealed" / f"{name}{SUFFIX}"
    return path if path.exists() else None


def find_key(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the private key that `RIFT_TEST_KEY` holds or names, or None where it is not set.

    Raises InputError (`no-key`) where it names a file that cannot be read or that holds no age key.
    """
    named = environment.get(KEY_VARIABLE, "").strip()
    if not named or named.startswith("AGE-SECRET-KEY-"):
        return named or None
    where = Where(KEY_VARIABLE)
    try:
        lines = pathlib.Path(named).expanduser().read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"the key file {named} cannot be read: {error}"
        raise InputError([Issue("no-key", Level.ERROR, where, message, "name the file of the key")]) from error
    for line in lines:
        if line.startswith("AGE-SECRET-KEY-"):
            return line.strip()
    message = f"the file {named} holds no age key"
    raise InputError([Issue("no-key", Level.ERROR, where, message, "its line begins with AGE-SECRET-KEY-")])


def seal(path: pathlib.Path, content: bytes) -> None:
    """Write `content` sealed to `path`, for the public key of the repository; whole or not at all."""
    recipient = (data_root() / "annotations" / "rift-test.pub").read_text("utf-8").strip()
    age = _age()
    recipients = [age.x25519.Recipient.from_str(recipient)]
    write_whole(path, age.encrypt(f"{CANARY}\n".encode() + content, recipients))


def unseal(path: pathlib.Path, key: str | None) -> bytes:
    """Return what was sealed in the file at `path`.

    Raises InputError: `sealed` without a key, `wrong-key` where `key` does not open it or the file is damaged.
    """
    where = Where(str(path))
    if key is None:
        message = "this part of the test data is sealed, and no key is at hand"
        raise InputError([Issue("sealed", Level.ERROR, where, message, _HINT)])
    age = _age()
    try:
        identity = age.x25519.Identity.from_str(key)
        content: bytes = age.decrypt(path.read_bytes(), [identity])
    except (age.DecryptError, age.IdentityError) as error:
        message = f"the key does not open this file: {error}"
        raise InputError([Issue("wrong-key", Level.ERROR, where, message, f"correct {KEY_VARIABLE}")]) from error
    return content.partition(b"\n")[2]


def read_sealed(path: pathlib.Path, key: str | None) -> tuple[list[tuple[int, Markup]], list[Issue]]:
    """Read the markups of a sealed layer as `rift.annotations.layer.read_numbered` does; raises as `unseal` does."""
    lines = unseal(path, key).splitlines(keepends=True)
    return number_markups(decode_lines(lines, str(path)), str(path))


def _age() -> Any:  # noqa: ANN401  (the package has no types)
    """Return the package that knows the age format; raises InputError (`missing-package`) where it is not installed."""
    with needs("seal", "sealed annotations"):
        return importlib.import_module("pyrage")
