"""Where the density and the value of a table's goods come from."""

import pytest
from bulk_shop import Shop
from shop import brl, item

from portes.contingency.goods_sources import ChosenGoods, GoodsWishes, choose_goods
from portes.contract import Dimensions, Place, QuoteRequest
from portes.errors import SettingsError
from portes.store import Store

CATALOGUE = (
    "sku,declared_value,weight,size\na,50.00,1kg,10x10x50cm\nb,70.00,2kg,10x10x50cm\nc,90.00,9kg,10x10x50cm\nd,,,\n"
)


def chosen(shop: Shop, store: Store, **wishes: object) -> ChosenGoods:
    return choose_goods(store, GoodsWishes(**wishes), shop.clock.now())  # type: ignore[arg-type]  # as a test says them


def with_catalogue(shop: Shop, text: str = CATALOGUE) -> Store:
    (shop.folder / "skus.csv").write_text(text)
    return shop.open(store='catalogue = "skus.csv"')


def test_the_catalogue_tells_the_medians(shop: Shop) -> None:
    goods = chosen(shop, with_catalogue(shop))

    assert (goods.goods.density, goods.goods.value, goods.goods.value_per_kg) == (400_000, 7_000, None)
    assert (goods.density_from, goods.value_from) == ("the catalogue skus.csv", "the catalogue skus.csv")


def test_a_value_may_be_one_of_each_kilogram(shop: Shop) -> None:
    goods = chosen(shop, with_catalogue(shop), per_kg=True).goods

    assert (goods.value, goods.value_per_kg) == (None, 3_500)


def test_what_is_said_goes_before_what_is_known(shop: Shop) -> None:
    goods = chosen(shop, with_catalogue(shop), density=123_000, value=1)

    assert (goods.goods.density, goods.goods.value) == (123_000, 1)
    assert (goods.density_from, goods.value_from) == ("--density", "--value")


def test_receipts_tell_what_the_catalogue_does_not_by_units(shop: Shop) -> None:
    store = with_catalogue(shop, "sku,declared_value\na,50.00\n")
    ten_litres = Dimensions(length=100, width=100, height=1_000)
    heavy = item("a", quantity=5, weight=3_000, size=ten_litres, declared_value=brl(3_000))
    light = item("b", quantity=4, weight=1_000, size=ten_litres)
    destination = Place(country="BR", postal_code="01512651")
    store.quote(
        QuoteRequest(channel="test", store="shop", destination=destination, lines=(heavy, light), currency="BRL")
    )
    assert store.receipts is not None
    store.receipts.close()

    goods = chosen(shop, store)

    assert (goods.goods.density, goods.density_from) == (300_000, "the receipts of the last 30 days")
    assert (goods.goods.value, goods.value_from) == (5_000, "the catalogue skus.csv")


def test_without_any_source_every_option_and_source_is_named(shop: Shop) -> None:
    with pytest.raises(SettingsError) as raised:
        chosen(shop, shop.open())

    told = str(raised.value)
    assert [word for word in ("--density", "--value", "catalogue", "receipts", "none") if word not in told] == []


def test_no_value_is_told_where_none_is_wanted(shop: Shop) -> None:
    goods = chosen(shop, with_catalogue(shop), no_value=True)

    assert (goods.goods.value, goods.goods.value_per_kg, goods.value_from) == (None, None, "--value none")
