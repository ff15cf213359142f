"""docs/hooks.md against the hooks: every one of them, with its exact arguments."""

import inspect
import re
from pathlib import Path

from portes.hooks import Hooks

PAGE = Path(__file__).parents[2] / "docs" / "hooks.md"


def test_the_page_names_every_hook_with_its_arguments_and_no_other() -> None:
    specified = {
        name: list(inspect.signature(hook).parameters)[1:]
        for name, hook in inspect.getmembers(Hooks, inspect.isfunction)
    }

    told = re.findall(r"^### `(\w+)\((.*)\)`$", PAGE.read_text(), re.MULTILINE)

    assert {name: arguments.split(", ") for name, arguments in told} == specified
