"""The third rule that keeps annotators apart: not everywhere does the open-source edition ask whose a project is."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework.permissions import BasePermission

_PATH = re.compile(r"/(project|task)s/(\d+)")
_FIELDS = {"project": "pk", "task": "tasks"}


class OwnProjects(BasePermission):  # type: ignore[misc]  # the server's own, without types
    """A request may name projects, and tasks of projects, that its user may touch: in its path, its query, its body."""

    def has_permission(self, request: Any, view: object) -> bool:  # noqa: ANN401 - the server's own, without types
        """Say whether the request may go on."""
        del view
        return all(project.has_permission(request.user) for project in _projects(set(_named(request))))


def _named(request: Any) -> Iterator[tuple[str, int]]:  # noqa: ANN401 - likewise
    """Yield what the request names; what is no number is for the view to refuse."""
    yield from ((kind, int(number)) for kind, number in _PATH.findall(request.path))
    given = request.data if isinstance(request.data, list) else [request.data]
    for fields in (request.query_params, *(item for item in given if isinstance(item, Mapping))):
        for kind in _FIELDS:
            if str(fields.get(kind)).isdecimal():
                yield kind, int(str(fields.get(kind)))


def _projects(named: set[tuple[str, int]]) -> Iterator[Any]:
    from projects.models import Project  # noqa: PLC0415 - after the server's set-up

    for kind, number in named:
        yield from Project.objects.filter(**{_FIELDS[kind]: number})
