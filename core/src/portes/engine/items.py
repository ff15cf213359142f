"""The items that lines are with what the catalogue says of them, and what is lacking of others; pure."""

from collections.abc import Mapping, Sequence

from portes.catalogue import CatalogueEntry
from portes.contract import Item, QuoteRequest, RequestLine


def enriched(line: RequestLine, entry: CatalogueEntry | None) -> Item | None:
    """The item of a line, with what the catalogue says of it; None where neither tells its weight or its size."""
    if entry is None:
        return line if isinstance(line, Item) else None
    value = entry.value if line.declared_value is None else line.declared_value
    if isinstance(line, Item) and value is line.declared_value and not entry.tags:
        return line
    weight = entry.weight if line.weight is None else line.weight
    size = entry.size if line.size is None else line.size
    if weight is None or size is None:
        return None
    tags = (*line.tags, *(tag for tag in entry.tags if tag not in line.tags)) if entry.tags else line.tags
    return Item.of(line, weight=weight, size=size, declared_value=value, tags=tags)


def gaps_of(
    request: QuoteRequest, entries: Sequence[CatalogueEntry | None], unknown: Sequence[int]
) -> Mapping[int, str]:
    """Why nobody can be asked about each line, by position, where some line lacks a measure; none of `unknown` SKUs."""
    lacking = {
        position: _gap(line, entry)
        for position, (line, entry) in enumerate(zip(request.lines, entries, strict=True))
        if enriched(line, entry) is None
    }
    others = "nobody was asked about it, since the weight or size of another line is not known"
    return {position: lacking.get(position, others) for position in range(len(entries)) if position not in unknown}


def _gap(line: RequestLine, entry: CatalogueEntry | None) -> str:
    measures = {"weight": (line.weight, entry and entry.weight), "size": (line.size, entry and entry.size)}
    missing = " and ".join([name for name, told in measures.items() if told == (None, None)])
    where = "the SKU is not in the store's catalogue" if entry is None else "the store's catalogue has none"
    return f"the caller tells no {missing} of it, and {where}"
