"""Laws of every noun: frozen, strict, and the same after a trip through JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nouns import NOUNS, nouns_in, one_of_each
from pydantic import ValidationError

import portes.contract
from portes.contract.base import Noun

EACH = pytest.mark.parametrize("noun", one_of_each(), ids=lambda noun: type(noun).__name__)


def test_every_noun_of_the_contract_is_held_to_these_laws() -> None:
    exported = {getattr(portes.contract, name) for name in portes.contract.__all__}
    nouns = {noun for noun in exported if isinstance(noun, type) and issubclass(noun, Noun)}

    assert {type(noun) for noun in one_of_each()} == nouns


@given(st.one_of(*NOUNS.values()))
def test_a_noun_is_the_same_after_a_trip_through_json(noun: Noun) -> None:
    assert type(noun).model_validate_json(noun.model_dump_json()) == noun
    assert type(noun).model_validate(noun.model_dump(mode="json")) == noun
    assert type(noun).model_validate(noun.model_dump()) == noun


@given(st.one_of(*NOUNS.values()))
def test_json_holds_no_float_and_keeps_postal_codes_as_text(noun: Noun) -> None:
    for part in nouns_in(noun):
        written = part.model_dump(mode="json")
        assert not any(isinstance(value, float) for value in written.values())
        assert isinstance(written.get("postal_code", ""), str)


@EACH
def test_a_noun_cannot_be_changed(noun: Noun) -> None:
    name = next(iter(type(noun).model_fields))

    with pytest.raises(ValidationError, match="frozen"):
        setattr(noun, name, getattr(noun, name))


@EACH
def test_equal_nouns_are_one_key(noun: Noun) -> None:
    twin = type(noun).model_validate_json(noun.model_dump_json())

    assert len({noun, twin}) == 1


@EACH
def test_an_unknown_field_is_an_error_at_the_door(noun: Noun) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        type(noun).model_validate(noun.model_dump() | {"wieght": 1})


@EACH
def test_neither_a_float_nor_a_truth_value_nor_text_passes_as_a_whole_number(noun: Noun) -> None:
    written = noun.model_dump()
    numbers = [name for name, value in written.items() if type(value) is int]

    for name in numbers:
        for impostor in (float(written[name]), True, str(written[name])):
            with pytest.raises(ValidationError, match=name):
                type(noun).model_validate(written | {name: impostor})


@EACH
def test_a_number_does_not_pass_as_text(noun: Noun) -> None:
    written = noun.model_dump()

    for name in [name for name, value in written.items() if type(value) is str]:
        with pytest.raises(ValidationError, match=name):
            type(noun).model_validate(written | {name: 1})
