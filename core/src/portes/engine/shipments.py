"""What a carrier is asked to carry: a shipment for each set of limits that its services have; pure, it asks nobody."""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Final, NamedTuple

from portes.contract import (
    Answer,
    DeliveryType,
    Item,
    Money,
    Note,
    Origin,
    Parcel,
    Place,
    Refusal,
    RefusalKind,
    Service,
    Shipment,
)
from portes.contract.limits import Excess
from portes.engine.policy import MOST_REMEMBERED, Member, Packing, Policy, PreparedParcels, ValueCut
from portes.packing.merge import merged, told
from portes.packing.protocol import Carton, PackedLine, PackingTask

_Parcels = tuple[Parcel, ...]

_plain: Final = itemgetter(*(Item.model_fields.keys() - {"size", "declared_value"}))
"""The values of an item that are no nouns themselves."""

_PARTED: Final = ' together; above_value = "split" of the service parts goods for their value'
"""What is added where a store refuses goods that are worth too much in one parcel, and may not be in several."""


class PlannedShipment(NamedTuple):
    """A shipment for one carrier."""

    shipment: Shipment
    packing: Packing
    """How its parcels are packed."""
    settled: Answer | None = None
    """The refusals of all its services where their published limits say no: nobody is asked."""
    packaging: int = 0
    """Minor units that its cartons cost the store."""
    notes: tuple[Note, ...] = ()
    """What stands on every rate of it: that less is declared than the goods are worth."""


_Taken = tuple[Packing, PreparedParcels, Sequence[str], Mapping[str, Refusal]]
"""A packing, its parcels, the codes of the services that take them, and the noes of those that do not."""


class Shipments:
    """The shipments of lines that leave an origin together: carriers that pack alike share their parcels."""

    def __init__(
        self,
        lines: Sequence[PackedLine],
        origin: Origin,
        place: Place,
        policy: Policy,
        mark: str = "",
        types: Collection[DeliveryType] | None = None,
    ) -> None:
        """Take the store's ways of packing for each carrier, and the cartons that the origin has.

        The `mark` tells other shipments that leave this origin with the same first line apart; only services of these
        `types` are asked about, None for all.
        """
        self.origin = origin
        self.name = f"{origin.id}:{lines[0].position}{mark}"
        """What the shipments' ids begin with; no line leaves an origin twice, so the first one tells it."""
        self._lines, self._place, self._types = lines, place, types
        self._packings, self._cartons = policy.packings, policy.cartons_at[origin.id]
        self._packed: dict[int, PreparedParcels] = {}
        self._alone = (origin.id, lines[0].position, *_told_apart(lines[0].item)) if len(lines) == 1 else ()
        """All that tells a line alone from others, as a packer sees it; empty where there are more."""
        self._remembered = policy.remembered
        self._whole: dict[tuple[int, ValueCut | None, date], Shipment] = {}

    def of(self, member: Member, leaves: date) -> Sequence[PlannedShipment]:
        """The shipments that a carrier is asked about, handed over on a day; each active service in one of them.

        Services whose parcels come out equal share one. One that refuses its parcels is asked about nothing; the
        others are not kept from theirs by it.
        """
        packings = self._packings[member.key]
        if len(packings) > 1 or self._types is not None:
            return [*self._by_packing(member, packings, leaves)]
        (packing,) = packings
        made = self._prepared(member, packing)
        noes = _refusals(packing, made.parcels)
        if noes and len(noes) < len(member.services):
            return [*self._by_packing(member, packings, leaves)]
        shipment = self._shared(packing, made.parcels, leaves)
        settled = Answer.of(shipment, noes.values()) if noes else None
        return [PlannedShipment(shipment, packing, settled, *made[1:])]

    def _by_packing(self, member: Member, packings: Sequence[Packing], leaves: date) -> Iterator[PlannedShipment]:
        asked: dict[PreparedParcels, tuple[Packing, list[str]]] = {}
        refused: list[tuple[Packing, PreparedParcels, Mapping[str, Refusal]]] = []
        for shared in packings:
            for packing, made, willing, noes in self._taken(member, shared, shared.services):
                if noes:
                    refused.append((packing, made, noes))
                if willing:
                    asked.setdefault(made, (packing, []))[1].extend(willing)
        whole = [len(services) for _, services in asked.values()] == [len(member.services)]
        for number, (made, (packing, services)) in enumerate(asked.items(), 1):
            shipment = self._shipment(made.parcels, leaves, number, () if whole else services)
            yield PlannedShipment(shipment, packing, None, *made[1:])
        for number, (packing, made, noes) in enumerate(refused, len(asked) + 1):
            shipment = self._shipment(made.parcels, leaves, number, [*noes])
            yield PlannedShipment(shipment, packing, Answer.of(shipment, noes.values()))

    def _taken(self, member: Member, packing: Packing, services: Sequence[str]) -> Iterator[_Taken]:
        """The parcels of a packing, who takes them of those services that are wanted, and who refuses them.

        Where one refuses what is packed within tighter limits than its own, that is no fact: it gets parcels of its
        own, and they say.
        """
        wanted = [code for code in services if self._wants(member.services[code])]
        if not wanted:
            return
        made = self._prepared(member, packing)
        noes = {code: no for code, no in _refusals(packing, made.parcels).items() if code in wanted}
        again = [code for code in noes if code in packing.alone]
        willing = [code for code in wanted if code not in noes]
        yield packing, made, willing, {code: no for code, no in noes.items() if code not in again}
        for code in again:
            yield from self._taken(member, packing.alone[code], [code])

    def _wants(self, service: Service) -> bool:
        return self._types is None or service.delivery in self._types

    def _prepared(self, member: Member, packing: Packing) -> PreparedParcels:
        known = self._packed.get(packing.number)
        if known is None:
            known = self._packed[packing.number] = self._remembered.get((packing.number, self._alone)) or self._made(
                member, packing
            )
        return known if packing.cut is None else _declared(known, packing.cut)

    def _made(self, member: Member, packing: Packing) -> PreparedParcels:
        """What the packer makes of the lines; of one alone it is remembered, for shops are asked the same again."""
        packed = member.packer(packing_task(member, packing, self._lines, self._cartons))
        cost = sum([one.carton.cost * one.parcel.count for one in packed if one.carton]) if self._cartons else 0
        made = PreparedParcels(tuple(told(packed)), cost)
        if self._alone:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[packing.number, self._alone] = made
        return made

    def _shared(self, packing: Packing, parcels: _Parcels, leaves: date) -> Shipment:
        """The shipment of all services of whoever packs and declares so, made once."""
        key = (packing.number, packing.cut, leaves)
        known = self._whole.get(key)
        if known is None:
            known = self._whole[key] = self._shipment(parcels, leaves, 1, ())
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


