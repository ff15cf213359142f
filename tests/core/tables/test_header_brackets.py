"""Headings that state a weight bracket, as tariffs print them, and those that state none."""

import pytest

from portes.contract.numbers import AmbiguousNumberError
from portes.tables.protocol import NO_LIMIT
from portes.tables.reading.brackets import bracket_of

KG = 1_000_000

UP_TO = {
    "até 300g": 300_000, "até 500 g": 500_000, "até 1kg": KG, "ate_20kg": 20 * KG, "até_20kg": 20 * KG,
    "Até 60kgs": 60 * KG, "ATÉ 0,300": 300_000, "até 1,5": 1_500_000, "hasta 5 kg": 5 * KG, "Hasta 2 kilos": 2 * KG,
    "up to 5 kg": 5 * KG, "Peso até 5kg": 5 * KG, "Peso\naté 5kg": 5 * KG, "Frete até 30 kg": 30 * KG,
    "Valor até 10 kg (R$)": 10 * KG, "de até 10 kg": 10 * KG, "<= 5kg": 5 * KG, "≤ 5": 5 * KG, "< 5": 5 * KG,
    "5kg": 5 * KG, "500g": 500_000, "0,3 kg": 300_000,
}  # fmt: skip
BETWEEN = {
    "0 a 10": (0, 10 * KG), "10,01 a 20": (10_010_000, 20 * KG), "20,01 - 40": (20_010_000, 40 * KG),
    "20.01-40": (20_010_000, 40 * KG), "0-10kg": (0, 10 * KG), "10 \u2013 20 kg": (10 * KG, 20 * KG),
    "De 0 até 10": (0, 10 * KG), "de 10,01kg até 20kg": (10_010_000, 20 * KG), "entre 10 e 20": (10 * KG, 20 * KG),
    "desde 10 hasta 20": (10 * KG, 20 * KG), "from 10 to 20 kg": (10 * KG, 20 * KG), "10 to 20": (10 * KG, 20 * KG),
    "between 10 and 20": (10 * KG, 20 * KG), "Faixa 0 a 10": (0, 10 * KG), " 1001g a 2000g": (1_001_000, 2 * KG),
    "500g a 1kg": (500_000, KG), "500 a 1000 g": (500_000, KG), "1.500,5 a 2000 g": (1_500_500, 2 * KG),
}  # fmt: skip
ABOVE = {
    "acima de 30kg": 30 * KG, "Acima 60kgs": 60 * KG, "> 30": 30 * KG, ">30kg": 30 * KG, "≥ 30": 30 * KG,
    "30+": 30 * KG, "30 kg +": 30 * KG, "+30kg": 30 * KG, "+ de 30 kg": 30 * KG, "mais de 30": 30 * KG,
    "más de 30 kg": 30 * KG, "over 30 kg": 30 * KG, "above 30": 30 * KG, "a partir de 30kg": 30 * KG,
    "por encima de 30": 30 * KG, "30 kg ou mais": 30 * KG,
}  # fmt: skip
RATES = {
    "exc./kg": None, "kg excedente": None, "kg_excedente": None, "kg adicional": None, "KG EXC.": None,
    "Exced. kg": None, "excedente por kg": None, "valor do kg excedente": None, "R$ / kg excedente": None,
    "kilo adicional": None, "extra kg": None, "each additional kg": None, "Acima de 30kg (por kg)": 30 * KG,
    "acima de 100 kg por kg": 100 * KG, "kg excedente acima de 100": 100 * KG, "R$/kg acima de 100": 100 * KG,
}  # fmt: skip
NONE = [
    "", "-", "10", "2024", "kg", "m3", "Peso (kg)", "GRIS %", "TRT mín", "prazo até", "até", "NF até 1000", "20 a 10",
    "até 0", "0100 a 0500", "5 dias", "até 5 dias", "0 a 10 %", "até 10 lb", "Faixa 1", "01000-000 a 05999-999",
    "01000000 a 05999999", "Valor - Coleta e Entrega", "CEP de", "até 10 kg por kg",
]  # fmt: skip


@pytest.mark.parametrize(("header", "weight"), UP_TO.items())
def test_an_upper_border_alone_is_a_bracket_that_begins_where_the_last_one_ended(header: str, weight: int) -> None:
    assert bracket_of(header, "kg") == (None, weight, False)


@pytest.mark.parametrize(("header", "borders"), BETWEEN.items())
def test_two_borders_are_a_bracket_as_it_is_printed(header: str, borders: tuple[int, int]) -> None:
    assert bracket_of(header, "kg") == (*borders, False)


@pytest.mark.parametrize(("header", "weight"), ABOVE.items())
def test_a_lower_border_alone_is_a_bracket_without_an_end(header: str, weight: int) -> None:
    assert bracket_of(header, "kg") == (weight, NO_LIMIT, False)


@pytest.mark.parametrize(("header", "weight"), RATES.items())
def test_money_for_each_kg_is_told_from_a_price(header: str, weight: int | None) -> None:
    assert bracket_of(header, "kg") == (weight, NO_LIMIT, True)


@pytest.mark.parametrize("header", NONE)
def test_other_headings_are_no_bracket(header: str) -> None:
    assert bracket_of(header, "kg") is None


@pytest.mark.parametrize(("header", "weight"), [("até 300", 300_000), ("até 1 kg", KG)])
def test_the_default_unit_is_for_headings_without_one(header: str, weight: int) -> None:
    bracket = bracket_of(header, "g")

    assert bracket is not None
    assert bracket.weight_to == weight


def test_a_border_that_may_mean_two_weights_is_never_guessed() -> None:
    with pytest.raises(AmbiguousNumberError):
        bracket_of("até 1.000 kg", "kg")
    assert bracket_of("até 1.000 kg", "kg", ",") == (None, 1000 * KG, False)
    assert bracket_of("até 1.000 kg", "kg", ".") == (None, KG, False)
