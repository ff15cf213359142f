"""The format `axado`: routes between towns, and prices for each kg in a file of their own."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from portes.errors import Problem
from portes.tables import FoundRow, NoRow, PricedLoad, RateTable, ReadOptions, Tariff, TariffPricer, Tax, open_table

Opened = Callable[..., RateTable]
Told = Callable[..., tuple[Problem, ...]]

SAMPLES = Path(__file__).parent / "samples"
PERCENT = 10**6
TOWNS = {
    "florianopolis": "88010000",
    "brasilia": "70040010",
    "curitiba": "80010000",
    "valparaiso": "72870000",
}
UP = {"component_unit": 1, "rounding": "up"}
"""Amounts kept to the millionth of a cent, and the price rounded up once, at the end."""
ROUTES = "origem,destino,limite,prazo,seguro,icms,alfandega,kg,fixa\n"
ROUTE = f"{ROUTES}florianopolis,brasilia,,2,,,,a,\n"
PRICES = "nome,inicial,final,preco\na,0,10,2\na,10,20,1.5\na,21,,1\n"


@cache
def published(routes: str, prices: str) -> RateTable:
    beside = {
        "prices": (SAMPLES / prices).read_bytes(),
        "places": (SAMPLES / "axado-places.csv").read_bytes(),
    }
    return open_table(SAMPLES / routes, "axado", ReadOptions(country="BR", currency="BRL", hole="fail", beside=beside))


def found(table: RateTable, grams: int, destination: str = "70040010", origin: str = "88010000") -> FoundRow | NoRow:
    return table.find("", destination, grams, origin)


@pytest.mark.parametrize(
    ("origin", "destination", "invoice", "grams", "first", "second"),
    [
        ("florianopolis", "brasilia", 5000, 7_000, (3, 10_479), (2, 10_905)),
        ("curitiba", "florianopolis", 12_050, 80_000, (4, 86_023), (4, 68_662)),
        ("florianopolis", "curitiba", 20_000, 25_000, (3, 27_979), (2, 37_675)),
        ("brasilia", "florianopolis", 100_000, 500, (3, 3777), (2, 2660)),
    ],
)
def test_the_companys_own_cases_come_out_to_the_cent(
    origin: str, destination: str, invoice: int, grams: int, first: tuple[int, int], second: tuple[int, int]
) -> None:
    """The first is printed with the test's data, for both tables; the others follow from its rules."""
    six = Tariff(tax=Tax("inside", {("*", "*"): 6 * PERCENT}), **UP)  # type: ignore[arg-type]
    stated = Tariff(**UP)  # type: ignore[arg-type]
    for names, tariff, expected in (
        (("axado-routes.csv", "axado-prices.csv"), six, first),
        (("axado-routes-2.tsv", "axado-prices-2.tsv"), stated, second),
    ):
        row = found(published(*names), grams, TOWNS[destination], TOWNS[origin])
        assert isinstance(row, FoundRow)
        cost = TariffPricer(tariff).charge(row, PricedLoad(grams * 1000, invoice)).cost
        assert (row.terms.days_max, cost) == expected


