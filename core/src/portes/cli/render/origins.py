"""Which origins were asked about goods that several stock, and why others were not."""

from collections.abc import Iterator, Sequence

from portes.cli.render import words
from portes.contract import DeliveryType, Offer
from portes.engine.trace import Derivation, Leg
from portes.receipts.receipt import Receipt


def next_origins(receipt: Receipt, derivation: Derivation | None) -> Iterator[str]:
    """Each origin that was asked after or beside the first, with what it was asked about and what it came to."""
    if derivation is None:
        yield from _from_receipt(receipt)
        return
    for leg in derivation.legs:
        if leg.turn:
            skus = words.listed(dict.fromkeys(line.item.sku for line in leg.consignment.lines))
            yield f"origin {leg.consignment.origin.id}, asked {_about(leg)} for {skus}: {_came_of(leg, receipt)}"


def _from_receipt(receipt: Receipt) -> Iterator[str]:
    """The same as far as the receipt alone tells it: later shipments are marked in their ids."""
    for shipment in receipt.shipments:
        if "+" in shipment.id:
            services = f", about {words.listed(shipment.services)}" if shipment.services else ""
            yield f"origin {shipment.origin.id}, asked too{services}"


def _about(leg: Leg) -> str:
    types = leg.consignment.types
    return "beside" if types is None else f"next about {words.types(types)}"


def _came_of(leg: Leg, receipt: Receipt) -> str:
    """What an origin has of what it was asked about."""
    types = leg.consignment.types or frozenset(DeliveryType)
    offered = leg.offered & types
    if offered:
        return f"it has {words.types(offered)}"
    position, origin = leg.consignment.lines[0].position, leg.consignment.origin.id
    failed = [
        each for each in receipt.quote.lines[position].failures if each.origin_id == origin and each.delivery in types
    ]
    if failed:
        return f"could not be found out, {failed[0].failure.hint or failed[0].failure.kind}"
    return "it refuses too" if leg.consignment.questions else "nobody fetches there"


def parts(offer: Offer) -> Iterator[str]:
    """What leaves each origin, of a line that is split over several."""
    for part in offer.parts:
        units, service = words.many(part.units, "unit"), f"{part.carrier} {part.rate.service}"
        yield f"{units} from origin {part.origin_id} by {service}: {part.price}"


def where(origin: int, all_origins: Sequence[int]) -> str:
    """An origin in words where there is more than one to tell apart."""
    return f" from origin {origin}" if origin and len({*all_origins} - {0}) > 1 else ""
