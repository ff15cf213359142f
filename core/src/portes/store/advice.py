"""What keeps no store from starting and is hardly meant."""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from portes.channels.protocol import Channel, GoodsAsking
from portes.contract import Money, ParcelLimits
from portes.engine.policy import Member, Policy
from portes.errors import Problem


def slow_collections(policy: Policy, file: Path) -> Iterator[Problem]:
    """Advice on carriers that could get an order on its day, had not all collections of the day gone by."""
    for number, origin in enumerate(policy.origins):
        week = policy.weeks[origin.id]
        slow = [member.key for member in policy.members if not week.leaves_same_day(member.key)]
        if slow and not origin.handling_days:
            cause = "has no collection after the cut-off, so that they get no order on its own day"
            fix = "write a cut_off before their last collection, or handling_days = 1"
            yield Problem(f"origins.{number}.collections", ", ".join(slow), cause, fix, file=file)


def sums_without_price(policy: Policy, file: Path) -> Iterator[Problem]:
    """Advice on carriers that price sums, and have no price for large ones, however many parcels they are."""
    for member in (*policy.members, *policy.fallbacks.values()):
        ends = dict.fromkeys(filter(None, map(_ends, _sums(member))))
        if ends:
            cause = (
                f"adds all parcels of a shipment up, and has no price above {' or '.join(ends)}: nobody knows what a"
                " larger one costs, however many parcels it is"
            )
            fix = 'write price_each = "parcel" if the carrier charges each parcel, else add rows for larger shipments'
            yield Problem(f"carriers.{member.key}", member.settings.use, cause, fix, file=file)


def goods_without_price(policy: Policy, channels: Mapping[str, Channel], file: Path) -> Iterator[Problem]:
    """Advice on channels that tell prices out of a catalogue that has none, so that nothing can be bought there."""
    catalogue = policy.catalogue
    entries = iter(catalogue.entries if catalogue is not None and catalogue.is_listed else ())
    first = next(entries, None)
    if first is not None and all(entry.price is None for entry in chain((first,), entries)):
        for key, channel in channels.items():
            if isinstance(channel, GoodsAsking):
                cause = "tells prices out of the catalogue, and no SKU has one there, so that nothing can be bought"
                yield Problem(f"channels.{key}", "", cause, "add the column price to the catalogue", file=file)


def unparted_values(policy: Policy, file: Path) -> Iterator[Problem]:
    """Advice on services that refuse goods which are worth too much in one parcel, where nobody has said so."""
    for member in (*policy.members, *policy.fallbacks.values()):
        unsaid = [service for service in member.services.values() if "above_value" not in service.model_fields_set]
        refusing = {one.code: most for one in unsaid if (most := member.abilities.limits_of(one.code).value)}
        if refusing:
            amounts = [Money(minor=most, currency=policy.settings.currency) for most in refusing.values()]
            told = " or ".join(dict.fromkeys(map(str, amounts)))
            cause = f"refuse what is worth more than {told} in one parcel, though each unit of it may be worth less"
            fix = (
                'write above_value = "split" to part goods for their value, "cap" or "undeclared" to declare less of'
                ' them, or "refuse" if that is meant'
            )
            yield Problem(f"carriers.{member.key}.services", ", ".join(refusing), cause, fix, file=file)


def _sums(member: Member) -> Iterator[ParcelLimits]:
    if member.abilities.measure == "totals":
        yield from (own for code, own in member.abilities.splits_at.items() if code in member.services)


def _ends(own: ParcelLimits) -> str:
    """Where prices end, in g, minor units or mm³; empty where they do not."""
    measures = ((own.weight, "g"), (own.value, "minor units of value"), (own.volume, "mm³"))
    return next((f"{most} {unit}" for most, unit in measures if most), "")
