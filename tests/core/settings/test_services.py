"""The services of a carrier in the settings: the engine's keys and the plugin's own, and amounts in quotes."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from portes.contract import DeliveryType, Service
from portes.errors import SettingsError
from portes.settings import service_settings


class Cards(Service):
    card: SecretStr | None = None


SERVICE = {"code": "03298", "delivery": "normal"}


def services(folder: Path, *tables: dict[str, Any], **environ: str) -> tuple[Cards, ...]:
    return service_settings(Cards, tables, "BRL", "carriers.c.services", folder / "portes.toml", environ)


def test_a_service_holds_the_engine_s_keys_and_the_plugin_s_own(tmp_path: Path) -> None:
    table = {**SERVICE, "extra_days": 1, "extra_cost": "2.50", "card": "${CARD}", "name": "PAC", "active": False}

    assert services(tmp_path, table, SERVICE, CARD="0012345678") == (
        Cards(
            code="03298",
            name="PAC",
            delivery=DeliveryType.NORMAL,
            active=False,
            extra_days=1,
            extra_cost=250,
            card=SecretStr("0012345678"),
        ),
        Cards(code="03298", delivery=DeliveryType.NORMAL),
    )


@pytest.mark.parametrize(
    ("written", "cause"),
    [
        (2.5, "is not an amount in quotes"),
        (2, "is not an amount in quotes"),
        ("2.505", "minor units"),
        ("2,50", "is not an amount with a dot"),
        ("1.234,56", "is not an amount with a dot"),
        ("-1", "is not an amount with a dot"),
        ("1e3", "is not an amount with a dot"),
        ("${NONE}", "the environment variable NONE is not set"),
    ],
)
def test_an_extra_cost_is_an_amount_in_quotes(tmp_path: Path, written: object, cause: str) -> None:
    with pytest.raises(SettingsError) as raised:
        services(tmp_path, SERVICE, {**SERVICE, "extra_cost": written})

    (problem,) = raised.value.problems
    assert problem.where == "carriers.c.services.1.extra_cost"
    assert cause in problem.cause


def test_an_extra_cost_beyond_its_bound_is_told_as_it_is_written(tmp_path: Path) -> None:
    told = r"extra_cost: is too large \(got '100000000.01'\); write \"100000000.00\" or less"
    with pytest.raises(SettingsError, match=told):
        services(tmp_path, {**SERVICE, "extra_cost": "100000000.01"})


def test_extra_days_beyond_a_year_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"services.0.extra_days: is too large \(got '99999'\); write 365 or less"):
        services(tmp_path, {**SERVICE, "extra_days": 99999})


def test_an_extra_cost_may_come_from_the_environment(tmp_path: Path) -> None:
    (service,) = services(tmp_path, {**SERVICE, "extra_cost": "${COST}"}, COST="3.1")

    assert service.extra_cost == 310


def test_every_problem_of_every_service_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        services(tmp_path, {"delivery": "slow"}, {**SERVICE, "card": "1", "extra_cost": 1})

    assert [problem.where.removeprefix("carriers.c.services.") for problem in raised.value.problems] == [
        "0.code",
        "0.delivery",
        "1.extra_cost",
        "1.card",
    ]