def _told_apart(item: Item) -> tuple[Hashable, ...]:
    """All that tells an item from others; its nouns as what they hold, which is quicker to compare."""
    value = item.declared_value
    return (*_plain(vars(item)), *vars(item.size).values(), *(vars(value).values() if value else ()))


def packing_task(
    member: Member, packing: Packing, lines: Sequence[PackedLine], cartons: Sequence[Carton]
) -> PackingTask:
    """What a carrier's packer is given in one of its ways: lines that leave an origin, and the cartons there."""
    return PackingTask(lines, packing.limits, cartons, member.abilities.cubic, member.kilo_price)


def _declared(made: PreparedParcels, cut: ValueCut) -> PreparedParcels:
    """The parcels with no more declared than can be; what was cut or left out is noted."""
    values = [parcel.value for parcel in made.parcels]
    above = [value is not None and value.minor > cut.most for value in values]
    if not any(above):
        return made
    most = Money(minor=cut.most, currency=next(value.currency for value in values if value is not None))
    told_value = most if cut.how == "cap" else Money(minor=0, currency=most.currency)
    parcels = [
        parcel.model_copy(update={"value": told_value}) if cuts else parcel
        for parcel, cuts in zip(made.parcels, above, strict=True)
    ]
    count = sum(parcel.count for parcel, cuts in zip(made.parcels, above, strict=True) if cuts)
    worth = f"{count} parcel{'s are' if count > 1 else ' is'} worth more than {most}, the most that can be declared"
    note = Note(kind=f"value_{'capped' if cut.how == 'cap' else cut.how}", text=f"{worth}; declared: {told_value}")
    return PreparedParcels(tuple(merged(parcels)), made.packaging, (*made.notes, note))


def _refusals(packing: Packing, parcels: _Parcels) -> dict[str, Refusal]:
    """The noes of services whose own limits a parcel exceeds: a unit that nothing makes smaller; by code."""
    noes: dict[str, Refusal] = {}
    if not packing.limited:
        return noes
    pieces = sum(parcel.count for parcel in parcels)
    for code, limits in packing.limited.items():
        found = ((excess, parcel) for parcel in parcels if (excess := limits.exceeded_by(parcel)))
        excess, parcel = next(found, (limits.exceeded_by_count(pieces), None))
        if excess is not None:
            text = excess.reason + (_PARTED if parcel and _could_be_parted(excess, parcel, packing) else "")
            noes[code] = Refusal(service=code, kind=excess.kind, text=text)
    return noes


def _could_be_parted(excess: Excess, parcel: Parcel, packing: Packing) -> bool:
    """Whether a parcel is worth too much of several units, which nobody has asked to part for their value."""
    unparted = excess.kind is RefusalKind.VALUE_OUT_OF_RANGE and packing.limits.value is None
    return unparted and parcel.units != 1
