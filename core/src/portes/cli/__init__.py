"""The command line: `portes COMMAND`; each command stands in a file of its own and none knows another."""

from portes.cli.root import main

__all__ = ["main"]
