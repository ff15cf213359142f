"""A tariff of Correos among files of unknown layout: it is known for one, checked, and told where it belongs."""

from pathlib import Path

import pytest

from portes.errors import SettingsError
from portes.tables import ReadOptions, check_table, detect_table, open_table

SPAIN = ReadOptions(country="ES", currency="EUR")
SENT = "Tarifas 2026;;;\nProducto;Zona;Hasta kg;Precio\nPaq Premium Oficina;1;5;4,00\n"
DECLARED = {"version": "2026", "valid_from": "2026-01-01", "origin": "any"}
BELONGS = "is a tariff of Correos: its zones hang on origin and destination"


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    path = tmp_path / "tarifa.csv"
    path.write_text(SENT, encoding="utf-8")
    return path


def test_a_sheet_is_known_by_its_four_columns_and_told_where_it_belongs(sent: Path) -> None:
    found = detect_table(sent, SPAIN)

    assert found.format == "correos-tariff"
    assert found.why == "line 2 has Producto, Zona, Hasta kg, Precio"
    assert found.doubts[0].startswith(f"format: {BELONGS}")
    assert 'a carrier with use = "correos-es": tariff = FILE' in found.doubts[0]


def test_fewer_columns_than_the_four_may_be_of_any_carrier(sent: Path) -> None:
    sent.write_text("Zona;Hasta kg;Precio\n1;5;4,00\n", encoding="utf-8")

    assert detect_table(sent, SPAIN).format == ""


def test_a_check_tells_what_is_wrong_in_it_and_what_it_does_not_say(sent: Path) -> None:
    sent.write_text(SENT.replace("Premium", "Premum"), encoding="utf-8")
    report = check_table(sent, "correos-tariff", SPAIN)

    assert [(problem.where, problem.line) for problem in report.problems] == [
        ("format", 0), ("tariff_defaults.version", 0), ("tariff_defaults.valid_from", 0),
        ("tariff_defaults.origin", 0), ("Producto", 3),
    ]  # fmt: skip


def test_what_is_declared_is_no_problem_any_more(sent: Path) -> None:
    options = ReadOptions(country="ES", currency="EUR", defaults=DECLARED)

    (belongs,) = check_table(sent, "correos-tariff", options).problems
    assert belongs.cause.startswith(BELONGS)


def test_a_default_that_nobody_knows_is_a_problem(sent: Path) -> None:
    options = ReadOptions(country="ES", currency="EUR", defaults={"vers": "2026"})

    assert [problem.where for problem in check_table(sent, "correos-tariff", options).problems] == [
        "format", "defaults.vers",
    ]  # fmt: skip


def test_no_carrier_of_tables_can_sell_by_it(sent: Path) -> None:
    with pytest.raises(SettingsError, match=BELONGS):
        open_table(sent, "correos-tariff", ReadOptions(country="ES", currency="EUR", defaults=DECLARED))
