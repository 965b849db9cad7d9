"""The other rule that keeps annotators apart: the open-source edition lets users change over to any organisation."""

from users.serializers import BaseUserSerializerUpdate


class FixedOrganisation(BaseUserSerializerUpdate):  # type: ignore[misc]  # the server's own, without types
    """What users may change of themselves: not their organisation."""

    class Meta(BaseUserSerializerUpdate.Meta):  # type: ignore[misc]  # likewise
        """The fields, and those that stay as they are."""

        read_only_fields = ("email", "active_organization")
