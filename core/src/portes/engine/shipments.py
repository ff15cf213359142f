"""What a carrier is asked to carry: a shipment for each set of limits that its services have; pure, it asks nobody."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from portes.contract import Answer, DeliveryType, Origin, Parcel, Place, Refusal, Service, Shipment
from portes.engine.policy import Member, Packing
from portes.packing.merge import told
from portes.packing.protocol import PackedLine, PackingTask

_Parcels = tuple[Parcel, ...]


class PlannedShipment(NamedTuple):
    """A shipment for one carrier."""

    shipment: Shipment
    settled: Answer | None = None
    """The refusals of all its services where their published limits say no: nobody is asked."""


class Shipments:
    """The shipments of lines that leave an origin together: carriers that pack alike share their parcels."""

    def __init__(
        self,
        lines: Sequence[PackedLine],
        origin: Origin,
        place: Place,
        packings: Mapping[str, Sequence[Packing]],
        mark: str = "",
        types: Collection[DeliveryType] | None = None,
    ) -> None:
        """Take the carriers' ways of packing by their keys.

        The `mark` tells other shipments that leave this origin with the same first line apart; only services of these
        `types` are asked about, None for all.
        """
        self.origin = origin
        self.name = f"{origin.id}:{lines[0].position}{mark}"
        """What the shipments' ids begin with; no line leaves an origin twice, so the first one tells it."""
        self._lines, self._place, self._packings, self._types = lines, place, packings, types
        self._packed: dict[int, _Parcels] = {}
        self._whole: dict[tuple[int, date], Shipment] = {}

    def of(self, member: Member, leaves: date) -> Sequence[PlannedShipment]:
        """The shipments that a carrier is asked about, handed over on a day; each active service in one of them.

        Services whose parcels come out equal share one. One that refuses its parcels is asked about nothing; the
        others are not kept from theirs by it.
        """
        packings = self._packings[member.key]
        if len(packings) > 1 or self._types is not None:
            return [*self._by_packing(member, packings, leaves)]
        (packing,) = packings
        parcels = self._parcels(member, packing)
        shipment, noes = self._shared(packing, parcels, leaves), _refusals(packing, parcels)
        return [PlannedShipment(shipment, Answer.of(shipment, noes.values()) if noes else None)]

    def _by_packing(self, member: Member, packings: Sequence[Packing], leaves: date) -> Iterator[PlannedShipment]:
        asked: dict[_Parcels, list[str]] = {}
        refused: list[tuple[_Parcels, dict[str, Refusal]]] = []
        for packing in packings:
            services = [code for code in packing.services if self._wants(member.services[code])]
            if not services:
                continue
            parcels = self._parcels(member, packing)
            noes = {code: no for code, no in _refusals(packing, parcels).items() if code in services}
            if noes:
                refused.append((parcels, noes))
            if willing := [code for code in services if code not in noes]:
                asked.setdefault(parcels, []).extend(willing)
        whole = list(map(len, asked.values())) == [len(member.services)]
        for number, (parcels, services) in enumerate(asked.items(), 1):
            yield PlannedShipment(self._shipment(parcels, leaves, number, () if whole else services))
        for number, (parcels, noes) in enumerate(refused, len(asked) + 1):
            shipment = self._shipment(parcels, leaves, number, [*noes])
            yield PlannedShipment(shipment, Answer.of(shipment, noes.values()))

    def _wants(self, service: Service) -> bool:
        return self._types is None or service.delivery in self._types

    def _parcels(self, member: Member, packing: Packing) -> _Parcels:
        known = self._packed.get(packing.number)
        if known is None:
            known = self._packed[packing.number] = tuple(told(member.packer(PackingTask(self._lines, packing.limits))))
        return known

    def _shared(self, packing: Packing, parcels: _Parcels, leaves: date) -> Shipment:
        """The shipment of all services of whoever packs so, made once."""
        known = self._whole.get((packing.number, leaves))
        if known is None:
            known = self._whole[packing.number, leaves] = self._shipment(parcels, leaves, 1, ())
        return known

    def _shipment(self, parcels: _Parcels, leaves: date, number: int, services: Sequence[str]) -> Shipment:
        return Shipment(
            id=self.name if number == 1 else f"{self.name}.{number}",
            parcels=parcels,
            origin=self.origin,
            place=self._place,
            dispatch_date=leaves,
            services=tuple(services),
        )


def _refusals(packing: Packing, parcels: _Parcels) -> dict[str, Refusal]:
    """The noes of services whose own limits a parcel exceeds: a unit that nothing makes smaller; by code."""
    noes = dict[str, Refusal]()
    if not packing.limited:
        return noes
    pieces = sum(parcel.count for parcel in parcels)
    for code, limits in packing.limited.items():
        excess = next(filter(None, map(limits.exceeded_by, parcels)), None) or limits.exceeded_by_count(pieces)
        if excess is not None:
            noes[code] = Refusal(service=code, kind=excess.kind, text=excess.reason)
    return noes
