"""A store's file as text, in parts, and what is told of it: for tests of mistakes in the settings."""

from collections.abc import Mapping
from pathlib import Path

from portes.errors import Problem
from portes.settings import draft_store

STORE = """
[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
"""
ORIGIN = """
[[origins]]
id = 1
postal_code = "01001-000"
"""
CARRIER = """
[carriers.road]
use = "table"
id = 7
[[carriers.road.services]]
code = "economy"
delivery = "normal"
"""
WHOLE = STORE + ORIGIN + CARRIER


def problems_of(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> dict[str, Problem]:
    """What is told of a store's file with this text, by place."""
    file = folder / "portes.toml"
    file.write_text(text, encoding="utf-8")
    return {problem.where: problem for problem in draft_store(file, environ or {}).problems}
