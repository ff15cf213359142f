"""Which origins may send a line, by the units in the catalogue; nothing of the product is used."""

from collections.abc import Sequence

from written_store import WrittenLine, WrittenStore


def origins_of_lines(store: WrittenStore, lines: Sequence[WrittenLine]) -> list[tuple[int, ...]]:
    """Per line, where it may leave from: one of which the catalogue names no origin goes along with the others."""
    stocked = [origins_with_all(store, line) for line in lines]
    if store.origins_tried is not None or store.catalogue is None:
        return stocked
    named = [line.sku in store.catalogue and bool(store.catalogue[line.sku].origins) for line in lines]
    theirs = {number for own, has_name in zip(stocked, named, strict=True) if has_name for number in own}
    every = [origin.number for origin in store.origins]
    along = tuple(number for number in every if number in theirs) or (every[0],)
    return [own if has_name else along for own, has_name in zip(stocked, named, strict=True)]


def origins_with_all(store: WrittenStore, line: WrittenLine) -> tuple[int, ...]:
    """The origins that have all units of a line."""
    known = (store.catalogue or {}).get(line.sku)
    if known is None or not known.origins:
        return tuple(origin.number for origin in store.origins)
    units = known.units or (None,) * len(known.origins)
    both = zip(known.origins, units, strict=True)
    return tuple(origin for origin, has in both if has is None or has >= line.quantity)
