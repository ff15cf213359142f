"""A carrier's list of places: zones, regions and towns, by postal codes or by name."""

import pytest

from portes.contract.states import PlaceError
from portes.errors import Problem, Problems
from portes.tables import ReadOptions
from portes.tables.places.place_list import COLUMNS, PlaceList
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column
from portes.tables.reading.sheets import open_sheets

BRAZIL = ReadOptions(country="BR", currency="BRL")
LIST = """zone,state,region,town,postal_from,postal_to
SP-CAP,SP,Capital,,,
SP-INT2,SP,,Campinas,,
SP-INT2,SP,,,13100-000,13139-999
SP-INT2,SP,,Jundiaí,13200000,13219999
PR1,PR,,Ponta Grossa,,
,SC,Interior 2,Chapecó,,
,SC,Interior 2,Xanxerê,89820000,89824999
,SC,INT,Lages,,
"""


def read(text: str, **more: object) -> tuple[PlaceList, tuple[Problem, ...]]:
    problems = Problems()
    places = PlaceList.read(open_sheets(text.encode(), BRAZIL, problems), BRAZIL, problems, **more)  # type: ignore[arg-type]
    return places, problems.all()


def listed(text: str = LIST) -> PlaceList:
    places, problems = read(text)
    assert problems == ()
    return places


def test_a_zone_is_the_places_of_all_its_rows_by_codes_and_by_name() -> None:
    places = listed()

    assert places.ranges("SP-CAP") == (("01000000", "05999999"), ("08000000", "08499999"))
    assert places.ranges("sp int2") == (("13000000", "13139999"), ("13200000", "13219999"))
    assert [each.line for each in places.of_zone("SP-INT2")] == [3, 4, 5]


@pytest.mark.parametrize("titles", ["Praças atendidas\n", "Praças atendidas\n\nem 2026\n", "Zone\nA, B\n\nC\n"])
def test_a_list_is_found_below_its_titles_though_it_needs_no_column(titles: str) -> None:
    assert listed(titles + LIST).ranges("SP-INT2") == listed().ranges("SP-INT2")


def test_a_zone_without_places_is_an_error_that_names_a_near_one() -> None:
    with pytest.raises(PlaceError, match="is a zone without any place in the list of places") as error:
        listed().ranges("SP-INT3")

    assert (error.value.words, error.value.fix) == ("SP-INT3", "did you mean SP-INT2?")


def test_zones_that_no_tariff_prices_are_named_in_order() -> None:
    assert listed().unused(["sp-cap"]) == ("SP-INT2", "PR1")
    assert listed().unused(["SP-CAP", "SP-INT2", "PR1"]) == ()


def test_a_numbered_region_is_what_the_list_counts_to_it() -> None:
    places = listed()

    assert places.has_region("SC", "INTERIOR 2")
    assert places.ranges_of_region("Santa Catarina", "interior 2") == (
        ("89800000", "89816999"),
        ("89820000", "89824999"),
    )


def test_a_region_goes_by_any_of_its_words() -> None:
    assert listed().ranges_of_region("SC", "Interior") == listed().ranges_of_town("SC", "Lages")


def test_a_region_that_the_list_lacks_is_an_error() -> None:
    assert not listed().has_region("SC", "Interior 3")
    with pytest.raises(PlaceError, match="is a region of SC without any place in the list of places"):
        listed().ranges_of_region("SC", "Interior 3")


def test_the_codes_of_the_list_win_over_our_own_for_a_town() -> None:
    places = listed()

    assert places.has_town("SP", "JUNDIAI")
    assert places.ranges_of_town("SP", "Jundiaí") == (("13200000", "13219999"),)


def test_an_abbreviation_that_may_stand_for_two_towns_is_refused() -> None:
    places = listed(LIST + "X,SP,,São Firmino,19900000,19900999\nX,SP,,Santo Firmino,19901000,19901999\n")

    assert places.ranges_of_town("SP", "Sto. Firmino") == (("19901000", "19901999"),)
    with pytest.raises(PlaceError) as error:
        places.ranges_of_town("SP", "S. Firmino")
    assert (str(error.value), error.value.fix) == ("may be São Firmino or Santo Firmino", "write the name in full")


def test_a_town_that_the_list_lacks_is_an_error_that_names_a_near_one() -> None:
    with pytest.raises(PlaceError, match="is no town of SP in the list of places") as error:
        listed().ranges_of_town("SP", "Jundiai do Sul")

    assert error.value.fix.startswith("did you mean Jundiaí?")


