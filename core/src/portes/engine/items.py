"""The items that lines are with what the catalogue says of them, and what is lacking of others; pure."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from portes.catalogue import CatalogueEntry, KnownGoods
from portes.contract import Dimensions, FailureKind, Item, LineCode, Money, QuoteRequest, RequestLine

_OTHERS: Final = "nobody was asked about it, since {} of another line is not known"


class LineGap(NamedTuple):
    """Why nobody can be asked about a line."""

    hint: str
    kind: FailureKind = FailureKind.INCOMPLETE
    code: LineCode | None = None
    """What is behind it, for channels to see; None where another line is at fault."""


def enriched(line: RequestLine, entry: CatalogueEntry | None) -> Item | None:
    """The item of a line, with what the catalogue says of it; None where neither tells its weight or its size."""
    if entry is None:
        return line if isinstance(line, Item) else None
    value = _value(line, entry)
    if isinstance(line, Item) and value is line.declared_value and not entry.tags:
        return line
    weight, size = _measures(line, entry)
    if weight is None or size is None:
        return None
    tags = (*line.tags, *(tag for tag in entry.tags if tag not in line.tags)) if entry.tags else line.tags
    return Item.of(line, weight=weight, size=size, declared_value=value, tags=tags)


def _value(line: RequestLine, entry: CatalogueEntry) -> Money | None:
    """What one piece is worth, by the caller or by the catalogue, which tells it of a single unit."""
    if line.declared_value is not None or entry.value is None:
        return line.declared_value
    return entry.value if line.consolidated == 1 else entry.value * line.consolidated


def _measures(line: RequestLine, entry: CatalogueEntry) -> tuple[int | None, Dimensions | None]:
    """Weight and size by caller or catalogue, which does not know how large several units put together are."""
    if line.consolidated > 1:
        return line.weight, line.size
    return entry.weight if line.weight is None else line.weight, entry.size if line.size is None else line.size


def unusable(
    request: QuoteRequest, entries: Sequence[CatalogueEntry | None], goods: KnownGoods | None
) -> Mapping[int, LineGap]:
    """The lines of which nobody knows what the catalogue says, by position: it could not be asked, or its row is wrong.

    Those that tell weight and size are among them: their origins, stock, days and value stand in the catalogue.
    """
    gaps: dict[int, LineGap] = {}
    for position, (line, entry) in enumerate(zip(request.lines, entries, strict=True)):
        if entry is not None and entry.problem:
            gaps[position] = LineGap(entry.problem, FailureKind.INCOMPLETE, LineCode.UNUSABLE_ROW)
        elif goods is not None and line.sku in goods.failed:
            gaps[position] = LineGap(f"catalogue: {goods.failure}", goods.kind, LineCode.CATALOGUE_FAILED)
    return gaps


def gaps_of(
    request: QuoteRequest,
    entries: Sequence[CatalogueEntry | None],
    unknown: Sequence[int],
    unused: Mapping[int, LineGap],
) -> Mapping[int, LineGap]:
    """Why nobody can be asked about each line, by position, where some are no items; `unknown` ones are left out."""
    left = [position for position in range(len(entries)) if position not in unknown]
    lacking = dict(unused)
    for position in left:
        line, entry = request.lines[position], entries[position]
        if position not in lacking and enriched(line, entry) is None:
            lacking[position] = _gap(line, entry)
    others = LineGap(_OTHERS.format("what the catalogue says" if unused else "the weight or size"))
    return {position: lacking.get(position, others) for position in left}


def _gap(line: RequestLine, entry: CatalogueEntry | None) -> LineGap:
    weight, size = (line.weight, line.size) if entry is None else _measures(line, entry)
    missing = " and ".join([name for name, told in (("weight", weight), ("size", size)) if told is None])
    where = "the SKU is not in the store's catalogue" if entry is None else "the store's catalogue has none"
    if entry is not None and line.consolidated > 1:
        where = "the store's catalogue has that of one unit only"
    code = LineCode.UNKNOWN_SKU if entry is None else LineCode.UNMEASURED_SKU
    return LineGap(f"the caller tells no {missing} of it, and {where}", FailureKind.INCOMPLETE, code)
