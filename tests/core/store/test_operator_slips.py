"""Slips of a spreadsheet or a keyboard in what a store is made of: none changes an answer without a word."""

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from portes.store import check_store

STORE = """
[store]
country = "{country}"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "{country}"
{store}
[[origins]]
id = 1
postal_code = "{postal_code}"

[carriers.table]
use = "table"
id = 1
[carriers.table.settings]
file = "table.csv"
{settings}
[[carriers.table.services]]
code = "n"
delivery = "normal"
{service}

{more}
"""
TABLE = (
    "postal_from;postal_to;weight_from_g;weight_to_g;price;days_max\n"
    "01000000;05999999;0;1000;12,90;3\n01000000;05999999;1000;30000;39,90;3\n"
)
FREE = '[[rules]]\nuse = "free_shipping"\nthreshold = "99.00"\n'
ANYWHERE: dict[str, str] = {"country": "BR", "postal_code": "01001000"}


def problems(folder: Path, *, table: str = TABLE, catalogue: str = "sku\n", **parts: str) -> list[tuple[str, str, str]]:
    """Place, cause and fix of all that keeps the store from starting."""
    (folder / "table.csv").write_text(table)
    (folder / "catalogue.csv").write_text(catalogue)
    keys: dict[str, Any] = dict.fromkeys(("store", "settings", "service", "more"), "") | ANYWHERE | parts
    (folder / "portes.toml").write_text(STORE.format(**keys))
    return [(problem.where, problem.cause, problem.fix) for problem in check_store(folder / "portes.toml")]


@pytest.mark.parametrize("prefix", ["", "BR:"])
def test_a_region_that_lost_its_zero_is_refused_in_the_store_s_country(tmp_path: Path, prefix: str) -> None:
    found = problems(tmp_path, more=f'{FREE}regions = ["69", "{prefix}1000000..5999999"]\n')

    assert found == [
        (
            "rules.0.regions.1",
            "has 7 digits, and a postal code of BR 8",
            f'write "{prefix}01000000..05999999" if a leading zero was lost, "{prefix}10000000..59999999" if not',
        )
    ]


def test_the_same_text_is_a_range_of_codes_in_another_country(tmp_path: Path) -> None:
    assert problems(tmp_path, more=f'{FREE}regions = ["PT:1000000..1999999"]\n') == []


def test_an_origin_whose_code_lost_its_zero_is_refused_with_both_readings(tmp_path: Path) -> None:
    ((where, _, fix),) = problems(tmp_path, postal_code="1001000")

    assert where == "origins.0.postal_code"
    assert fix == "write 8 digits without hyphen, such as 01512651; 01001000 if its leading zero was lost"


@pytest.mark.parametrize("written", ["1.500", "129.900"])
def test_an_amount_with_three_decimals_is_refused_with_both_readings(tmp_path: Path, written: str) -> None:
    rule = FREE.replace("99.00", written)
    digits = written.replace(".", "")

    assert problems(tmp_path, more=rule, service=f'extra_cost = "{written}"') == [
        (where, "has three decimals, and BRL has 2", f'write "{written[:-1]}" or "{digits}.00"')
        for where in ("carriers.table.services.0.extra_cost", "rules.0.threshold")
    ]


@pytest.mark.parametrize("rule", [FREE.replace("99.00", "1,500"), '[[rules]]\nuse = "markup"\npercent = "1,500"\n'])
def test_an_amount_whose_comma_may_part_thousands_is_refused_with_both_readings(tmp_path: Path, rule: str) -> None:
    ((_, cause, fix),) = problems(tmp_path, more=rule)

    assert (cause, fix) == ("may mean thousands or three decimals", 'write "1.50" or "1500"')


CATALOGUE = "sku;declared_value\na;129.900\n"


def test_a_value_that_may_mean_two_things_is_a_problem_in_the_words_of_the_settings(tmp_path: Path) -> None:
    comma, dot = 'catalogue_decimal = ","', 'catalogue_decimal = "."'

    found = problems(tmp_path, store='catalogue = "catalogue.csv"', catalogue=CATALOGUE)

    assert found == [
        (
            "declared_value",
            "may mean thousands or three decimals",
            f"write 129900 or 129.90, or declare the decimal sign: {comma} reads 129900, {dot} reads 129.90",
        )
    ]


def test_a_declared_decimal_sign_of_the_catalogue_leaves_no_doubt(tmp_path: Path) -> None:
    store = 'catalogue = "catalogue.csv"\ncatalogue_decimal = "."'

    assert problems(tmp_path, store=store, catalogue=CATALOGUE) == []


def test_a_format_that_is_not_there_is_told_at_its_key(tmp_path: Path) -> None:
    ((where, _, fix),) = problems(tmp_path, settings='format = "csv"')

    assert where == "carriers.table.settings.format"
    assert {"plain,", "vtex"} <= set(fix.split())


def test_a_key_of_another_unit_is_not_proposed(tmp_path: Path) -> None:
    ((where, _, fix),) = problems(tmp_path, service="extra_hours = 24")

    assert where == "carriers.table.services.0.extra_hours"
    assert fix.startswith("extra_days is in days, not in hours: convert what stands there before you rename it. known")


def test_a_table_whose_weights_look_like_kg_is_asked_about(tmp_path: Path) -> None:
    with capture_logs() as logged:
        found = problems(tmp_path, table=TABLE.replace("30000", "30").replace("1000;", "1;"))

    assert found == []
    (event,) = (entry["event"] for entry in logged)
    assert event.startswith("table.csv: the heaviest bracket ends at 30 g: are these kg? If so, write the weights in g")
