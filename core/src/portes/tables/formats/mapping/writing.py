"""Files with the columns of a mapping, filled so that the mapping reads them as the rows they were written of."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from portes.contract.money import exponent
from portes.errors import Problems
from portes.tables.formats.mapping.description import MappedColumn, TableMapping, read_mapping
from portes.tables.formats.mapping.fields import BLANKS, PLACE_NAMES
from portes.tables.formats.mapping.layout import STEP, FeePart, Layout, PriceBracket, Role, layout_of
from portes.tables.formats.mapping.unnamed import column_number
from portes.tables.protocol import NO_LIMIT, Fee, Milligrams, ReadOptions, Row, Terms
from portes.tables.reading.headings import heading_of
from portes.tables.writing.amounts import DecimalTexts, MoneyTexts, percent_texts
from portes.tables.writing.blocks import Block, WrittenBracket, blocks_of
from portes.tables.writing.files import SEPARATORS, BlockLines, Cells, OpenText, packed, quoted
from portes.tables.writing.priceless import PricelessCount
from portes.tables.writing.protocol import WriteOptions, WrittenFile

_STARTED_KG: Final = 1_000_000
_UNSAID: Final = "add a column for it to the mapping and to the file, or take it out of the table"
_WORDS: Final = ("service", "origin_from", "origin_to")

Record = dict[Role, Any]
"""What a line has to say, as the mapping's reader gives it: values of fields by name, and of parts of fees."""


def write_mapped(rows: Iterable[Row], options: WriteOptions, problems: Problems) -> Iterator[WrittenFile]:
    """The files of some rows: of each service its own where the mapping has no column for it."""
    declared = ReadOptions(
        options.country,
        options.currency,
        decimal=options.decimal,
        weight_unit=options.weight_unit or "g",
        beside=options.beside,
    )
    mapping = read_mapping(declared, problems)
    layout = layout_of(mapping, declared, problems) if mapping else None
    if mapping is None or layout is None or not _is_text(mapping, layout, problems):
        return
    lines = _MappedLines(layout, options, problems)
    step = 10 if layout.axis == "weight" and layout.options.weight_unit == "kg" else 1
    blocks = blocks_of(rows, options.country, step, problems, lines.counted.leaves_out)
    make = partial(
        OpenText,
        lines.header(),
        SEPARATORS[layout.options.decimal or "."],
        options.most_rows,
        options.most_bytes,
        blank_lines=mapping.first_line - 1,
    )
    yield from packed(map(lines.block, blocks), make, ".csv", options, problems)
    lines.counted.tell(problems)


def _is_text(mapping: TableMapping, layout: Layout, problems: Problems) -> bool:
    """Whether the mapping is one of a text file, with postal codes; else that is told."""
    if mapping.sheets:
        fix = "take sheets out, and copy the written lines into the workbook"
        problems.add("sheets", ", ".join(mapping.sheets), "are sheets of a workbook, and text is written", fix)
    if not {"postal_range", "postal_from"} & {role for role in layout.roles if isinstance(role, str)}:
        cause = "the mapping has no column of postal codes, and rows are written by them"
        problems.add("columns", None, cause, 'write "heading" = "postal_from" and another one = "postal_to"')
    if mapping.first_line > 1:
        problems.note(f"the first {mapping.first_line - 1} lines are blank: put the portal's own there")
    return not problems.count


