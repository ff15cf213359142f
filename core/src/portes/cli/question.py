"""A question as a file in a channel's words says it, or flags of the command line."""

import re
from collections.abc import Callable, Sequence
from typing import IO, Any, Final, TypeVar

import click
from pydantic import ValidationError

from portes.catalogue import Catalogue, CatalogueEntry
from portes.channels.protocol import Channel, ChannelRequest, request_in
from portes.contract import Dimensions, Item, Money, Place, QuoteRequest
from portes.contract.bounds import LONGEST_NAME, MOST_QUANTITY
from portes.contract.measures import parse_weight
from portes.errors import Problem, RequestError, shown
from portes.store import Store

T = TypeVar("T")

_UNITS: Final = re.compile(r"0*[1-9][0-9]{0,8}")
_FORM: Final = "write SKU:QUANTITY:WEIGHT:SIZE or SKU:QUANTITY:WEIGHT:SIZE:VALUE, such as sku-1:2:0.5kg:10x10x25cm"
_SHORT: Final = "SKU:QUANTITY is enough where the catalogue states weight and size"


def channel_of(store: Store, name: str | None, *, needed: bool) -> Channel | None:
    """The channel of this name; without a name the only one, when one is needed."""
    if name is None and not needed:
        return None
    known = ", ".join(store.channels) or "none"
    if name is None and len(store.channels) != 1:
        raise click.UsageError(f"say with --channel whose words REQUEST is in; {store.name} has: {known}")
    channel = store.channels.get(name) if name is not None else next(iter(store.channels.values()))
    if channel is None:
        raise click.UsageError(f"{store.name} has no channel {name}; it has: {known}")
    return channel


def request_from_file(channel: Channel, file: IO[bytes]) -> QuoteRequest:
    """The question of a file in a channel's words. Raises `RequestError` for what cannot be read."""
    return request_in(channel.read(ChannelRequest("POST", channel.path, body=file.read())))


def read_question(
    items: Sequence[str], to: str, country: str, currency: str, *, catalogue: Catalogue | None = None, **more: str
) -> QuoteRequest:
    """The request for a postal code and items such as `sku-1:2:0.5kg:10x10x25cm:129.90`.

    An item may be `sku-1:2` or `sku-1` where the catalogue states its weight and size. `more` are the request's own
    fields: store, channel, storefront. Raises `RequestError` naming every flag that is wrong.
    """
    reading = _FlagReader(currency, catalogue)
    place = reading.attempt("--to", lambda: Place.parse(to, country))
    lines = [reading.item(f"--item {number}", text) for number, text in enumerate(items, start=1)]
    if not items:
        reading.problems.append(Problem("--item", "", "is missing", _FORM))
    if reading.problems:
        raise RequestError(reading.problems)
    return QuoteRequest.model_validate({"destination": place, "lines": lines, "currency": currency, **more})


class _FlagReader:
    def __init__(self, currency: str, catalogue: Catalogue | None) -> None:
        self._currency, self._catalogue = currency, catalogue
        self.problems: list[Problem] = []

    def item(self, where: str, text: str) -> Item | None:
        parts, before = text.split(":"), len(self.problems)
        if len(parts) < 3:
            return self._from_catalogue(where, *parts)
        if len(parts) not in {4, 5}:
            self.problems.append(Problem(where, shown(text), f"has {len(parts)} parts", f"{_FORM}; {_SHORT}"))
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

    def _from_catalogue(self, where: str, sku: str, quantity: str = "1") -> Item | None:
        """Units of a SKU, weight and size as the catalogue states them; its value is added where it is asked about."""
        before = len(self.problems)
        fields: dict[str, Any] = {
            "sku": self.attempt(where, lambda: _sku(sku)),
            "quantity": self.attempt(where, lambda: _quantity(quantity)),
        }
        if len(self.problems) > before:
            return None
        entry, why = self._looked_up(sku)
        if entry is None:
            cause = f"is given without weight and size, and {why}"
            self.problems.append(Problem(where, shown(sku), cause, f"{_FORM}; {_SHORT}"))
            return None
        fields |= {"weight": entry.weight, "size": entry.size}
        missing = [name for name in ("weight", "size") if fields[name] is None]
        if missing:
            cause = f"has no {' and no '.join(missing)} in the catalogue"
            fix = f"state it in its column{'s' if len(missing) > 1 else ''} {' and '.join(missing)}, or {_FORM}"
            self.problems.append(Problem(where, shown(sku), cause, fix))
            return None
        return self._made(where, fields)

    def _looked_up(self, sku: str) -> tuple[CatalogueEntry | None, str]:
        """What the catalogue says of a SKU; None with the reason where it says nothing."""
        catalogue = self._catalogue
        if catalogue is None:
            return None, "the store has no catalogue to look them up in"
        found = catalogue.wait([sku])
        entry = found.entries.get(sku)
        if entry is not None and entry.problem:
            return None, entry.problem
        listed = (
            f"is none of the catalogue's {len(catalogue)} SKUs" if catalogue.is_listed else "is not in the catalogue"
        )
        return entry, f"could not be looked up: {found.failure}" if found.failure else listed

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
