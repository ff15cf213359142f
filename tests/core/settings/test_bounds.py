"""Settings that no quote could live with are told at the check, each with its key, value and fix."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from store_text import CARRIER, ORIGIN, STORE, problems_of

from portes.settings import sections

SERVICE = "[service]\n"


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("store.pre_sale_days", STORE + "pre_sale_days = 99999999999999\n" + ORIGIN + CARRIER),
        ("store.cubic_divisor", STORE + "cubic_divisor = 10000000000000000000\n" + ORIGIN + CARRIER),
        ("store.max_units", STORE + "max_units = 100001\n" + ORIGIN + CARRIER),
        ("store.max_lines", STORE + "max_lines = 2001\n" + ORIGIN + CARRIER),
        ("store.cache_size", STORE + "cache_size = 10000000000000000000\n" + ORIGIN + CARRIER),
        ("store.calls_at_once", STORE + "calls_at_once = 1000000\n" + ORIGIN + CARRIER),
        ("origins.0.handling_days", STORE + ORIGIN + "handling_days = 999999999\n" + CARRIER),
        ("origins.0.id", STORE + ORIGIN.replace("id = 1", "id = 2147483648") + CARRIER),
        ("carriers.road.id", STORE + ORIGIN + CARRIER.replace("id = 7", "id = 99999999999999999999")),
        ("carriers.road.timeout", STORE + ORIGIN + CARRIER.replace("id = 7", 'id = 7\ntimeout = "9999999999d"')),
        ("carriers.road.threads", STORE + ORIGIN + CARRIER.replace("id = 7", "id = 7\nthreads = 100000")),
        ("carriers.road.queue", STORE + ORIGIN + CARRIER.replace("id = 7", "id = 7\nqueue = 10000000000")),
        (
            "carriers.road.cache.fresh",
            STORE + ORIGIN + CARRIER + f'[carriers.road.cache]\nfresh = "{"9" * 400}d"\n',
        ),
        (
            "carriers.road.circuit.failures",
            STORE + ORIGIN + CARRIER + "[carriers.road.circuit]\nfailures = 10000000000000000000\n",
        ),
        ("service.max_body", SERVICE + "max_body = 1000000000000\n" + STORE + ORIGIN + CARRIER),
        ("service.max_calls", SERVICE + "max_calls = 1000000000000\n" + STORE + ORIGIN + CARRIER),
        (
            "service.receipts.queue",
            "[service.receipts]\nqueue = 10000000000000000000\n" + STORE + ORIGIN + CARRIER,
        ),
    ],
)
def test_a_setting_beyond_its_bound_is_a_problem_of_the_check(tmp_path: Path, where: str, text: str) -> None:
    problem = problems_of(tmp_path, text)[where]

    assert problem.value
    assert problem.fix.startswith("write ")
    assert problem.file.endswith("portes.toml")


PLUGINS = Path(__file__).parents[3] / "plugins"


def models() -> Iterator[tuple[str, type[BaseModel]]]:
    """Every settings model of ours: the core's sections, and those of all carriers, rules and channels."""
    ours = {"portes", *(f"portes-{room.name}" for room in PLUGINS.iterdir())}
    for name, found in vars(sections).items():
        if isinstance(found, type) and issubclass(found, sections.Section) and found is not sections.StoreFile:
            yield name, found
    for group in ("carriers", "rules", "channels"):
        for point in entry_points(group=f"portes.{group}"):
            if point.dist is None or point.dist.name not in ours:
                continue  # a stage prop of other tests
            plugin = point.load()
            yield point.name, plugin.Settings
            if group == "carriers":
                yield point.name, plugin.ServiceSettings


def numbers(schema: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        if schema.get("type") in {"integer", "number"}:
            yield where, schema
        for key, inner in schema.items():
            yield from numbers(inner, f"{where}.{key}")
    elif isinstance(schema, list):
        for inner in schema:
            yield from numbers(inner, where)


def test_every_number_of_every_setting_has_a_lowest_and_a_highest_value() -> None:
    loose = {
        where
        for name, model in models()
        for where, number in numbers(model.model_json_schema(), name)
        if not (number.keys() & {"minimum", "exclusiveMinimum"} and number.keys() & {"maximum", "exclusiveMaximum"})
    }

    assert loose == set()
