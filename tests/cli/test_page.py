"""docs/cli.md names every command of ours with every option."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from portes.registry import COMMANDS, Registry

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for inner, each in command.commands.items():
            yield from walk(f"{name} {inner}", each)
    else:
        yield name, command


OURS = [plugin for plugin in Registry().plugins(COMMANDS) if plugin.distribution == "portes"]
WALKED = dict(each for plugin in OURS for each in walk(f"portes {plugin.name}", plugin.value))


@pytest.mark.parametrize("name", WALKED)
def test_a_command_has_a_section_that_names_its_options(name: str) -> None:
    _, heading, rest = PAGE.partition(f"\n## `{name}`\n")
    section = rest.partition("\n## ")[0]

    assert heading
    options = [option for option in WALKED[name].params if isinstance(option, click.Option)]
    if name != "portes sandbox":  # its page is its own help
        assert [option.opts[0] for option in options if option.opts[0] not in section] == []


@pytest.mark.parametrize("name", WALKED)
def test_a_command_and_its_options_have_a_sentence(name: str) -> None:
    assert WALKED[name].help
    assert all(option.help for option in WALKED[name].params if isinstance(option, click.Option))
