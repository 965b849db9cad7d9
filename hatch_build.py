"""Build hook: keeps the data folders out of editable installs."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class EditableDataHook(BuildHookInterface[Any]):
    """Let an editable install map `py.typed` only.

    Hatchling copies every forced file into an editable wheel, where the data would go stale at the first edit. A map
    that is not empty replaces the forced files; `py.typed` is in its place anyway.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Replace the forced files when `version` says that the build is an editable one."""
        if version == "editable":
            build_data["force_include_editable"] = {"src/rift/py.typed": "rift/py.typed"}
