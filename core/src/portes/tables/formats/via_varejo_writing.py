"""Via Varejo's contingency table as it is written, by the units and limits that its help page for sellers states.

Weights in kg with two decimals, none above 999; the percentage without its sign, 0 for none; the largest volume in
m³, 9999999,99 for none. In which kind of file the portal takes it is not known: text that spreadsheets in Brazil open,
with semicolons and decimal commas.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

from portes.errors import Problems
from portes.tables.protocol import Milligrams, Row, Terms
from portes.tables.questions import weight_words
from portes.tables.writing.amounts import DecimalTexts, MoneyTexts, percent_texts
from portes.tables.writing.blocks import Block, WrittenBracket, blocks_of
from portes.tables.writing.files import SEPARATORS, BlockLines, Cells, OpenText, packed, quoted
from portes.tables.writing.priceless import PricelessCount
from portes.tables.writing.protocol import WriteOptions, WrittenFile
from portes.tables.writing.unsaid import Sayable, of_value, report_unsaid, unsaid_block, unsaid_terms

HEADER: Final = (
    "Contrato Logístico",
    "CEP Inicial",
    "CEP Final",
    "Peso Inicial",
    "Peso Final",
    "Valor Mínimo",
    "Tempo transporte",
    "Custo Assessorial",
    "Volume Máximo",
)
_NO_VOLUME: Final = 9_999_999_990_000_000
"""What stands for no limit, in mm³."""
_HEAVIEST: Final[Milligrams] = 999_000_000
_HUNDREDTH: Final[Milligrams] = 10_000
"""Of a kg: the decimals that weights have."""
_CLOSED: Final = 10
"""Grams between two brackets that the reader closes."""
_SAYABLE: Final[frozenset[Sayable]] = frozenset(["percent", "max_volume", "excess"])
"""Excess weight as far as it begins above what the portal takes."""


class _ViaCharges(NamedTuple):
    """The cells that terms come to."""

    days: str
    percent: str
    volume: str


def write_via_varejo(rows: Iterable[Row], options: WriteOptions, problems: Problems) -> Iterator[WrittenFile]:
    """The file of some rows, or several where limits are given."""
    lines = _ViaLines(options, problems)
    sign = options.decimal or ","
    blocks = blocks_of(rows, options.country, _CLOSED, problems, lines.counted.leaves_out)
    make = partial(OpenText, HEADER, SEPARATORS[sign], options.most_rows, options.most_bytes, marked=True)
    yield from packed(map(lines.block, blocks), make, ".csv", options, problems)
    lines.counted.tell(problems)


class _ViaLines:
    """Makes lines of blocks."""

    def __init__(self, options: WriteOptions, problems: Problems) -> None:
        sign = options.decimal or ","
        self._problems = problems
        self.counted = PricelessCount()
        self._weight, self._volume = DecimalTexts(6, 2, sign), DecimalTexts(9, 2, sign)
        self._price = MoneyTexts("Valor Mínimo", options, problems, sign, coarse=True)
        self._percent = percent_texts(sign)
        self._terms: dict[Terms, _ViaCharges | None] = {}

    def block(self, block: Block) -> BlockLines:
        """The lines of one postal range."""
        if not block.service:
            fix = "give the rows a service, by the name of the contract with the marketplace"
            self._problems.add("Contrato Logístico", None, "the rows name no service", fix)
        if words := unsaid_block(block, _SAYABLE):
            report_unsaid(words, "via-varejo", block, self._problems)
            return BlockLines("", block.codes, [])
        return BlockLines("", block.codes, [line for one in block.brackets if (line := self._line(block, one))])

    def _line(self, block: Block, one: WrittenBracket) -> Cells | None:
        if one.low >= _HEAVIEST:
            self._problems.note("brackets above 999 kg are left out: the marketplace takes none")
            return None
        charges = self._charges(one.terms, block)
        if charges is None:
            return None
        self.counted.look_at(one)
        low, high = self._borders(one)
        return (
            *(quoted(block.service), block.postal_from, block.postal_to, self._weight[low], self._weight[high]),
            *(self._price[one.price], *charges),
        )

    def _borders(self, one: WrittenBracket) -> tuple[Milligrams, Milligrams]:
        """The borders as they are written; one that two decimals of a kg cannot say is a problem."""
        low, high = one.low, min(one.high, _HEAVIEST)
        if one.high > _HEAVIEST:
            self._problems.note("brackets end at 999 kg: the marketplace takes nothing heavier")
        opens = one.top and one.extra_from >= one.high
        if one.terms.extra_per_kg and one.extra_from < _HEAVIEST and (one.extra_from < high or opens):
            cause = "Via's table has no price for each kg above a border"
            fix = "write a bracket for each weight up to 999 kg instead"
            self._problems.add("Peso Final", weight_words(one.extra_from, "kg"), cause, fix)
        for column, border in (("Peso Inicial", low), ("Peso Final", high)):
            if border % _HUNDREDTH and not (column == "Peso Inicial" and one.joined):
                cause = "is no whole hundredth of a kg, and weights have two decimals"
                self._problems.add(column, weight_words(border, "kg"), cause, "let brackets end at whole hundredths")
        apart = one.joined and low and high - low > _HUNDREDTH
        return low + _HUNDREDTH * bool(apart), high

    def _charges(self, terms: Terms, block: Block) -> _ViaCharges | None:
        """The cells of terms; None for those that the format cannot say, which is told once."""
        if terms not in self._terms:
            self._terms[terms] = self._written(terms, block)
        return self._terms[terms]

    def _written(self, terms: Terms, block: Block) -> _ViaCharges | None:
        if unsaid := unsaid_terms(terms, _SAYABLE):
            report_unsaid(unsaid, "via-varejo", block, self._problems)
            return None
        if terms.days_min != terms.days_max:
            self._problems.note("Tempo transporte is the longest time; the table has no shortest one")
        percent, _ = of_value(terms)
        volume = self._volume[terms.max_volume or _NO_VOLUME]
        return _ViaCharges(str(terms.days_max), self._percent[percent], volume)
