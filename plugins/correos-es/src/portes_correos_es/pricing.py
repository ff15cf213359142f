"""One service's price and time for one shipment, and the rate they make; it knows no pick-up point and asks nobody."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from portes.contract import Money, Note, Rate, Shipment, Source, Surcharge, TransitTime
from portes_correos_es.calculation import (
    Parts,
    Tax,
    customs_handling,
    lookup,
    price_parcels,
    tax_between,
    taxed,
)
from portes_correos_es.coverage import listed
from portes_correos_es.opening import Opened
from portes_correos_es.services import Line
from portes_correos_es.settings import CorreosSettings
from portes_correos_es.tariff import Hole, NotOffered, Validity
from portes_correos_es.territories import Territory, needs_customs, territory
from portes_correos_es.times import Span, find_span

CURRENCY: Final = "EUR"
_SAMPLE: Final = "public tariff {}, sample, not your contract"
_ALWAYS: Final = frozenset({"base", "tax"})
"""Parts that are shown also when they are zero."""


class PricedBy(NamedTuple):
    """Which edition of the tariff priced a shipment, and which of its rows."""

    validity: Validity
    rows: tuple[str, ...]


class Lane(NamedTuple):
    """From where to where, and whether customs papers go along."""

    origin: Territory
    destination: Territory
    customs: bool


def lane_of(settings: CorreosSettings, shipment: Shipment) -> Lane:
    """The lane of a shipment."""
    origin, destination = territory(shipment.origin.place), territory(shipment.place)
    inside_eu = settings.customs_abroad == "always"
    return Lane(origin, destination, needs_customs(origin, destination, inside_eu=inside_eu))


class Pricer:
    """Prices under the settings of one carrier."""

    def __init__(self, settings: CorreosSettings, files: Opened, calendar: str) -> None:
        self._settings = settings
        self._files = files
        self._calendar = calendar
        # equal rates are one and the same object: shops ask the same again
        self._rate = lru_cache(maxsize=4096)(self._make_rate)

    def rate(self, line: Line, shipment: Shipment, lane: Lane) -> Rate | NotOffered | Hole:
        """A rate; or the tariff's no, or what is missing on our side."""
        priced = self._priced(line, shipment, lane)
        if isinstance(priced, NotOffered | Hole):
            return priced
        span = find_span(self._files.times, line.product.key, lane.origin, lane.destination)
        if span is None:
            return Hole(
                f"no transit time of {line.product.name} is known on this lane; put it into a file of your times"
            )
        parts, edition = priced
        return self._rate(line, parts, edition, span, tax_between(self._settings, lane.origin, lane.destination))

    def _priced(self, line: Line, shipment: Shipment, lane: Lane) -> tuple[Parts, PricedBy] | NotOffered | Hole:
        settings, (origin, destination, customs) = self._settings, lane
        zone = self._files.zones.find(origin, destination)
        if zone is None or not zone.name:
            return Hole(_unknown_zone(lane, zone.note if zone else ""))
        price = lookup(self._files.tariff, line, origin, zone.name, shipment.dispatch_date)
        billed = price_parcels(settings, line, shipment.parcels, price)
        if isinstance(billed, NotOffered | Hole):
            return billed
        handling = customs_handling(settings, origin, destination) if customs else 0
        tax = tax_between(settings, origin, destination)
        parts = taxed(billed.parts, handling, tax, left_out=settings.tax == "leave_out")
        return parts, PricedBy(billed.validity, billed.rows)

    def _make_rate(self, line: Line, parts: Parts, edition: PricedBy, span: Span, tax: Tax) -> Rate:
        amounts = {name: amount for name, amount in parts._asdict().items() if amount is not None}
        return Rate(
            service=line.code,
            cost=_euros(sum(amounts.values())),
            surcharges=tuple(
                Surcharge(name=name, amount=_euros(amount))
                for name, amount in amounts.items()
                if amount or name in _ALWAYS
            ),
            transit=TransitTime(min=span.min, max=span.max, calendar=self._calendar),
            source=Source.TABLE,
            notes=tuple(self._notes(line, edition, span, tax)),
        )

    def _notes(self, line: Line, edition: PricedBy, span: Span, tax: Tax) -> Iterator[Note]:
        if self._files.tariff.dateless:
            yield Note(kind="sample_tariff", text=_SAMPLE.format(edition.validity.first.year))
        rows = listed(edition.rows)
        yield Note(kind="price_source", text=f"tariff {edition.validity.version}, {rows}, not a live price of Correos")
        said_by = "published commitment of Correos" if span.published else "times of the shop's own"
        yield Note(kind="time_source", text=f"{said_by}: {span.source}" if span.source else said_by)
        yield Note(kind="tax", text=f"{tax}, left out" if self._settings.tax == "leave_out" else str(tax))
        if line.discount:
            yield Note(kind="discount", text=f"the contract's {line.discount.normalize():f} % are taken off")


def _unknown_zone(lane: Lane, note: str) -> str:
    why = f" ({note})" if note else ""
    return (
        f"the zone from {lane.origin.words[0]} to {lane.destination.words[0]} is not known{why}; put it into a zone map"
    )


def _euros(minor: int) -> Money:
    return Money(minor=minor, currency=CURRENCY)


__all__ = ["CURRENCY", "Lane", "Pricer", "lane_of"]
