"""What a row charges and a format has no words for."""

from collections.abc import Collection, Iterator
from typing import Final, Literal

from portes.errors import Problems
from portes.tables.protocol import Fee, Terms
from portes.tables.writing.blocks import Block

Sayable = Literal["percent", "least", "excess", "minimum", "max_volume", "origin", "axis"]
"""What a format may have words for, beside prices and days."""

OF_VALUE: Final = "ad_valorem"
"""The fee that formats with one percentage of the declared value have."""
_WITHOUT: Final = (
    "take it out of the table, or write a format that has it: plain, or mapping with a column for each fee"
)


def of_value(terms: Terms) -> tuple[int, int]:
    """The percentage of the declared value, in millionths of a percent, and the least it comes to; 0 for none."""
    return next(((fee.percent, fee.least) for fee in terms.fees if fee.name == OF_VALUE), (0, 0))


def unsaid_terms(terms: Terms, sayable: Collection[Sayable]) -> list[str]:
    """What a format cannot say of some terms, in words; empty when it can say all."""
    return [words for part, words in _parts(terms) if part not in sayable]


def unsaid_block(block: Block, sayable: Collection[Sayable]) -> list[str]:
    """What a format cannot say of a block's place and axis, in words."""
    words = []
    if block.origin_from and "origin" not in sayable:
        words.append(f"prices from {block.origin_from}-{block.origin_to} alone")
    if block.axis != "weight" and "axis" not in sayable:
        words.append(f"brackets of {block.axis}")
    return words


def report_unsaid(words: Collection[str], name: str, block: Block, problems: Problems) -> None:
    """Tell that a format has no words for something, and on which row it was met first."""
    where = f"{block.service} {block.codes}" if block.service else block.codes
    for each in words:
        problems.add(where, None, f"{name} cannot say {each}", _WITHOUT)


def _parts(terms: Terms) -> Iterator[tuple[str, str]]:
    """What the terms charge or limit, each with what a format needs for it; an empty need is met by none of these."""
    if len({fee.name for fee in terms.fees}) < len(terms.fees):
        yield "", "two fees of one name"
    for fee in terms.fees:
        yield from _fee_parts(fee)
    if terms.extra_per_kg:
        yield "excess", "a price for each kg above a border"
        if terms.extra_step:
            yield "", "excess weight by each started kg"
    if terms.minimum:
        yield "minimum", "a minimum of the whole row"
    if terms.max_volume:
        yield "max_volume", "a largest volume"
    if terms.tax >= 0:
        yield "", "a tax of the row"


def _fee_parts(fee: Fee) -> Iterator[tuple[str, str]]:
    if fee.name != OF_VALUE:
        yield "", f"the fee {fee.name}"
        return
    if fee.amount:
        yield "", f"an amount of {fee.name} for each {fee.per}"
    if fee.larger and fee.amount:
        yield "", f"the larger of amount and percentage of {fee.name}"
    if fee.percent:
        yield "percent", "a percentage of the declared value"
    if fee.least:
        yield "least", "a least amount of the percentage"
