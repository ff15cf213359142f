"""Which decimal sign the numbers of a file use, as far as they give it away."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from portes.contract.money import without_symbol

_REMEMBERED: Final = 1 << 16
_EVIDENCE: Final = re.compile(
    r"\d*(?:\.\d{3})+(?P<comma>,)\d+"  # 1.234,56
    r"|\d*(?:,\d{3})+(?P<dot>\.)\d+"  # 1,234.56
    r"|\d+(?:\.\d{3}){2,}(?P<dots>)"  # 1.234.567
    r"|\d+(?:,\d{3}){2,}(?P<commas>)"  # 1,234,567
    r"|(?![1-9]\d{0,2}[.,]\d{3}$)\d*(?P<lone>[.,])\d+",  # 8,49 and 1001.001 and 0.703, but not 1.234
    re.ASCII,
)


def decimal_sign(cell: object, currency: str) -> str | None:
    """The decimal sign that a number written as text gives away: `,` for `8,49`; None when it may mean either."""
    if not isinstance(cell, str):
        return None
    match = _EVIDENCE.fullmatch(_bare(cell, currency))
    if match is None:
        return None
    if match["dots"] is not None:
        return ","
    if match["commas"] is not None:
        return "."
    return match["comma"] or match["dot"] or match["lone"]


def _bare(text: str, currency: str) -> str:
    return without_symbol(text.strip().removesuffix("%"), currency).strip().removeprefix("-")


def decimal_signs(cells: Iterable[object], currency: str) -> Iterator[str]:
    """The decimal signs that the texts of some cells give away, in their order."""
    seen: set[object] = set()
    for cell in cells:
        if cell not in seen and (sign := decimal_sign(cell, currency)):
            yield sign
        if len(seen) < _REMEMBERED:
            seen.add(cell)
