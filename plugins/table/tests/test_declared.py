"""What is declared about a table's file: the store's settings and the options of `portes tables` are the same."""

from typing import Any, Literal, get_args, get_origin

import pytest
from click import Choice, Command, Option

from portes.cli.commands.tables import check, detect
from portes_table.files import TableFile

STORES_OWN = {"file", "format", "stored"}
"""The file is the command's argument; the format is an option of `check` alone, which `detect` finds out."""
COMMANDS_OWN = {"country", "currency", "of_fees", "format_name", "as_json", "write", "file"}
"""What a store says elsewhere: the country and the currency of the store, and fees by where the file is named."""
WORDS = {"comma": ",", "semicolon": ";", "tab": "\t", "dot": "."}
"""How signs are written in a shell."""


def options(command: Command) -> dict[str, Option]:
    return {one.name: one for one in command.params if isinstance(one, Option) and one.name not in COMMANDS_OWN}


def choices(name: str) -> set[Any]:
    """What may be declared for a setting; nothing where any text may be."""
    kinds = [TableFile.model_fields[name].annotation, *get_args(TableFile.model_fields[name].annotation)]
    return {word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)}


@pytest.mark.parametrize("command", [check, detect])
def test_the_commands_declare_what_a_store_can_and_no_more(command: Command) -> None:
    assert options(command).keys() == TableFile.model_fields.keys() - STORES_OWN


@pytest.mark.parametrize("name", sorted(TableFile.model_fields.keys() - STORES_OWN))
def test_an_option_has_the_words_of_its_setting_and_the_same_default(name: str) -> None:
    option, default = options(check)[name], TableFile.model_fields[name].default
    words = {WORDS.get(word, word) for word in option.type.choices} if isinstance(option.type, Choice) else set()

    assert words == choices(name)
    assert not isinstance(default, str) or option.default == default
