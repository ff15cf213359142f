"""How goods are packed for each carrier, with their places: no question holds them, so they are packed once more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portes.engine.plan import Consignment, Question
from portes.engine.policy import Policy
from portes.engine.shipments import packing_task
from portes.packing.protocol import PackedParcel


@dataclass(frozen=True, slots=True)
class CarrierPacking:
    """One way in which a consignment is packed, and for whom."""

    origin: int
    """The number of the origin that it leaves."""
    carriers: tuple[tuple[str, tuple[str, ...]], ...]
    """The carriers' keys in the settings, each with the codes of its services that get the goods so."""
    parcels: Sequence[PackedParcel]


def packings_of(consignment: Consignment, policy: Policy) -> Iterator[CarrierPacking]:
    """The ways in which a consignment is packed for the carriers that are asked about it, or stand in for one.

    Raises `PluginFailedError` where a packer fails.
    """
    alike: dict[int, list[Question]] = {}
    for question in _asked(consignment):
        alike.setdefault(question.packing.number, []).append(question)
    cartons = policy.cartons_at[consignment.origin.id]
    for own in alike.values():
        member, packing = own[0].member, own[0].packing
        parcels = member.packer(packing_task(member, packing, consignment.lines, cartons))
        services: dict[str, tuple[str, ...]] = {}
        for one in own:
            services[one.member.key] = (*services.get(one.member.key, ()), *one.member.asked(one.shipment))
        yield CarrierPacking(consignment.origin.id, tuple(services.items()), parcels)


def _asked(consignment: Consignment) -> list[Question]:
    """The questions about a consignment and those that stand in for them, each once."""
    questions = [each for one in consignment.questions for each in (one, *one.alternatives)]
    return [*dict.fromkeys(questions)]
