"""Laws of a question: at least one line, duplicates kept, one currency."""

import pytest
from pydantic import ValidationError

from portes.contract import Dimensions, Item, Money, Place, QuoteRequest

ITEM = Item(sku="sku-1", quantity=2, weight=500, size=Dimensions(length=100, width=100, height=250))


def question(*lines: Item) -> QuoteRequest:
    destination = Place(country="BR", postal_code="01512651")
    return QuoteRequest(channel="netshoes", store="demo", destination=destination, lines=lines, currency="BRL")


def test_a_question_has_at_least_one_line() -> None:
    with pytest.raises(ValidationError, match="lines"):
        question()


def test_duplicate_lines_stay_separate_and_in_order() -> None:
    other = ITEM.model_copy(update={"quantity": 7})

    assert [line.quantity for line in question(ITEM, other, ITEM).lines] == [2, 7, 2]


def test_a_value_declared_in_another_currency_is_refused_by_its_line() -> None:
    euros = ITEM.model_copy(update={"declared_value": Money(minor=1, currency="EUR")})

    with pytest.raises(ValidationError, match=r"lines.1.declared_value is in EUR, not in BRL"):
        question(ITEM, euros)


def test_an_asker_without_an_id_or_a_storefront_is_understood() -> None:
    assert (question(ITEM).id, question(ITEM).storefront) == ("", "")
