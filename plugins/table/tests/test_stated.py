"""A table that says what tax, cubage and limits hold: settings that say otherwise are refused, naming both."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portes.contract import DeliveryType
from portes.errors import Problem, SettingsError
from portes.toolbox import StoreFacts, tools_for
from portes_table.carrier import TableCarrier
from portes_table.settings import TableService, TableSettings

TABLE = """\
Generalidades & Restrições;;;;
{terms}
Abrangência;;;;
CEP inicial;CEP final;UF;Região;Prazo
01000-000;05999-999;SP;Capital;2
Tarifas;;;;
UF;Região;até 10kg;Excedente;
SP;Capital;20,00;1,50;
"""
INSIDE = {"kind": "inside", "interstate": "BR", "rates": {"SP-SP": "12"}}
Refused = Callable[..., list[Problem]]


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """The problems of a carrier whose table says these terms; none where it is made."""

    def problems(terms: str, **settings: Any) -> list[Problem]:
        (tmp_path / "table.csv").write_text(TABLE.format(terms=terms), encoding="utf-8")
        facts = StoreFacts("shop", "BR", "BRL", ZoneInfo("America/Sao_Paulo"), "BR-SP", tmp_path)
        service = TableService(code="economy", delivery=DeliveryType.NORMAL)
        made = TableSettings(file="table.csv", format="intelipost", **settings)
        try:
            TableCarrier(made, (service,), tools_for(facts, "tables"))
        except SettingsError as error:
            return list(error.problems)
        return []

    return problems


def told(problems: list[Problem]) -> tuple[str, str, str, str]:
    (problem,) = problems
    return problem.where, problem.value, problem.cause, problem.fix


@pytest.mark.parametrize("tariff", [None, {"tax": {"kind": "none"}}, {"tax": {"kind": "inside"}}])
def test_a_tax_that_is_to_be_added_needs_its_rates(refused: Refused, tariff: Any) -> None:
    where, value, cause, fix = told(refused("ICMS;N", tariff=tariff))

    assert where == "settings.tariff.tax"
    assert value == (tariff["tax"]["kind"] if tariff else "")
    assert "ICMS N" in cause
    assert 'kind = "inside"' in fix


def test_a_tax_with_rates_agrees_with_prices_without_it(refused: Refused) -> None:
    assert refused("ICMS;N", tariff={"tax": INSIDE}) == []


def test_prices_that_hold_the_tax_are_not_taxed_again(refused: Refused) -> None:
    where, value, cause, fix = told(refused("ICMS;S", tariff={"tax": INSIDE}))

    assert (where, value) == ("settings.tariff.tax", "inside")
    assert "ICMS S" in cause
    assert 'kind = "included"' in fix
    assert refused("ICMS;S") == []
    assert refused("ICMS;S", tariff={"tax": {"kind": "included"}}) == []


@pytest.mark.parametrize(
    ("terms", "settings", "where", "value", "fix"),
    [
        ("Cubagem;300", {}, "cubic_factor", "0", 'write cubic_factor = "300", or correct the table'),
        ("Cubagem;300", {"cubic_factor": "250"}, "cubic_factor", "250", 'write cubic_factor = "300", or correct'),
        ("Cubagem;300", {"cubic_divisor": 6000}, "cubic_divisor", "6000", 'write cubic_factor = "300", or correct'),
        ("Cubagem;", {"cubic_factor": "300"}, "cubic_factor", "300", "leave cubic_factor out, or correct the table"),
        ("Cubagem;0", {"cubic_divisor": 6000}, "cubic_divisor", "6000", "leave cubic_divisor out, or correct"),
        ("Isenção de Cubagem;5", {}, "cubic_exempt", "0", "write cubic_exempt = 5000, or correct the table"),
        ("Limite de Altura;1,05", {}, "limits.longest_side", "", "write limits = { longest_side = … } in mm"),
        ("Limite de Altura;1,05\nLimite de Comprimento;1,2", {"limits": {"longest_side": 1050}}, "limits.longest_side",
         "1050", "write limits = { longest_side = … } in mm"),
    ],
)  # fmt: skip
def test_a_setting_that_the_table_contradicts_is_named_with_both(
    refused: Refused, terms: str, settings: Any, where: str, value: str, fix: str
) -> None:
    at, given, cause, remedy = told(refused(terms, **settings))

    assert (at, given) == (f"settings.{where}", value)
    assert cause.startswith("the table")
    assert remedy.startswith(fix)


@pytest.mark.parametrize(
    ("terms", "settings"),
    [
        ("Cubagem;300", {"cubic_factor": "300"}),
        ("Cubagem;6000", {"cubic_divisor": 6000}),
        ("Cubagem;", {}),
        ("Isenção de Cubagem;5", {"cubic_exempt": 5000}),
        ("Isenção de Cubagem;", {"cubic_exempt": 5000}),
        ("Limite de Altura;1,05", {"limits": {"longest_side": 1050}}),
        ("Limite de Altura;105", {"limits": {"longest_side": 1050}}),
        ("Limite de Altura;1050\nLimite de Largura;", {"limits": {"longest_side": 1050}}),
        ("Limite de Altura;\nLimite de Largura;", {"limits": {"longest_side": 1050}}),
        (";", {"cubic_factor": "300", "tariff": {"tax": INSIDE}}),
    ],
)
def test_settings_that_say_the_same_are_taken(refused: Refused, terms: str, settings: Any) -> None:
    assert refused(terms, **settings) == []


def test_all_contradictions_are_told_at_once(refused: Refused) -> None:
    problems = refused("ICMS;N\nCubagem;300\nIsenção de Cubagem;5")

    assert [problem.where for problem in problems] == [
        "settings.tariff.tax", "settings.cubic_factor", "settings.cubic_exempt",
    ]  # fmt: skip
