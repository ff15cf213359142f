"""Capitals, interiors, towns and islands by name, as ranges of postal codes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.contract.states import PlaceError, Ranges, find_state, state_of, states
from portes.tables.places.listed import ListedPlace, listed_places
from portes.tables.places.lookup import OWN_LIST, part_of, ranges_of, ranges_of_town

CAPITALS = {
    "AC": ("Rio Branco", "69900970"), "AL": ("Maceió", "57020000"), "AM": ("Manaus", "69010000"),
    "AP": ("Macapá", "68900073"), "BA": ("Salvador", "40020000"), "CE": ("Fortaleza", "60010000"),
    "DF": ("Brasília", "70040010"), "ES": ("Vitória", "29010000"), "GO": ("Goiânia", "74003010"),
    "MA": ("São Luís", "65010000"), "MG": ("Belo Horizonte", "30110001"), "MS": ("Campo Grande", "79002000"),
    "MT": ("Cuiabá", "78005000"), "PA": ("Belém", "66010000"), "PB": ("João Pessoa", "58010000"),
    "PE": ("Recife", "50010000"), "PI": ("Teresina", "64000020"), "PR": ("Curitiba", "80010000"),
    "RJ": ("Rio de Janeiro", "20040020"), "RN": ("Natal", "59010000"), "RO": ("Porto Velho", "76801000"),
    "RR": ("Boa Vista", "69301000"), "RS": ("Porto Alegre", "90010000"), "SC": ("Florianópolis", "88010000"),
    "SE": ("Aracaju", "49010000"), "SP": ("São Paulo", "01310100"), "TO": ("Palmas", "77001002"),
}  # fmt: skip
"""Each capital, and a code in the middle of it."""
ALL = [
    (country, place)
    for country in ("BR", "ES")
    for each in states(country)
    for place in listed_places(country, each.code)
]
TOWNS = [place for country, place in ALL if country == "BR" and place.part != "metropolitan"]


def held(code: str, ranges: Ranges) -> bool:
    return any(first <= code <= last for first, last in ranges)


@pytest.mark.parametrize(("state", "name", "code"), [(state, *known) for state, known in CAPITALS.items()])
def test_a_capital_goes_by_its_name_and_as_a_part_of_its_state(state: str, name: str, code: str) -> None:
    assert held(code, ranges_of("BR", state, "capital"))
    assert ranges_of_town("BR", state, name) == ranges_of("BR", state, "capital")


@pytest.mark.parametrize("country", ["BR", "ES"])
def test_capital_and_interior_are_the_whole_state_and_share_no_code(country: str) -> None:
    for state in states(country):
        if state.code in {"DF", "51", "52"}:
            continue
        capital, interior = ranges_of(country, state.code, "capital"), ranges_of(country, state.code, "interior")
        spans = sorted((int(first), int(last)) for first, last in capital + interior)
        whole = sum(int(last) - int(first) + 1 for first, last in state.ranges)

        assert all(last < first for (_, last), (first, _) in pairwise(spans)), state.code
        assert sum(last - first + 1 for first, last in spans) == whole, state.code


@pytest.mark.parametrize(
    ("state", "interior"),
    [
        ("SP", (("06000000", "07999999"), ("08500000", "19999999"))),
        ("AM", (("69100000", "69299999"), ("69400000", "69899999"))),
        ("RO", (("76850000", "76999999"), ("78931000", "78999999"))),
        ("PR", (("83000000", "87999999"),)),
    ],
)
def test_the_interior_is_the_state_without_its_capital(state: str, interior: Ranges) -> None:
    assert ranges_of("BR", state, "interior") == interior


@pytest.mark.parametrize(("country", "state"), [("BR", "DF"), ("ES", "51"), ("ES", "52")])
def test_a_state_that_is_all_capital_has_no_interior(country: str, state: str) -> None:
    with pytest.raises(PlaceError, match="has no interior: all of it is its capital"):
        ranges_of(country, state, "interior")


def test_a_metropolitan_region_is_what_lies_around_the_capital() -> None:
    assert ranges_of("BR", "São Paulo", "metropolitan") == (("06000000", "07999999"), ("08500000", "09999999"))
    assert ranges_of_town("BR", "MG", "Grande BH") == ranges_of("BR", "MG", "metropolitan")
    assert ranges_of_town("BR", "SP", "Osasco") == (("06000000", "06299999"),)


def test_a_metropolitan_region_that_nobody_publishes_needs_the_carriers_list() -> None:
    with pytest.raises(PlaceError, match="has no metropolitan part whose postal codes are published") as error:
        ranges_of("BR", "RS", "metropolitan")

    assert error.value.fix == "give the carrier's list of places, beside = { places = FILE } (--beside places=FILE)"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("Capital", "capital"),
        ("CAP.", "capital"),
        ("capital", "capital"),
        ("INT", "interior"),
        ("Interior", "interior"),
        ("Resto", "interior"),
        ("Região Metropolitana", "metropolitan"),
        ("REGIAO-METROPOLITANA", "metropolitan"),
        ("Área metropolitana", "metropolitan"),
        ("Metropolitan area", "metropolitan"),
        ("R.M.", "metropolitan"),
        ("Todos", "all"),
        ("todas", "all"),
        ("State", "all"),
    ],
)
def test_parts_go_by_their_words_in_portuguese_spanish_and_english(words: str, part: str) -> None:
    assert part_of(words) == part


@pytest.mark.parametrize("words", ["Interior 1", "INT2", "Interior II", "Capital 2"])
def test_a_numbered_interior_is_never_taken_for_the_whole_one(words: str) -> None:
    with pytest.raises(PlaceError) as error:
        part_of(words)

    assert str(error.value) == "is a part of the state that each carrier draws otherwise"
    assert error.value.fix == "give the carrier's list of places, beside = { places = FILE } (--beside places=FILE)"


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        ("Interiol", "did you mean Interior?"),
        ("zzz", f"write Capital, Interior, Região metropolitana or Todos, or {OWN_LIST}"),
    ],
)
def test_an_unknown_part_is_an_error_that_names_the_known_ones(words: str, fix: str) -> None:
    with pytest.raises(PlaceError) as error:
        part_of(words)

    assert (error.value.words, str(error.value), error.value.fix) == (words, "is no part of a state", fix)


@pytest.mark.parametrize(
    ("state", "town", "ranges"),
    [
        ("SC", "Blumenau", (("89000000", "89079999"),)),
        ("RO", "ALTA FLORESTA D OESTE", (("76954000", "76955999"),)),
        ("RO", "Alta Floresta d'Oeste", (("76954000", "76955999"),)),
        ("BA", "xique-xique", (("47400000", "47439999"),)),
        ("BA", "Xique Xique", (("47400000", "47439999"),)),
        ("SP", "S. Bernardo do Campo", (("09600000", "09899999"),)),
        ("MG", "S. Luzia", (("33000000", "33199999"),)),
        ("MG", "Sto. Antonio do Monte", (("35560000", "35564999"),)),
        ("RN", "Açu", (("59650000", "59654999"),)),
        ("RN", "Assú", (("59650000", "59654999"),)),
        ("RJ", "Nova Iguaçu", (("26000000", "26099999"), ("26200000", "26299999"))),
    ],
)
def test_a_town_goes_by_its_name_however_it_is_written(state: str, town: str, ranges: Ranges) -> None:
    found = ranges_of_town("BR", state, town)

    assert found == ranges


@pytest.mark.parametrize(
    ("state", "town", "ranges"),
    [
        ("Baleares", "Mallorca", (("07000", "07699"),)),
        ("07", "Menorca", (("07700", "07799"),)),
        ("07", "Eivissa", (("07800", "07859"),)),
        ("35", "Lanzarote", (("35500", "35599"),)),
        ("Santa Cruz de Tenerife", "La Palma", (("38700", "38799"),)),
        ("38", "El Hierro", (("38900", "38999"),)),
        ("Vizcaya", "Bilbao", (("48000", "48099"),)),
        ("Gipuzkoa", "San Sebastián", (("20000", "20099"),)),
    ],
)
def test_islands_and_capitals_of_spain_go_by_their_names(state: str, town: str, ranges: Ranges) -> None:
    assert ranges_of_town("ES", state, town) == ranges


def test_an_unknown_town_is_an_error_that_says_what_was_meant() -> None:
    with pytest.raises(PlaceError, match="is no town of SC that we have a list of") as error:
        ranges_of_town("BR", "SC", "Blumenal")

    assert error.value.fix == (
        "did you mean Blumenau? If not, write the postal codes of a district, which no list of ours has, "
        "or give the carrier's list of places, beside = { places = FILE } (--beside places=FILE)"
    )


def test_a_town_of_another_state_is_none_of_this_one() -> None:
    with pytest.raises(PlaceError, match="is no town of PR"):
        ranges_of_town("BR", "PR", "Blumenau")


def test_every_range_of_a_list_lies_in_its_state() -> None:
    strange = [
        (country, place.names[0], span)
        for country, place in ALL
        for span in place.ranges
        if span[0] > span[1]
        or not any(low <= span[0] and span[1] <= high for low, high in find_state(country, place.state).ranges)
    ]

    assert strange == []


def test_no_code_of_brazil_is_of_two_towns() -> None:
    spans = sorted((first, last, place.names[0]) for place in TOWNS for first, last in place.ranges)

    assert len(TOWNS) == 5570
    assert [(one, other) for one, other in pairwise(spans) if one[1] >= other[0]] == []


def test_towns_leave_no_code_of_a_state_out_but_rondonias_old_ones() -> None:
    listed = sum(int(last) - int(first) + 1 for place in TOWNS for first, last in place.ranges)
    whole = sum(int(last) - int(first) + 1 for each in states("BR") for first, last in each.ranges)

    assert whole - listed == 69_000


@pytest.mark.parametrize("country", ["BR", "ES"])
def test_every_state_has_one_capital(country: str) -> None:
    capitals = [place.state for listed, place in ALL if listed == country and place.part == "capital"]

    assert capitals == [each.code for each in states(country)]


def test_every_name_of_a_list_finds_its_own_place() -> None:
    strange = [
        (name, place.state)
        for country, place in ALL
        for name in place.names
        if ranges_of_town(country, place.state, name) != place.ranges
    ]

    assert strange == []


@given(st.sampled_from(TOWNS), st.data())
def test_a_code_inside_a_towns_range_is_in_the_towns_state(town: ListedPlace, data: st.DataObject) -> None:
    first, last = data.draw(st.sampled_from(town.ranges))
    code = str(data.draw(st.integers(int(first), int(last)))).zfill(8)

    assert state_of("BR", code) == town.state
    assert held(code, ranges_of("BR", town.state, "capital")) == (town.part == "capital")


@given(st.sampled_from(TOWNS), st.data())
def test_a_town_is_found_whatever_the_case_and_the_signs_between_words(town: ListedPlace, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(town.names))
    written = "".join(data.draw(st.sampled_from((sign.upper(), sign.lower()))) for sign in name)
    written = written.replace(" ", data.draw(st.sampled_from((" ", "-", "  ", "_"))))

    assert ranges_of_town("BR", town.state, f" {written}.") == town.ranges
