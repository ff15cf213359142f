"""Laws of places: a postal code is text in the form of its country, leading zeros kept."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from portes.contract import Origin, Place
from portes.errors import RequestError

ceps = st.integers(0, 99_999_999).map("{:08}".format)
spanish = st.integers(1_000, 52_999).map("{:05}".format)


@given(ceps)
def test_a_brazilian_postal_code_keeps_its_leading_zeros_however_it_is_written(cep: str) -> None:
    written = [cep, f"{cep[:5]}-{cep[5:]}", f"{cep[:2]}.{cep[2:5]}-{cep[5:]}", f" {cep[:5]} {cep[5:]} "]

    assert {Place.parse(text, "BR").postal_code for text in written} == {cep}
    assert Place(country="BR", postal_code=cep).postal_code == cep


@given(spanish)
def test_a_spanish_postal_code_keeps_its_leading_zeros(code: str) -> None:
    assert Place.parse(code, "ES") == Place(country="ES", postal_code=code)


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("01512-651", "BR", "01512651"),
        ("01001", "ES", "01001"),
        ("52999", "ES", "52999"),
        ("AD500", "AD", "AD500"),
        ("ad 500", "AD", "AD500"),
        ("AD-500", "AD", "AD500"),
        ("1100-148", "PT", "1100148"),
        ("0100 148", "PT", "0100148"),
        ("1100", "PT", "1100"),
        ("sw1a 1aa", "GB", "SW1A1AA"),
        ("98000", "MC", "98000"),
    ],
)
def test_each_country_has_its_form(text: str, country: str, code: str) -> None:
    assert Place.parse(text, country) == Place(country=country, postal_code=code)


@pytest.mark.parametrize(
    ("text", "country", "words"),
    [
        ("1512651", "BR", "8 digits without hyphen"),
        ("1512651.0", "BR", "8 digits without hyphen"),
        ("15126.510", "BR", "8 digits without hyphen"),
        ("0-1512651", "BR", "8 digits without hyphen"),
        ("015126510", "BR", "8 digits without hyphen"),
        ("", "BR", "8 digits without hyphen"),
        ("\N{FULLWIDTH DIGIT ZERO}1512651", "BR", "8 digits without hyphen"),
        ("00999", "ES", "5 digits from 01000 to 52999"),
        ("53000", "ES", "5 digits from 01000 to 52999"),
        ("1001", "ES", "5 digits from 01000 to 52999"),
        ("28.013", "ES", "5 digits from 01000 to 52999"),
        ("500", "AD", "AD and 3 digits"),
        ("11001", "PT", "4 or 7 digits without hyphen"),
        ("SW1A_1AA", "GB", "letters and digits without separators"),
    ],
)
def test_another_form_is_refused_with_the_form_to_write(text: str, country: str, words: str) -> None:
    with pytest.raises(RequestError) as refused:
        Place.parse(text, country)

    (problem,) = refused.value.problems
    assert problem.where == "postal_code"
    assert problem.fix.startswith(f"write {words}")


@pytest.mark.parametrize("country", ["br", "BRA", "", "B\n"])
def test_an_unknown_form_of_country_is_refused_before_its_postal_code_is_read(country: str) -> None:
    with pytest.raises(RequestError, match=r"country: is no country code"):
        Place.parse("01512651", country)


@pytest.mark.parametrize(
    ("country", "code"),
    [
        ("BR", "01512-651"),
        ("BR", "1512651"),
        ("BR", "\N{FULLWIDTH DIGIT ZERO}1512651"),
        ("ES", "99999"),
        ("AD", "500"),
        ("PT", "1100-148"),
    ],
)
def test_a_noun_holds_only_the_canonical_text(country: str, code: str) -> None:
    with pytest.raises(ValidationError, match=f"a postal code of {country} is"):
        Place(country=country, postal_code=code)


def test_a_postal_code_is_never_a_number() -> None:
    with pytest.raises(ValidationError, match="postal_code"):
        Place.model_validate({"country": "BR", "postal_code": 12345678})


def origin(**fields: object) -> Origin:
    place = {"country": "BR", "postal_code": "01001000"}
    return Origin.model_validate({"id": 1, "place": place, "calendar": "BR-SP"} | fields)


def test_an_origin_without_a_cut_off_takes_orders_all_day() -> None:
    assert origin().cut_off == time(23, 59, 59)


def test_a_cut_off_is_a_time_of_day_and_never_a_number() -> None:
    assert origin(cut_off="14:00").cut_off == time(14, 0)
    for number in (14, 14.5, True):
        with pytest.raises(ValidationError, match="a number is no date and no time of day"):
            origin(cut_off=number)


@pytest.mark.parametrize("name", ["BR", "BR-SP", "ES-MD", "ES-CT"])
def test_a_calendar_is_named_for_a_country_or_a_region(name: str) -> None:
    assert origin(calendar=name).calendar == name


@pytest.mark.parametrize("name", ["", "br", "Brazil", "BR_SP", "BR-"])
def test_another_name_is_no_calendar(name: str) -> None:
    with pytest.raises(ValidationError, match="calendar"):
        origin(calendar=name)
