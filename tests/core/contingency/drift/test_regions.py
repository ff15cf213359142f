"""Which part of which state a postal code is counted in, at the ends of a country's codes too."""

import pytest

from portes.contingency.drift.regions import NOWHERE, StateParts


@pytest.mark.parametrize(("country", "code"), [("BR", "00999999"), ("ES", "00999"), ("ES", "53000"), ("PT", "1000001")])
def test_a_code_before_the_first_state_after_the_last_or_of_unlisted_states_lies_nowhere(
    country: str, code: str
) -> None:
    assert StateParts(country).of(code) == NOWHERE


@pytest.mark.parametrize(
    ("country", "code", "state", "part"),
    [
        ("BR", "01000000", "SP", "capital"),
        ("BR", "99999999", "RS", "interior"),
        ("BR", "70000000", "DF", "capital"),
        ("ES", "01001", "01", "capital"),
        ("ES", "52999", "52", "capital"),
    ],
)
def test_the_first_and_last_codes_of_a_country_and_states_that_are_all_capital_have_a_part(
    country: str, code: str, state: str, part: str
) -> None:
    found = StateParts(country).of(code)

    assert (found.state, found.part) == (state, part)
    assert any(first <= code <= last for first, last in found.ranges)
