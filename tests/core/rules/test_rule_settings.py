"""What every built-in rule has in common: its entry point, its settings and its page in the documents."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from offers import made, occasion, offer
from shop import brl, item

from portes.errors import SettingsError
from portes.registry import RULES, Registry
from portes.rules.protocol import Phase, RulePlugin, phase_of
from portes.rules.when import When
from portes.settings import plugin_settings

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"
RULE_PLUGINS: dict[str, Any] = {
    plugin.name: plugin.value for plugin in Registry().plugins(RULES) if plugin.distribution == "portes"
}
PHASES = {
    "cheapest": Phase.SHIPMENT,
    "days": Phase.SHIPMENT,
    "exclude": Phase.PLAN,
    "fastest": Phase.SHIPMENT,
    "free": Phase.CART,
    "free_shipping": Phase.CART,
    "keep": Phase.SHIPMENT,
    "markup": Phase.SHIPMENT,
    "not_slower_than": Phase.SHIPMENT,
    "preferred": Phase.SHIPMENT,
    "price": Phase.SHIPMENT,
    "subsidy": Phase.CART,
}
SHORT = ("cheapest", "exclude", "fastest", "free_shipping", "markup", "not_slower_than", "preferred")
"""Rules with conditions in their own table."""
ENOUGH: dict[str, dict[str, Any]] = {
    "days": {"more": 1},
    "keep": {"which": "cheapest"},
    "price": {"percent": 5},
    "subsidy": {"up_to": "1.00"},
    "exclude": {"tags": ["x"]},
    "free_shipping": {"threshold": "1.00"},
    "markup": {"percent": 5},
    "not_slower_than": {"days": 5},
    "preferred": {"carriers": ["a"]},
}


def read(use: str, **keys: Any) -> Any:
    """The rule's settings, as a store's file gives them."""
    return plugin_settings(RULE_PLUGINS[use].Settings, {"use": use, **keys}, "rules.0", Path("shop.toml"), {})


def problems(use: str, **keys: Any) -> list[tuple[str, str]]:
    """Key path and fix of everything wrong with a rule's table."""
    with pytest.raises(SettingsError) as caught:
        read(use, **keys)
    return [(problem.where, problem.fix) for problem in caught.value.problems]


def section(use: str) -> str:
    """A rule's part of the page."""
    found = re.search(rf"^###? {use}\n(.*?)(?=^##|\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def documented_rules() -> list[dict[str, Any]]:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return [table for block in blocks for table in tomllib.loads(block).get("rules", ())]


def test_every_rule_is_an_entry_point_with_its_phase() -> None:
    assert {name: plugin.phase for name, plugin in RULE_PLUGINS.items()} == PHASES


@pytest.mark.parametrize("use", PHASES)
def test_every_key_has_a_description_and_stands_in_the_documents(use: str) -> None:
    keys = RULE_PLUGINS[use].Settings.model_fields

    assert all(field.description for field in keys.values())
    assert [key for key in keys if key != "use" and f"`{key}`" not in section(use)] == []
    assert [key for key in re.findall(r"^\| `(\w+)`", section(use), re.MULTILINE) if key not in keys] == []


@pytest.mark.parametrize("table", documented_rules(), ids=lambda table: table["use"])
def test_every_documented_rule_can_be_built_and_asked(table: dict[str, Any]) -> None:
    plugin: type[RulePlugin] = RULE_PLUGINS[table["use"]]
    rule: Any = made(plugin, **{key: value for key, value in table.items() if key != "use"})
    asked = occasion(item(tags=("fragile",)), to="69005010")

    match phase_of(plugin, read(**table)):
        case Phase.PLAN:
            assert rule("correios", asked) in {True, False}
        case Phase.SHIPMENT:
            assert rule([offer(carrier="correios")], asked)
        case Phase.CART:
            assert rule([[offer(carrier="correios")]], asked)


def test_every_rule_is_documented_with_an_example() -> None:
    assert set(PHASES) == {table["use"] for table in documented_rules()}


def test_the_documented_markup_makes_the_documented_prices() -> None:
    (table,) = (table for table in documented_rules() if table["use"] == "markup")
    rule = made(RULE_PLUGINS["markup"], **{key: value for key, value in table.items() if key != "use"})
    before = [offer(2000, "correios"), offer(1999, "correios"), offer(2000, "jamef")]

    assert [one.price.minor for one in rule(before, occasion(to="69005010"))] == [2400, 2400, 2000]


def documented(use: str) -> Any:
    """The rule of the last example with this name, as a store makes it."""
    *_, table = (table for table in documented_rules() if table["use"] == use)
    return made(RULE_PLUGINS[use], **{key: value for key, value in table.items() if key != "use"})


def test_the_documented_price_subsidy_and_days_come_to_what_the_page_says() -> None:
    four_kilos = item(quantity=8, weight=500)
    two = occasion(item("a", declared_value=brl(10000)), item("b", declared_value=brl(5000)))
    december = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)

    assert documented("price")([offer(2000)], occasion(four_kilos))[0].price.minor == 2490
    paid = documented("subsidy")([[offer(1800)], [offer(1200)]], two)
    assert [line[0].price.minor for line in paid] == [900, 600]
    (later,) = documented("days")([offer(days=(3, 5))], occasion(to="13010000", moment=december))
    assert (later.lead_time.min, later.lead_time.max) == (5, 7)


