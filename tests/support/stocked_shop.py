"""A shop whose lines several origins stock, and carriers that say one thing from here and another from there."""

from collections.abc import Sequence
from typing import Any

from shop import EXPRESS, ScriptedCarrier, item, member, origin, quoted, refusal, request, service

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Failure, Quote, Rate, Refusal, Shipment
from portes.engine.policy import Member

SERVICES = (service("n"), service("e", EXPRESS))
Said = Rate | Refusal | Failure


def stocked(**origins: tuple[int, ...]) -> Catalogue:
    return Catalogue({sku: CatalogueEntry(origins=own) for sku, own in origins.items()})


def by_origin(key: str = "a", remote: bool = False, **said: Sequence[Said]) -> Member:  # noqa: FBT001, FBT002
    """A carrier that says this from origin `o1`, that from `o2`; nothing of a service is a refusal."""

    def says(shipment: Shipment) -> Sequence[Said]:
        own = said.get(f"o{shipment.origin.id}", ())
        named = {one.service for one in own}
        return [*own, *(refusal(code) for code in ("n", "e") if code not in named)]

    return member(key, says, *SERVICES, instant=not remote)


def asked_of(one: Member) -> list[tuple[int, tuple[str, ...]]]:
    assert isinstance(one.carrier, ScriptedCarrier)
    return [(shipment.origin.id, shipment.services) for shipment in one.carrier.asked]


def asked(*lines: str, of: Sequence[Member], stock: Catalogue | None, **more: Any) -> Quote:
    more.setdefault("origins", [origin(1), origin(2), origin(3), origin(4)])
    return quoted(request(*map(item, lines)), *of, catalogue=stock, **more)


def told(quote: Quote) -> list[list[tuple[str, int, int]]]:
    """Per line: delivery type, origin and price of each offer."""
    return [[(one.delivery.value, one.origin_id, one.price.minor) for one in line.offers] for line in quote.lines]
