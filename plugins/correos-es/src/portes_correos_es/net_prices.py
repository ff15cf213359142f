"""Whether a tariff's prices hold the tax already: what its titles, headings and remarks say of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from portes.errors import Problems
from portes.tables.reading.columns import place
from portes.tables.reading.headings import plain_letters
from portes.tables.reading.sheets import Sheet

_PRICES: Final = ("precio", "importe", "tarifa", "preço", "price")
_WITHOUT: Final = ("sin iva", "sin impuestos", "+ iva", "mas iva", "iva no incluido", "iva excluido", "iva aparte")
_WITH: Final = ("con iva", "iva incluido", "iva incl", "con impuestos", "impuestos incluidos", "com iva", "with vat")


def _headings(words: Sequence[str]) -> Iterator[str]:
    yield from (f"{price} {word}" for price in _PRICES for word in words)


NET_HEADINGS: Final = (
    *_PRICES, *_headings(("neto", "neta", *_WITHOUT)), "neto", "base imponible", "coste", "preço líquido", "sem iva",
    "net price", "price without vat",
)  # fmt: skip
GROSS_HEADINGS: Final = (*_headings(("iva", *_WITH)), "total con iva")
"""What a column of prices is called that hold the tax: known, so that one sentence says what is wrong with it."""

_TAX: Final = re.compile(r"\b(?:iva|igic|vat|impuestos?|i\.v\.a)\b")
_NET: Final = re.compile(
    r"\b(?:sin|sem|without|mas|plus|excl\w*|neto|netos|neta|netas|aparte)\b|\+|\b(?:no|nao|not) inc"
)
_GROSS: Final = re.compile(r"\b(?:con|com|with|inc\w*)\b")
_FIX: Final = "ask for net prices, for Portes adds the tax by territory; where they are net, write sin IVA there"


def check_net(sheets: Sequence[Sheet], headers: Mapping[str, int], problems: Problems) -> None:
    """Report words by which prices hold the tax, or may: in a sheet's name, down to its header, and in remarks.

    `headers` are the lines of the headers by sheet. A sheet that says nothing of a tax is taken for net.
    """
    for sheet in sheets:
        if fault := _fault(sheet.name):
            problems.add(place(sheet.name, "sheet"), sheet.name, fault, _FIX)
        for line, cells in sheet.lines():
            said = [str(cell).strip() for cell in cells if str(cell).strip()]
            remark = len(said) == 1 or line <= headers.get(sheet.name, 0)
            for text in said if remark else ():
                if fault := _fault(text):
                    problems.add(place(sheet.name, "prices"), text, fault, _FIX, line)


def _fault(text: str) -> str:
    words = plain_letters(text).lower()
    if not _TAX.search(words) or _NET.search(words):
        return ""
    return (
        "says that prices hold the tax" if _GROSS.search(words) else "speaks of a tax, and not whether prices hold it"
    )


__all__ = ["GROSS_HEADINGS", "NET_HEADINGS", "check_net"]