@pytest.mark.parametrize("use", SHORT)
def test_an_unknown_key_is_refused_with_those_that_are_known(use: str) -> None:
    ((where, fix),) = problems(use, **ENOUGH.get(use, {}), regionz=["69"])

    assert where == "rules.0.regionz"
    assert "did you mean regions" in fix


@pytest.mark.parametrize("use", PHASES)
def test_every_rule_takes_the_table_when_and_refuses_an_unknown_condition(use: str) -> None:
    assert read(use, **ENOUGH.get(use, {}), when={"regions": ["69"]}).when.regions == ("69",)

    ((where, fix),) = problems(use, **ENOUGH.get(use, {}), when={"regionz": ["69"]})

    assert where == "rules.0.when.regionz"
    assert "did you mean regions" in fix


def test_every_condition_has_a_description_and_stands_in_the_documents() -> None:
    page = section("Conditions")

    assert all(field.description for field in When.model_fields.values())
    assert [key for key in When.model_fields if f"`{key}`" not in page] == []
    named = [key for cell in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", page, re.MULTILINE) for key in cell.split(", ")]
    assert [key for key in named if key.strip("`") not in When.model_fields] == []


@pytest.mark.parametrize(
    ("use", "key", "value", "fix"),
    [
        ("markup", "percent", 2.5, '"2.5"'),
        ("markup", "fixed", 3.0, '"3.0"'),
        ("markup", "round_to", 0.1, '"0.1"'),
        ("free_shipping", "threshold", 199.9, '"199.9"'),
    ],
)
def test_a_float_is_refused_with_the_text_to_write(use: str, key: str, value: float, fix: str) -> None:
    assert [(f"rules.0.{key}", f"write it in quotes: {fix}")] == problems(use, **{key: value})


@pytest.mark.parametrize(
    ("use", "keys", "fix"),
    [
        ("markup", {"fixed": 3}, 'such as "3.00"'),
        ("markup", {"fixed": "3,00"}, 'such as "3.00"'),
        ("markup", {"fixed": "R$ 3"}, 'such as "3.00"'),
        ("markup", {"percent": True}, "such as 5"),
        ("markup", {"percent": "2,5"}, "such as 5"),
        ("markup", {"percent": -100}, "more than -100"),
        ("markup", {"percent": 5, "rounding": "even"}, "half_up"),
        ("markup", {"round_to": "0.00"}, "more than 0"),
        ("markup", {}, "add percent, fixed or round_to"),
        ("markup", {"percent": 5, "carriers": []}, "name at least one"),
        ("markup", {"percent": 5, "delivery_types": ["fast"]}, "super_express"),
        ("markup", {"percent": 5, "regions": [69]}, "in quotes"),
        ("markup", {"percent": 5, "regions": ["01310-100"]}, "without hyphens"),
        ("not_slower_than", {}, "add the key days"),
        ("not_slower_than", {"days": -1}, "0 or more"),
        ("preferred", {}, "add the key carriers"),
        ("preferred", {"carriers": []}, "name at least one"),
        ("free_shipping", {"threshold": "-1.00"}, "0 or more"),
        ("free_shipping", {"threshold": "1.00", "which": "carrier"}, "'cheapest'"),
        ("free_shipping", {"threshold": "1.00", "needs": "some"}, "'all' or 'any'"),
    ],
)
def test_a_wrong_setting_is_refused_with_what_to_write(use: str, keys: dict[str, Any], fix: str) -> None:
    ((where, said),) = problems(use, **keys)

    assert where.startswith("rules.0")
    assert fix in said


def test_every_wrong_setting_of_a_rule_is_named_at_once() -> None:
    found = problems("markup", percent="x", fixed=3, regions=["69", "05..01"], carriers=[""])

    assert {"rules.0.percent", "rules.0.fixed", "rules.0.regions.1", "rules.0.carriers.0"} == {one for one, _ in found}