def test_a_list_keeps_what_stands_in_the_formats_own_columns_under_the_files_own_names() -> None:
    names = ("sigla", "uf", "regiao", "cidade", "cep_inicial", "cep_final")
    columns = tuple(Column(name, one.read, one.blank) for name, one in zip(names, COLUMNS, strict=True))
    extra = (Column("prazo", Cells.days),)
    text = "uf;cidade;sigla;cep_inicial;cep_final;prazo\nSP;Campinas;SP2;13000-000;13139-999;4\n"

    places, problems = read(text, columns=columns, extra=extra)

    assert problems == ()
    assert [each.values for each in places.of_zone("SP2")] == [(4,)]


@pytest.mark.parametrize(
    ("row", "where", "value", "cause", "fix"),
    [
        ("Z,XX,,Campinas,,", "state", "XX", "is no state of BR", "write its code, such as TO"),
        (
            "Z,SP,,Campina,,",
            "town",
            "Campina",
            "is no town of SP that we have a list of",
            (
                "did you mean Campinas? If not, write the postal codes of a district, which no list of ours has, "
                "or give the carrier's list of places, beside = { places = FILE } (--beside places=FILE)"
            ),
        ),
        (
            "Z,SP,Interior 1,,,",
            "region",
            "Interior 1",
            "is a part of the state that each carrier draws otherwise",
            "give the carrier's list of places, beside = { places = FILE } (--beside places=FILE)",
        ),
        (
            "Z,RS,Região Metropolitana,,,",
            "region",
            "Região Metropolitana",
            "has no metropolitan part whose postal codes are published",
            "give the carrier's list of places, beside = { places = FILE } (--beside places=FILE)",
        ),
        ("Z,,,,,", "row", "", "names no place", "write postal codes, or a state with a town or a part of it"),
        (
            "Z,,,Campinas,,",
            "town",
            "Campinas",
            "names no place",
            "write postal codes, or a state with a town or a part of it",
        ),
        (
            "Z,SP,,,13000000,",
            "postal range",
            "13000000-",
            "has one end only",
            "write both, the same code twice if need be",
        ),
        (
            "Z,SP,,,13139999,13000000",
            "postal range",
            "13139999-13000000",
            "runs backwards",
            "swap or correct the two values",
        ),
        (
            "Z,SP,,,1310000,13199999",
            "postal range",
            "01310000-13199999",
            "lost a digit at one end",
            "write both ends with all their digits",
        ),
    ],
)
def test_a_row_that_names_no_known_place_is_a_problem_at_its_cell(
    row: str, where: str, value: str, cause: str, fix: str
) -> None:
    places, (wrong,) = read(LIST + row + "\n")

    assert (wrong.where, wrong.value, wrong.cause, wrong.fix, wrong.line) == (where, value, cause, fix, 10)
    assert len(places.places) == 8


def test_a_list_has_the_headers_that_carriers_give_it() -> None:
    places = listed(
        "Sigla;UF;Região;Cidade;CEP Inicial;CEP Final\n"
        "A;SP;;;01.310-100;01310-999\nA;SC;;Blumenau;;\n;PR;INTERIOR 1;Londrina;;\n"
    )

    assert places.ranges("a")[0] == ("01310100", "01310999")
    assert [(each.state, each.town, each.region) for each in places.places] == [
        ("SP", "", ""),
        ("SC", "Blumenau", ""),
        ("PR", "Londrina", "INTERIOR 1"),
    ]


def test_days_and_decoration_of_a_list_are_told_as_not_used() -> None:
    problems = Problems()
    text = "Zona;CEP de;CEP até;Prazo;Filial\nA;01000000;01999999;3;505\n"
    places = PlaceList.read(open_sheets(text.encode(), BRAZIL, problems), BRAZIL, problems)

    assert (len(places.places), problems.all()) == (1, ())
    assert problems.notes == ("column Prazo is not used", "column Filial is not used")


def test_a_fee_in_a_list_that_takes_none_is_a_problem() -> None:
    (wrong,) = read("zone;CEP de;CEP até;TDA\nA;01000000;01999999;9,90\n")[1]

    assert (wrong.value, wrong.cause) == ("TDA", "is no column of this format")


@pytest.mark.parametrize("text", ["Esta lista segue em breve\n", "zone,state,town\n"])
def test_a_list_without_any_place_is_a_problem(text: str) -> None:
    (wrong,) = read(text)[1]

    assert wrong.cause.startswith(("no line names the columns of this format", "there is no place in the list"))