def test_a_bracket_holds_its_beginning_and_not_its_end(opened: Opened) -> None:
    table = opened(ROUTE, "axado", hole="fail", beside={"prices": PRICES.encode()})

    rates = [found(table, grams) for grams in (9_999, 10_000, 19_999, 21_000)]
    assert [row.terms.extra_per_kg // 10**6 for row in rates if isinstance(row, FoundRow)] == [200, 150, 150, 100]


def test_what_lies_between_two_brackets_is_a_hole_and_no_refusal(opened: Opened) -> None:
    table = opened(ROUTE, "axado", hole="fail", beside={"prices": PRICES.encode()})

    assert [found(table, grams) for grams in (20_000, 20_999)] == [NoRow.HOLE, NoRow.HOLE]


def test_the_limit_itself_is_served_and_what_is_heavier_is_not(opened: Opened) -> None:
    routes = f"{ROUTES}florianopolis,brasilia,15,2,,,,a,\n"
    table = opened(routes, "axado", beside={"prices": PRICES.encode()})

    assert isinstance(found(table, 15_000), FoundRow)
    assert found(table, 15_001) is NoRow.ABOVE


def test_a_limit_where_no_bracket_has_a_price_is_a_problem(problems: Told) -> None:
    (wrong,) = problems(f"{ROUTES}florianopolis,brasilia,20.5,2,,,,a,\n", "axado", beside={"prices": PRICES.encode()})

    assert (wrong.where, wrong.cause) == ("limite", "lies where no bracket has a price")


def test_without_the_file_of_prices_one_sentence_says_what_is_missing(problems: Told) -> None:
    (wrong,) = problems(ROUTE, "axado")

    assert (wrong.cause, wrong.fix) == (
        "the file of prices for each kg is missing",
        "give it, beside = { prices = FILE } (--beside prices=FILE)",
    )


def test_a_name_without_prices_is_a_problem(problems: Told) -> None:
    (wrong,) = problems(f"{ROUTES}florianopolis,brasilia,,2,,,,b,\n", "axado", beside={"prices": PRICES.encode()})

    assert (wrong.where, wrong.value, wrong.cause) == ("kg", "b", "is no name in the file of prices")


def test_brackets_that_overlap_or_run_backwards_are_problems_of_the_file_of_prices(problems: Told) -> None:
    for line, cause in (
        ("a,5,12,3", "the bracket overlaps another of its name"),
        ("a,9,9,3", "the bracket runs backwards"),
    ):
        told = problems(ROUTE, "axado", beside={"prices": f"{PRICES}{line}\n".encode()})
        assert ("prices", cause) in [(str(one.file), one.cause) for one in told]


def test_a_town_by_name_is_told_in_a_note_and_one_that_many_states_have_is_a_problem(
    opened: Opened, problems: Told
) -> None:
    beside = {"prices": PRICES.replace("a,21", "a,20").encode()}
    table = opened(f"{ROUTES}florianopolis,saojose,,2,,,,a,\n", "axado", beside=beside)
    (wrong,) = problems(f"{ROUTES}florianopolis,bom jesus,,2,,,,a,\n", "axado", beside=beside)

    assert "saojose is taken for São José/SC" in table.summary.notes
    assert (wrong.where, wrong.value) == ("destino", "bom jesus")
    assert wrong.cause == "is a town of GO, PB, PI, RN, RS, SC"


def test_the_carriers_list_says_which_place_a_name_is() -> None:
    table = published("axado-routes.csv", "axado-prices.csv")

    assert isinstance(found(table, 500, TOWNS["valparaiso"]), FoundRow)  # in Goiás; a town of São Paulo has the name


def test_a_route_prices_from_its_origin_alone() -> None:
    table = published("axado-routes.csv", "axado-prices.csv")

    assert found(table, 500, TOWNS["curitiba"], TOWNS["brasilia"]) in (NoRow.RANGE, NoRow.ORIGIN)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "windows-1252"])
@pytest.mark.parametrize(("comma", "point"), [(";", ","), ("\t", ".")])
def test_routes_are_the_same_however_they_are_saved(opened: Opened, encoding: str, comma: str, point: str) -> None:
    routes = f"{ROUTES}florianópolis,brasília,,2,1.5,6,,a,3.25\n"
    prices = PRICES.replace("a,21", "a,20")
    plain = opened(routes, "axado", beside={"prices": prices.encode()})
    sent, sent_prices = (
        text.replace(".", "?").replace(",", comma).replace("?", point).encode(encoding)
        for text in (f"\n{routes}{',' * 8}\n\n", prices)
    )

    table = opened(sent, "axado", beside={"prices": sent_prices})
    assert found(table, 12_000) == found(plain, 12_000)
    assert isinstance(found(table, 12_000), FoundRow)
