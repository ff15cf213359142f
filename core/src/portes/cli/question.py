"""A question as flags of the command line say it."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from portes.contract import Dimensions, Item, Money, Place, QuoteRequest
from portes.contract.bounds import LONGEST_NAME, MOST_QUANTITY
from portes.contract.measures import parse_weight
from portes.errors import Problem, RequestError, shown

T = TypeVar("T")

_UNITS: Final = re.compile(r"0*[1-9][0-9]{0,8}")
_FORM: Final = "write SKU:QUANTITY:WEIGHT:SIZE or SKU:QUANTITY:WEIGHT:SIZE:VALUE, such as sku-1:2:0.5kg:10x10x25cm"


def read_question(items: Sequence[str], to: str, country: str, currency: str, **more: str) -> QuoteRequest:
    """The request for a postal code and items such as `sku-1:2:0.5kg:10x10x25cm:129.90`.

    `more` are the request's own fields: store, channel, storefront. Raises `RequestError` naming every flag
    that is wrong.
    """
    reading = _FlagReader(currency)
    place = reading.attempt("--to", lambda: Place.parse(to, country))
    lines = [reading.item(f"--item {number}", text) for number, text in enumerate(items, start=1)]
    if not items:
        reading.problems.append(Problem("--item", "", "is missing", _FORM))
    if reading.problems:
        raise RequestError(reading.problems)
    return QuoteRequest.model_validate({"destination": place, "lines": lines, "currency": currency, **more})


class _FlagReader:
    def __init__(self, currency: str) -> None:
        self._currency = currency
        self.problems: list[Problem] = []

    def item(self, where: str, text: str) -> Item | None:
        parts, before = text.split(":"), len(self.problems)
        if len(parts) not in {4, 5}:
            self.problems.append(Problem(where, shown(text), f"has {len(parts)} parts", _FORM))
            return None
        sku, quantity, weight, size, *value = parts
        fields: dict[str, Any] = {
            "sku": self.attempt(where, lambda: _sku(sku)),
            "quantity": self.attempt(where, lambda: _quantity(quantity)),
            "weight": self.attempt(where, lambda: parse_weight(weight)),
            "size": self.attempt(where, lambda: Dimensions.parse(size)),
            "declared_value": self.attempt(where, lambda: _worth(value[0], self._currency)) if value else None,
        }
        return None if len(self.problems) > before else self._made(where, fields)

    def _made(self, where: str, fields: dict[str, Any]) -> Item | None:
        """The item of these fields; None when one is beyond its bound, which is noted."""
        try:
            return Item.model_validate(fields)
        except ValidationError as error:
            for found in error.errors(include_url=False, include_context=False):
                cause = f"{' '.join(map(str, found['loc']))}: {found['msg']}"
                self.problems.append(Problem(where, found["input"], cause, _FORM))
        return None

    def attempt(self, where: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except RequestError as error:
            self.problems += [Problem(where, bad.value, f"{bad.where} {bad.cause}", bad.fix) for bad in error.problems]
        return None


def _worth(text: str, currency: str) -> Money:
    worth = Money.parse(text, currency)
    if worth.minor < 0:
        raise RequestError(Problem("declared value", shown(text), "is below zero", "write what one unit is worth"))
    return worth


def _sku(text: str) -> str:
    if not 0 < len(text) <= LONGEST_NAME:
        raise RequestError(Problem("sku", shown(text), f"has {len(text)} characters", f"write 1 to {LONGEST_NAME}"))
    return text


def _quantity(text: str) -> int:
    if not _UNITS.fullmatch(text):
        fix = f"write a number from 1 to {MOST_QUANTITY}"
        raise RequestError(Problem("quantity", shown(text), "is no number of units", fix))
    return int(text)
