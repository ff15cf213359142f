"""The face of the library is small, sorted, complete and light."""

import json
import subprocess
import sys

import pytest

import portes
from portes import carrier, contract, errors, store

HEAVY = {
    "requests",
    "urllib3",
    "starlette",
    "uvicorn",
    "holidays",
    "python_calamine",
    "stevedore",
    "click",
    "rich",
    "structlog",
}


def test_every_name_is_there_and_the_list_is_sorted() -> None:
    assert portes.__all__ == sorted(set(portes.__all__))
    assert all(getattr(portes, name) is not None for name in portes.__all__)


def test_every_noun_and_every_error_is_on_the_face() -> None:
    """`Problems` collects for those who read files; a table format gets it from `portes.tables`."""
    raised = {name for name, value in vars(errors).items() if isinstance(value, type) and not name.startswith("_")}
    own = {name for name in raised if getattr(errors, name).__module__ == errors.__name__}

    assert set(contract.__all__) | own - {"Problems"} <= set(portes.__all__)


def test_what_a_carrier_is_made_of_is_on_the_face() -> None:
    """`CarrierPlugin` only describes an entry point to type checkers, and `Clock` comes with the tools."""
    assert set(carrier.__all__) - set(portes.__all__) == {"CarrierPlugin", "Clock"}


def test_a_name_on_the_face_is_the_thing_behind_it() -> None:
    assert portes.open_store is store.open_store
    assert portes.Money is contract.Money


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'portes' has no attribute 'freight'"):
        _ = portes.freight  # type: ignore[attr-defined]  # the point


def test_importing_the_library_loads_nothing_heavy() -> None:
    asked = "import sys, json, portes; print(json.dumps(sorted(name.partition('.')[0] for name in sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)

    assert HEAVY & set(json.loads(loaded.stdout)) == set()
