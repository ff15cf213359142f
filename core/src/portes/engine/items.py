"""The items that lines are with what the catalogue says of them, and what is lacking of others; pure."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from portes.catalogue import CatalogueEntry, KnownGoods
from portes.contract import FailureKind, Item, LineCode, QuoteRequest, RequestLine

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
    value = entry.value if line.declared_value is None else line.declared_value
    if isinstance(line, Item) and value is line.declared_value and not entry.tags:
        return line
    weight = entry.weight if line.weight is None else line.weight
    size = entry.size if line.size is None else line.size
    if weight is None or size is None:
        return None
    tags = (*line.tags, *(tag for tag in entry.tags if tag not in line.tags)) if entry.tags else line.tags
    return Item.of(line, weight=weight, size=size, declared_value=value, tags=tags)


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
    measures = {"weight": (line.weight, entry and entry.weight), "size": (line.size, entry and entry.size)}
    missing = " and ".join([name for name, told in measures.items() if told == (None, None)])
    where = "the SKU is not in the store's catalogue" if entry is None else "the store's catalogue has none"
    code = LineCode.UNKNOWN_SKU if entry is None else LineCode.UNMEASURED_SKU
    return LineGap(f"the caller tells no {missing} of it, and {where}", FailureKind.INCOMPLETE, code)
