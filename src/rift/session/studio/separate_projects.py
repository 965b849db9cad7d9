"""A rule of the server that keeps annotators apart.

The open-source edition expects one organisation, whose members see everything: it withholds a project from nobody.
Sessions give each annotator an organisation of their own; this rule, put in by the server's own settings, makes it a
wall.
"""

from projects.mixins import ProjectMixin


class MembersOnly(ProjectMixin):  # type: ignore[misc]  # the server's own, without types
    """A project, with all that belongs to it, is for the members of its organisation."""

    def has_permission(self, user: object) -> bool:
        """Say whether the user may touch the project."""
        return bool(super().has_permission(user) and self.organization.has_permission(user))
