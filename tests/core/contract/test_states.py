"""Which state or province a postal code lies in, and what people call it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.contract.states import (
    PlaceError,
    State,
    find_state,
    ranges_of_state,
    state_name,
    state_noun,
    state_of,
    states,
)

CAPITALS = {
    "AC": "69900970", "AL": "57020000", "AM": "69010000", "AP": "68900073", "BA": "40020000", "CE": "60010000",
    "DF": "70040010", "ES": "29010000", "GO": "74003010", "MA": "65010000", "MG": "30110001", "MS": "79002000",
    "MT": "78005000", "PA": "66010000", "PB": "58010000", "PE": "50010000", "PI": "64000020", "PR": "80010000",
    "RJ": "20040020", "RN": "59010000", "RO": "76801000", "RR": "69301000", "RS": "90010000", "SC": "88010000",
    "SE": "49010000", "SP": "01310100", "TO": "77001002",
}  # fmt: skip
"""A code in the middle of each capital, as addresses there have it."""


@pytest.mark.parametrize(("state", "code"), CAPITALS.items())
def test_a_cep_of_a_capital_lies_in_its_state(state: str, code: str) -> None:
    assert state_of("BR", code) == state


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("00999999", ""),
        ("01000000", "SP"),
        ("19999999", "SP"),
        ("20000000", "RJ"),
        ("28999999", "RJ"),
        ("29000000", "ES"),
        ("69299999", "AM"),
        ("69300000", "RR"),
        ("69399999", "RR"),
        ("69400000", "AM"),
        ("69900000", "AC"),
        ("72799999", "DF"),
        ("72800000", "GO"),
        ("72999999", "GO"),
        ("73000000", "DF"),
        ("73699999", "DF"),
        ("73700000", "GO"),
        ("76799999", "GO"),
        ("76800000", "RO"),
        ("77000000", "TO"),
        ("78899999", "MT"),
        ("78900000", "RO"),
        ("79000000", "MS"),
        ("99999999", "RS"),
    ],
)
def test_the_borders_of_states_are_where_the_post_draws_them(code: str, state: str) -> None:
    assert state_of("BR", code) == state


@pytest.mark.parametrize(
    ("code", "province"),
    [("00999", ""), ("01001", "01"), ("07800", "07"), ("28013", "28"), ("35001", "35"), ("52999", "52"), ("53000", "")],
)
def test_a_spanish_code_lies_in_the_province_of_its_first_two_digits(code: str, province: str) -> None:
    assert state_of("ES", code) == province


def test_a_country_without_a_list_has_no_states() -> None:
    assert states("PT") == ()
    assert state_of("PT", "1100148") == ""


@pytest.mark.parametrize(("country", "count", "span"), [("BR", 27, (1000000, 99999999)), ("ES", 52, (1000, 52999))])
def test_the_states_cover_a_country_once_and_without_a_gap(country: str, count: int, span: tuple[int, int]) -> None:
    ranges = sorted(ends for each in states(country) for ends in each.ranges)

    assert len({each.code for each in states(country)}) == count
    assert all(int(last) + 1 == int(first) for (_, last), (first, _) in pairwise(ranges))


@given(st.sampled_from([*states("BR"), *states("ES")]), st.data())
def test_every_code_in_a_range_of_a_state_is_in_that_state(state: State, data: st.DataObject) -> None:
    first, last = data.draw(st.sampled_from(ranges_of_state(state.country, state.code)))
    number = data.draw(st.integers(int(first), int(last)))

    assert state_of(state.country, str(number).zfill(len(first))) == state.code


@pytest.mark.parametrize(
    ("country", "words", "code"),
    [
        ("BR", "SP", "SP"),
        ("BR", "sp", "SP"),
        ("BR", "Sao Paulo", "SP"),
        ("BR", "SÃO PAULO", "SP"),
        ("BR", "Brasília", "DF"),
        ("ES", "28", "28"),
        ("ES", "Vizcaya", "48"),
        ("ES", "bizkaia", "48"),
        ("ES", "Gipuzkoa", "20"),
        ("ES", "Lérida", "25"),
        ("ES", "Girona", "17"),
        ("ES", "La Coruña", "15"),
        ("ES", "Ourense", "32"),
        ("ES", "Islas Baleares", "07"),
        ("ES", "Asturies", "33"),
    ],
)
def test_a_state_goes_by_its_code_and_by_every_name_of_its_languages(country: str, words: str, code: str) -> None:
    assert find_state(country, words).code == code


@pytest.mark.parametrize(
    ("country", "code", "name", "noun"),
    [
        ("BR", "SP", "SP", "state"),
        ("ES", "28", "Madrid", "province"),
        ("ES", "01", "Araba", "province"),
        ("ES", "99", "99", "province"),
        ("ES", "", "", "province"),
        ("PT", "1", "1", "state"),
    ],
)
def test_a_state_is_told_as_people_of_its_country_know_it(country: str, code: str, name: str, noun: str) -> None:
    assert (state_name(country, code), state_noun(country)) == (name, noun)


@pytest.mark.parametrize("country", ["BR", "ES"])
def test_no_two_states_of_a_country_share_a_name(country: str) -> None:
    names = [name for each in states(country) for name in (each.code, *each.names)]

    assert [find_state(country, name).code for name in names] == [
        each.code for each in states(country) for _ in (each.code, *each.names)
    ]


@pytest.mark.parametrize(
    ("country", "words", "cause", "fix"),
    [
        ("BR", "Sao Paolo", "is no state of BR", "did you mean São Paulo?"),
        ("ES", "Vizcaia", "is no state of ES", "did you mean Vizcaya?"),
        ("BR", "XX", "is no state of BR", "write its code, such as TO"),
        (
            "PT",
            "Lisboa",
            "names a state of PT, whose states are not known here",
            "write postal codes; the states of BR and ES are known",
        ),
    ],
)
def test_an_unknown_state_is_an_error_that_says_what_was_meant(country: str, words: str, cause: str, fix: str) -> None:
    with pytest.raises(PlaceError) as error:
        find_state(country, words)

    assert (str(error.value), error.value.fix) == (cause, fix)
