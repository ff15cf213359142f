"""The format `plain` as it is written: all columns but those that need no filling, in one file."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Final

from portes.contract.money import exponent
from portes.errors import Problems
from portes.tables.protocol import NO_LIMIT, ON_REQUEST, REFUSED, Axis, Row, Terms
from portes.tables.writing.amounts import DecimalTexts, MoneyTexts, percent_texts
from portes.tables.writing.blocks import Block, WrittenBracket, blocks_of
from portes.tables.writing.files import SEPARATORS, BlockLines, Cells, OpenText, packed, quoted
from portes.tables.writing.priceless import PricelessCount
from portes.tables.writing.protocol import WriteOptions, WrittenFile
from portes.tables.writing.unsaid import Sayable, of_value, report_unsaid, unsaid_terms

_PLACES: Final = ("service", "postal_from", "postal_to", "origin_from", "origin_to")
_PRICES: Final = ("price", "price_per_extra_kg", "extra_from_{unit}", "percent_of_value", "percent_minimum", "minimum")
_REST: Final = ("max_volume_cm3", "days_min", "days_max")
_BORDERS: Final[dict[Axis, str]] = {
    "weight": "weight_{end}_{unit}",
    "value": "value_{end}",
    "units": "units_{end}",
    "volume": "volume_{end}_cm3",
}
PLAIN_SAYS: Final[frozenset[Sayable]] = frozenset(
    ["percent", "least", "excess", "minimum", "max_volume", "origin", "axis"]
)
_WORDS_ON_REQUEST: Final = quoted("on request")


def write_plain(rows: Iterable[Row], options: WriteOptions, problems: Problems) -> Iterator[WrittenFile]:
    """The file of some rows, or several files where limits are given."""
    blocks = blocks_of(rows, options.country, 10 if options.weight_unit == "kg" else 1, problems)
    first = next(blocks, None)
    if first is None:
        return
    writer = PlainLines(first.axis, options, problems)
    sign = options.decimal or "."
    make = partial(OpenText, writer.header(), SEPARATORS[sign], options.most_rows, options.most_bytes)
    yield from packed(writer.lines(chain([first], blocks)), make, ".csv", options, problems)
    writer.tell()


class PlainLines:
    """Makes lines of blocks, whose brackets need not be sound."""

    def __init__(self, axis: Axis, options: WriteOptions, problems: Problems) -> None:
        self._problems, self._axis = problems, axis
        self._unit = options.weight_unit or "g"
        sign = options.decimal or "."
        money = partial(MoneyTexts, options=options, problems=problems, sign=sign, coarse=False)
        self._money = money("price")
        places = 3 + (exponent(options.currency) if axis == "value" else 0)
        self._border = DecimalTexts(6 if axis == "weight" and self._unit == "kg" else places, 0, sign)
        self._weight = DecimalTexts(6 if self._unit == "kg" else 3, 0, sign)
        self._percent, self._volume = percent_texts(sign), DecimalTexts(3, 0, sign)
        self._counted = PricelessCount()
        self._terms: dict[Terms, Cells | None] = {}

    def header(self) -> Cells:
        """The names of all columns."""
        borders = (_BORDERS[self._axis].format(end=end, unit=self._unit) for end in ("from", "to"))
        return [*_PLACES, *borders, *(name.format(unit=self._unit) for name in _PRICES), *_REST]

    def lines(self, blocks: Iterable[Block]) -> Iterator[BlockLines]:
        """The lines of every block."""
        return map(self._block, blocks)

    def tell(self) -> None:
        """Note what the reader must be told, and report what it could not tell apart."""
        refused, free = self._counted.refused, self._counted.free
        if refused:
            self._problems.note(f'{refused} rows that the carrier does not serve: read them with zero_price = "refuse"')
        if free:
            self._problems.note(f'{free} rows charge nothing: read them with zero_price = "free"')
        if refused and free:
            cause = f"{free} rows charge nothing and {refused} are not served: plain has price 0 for both"
            self._problems.add("price", 0, cause, "give one of them a table of its own")

    def _block(self, block: Block) -> BlockLines:
        places = [quoted(block.service) if block.service else "", *block[3:5], *block[1:3]]
        lines = [line for one in block.brackets if (line := self._line(places, one, block))]
        return BlockLines("", block.codes, lines)

    def _line(self, places: Sequence[str], one: WrittenBracket, block: Block) -> Cells | None:
        rest = self._terms.get(one.terms, ())
        if rest == ():
            rest = self._terms[one.terms] = self._written_terms(one.terms, block)
        if rest is None:
            return None
        high = "" if one.high >= NO_LIMIT else self._border[one.high]
        borders = [*places, self._border[one.low], high]
        if one.price < 0:
            return [*borders, self._priceless(one), "", "", "", "", "", "", *rest[-2:]]
        self._counted.look_at(one)
        over = self._weight[one.extra_from] if rest[0] else ""
        return [*borders, self._money[one.price], rest[0], over, *rest[1:]]

    def _priceless(self, one: WrittenBracket) -> str:
        self._counted.refused += one.price == REFUSED
        return _WORDS_ON_REQUEST if one.price == ON_REQUEST else "0"

    def _written_terms(self, terms: Terms, block: Block) -> Cells | None:
        """The cells of terms; None for those that the format cannot say, which is told once."""
        if unsaid := unsaid_terms(terms, PLAIN_SAYS):
            report_unsaid(unsaid, "plain", block, self._problems)
            return None
        percent, least = of_value(terms)
        money = (self._money[amount] if amount else "" for amount in (terms.extra_per_kg, least, terms.minimum))
        per_kg, least_text, minimum = money
        share = self._percent[percent] if percent else ""
        volume = self._volume[terms.max_volume] if terms.max_volume else ""
        return [per_kg, share, least_text, minimum, volume, str(terms.days_min), str(terms.days_max)]


__all__ = ["PLAIN_SAYS", "PlainLines", "write_plain"]
