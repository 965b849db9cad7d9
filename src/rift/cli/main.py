"""The command `rift`: its groups, loaded only when called for, and the exit codes."""

import errno
import importlib
import sys
from collections.abc import Mapping

import click

from rift import __version__
from rift.issues import InputError, Issue, Level, Where

FINDINGS = 1
"""Exit code for findings in user input; 0 is success, 2 wrong usage (click's own)."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called for, so that `rift` starts fast.

    `lazy` maps a command's name to the module that holds it and to its name there. The commands share `InputError` as
    the way to say that user input cannot be used: its issues are printed and the exit code is 1.
    """

    def __init__(self, name: str, purpose: str, lazy: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(name=name, help=purpose)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order given."""
        del ctx
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command, or None for an unknown name."""
        del ctx
        if cmd_name not in self._lazy:
            return None
        module, attribute = self._lazy[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{attribute} is not a command")
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; the issues of unusable input go to standard error."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            for issue in error.issues:
                click.echo(str(issue), err=True)
            sys.exit(FINDINGS)
        except OSError as error:
            if error.errno == errno.EPIPE:  # a closed pipe is click's to handle
                raise
            name = error.filename2 or error.filename or "standard output"
            issue = Issue(
                "not-written", Level.ERROR, Where(str(name)), f"cannot be used: {error.strerror}", "name another"
            )
            click.echo(str(issue), err=True)
            sys.exit(FINDINGS)


rift = LazyGroup(
    "rift",
    "RIFT: news on the fighting between Syrian rebel groups, with actors, locations, dates and tolls.",
    {
        "reproduce": ("rift.cli.reproduce", "reproduce"),
        "corpus": ("rift.cli.corpus", "corpus"),
        "annotations": ("rift.cli.annotations", "annotations"),
        "convert": ("rift.cli.convert", "convert"),
        "release": ("rift.cli.release", "release"),
        "baselines": ("rift.cli.baselines", "baselines"),
        "score": ("rift.cli.score", "score"),
        "compare": ("rift.cli.compare", "compare"),
        "eval": ("rift.cli.evaluate", "evaluate"),
        "session": ("rift.cli.session", "session"),
    },
)
click.version_option(__version__, package_name="rift-corpus")(rift)


def main() -> None:
    """Run the command line; exits 0 (done), 1 (findings) or 2 (wrong usage)."""
    rift(prog_name="rift")
