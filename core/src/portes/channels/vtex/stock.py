"""What can be bought of the items of a cart, by what the catalogue says of their SKUs; pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from portes.catalogue import CatalogueEntry
from portes.channels.vtex.wire import VtexItem
from portes.contract import Money
from portes.contract.bounds import MOST_QUANTITY


class GoodsInStock(NamedTuple):
    """One item of a cart that can be bought."""

    position: int
    """In the question."""
    item: VtexItem
    quantity: int
    """The units asked for, or the most that there are."""
    balance: int | None
    """The units there are for it; None where nobody counts them."""
    price: Money
    """Of one unit."""
    list_price: Money
    """Of one unit without any discount."""


def in_stock(
    items: Sequence[VtexItem], goods: Sequence[CatalogueEntry | None], *, split: bool
) -> tuple[GoodsInStock, ...]:
    """The items that can be bought, in their order; the others are unavailable: unknown, of another seller, sold out.

    One without a price, or with a price of nothing, is none that can be bought. Of a SKU that stands there twice, the
    later one has what the earlier one leaves. `split` says whether units of several origins may make one line.
    """
    left: dict[str, int] = {}
    found: list[GoodsInStock] = []
    for position, (item, entry) in enumerate(zip(items, goods, strict=True)):
        if entry is None or entry.price is None or not entry.price.minor or entry.seller not in {"", item.seller}:
            continue
        balance = left.setdefault(item.id, most) if (most := entry.most_of_a_line(split=split)) is not None else None
        quantity = min(item.quantity, MOST_QUANTITY if balance is None else balance)
        if quantity:
            found.append(GoodsInStock(position, item, quantity, balance, entry.price, entry.list_price or entry.price))
        if balance is not None:
            left[item.id] = balance - quantity
    return tuple(found)


def unreadable(skus: Sequence[str], goods: Sequence[CatalogueEntry | None]) -> Mapping[str, str]:
    """The SKUs of which nobody knows what the catalogue says, and why: it could not be asked, or a row is wrong."""
    return {sku: entry.problem for sku, entry in zip(skus, goods, strict=True) if entry is not None and entry.problem}
