"""Origins that nothing can ever leave from, and carriers that then price nothing: told, and refused by nobody."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from portes.catalogue import CatalogueEntry
from portes.contract import DeliveryType
from portes.engine.policy import Member, Policy
from portes.errors import Problem

_NOBODY: Final = (
    "can never be used: no active carrier fetches from it",
    "name it in the origins of a carrier, or remove it",
)


def unused_origins(policy: Policy, file: Path) -> Iterator[Problem]:
    """Advice on origins that are never asked about, and on carriers that are named for such origins alone."""
    if policy.catalogue is not None and not policy.catalogue.at_once:
        return  # which origins stock something may change with the next row
    unused = {number: policy.origins.index(origin) for number, origin in policy.origin_by_id.items()}
    for number in _used(policy):
        unused.pop(number, None)
    for number, index in unused.items():
        cause, fix = _why(policy) if _has_carrier(number, policy) else _NOBODY
        yield Problem(f"origins.{index}.id", str(number), cause, fix, file=file)
    for member in (*policy.members, *policy.fallbacks.values()):
        yield from _idle(member, unused, file)


def _used(policy: Policy) -> set[int]:
    """The origins that some item may leave from, with a carrier that fetches there."""
    used = set[int]()
    for entry in policy.catalogue.entries if policy.catalogue is not None else ():
        used.update(_tried(entry, policy))
    if policy.catalogue is None or policy.settings.unknown_sku == "quote":
        used.update(_tried(CatalogueEntry(), policy))
    return {number for number in used if _has_carrier(number, policy)}


def _tried(entry: CatalogueEntry, policy: Policy) -> tuple[int, ...]:
    """The origins that an item may leave from: where lines go together, or units are counted, any that stocks it."""
    origins = entry.origins or policy.origin_ids
    free = policy.catalogue is not None and "together" in {policy.settings.lines, *policy.groupings}
    if entry.units or (free and (entry.origins or policy.goes_on_for(entry) or not policy.goes_on)):
        return origins
    if not policy.goes_on_for(entry):
        return origins[:1]
    return tuple(number for at, number in enumerate(origins) if _is_reached(number, origins[:at], policy))


def _is_reached(number: int, before: Sequence[int], policy: Policy) -> bool:
    """Whether an origin may be among those tried: one at which there is nobody to be asked is none of them.

    Any of those before may be passed over where rules say who is asked, and for one delivery type those without it.
    """
    if policy.plan_rules:
        return True
    most, services = policy.settings.most_origins, policy.services_at
    if policy.tries_all:
        return sum([_has_carrier(one, policy) for one in before]) < most
    first = [_has_carrier(one, policy) for one in before[:1]]
    return any(
        services[number, delivery] and sum([*first, *[bool(services[one, delivery]) for one in before[1:]]]) < most
        for delivery in DeliveryType
    )


def _has_carrier(number: int, policy: Policy) -> bool:
    return any(policy.services_at[number, delivery] for delivery in DeliveryType)


def _why(policy: Policy) -> tuple[str, str]:
    """Why nothing leaves from an origin, and what would change that."""
    if policy.catalogue is not None:
        fix = "name it in the column origins of the catalogue, or remove it"
        return "can never be used: of no item is it among the origins that the catalogue names and the store tries", fix
    if policy.goes_on:
        fix = "raise most_origins, or name a catalogue that says what each origin stocks"
        return f"can never be used: most_origins is {policy.settings.most_origins}, and others stand before it", fix
    fix = 'write origins_tried = "next" in [store], or name a catalogue that says what each origin stocks'
    return "can never be used: without a catalogue all leaves from the first origin", fix


def _idle(member: Member, unused: Mapping[int, int], file: Path) -> Iterator[Problem]:
    """Advice on a carrier all of whose origins are unused: those that it fetches from, or that it has prices from."""
    for key, origins in (("origins", member.settings.origins), ("settings.origins", member.abilities.origins)):
        if origins and all(number in unused for number in origins):
            cause = "names only origins that can never be used, so that this carrier never prices anything"
            fix = "name an origin that is used, or set active = false"
            yield Problem(f"carriers.{member.key}.{key}", ", ".join(map(str, origins)), cause, fix, file=file)
