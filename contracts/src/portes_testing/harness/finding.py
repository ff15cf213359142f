"""Finds the case that a plugin's own tests declare."""

import inspect
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from portes.errors import Problem, SettingsError, shown
from portes.registry import CARRIERS, Registry
from portes_testing.case import Case
from portes_testing.suite import CarrierContract

TESTS = Path("tests") / "test_contract.py"
"""Where a plugin's folder keeps its contract test."""


def find_case(plugin: str, file: Path | None = None) -> Case:
    """The case of a plugin: declared in this file, or in `tests/test_contract.py` beside the plugin's source.

    Raises `SettingsError` when there is no such file, or no case of this plugin in it.
    """
    path = file or _beside(plugin)
    for case in _cases(_loaded(path)):
        if case.plugin == plugin:
            return case
    fix = f"give a class derived from CarrierContract a case whose plugin is {plugin!r}"
    raise SettingsError(Problem("case", shown(plugin), "has no case here", fix, file=str(path)))


def _beside(plugin: str) -> Path:
    source = Path(inspect.getfile(Registry().find(CARRIERS, plugin, where="plugin").value))
    for folder in source.parents:
        if (folder / TESTS).exists():
            return folder / TESTS
    fix = "install the plugin from its folder (pip install -e), or name the file with --case"
    raise SettingsError(Problem("plugin", shown(plugin), f"has no {TESTS} beside its source", fix))


def _loaded(path: Path) -> ModuleType:
    spec = spec_from_file_location("portes_testing_case", path) if path.exists() else None
    if spec is None or spec.loader is None:
        raise SettingsError(Problem("case", shown(str(path)), "is no Python file", "name a plugin's test_contract.py"))
    module = module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


def _cases(module: ModuleType) -> Iterator[Case]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, CarrierContract) and hasattr(value, "case"):
            yield value.case


__all__ = ["TESTS", "find_case"]
