"""Bounds stand in the nouns: each takes its largest value, refuses the next, and names the field."""

from collections.abc import Iterator
from typing import Any

import pytest
from nouns import NOUNS, one_of_each
from pydantic import BaseModel, ValidationError
from pydantic.json_schema import models_json_schema

from portes.contract.base import Noun

SIXTY_FOUR_BITS = 2**63 - 1
SMALL = {type(noun).__name__: noun for noun in one_of_each()}
LIMITED = [
    ("Item", "weight", 100_000_000),
    ("Item", "quantity", 1_000_000),
    ("Item", "size", {"length": 30_000, "width": 30_000, "height": 30_000}),
    ("Item", "declared_value", {"minor": 10_000_000_000, "currency": "BRL"}),
    ("Item", "sku", "s" * 200),
    ("Item", "tags", ["t" * 200] * 100),
    ("QuoteRequest", "id", "i" * 200),
    ("QuoteRequest", "storefront", "f" * 200),
    ("Parcel", "weight", 10_000_000_000_000),
    ("Parcel", "size", {"length": 2_000_000, "width": 2_000_000, "height": 2_000_000}),
    ("Parcel", "value", {"minor": 10**15, "currency": "BRL"}),
    ("Origin", "handling_days", 365),
    ("Origin", "id", 2**31 - 1),
    ("TransitTime", "max", 36_525),
    ("Money", "minor", 10**18),
    ("Failure", "retry_after", 31_622_400),
    ("Rate", "age", 31_622_400),
    ("Service", "extra_cost", 10_000_000_000),
    ("PickupPoint", "distance", 40_100_000),
]


def beyond(value: Any) -> Any:
    """The next larger value."""
    if isinstance(value, dict):
        name = next(iter(value))
        return {**value, name: beyond(value[name])}
    return value + 1 if isinstance(value, int) else value + value[:1]


def changed(name: str, field: str, value: Any) -> Noun:
    noun = SMALL[name]
    return type(noun).model_validate({**noun.model_dump(), field: value})


@pytest.mark.parametrize(("name", "field", "most"), LIMITED)
def test_a_noun_takes_its_bound_and_refuses_the_next_by_name(name: str, field: str, most: Any) -> None:
    changed(name, field, most)

    with pytest.raises(ValidationError) as refused:
        changed(name, field, beyond(most))
    assert refused.value.errors()[0]["loc"][0] == field


def schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field's schema, by noun and field, with those that it is made of."""
    nouns: set[type[BaseModel]] = {*NOUNS, *(type(noun) for noun in one_of_each())}
    _, whole = models_json_schema([(noun, "validation") for noun in sorted(nouns, key=str)])
    for name, noun in whole["$defs"].items():
        for field, schema in noun.get("properties", {}).items():
            yield from ((f"{name}.{field}", part) for part in parts(schema))


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for inner in (*schema.get("anyOf", ()), schema.get("items")):
        if isinstance(inner, dict):
            yield from parts(inner)


def is_loose(part: dict[str, Any]) -> bool:
    kind = part.get("type")
    if kind == "integer":
        least, most = part.get("minimum", -(2**64)), part.get("maximum", 2**64)
        return not -SIXTY_FOUR_BITS <= least <= most <= SIXTY_FOUR_BITS
    if kind == "string":
        return part.keys().isdisjoint(("maxLength", "enum", "format", "pattern", "const"))
    return kind == "array" and "maxItems" not in part


OWN_LISTS = {"Quote.lines", "Quote.uncertain", "QuoteLine.offers", "QuoteLine.refusals", "QuoteLine.failures"}
"""Lists that nobody gives us: we make them, of what is bounded."""


def test_every_number_text_and_list_of_every_noun_has_an_upper_bound() -> None:
    assert {where for where, part in schemas() if is_loose(part)} - OWN_LISTS == set()


def test_nothing_that_can_only_be_zero_or_more_is_below_it() -> None:
    allowed = {"Money.minor"}
    negative = {where for where, part in schemas() if part.get("type") == "integer" and part.get("minimum", -1) < 0}

    assert negative == allowed


@pytest.mark.parametrize(("name", "field"), [("Item", "declared_value"), ("Parcel", "value"), ("Offer", "price")])
def test_what_goods_are_worth_and_what_they_cost_is_never_negative(name: str, field: str) -> None:
    with pytest.raises(ValidationError, match="below zero"):
        changed(name, field, {"minor": -5, "currency": "BRL"})
