"""Findings about user input: what is wrong, where, and what to do next."""

import contextlib
import dataclasses
import enum
from collections.abc import Iterable, Iterator


class Level(enum.StrEnum):
    """How bad a finding is: an error makes the input unusable, a warning asks for a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in user input: file, 1-based line (0: the whole file), document id and span id ("" where unknown)."""

    file: str
    line: int = 0
    doc: str = ""
    span: str = ""

    def __str__(self) -> str:
        """`file:line: document span`, as compilers print it, without the parts that are unknown."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(filter(None, [place, " ".join(filter(None, [self.doc, self.span]))]))


@dataclasses.dataclass(frozen=True, slots=True)
class Issue:
    """One finding: a stable `code`, its level, its place, one clear sentence, and the next step as `hint`."""

    code: str
    level: Level
    where: Where
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """One line: place, level, code, message, hint."""
        return f"{self.where}: {self.level} [{self.code}] {self.message}" + (f" ({self.hint})" if self.hint else "")


class InputError(Exception):
    """User input that cannot be used; carries every issue found, never none."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(map(str, self.issues)))


def has_errors(issues: Iterable[Issue]) -> bool:
    """Say whether any of `issues` is an error; False for none."""
    return any(issue.level is Level.ERROR for issue in issues)


@contextlib.contextmanager
def needs(extra: str, purpose: str) -> Iterator[None]:
    """Import what an extra of the package brings; raises InputError where it cannot be imported.

    `purpose` is what the packages are needed for, as the subject of a sentence in the plural. Codes: `missing-package`
    where one is not installed, `old-package` where it lacks what is imported from it.
    """
    try:
        yield
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError)
        fault = "which is not installed" if missing else f"and the one installed does not fit: {error.msg}"
        hint = f"pip install {'' if missing else '--upgrade '}'rift-corpus[{extra}]'"
        code, message = (
            "missing-package" if missing else "old-package",
            f"{purpose} need the package {error.name}, {fault}",
        )
        raise InputError([Issue(code, Level.ERROR, Where(extra), message, hint)]) from error
