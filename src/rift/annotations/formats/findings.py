"""A list of issues that a hostile file cannot make grow without end."""

import collections
from collections.abc import Iterable, Sequence

from rift.annotations.formats.codes import CODES, finding
from rift.issues import Issue, Level, Where


class EnoughError(Exception):
    """There are so many issues that to look for more is of no use."""


class Findings:
    """Collects issues, at most `most` of each code; the rest is counted and named in one issue at the end."""

    BEYOND = 20
    """`EnoughError` is raised at this many times `most` issues."""

    __slots__ = ("_all", "_counts", "_kept", "_most")

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[Issue] = []
        self._counts: collections.Counter[str] = collections.Counter()
        self._all = 0

    def add(self, issue: Issue) -> None:
        """Keep the issue, or count it where there are enough of its code; raises EnoughError for too many."""
        self._counts[issue.code] += 1
        self._all += 1
        if self._all > self.BEYOND * max(1, self._most):
            raise EnoughError
        if self._counts[issue.code] <= self._most:
            self._kept.append(issue)

    def extend(self, issues: Iterable[Issue]) -> None:
        """Add each of the issues."""
        for issue in issues:
            self.add(issue)

    @property
    def kept(self) -> Sequence[Issue]:
        """The issues kept so far, as they came."""
        return tuple(self._kept)

    def forget(self, *codes: str) -> None:
        """Take out the issues of these codes, as another says it all."""
        self._kept = [issue for issue in self._kept if issue.code not in codes]
        for code in codes:
            del self._counts[code]

    def listed(self, file: str) -> list[Issue]:
        """Return the issues by place, and after them `too-many-issues` where some were only counted.

        Where none of the errors could be kept, that issue is an error itself.
        """
        kept = sorted(self._kept, key=lambda issue: issue.where)
        more = {code: count - self._most for code, count in self._counts.items() if count > self._most}
        if not more:
            return kept
        names = ", ".join(f"{count:,} of {code}" for code, count in sorted(more.items()))
        if self._all > self.BEYOND * max(1, self._most):
            names += "; the file was read no further"
        last = finding("too-many-issues", Where(file), f"there are more issues than are listed: {names}")
        if self._most == 0 and any(CODES[code].level is Level.ERROR for code in more):
            last = Issue(last.code, Level.ERROR, last.where, last.message, last.hint)
        return [*kept, last]
