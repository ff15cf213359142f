"""The page that sets Correios up keeps its word: its settings are accepted, and the doctor finds nothing wrong."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portes.carrier import Deadline, Severity
from portes_correios_br.sandbox import Sandbox
from portes_testing import carrier_under_test, served_sandbox

PAGE = (Path(__file__).parents[3] / "docs" / "correios-br.md").read_text(encoding="utf-8")


def example() -> dict[str, Any]:
    """The carrier of the page's own settings."""
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    carrier: dict[str, Any] = tomllib.loads(block)["carriers"]["correios"]
    return carrier


def test_the_settings_of_the_page_are_well_on_the_simulator(case_of: Callable[..., Any]) -> None:
    carrier = example()
    own = {key: value for key, value in carrier["settings"].items() if key != "access_code"}
    with (
        carrier_under_test(case_of(carrier["services"], own)) as under_test,
        served_sandbox(under_test) as sandbox,
    ):
        made: Any = sandbox.new_carrier()
        found = list(made.diagnose(Deadline(20.0)))

    assert {finding.severity for finding in found} == {Severity.OK}
    assert [finding.check for finding in found].count("service") == len(carrier["services"])


def test_the_page_tells_every_mood_of_the_simulator() -> None:
    assert set(re.findall(r"^\| `([a-z_]+)` \|", PAGE.partition("`--mood`")[2], re.MULTILINE)) >= set(Sandbox.moods)
