"""What goods a store sells, by its catalogue or by what it was asked about lately; it reads no settings of its own."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import NamedTuple

import orjson

from portes.catalogue import Catalogue
from portes.contingency.goods import Goods, SoldUnit, TypicalGoods, typical_of
from portes.errors import Problem, SettingsError
from portes.receipts.database import FILE_NAME, ReceiptDatabase
from portes.store import Store


class GoodsWishes(NamedTuple):
    """What somebody says of the goods; None where the store itself is to tell."""

    density: int | None = None
    """Grams per cubic metre."""
    value: int | None = None
    """Minor units of a shipment."""
    per_kg: bool = False
    """Whether the value is one of each kilogram."""
    no_value: bool = False
    """Whether no value is told to carriers."""
    cubic_factor: int = 0
    """Grams per cubic metre."""
    days: int = 30
    """How far back receipts are read."""


class ChosenGoods(NamedTuple):
    """The goods of a table, and in words where each figure comes from."""

    goods: Goods
    density_from: str
    value_from: str


def choose_goods(store: Store, wishes: GoodsWishes, now: datetime) -> ChosenGoods:
    """The goods by what is wished, else by the catalogue, else by the receipts of the last days.

    Raises `SettingsError` naming every option and source when a density or a value is known from nowhere.
    """
    sources = _Sources(store, now, wishes.days)
    density, density_from = wishes.density, "--density"
    if density is None:
        density, density_from = sources.first("density")
    value, value_from = wishes.value, "--value"
    if value is None and not wishes.no_value:
        value, value_from = sources.first("value_per_kg" if wishes.per_kg else "value")
    problems = []
    if density is None:
        fix = f"write --density 200 (kg/m³), or give the catalogue columns weight and size{sources.receipts_too}"
        problems.append(Problem("--density", "", "nobody knows how heavy the goods are for their size", fix))
    if value is None and not wishes.no_value:
        fix = f"write --value 129.90 or --value none, or give the catalogue declared_value{sources.receipts_too}"
        problems.append(Problem("--value", "", "nobody knows what a shipment is worth", fix))
    if density is None or problems:
        raise SettingsError(problems)
    goods = Goods(density, None if wishes.per_kg else value, value if wishes.per_kg else None, wishes.cubic_factor)
    return ChosenGoods(goods, density_from, "--value none" if wishes.no_value else value_from)


class _Sources:
    """The medians of catalogue and receipts, each read when it is first needed."""

    def __init__(self, store: Store, now: datetime, days: int) -> None:
        self._store = store
        self._since = int((now - timedelta(days=days)).timestamp() * 1000)
        self._until = int(now.timestamp() * 1000)
        self._receipts = f"the receipts of the last {days} days"
        self._known: dict[str, TypicalGoods] = {}

    @property
    def receipts_too(self) -> str:
        """How receipts would tell, for a fix."""
        return "" if self._store.settings.state is None else ", or let the store answer some days: receipts tell it too"

    def first(self, figure: str) -> tuple[int | None, str]:
        """A figure of typical goods and where it comes from; None and nothing where no source tells it."""
        for source, sold in ((self._catalogue_words, self._in_catalogue), (self._receipts, self._in_receipts)):
            if source not in self._known:
                self._known[source] = typical_of(sold())
            found: int | None = getattr(self._known[source], figure)
            if found is not None:
                return found, source
        return None, ""

    @property
    def _catalogue_words(self) -> str:
        path = self._store.settings.store.catalogue
        return f"the catalogue {path}" if path else "the catalogue"

    def _in_catalogue(self) -> Iterable[SoldUnit]:
        catalogue = self._store.quoter.policy.catalogue
        return () if catalogue is None or not catalogue.is_listed else _of_catalogue(catalogue)

    def _in_receipts(self) -> Iterable[SoldUnit]:
        state = self._store.settings.state
        if state is None:
            return
        with closing(ReceiptDatabase(state / FILE_NAME)) as database:
            for line in database.lines(self._store.name, self._since, self._until):
                yield from _of_receipt(line)


def _of_catalogue(catalogue: Catalogue) -> Iterator[SoldUnit]:
    for entry in catalogue.entries:
        value = None if entry.value is None else entry.value.minor
        yield SoldUnit(entry.weight or 0, 0 if entry.size is None else entry.size.volume, value)


def _of_receipt(line: bytes) -> Iterator[SoldUnit]:
    """The units that were asked about; a receipt's line is JSON that was validated when it was made."""
    for item in orjson.loads(line)["request"]["lines"]:
        size, value = item["size"], item.get("declared_value")
        volume = size["length"] * size["width"] * size["height"]
        yield SoldUnit(item["weight"], volume, None if value is None else value["minor"], item["quantity"])
