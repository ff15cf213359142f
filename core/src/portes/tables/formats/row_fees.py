"""Columns for what a row charges beside its price, as carriers' sheets in Brazil print them.

GRIS, ADV, TRT and EMEX come as a percentage and a least amount, the others as an amount; the names are those of the
Frenet-style sheet (seen in one importer) and of the proposal-style sheet (seen in one engine). What a percentage is
of is for the tariff to say, by the fee's name.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from portes.errors import Problems
from portes.tables.protocol import Fee, Per, ReadOptions
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, Values, place
from portes.tables.reading.vocabulary import SYNONYMS

_SHARES: Final = (
    ("risk_management", "GRIS %", (), "GRIS mín", ()),
    ("ad_valorem", "ADV %", ("gris adv pct nf",), "ADV mín", ()),
    ("restricted_traffic", "TRT %", ("trt pct sobre frete",), "TRT mín", ("trt minimo",)),
    ("exceptional", "EMEX %", (), "EMEX mín", ("emex minimo",)),
)
"""Fees that are a percentage with a least amount: their names, and what both columns are called."""
_AMOUNTS: Final = (
    ("dispatch", "Despacho", ("taxa despacho rs",)),
    ("free_zone", "SUFRAMA", ()),
    ("administration", "TAS", ()),
)
_TOLL: Final = Column("Pedágio", Cells.price, blank=0, number=True, also=("peaje", "toll"))
_TOLL_PER_100: Final = Column(
    "Pedágio por 100 kg", Cells.price, blank=0, number=True, also=("pedagio rs por 100kg", "pedagio 100 kg")
)
_TAX: Final = Column("ICMS", Cells.percent, blank=-1, number=True, also=SYNONYMS["tax"])


def _synonyms(field: str) -> tuple[str, ...]:
    return SYNONYMS.get(field, ())


def _columns() -> Iterator[Column]:
    for fee, share, shares, least, leasts in _SHARES:
        yield Column(share, Cells.percent, blank=0, number=True, also=(*shares, *_synonyms(fee)))
        yield Column(least, Cells.price, blank=0, number=True, also=(*leasts, *_synonyms(f"{fee}_minimum")))
    yield _TOLL
    yield _TOLL_PER_100
    for fee, amount, amounts in _AMOUNTS:
        yield Column(amount, Cells.price, blank=0, number=True, also=(*amounts, *_synonyms(fee)))
    yield _TAX


COLUMNS: Final = tuple(_columns())
"""All of them; a sheet has those that it needs, and a blank cell charges nothing."""


class RowFees:
    """The fees and the tax that rows state in `COLUMNS`, under what is declared about tolls."""

    def __init__(self, options: ReadOptions, problems: Problems) -> None:
        self._toll_per = options.toll_per
        self._problems = problems
        self._asked: set[str] = set()

    def of(self, sheet: str, line: int, values: Values) -> tuple[tuple[Fee, ...], int]:
        """The fees of a line in their order, and its tax, -1 without one; a toll for nobody knows what is told once."""
        toll = values[len(_SHARES) * 2]
        if toll and self._toll_per == "report" and sheet not in self._asked:
            self._asked.add(sheet)
            choices = " or ".join(f'"{per}"' for per in ("shipment", "started_100_kg", "100_kg"))
            fix = f"ask the carrier, and declare toll_per = {choices} (--toll-per)"
            cause = "does not say whether the toll is for a shipment or for each 100 kg"
            self._problems.add(place(sheet, _TOLL.name), None, cause, fix, line)
        return _fees(tuple(values), self._toll_per), values[-1]


@lru_cache(maxsize=4096)
def _fees(values: Sequence[int], toll_per: str) -> tuple[Fee, ...]:
    shares = len(_SHARES) * 2
    fees = [
        Fee(name, percent=percent, least=least)
        for (name, *_), percent, least in zip(_SHARES, values[:shares:2], values[1:shares:2], strict=True)
    ]
    toll, per_100, *amounts = values[shares:-1]
    by_100: Per = "100_kg" if toll_per == "100_kg" else "started_100_kg"
    fees.append(Fee("toll", toll, "shipment" if toll_per in {"report", "shipment"} else by_100))
    fees.append(Fee("toll", per_100, by_100))
    fees += [Fee(name, amount) for (name, *_), amount in zip(_AMOUNTS, amounts, strict=True)]
    return tuple(fee for fee in fees if fee.amount or fee.percent or fee.least)