class _MappedLines:
    """Makes lines of blocks."""

    def __init__(self, layout: Layout, options: WriteOptions, problems: Problems) -> None:
        self._layout, self._problems, self._options = layout, problems, options
        self.counted = PricelessCount()
        self._columns = dict(_columns(layout))
        self._roles = [role for role in layout.roles if not isinstance(role, PriceBracket)]
        self._named: set[Role] = set(self._roles)
        self._names_service = "service" in self._named or "service" in layout.defaults
        self._wide = len(self._roles) < len(layout.roles)
        self._texts = self._field_texts()
        self._money = self._texts["price"]
        self._terms: dict[Terms, Record] = {}
        self._width = max([len(layout.mapping.columns), *(at + 1 for at in self._columns.values())])
        self._told: set[str] = set()

    def header(self) -> Cells | None:
        """The headings in the mapping's order; None where the file has none."""
        return [quoted(name) for name in self._layout.mapping.columns] if self._layout.mapping.header else None

    def block(self, block: Block) -> BlockLines:
        """The lines of one postal range."""
        if block.axis != self._layout.axis:
            self._unsaid(f"brackets of {block.axis}: those of the mapping are of {self._layout.axis}", block)
            return BlockLines("", block.codes, [])
        kept = [*block.brackets]
        if kept and not kept[-1].top:
            kept[-1] = _ended(kept[-1])
        for one in kept:
            self.counted.look_at(one)
        lines = self._wide_lines(block, kept) if self._wide else (self._line(block, one) for one in kept)
        return BlockLines("" if self._names_service else block.service, block.codes, [*lines])

    def _line(self, block: Block, one: WrittenBracket) -> Cells:
        axis = self._layout.axis
        low, high = self._stated(one)
        if self._layout.stacked and not one.joined:
            self._unsaid("a hole between brackets: the mapping lets each begin where the one below it ends", block)
        record: Record = self._of_block(block) | self._of_terms(one.terms, block)
        record |= {f"{axis}_to": high, "price": one.price}
        if not self._layout.stacked:
            record[f"{axis}_from"] = low
        begin = one.low if self._layout.stacked else low
        record["extra_from"] = self._excess(block, one, begin, high)
        return self._cells(record, {}, block)

    def _wide_lines(self, block: Block, kept: list[WrittenBracket]) -> Iterator[Cells]:
        """A line for all brackets of the same terms, whose prices stand below their headings."""
        lines: dict[tuple[Terms, Milligrams | None], dict[PriceBracket, int]] = {}
        known = {self._layout.closed(*role): role for role in self._layout.roles if isinstance(role, PriceBracket)}
        for one in kept:
            role = known.get((one.low, one.high))
            if role is None:
                border = self._texts["weight_to"]
                self._unsaid(f"a bracket from {border(one.low)} to {border(min(one.high, NO_LIMIT))}", block)
            else:
                lines.setdefault((one.terms, self._excess(block, one, *role)), {})[role] = one.price
        for (terms, extra_from), prices in lines.items():
            record = self._of_block(block) | self._of_terms(terms, block)
            record["extra_from"] = extra_from
            yield self._cells(record, prices, block)

    def _stated(self, one: WrittenBracket) -> tuple[Milligrams, Milligrams]:
        """The borders as the file states them."""
        if self._layout.mapping.border == "upper_inclusive":
            return one.low, one.high
        return one.low + STEP if one.low else 0, one.high if one.high == NO_LIMIT else one.high + STEP

    def _excess(self, block: Block, one: WrittenBracket, low: Milligrams, high: Milligrams) -> Milligrams | None:
        """From where excess weight counts, where the line must say so; None where its rule does, or nothing counts."""
        default = self._layout.defaults.get("extra_from")
        if not one.terms.extra_per_kg:
            return default
        ruled = self._layout.excess_border(default, low, high)
        beyond = not one.top and min(ruled, one.extra_from) >= one.high
        if ruled == one.extra_from or beyond:
            return default
        unheard = self._layout.stacked and self._layout.mapping.extra_from == "weight_from" and not one.extra_from
        if "extra_from" not in self._named or unheard:
            self._unsaid("a border of excess weight other than the mapping's rule", block)
        return one.extra_from

    def _of_block(self, block: Block) -> Record:
        """The fields of a block's place."""
        record: Record = {"origin_from": block.origin_from, "origin_to": block.origin_to}
        if "postal_range" in self._named:
            record["postal_range"] = f"{block.postal_from} a {block.postal_to}"
        else:
            record |= {"postal_from": block.postal_from, "postal_to": block.postal_to}
        if self._names_service:
            record["service"] = block.service
        return record

    def _of_terms(self, terms: Terms, block: Block) -> Record:
        """The fields and fees of terms, each time the same."""
        if terms not in self._terms:
            self._terms[terms] = self._record_of(terms, block)
        return self._terms[terms]

    def _record_of(self, terms: Terms, block: Block) -> Record:
        step = _STARTED_KG if self._layout.mapping.extra_step == "started_kg" else 0
        if terms.extra_per_kg and terms.extra_step != step:
            self._unsaid(f"excess weight by steps of {terms.extra_step} mg: the mapping's are of {step}", block)
        days = terms.days_min, terms.days_max
        shortest = "days_min" in self._named or "days_min" in self._layout.defaults
        record: Record = {
            "days_max": (days[1], days[1]) if shortest else days,
            "days_min": days[0] if shortest else None,
            "excess_weight": terms.extra_per_kg,
            "minimum": terms.minimum,
            "tax": terms.tax,
            "max_volume": terms.max_volume,
        }
        for fee in terms.fees:
            record.update(self._of_fee(fee, block))
        if len({fee.name for fee in terms.fees}) < len(terms.fees):
            self._unsaid("two fees of one name", block)
        return record

    def _of_fee(self, fee: Fee, block: Block) -> Iterator[tuple[FeePart, int]]:
        for part in ("amount", "percent", "least"):
            number: int = getattr(fee, part)
            if not number:
                continue
            per = fee.per if part == "amount" else "shipment"
            role = FeePart(fee.name, per, part)
            if role not in self._named:
                self._unsaid(f"the {part} of the fee {fee.name} for each {per}", block)
            yield role, number
        if fee.larger and fee.amount and fee.percent:
            self._unsaid(f"the larger of amount and percentage of {fee.name}", block)

    def _cells(self, record: Record, prices: Mapping[PriceBracket, int], block: Block) -> Cells:
        """The cells of a line; what has no column must be what a blank means."""
        cells = [""] * self._width
        for role, at in zip(self._layout.roles, self._columns.values(), strict=True):
            if isinstance(role, PriceBracket):
                cells[at] = self._money(prices[role]) if role in prices else ""
            elif isinstance(role, FeePart):
                cells[at] = self._fee_text(role, record.get(role, 0))
            elif role not in PLACE_NAMES:
                cells[at] = self._field_text(role, record[role], block)
        for field, value in record.items():
            if isinstance(field, str) and field not in self._named and value != self._blank(field):
                example = "none" if _is_silent(field, value) else self._texts.get(field, str)(value)
                self._unsaid(field, block, f", such as {example}")
        return cells

    def _blank(self, field: str) -> Any:  # noqa: ANN401 — each field has its own kind of value
        return self._layout.defaults.get(field, BLANKS.get(field))

    def _field_text(self, field: str, value: Any, block: Block) -> str:  # noqa: ANN401 — see above
        """The cell of a field: blank where that says it, else in words."""
        if value == self._blank(field):
            return ""
        if _is_silent(field, value):
            self._unsaid(f"no {field}: a blank cell means the mapping's default", block)
            return ""
        return self._texts[field](value)

    def _fee_text(self, role: FeePart, number: int) -> str:
        if not number:
            return ""
        return self._texts["tax"](number) if role.part == "percent" else self._money(number)

    def _field_texts(self) -> dict[str, Callable[[Any], str]]:
        """How the values of each field are written."""
        sign = self._layout.options.decimal or "."
        money = MoneyTexts("price", self._options, self._problems, sign, coarse=False).__getitem__
        weight = DecimalTexts(6 if self._layout.options.weight_unit == "kg" else 3, 0, sign).__getitem__
        value = DecimalTexts(3 + exponent(self._options.currency), 0, sign).__getitem__
        thousandths = DecimalTexts(3, 0, sign).__getitem__
        volume = DecimalTexts(9 if self._volume_unit() == "m3" else 3, 0, sign).__getitem__
        borders = {"weight": weight, "value": value, "units": thousandths, "volume": thousandths}
        texts: dict[str, Callable[[Any], str]] = {f"{axis}_from": text for axis, text in borders.items()}
        texts |= {f"{axis}_to": text for axis, text in borders.items()}
        texts |= dict.fromkeys(("price", "excess_weight", "minimum"), money)
        texts |= dict.fromkeys(("postal_from", "postal_to", "postal_range", *_WORDS), quoted)
        texts |= {"extra_from": weight, "tax": percent_texts(sign).__getitem__, "max_volume": volume}
        return texts | {"days_min": str, "days_max": _days}

    def _volume_unit(self) -> str:
        mapping = self._layout.mapping
        names = [name for name, meaning in mapping.columns.items() if meaning.field == "max_volume"]
        return heading_of(names[0]).unit("volume") if names and mapping.header else ""

    def _unsaid(self, words: str, block: Block, example: str = "") -> None:
        """Tell once what the mapping cannot say, with an example of it."""
        if words not in self._told:
            self._told.add(words)
            self._problems.add(block.codes, None, f"the mapping cannot say {words}{example}", _UNSAID)


def _columns(layout: Layout) -> Iterator[tuple[str, int]]:
    """The columns that are read, and where each stands in a line, from 0."""
    for at, (name, meaning) in enumerate(layout.mapping.columns.items()):
        if _is_read(meaning):
            yield name, at if layout.mapping.header else column_number(name) - 1


def _is_silent(field: str, value: Any) -> bool:  # noqa: ANN401 — see above
    """Whether a field says nothing with a value."""
    return value in (None, "") or (field, value) in {("tax", -1), ("max_volume", 0)}


def _is_read(meaning: MappedColumn) -> bool:
    return meaning.field != "ignore" or bool(meaning.fee)


def _ended(one: WrittenBracket) -> WrittenBracket:
    """A bracket that is the highest because those above it are left out: nothing is charged above its upper border."""
    if one.extra_from < one.high:
        return one
    return one._replace(terms=one.terms._replace(extra_per_kg=0))


def _days(span: tuple[int, int]) -> str:
    return str(span[1]) if span[0] == span[1] else f"{span[0]} a {span[1]}"
