"""`portes` itself: finds commands among the installed plugins and says errors as people expect."""

from collections.abc import Iterator
from functools import cached_property
from importlib.metadata import version
from typing import Any

import click

from portes.cli.streams import write_any_text
from portes.errors import PortesError, Problem, SettingsError, escaped
from portes.registry import COMMANDS, Registry


class Commands(click.Group):
    """The commands that installed distributions bring, the built-in ones among them, each loaded when it is needed."""

    @cached_property
    def _registry(self) -> Registry:
        return Registry()

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 — click's signature
        """The name of every command; nothing is loaded."""
        return self._registry.names(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 — the same
        """Load one command; None for a name that nobody brings. Raises `SettingsError` when it does not load."""
        if cmd_name not in self._registry.names(COMMANDS):
            return None
        plugin = self._registry.find(COMMANDS, cmd_name)
        if not isinstance(plugin.value, click.Command):
            cause = f"comes from {plugin.brought_by}, which names {type(plugin.value).__name__} and no click command"
            raise SettingsError(Problem("", cmd_name, cause, f"upgrade {plugin.distribution}, or uninstall it"))
        return plugin.value

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands; one that does not load costs the others nothing."""
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        with formatter.section("Commands"):
            formatter.write_dl([*self._summaries(ctx, room)])

    def _summaries(self, ctx: click.Context, room: int) -> Iterator[tuple[str, str]]:
        for name in self.list_commands(ctx):
            try:
                command = self.get_command(ctx, name)
            except SettingsError:
                yield name, "(does not load; see portes carriers)"
            else:
                yield name, command.get_short_help_str(room) if command else ""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 — click's signature
    ) -> click.Context:
        """Read the arguments, once whatever is said of them can be written."""
        write_any_text()
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what somebody can mend is told without a stack trace, with exit code 2."""
        try:
            return super().invoke(ctx)
        except PortesError as error:
            for line in str(error).split("\n"):
                click.echo(escaped(line), err=True)
            ctx.exit(2)


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 — click's signature
    if wanted and not ctx.resilient_parsing:
        click.echo(f"portes {version('portes')}")
        ctx.exit()


main = Commands(
    name="portes",
    help="Answers marketplaces' freight questions in real time, from carrier plugins and freight tables.",
    epilog="`portes COMMAND --help` says more. Exit codes: 0 done, 2 something to mend.",
    context_settings={"help_option_names": ["-h", "--help"]},
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help="Show the version and stop.",
        )
    ],
)
