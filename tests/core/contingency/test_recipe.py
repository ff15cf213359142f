"""Which rules of a store go into a table."""

from datetime import datetime

import pytest
from bulk_shop import Shop

from portes.contingency.goods import Goods
from portes.contingency.recipe import Recipe, Wishes, recipe_of
from portes.errors import SettingsError

GOODS = Goods(200_000)
RULES = """
[[rules]]
use = "markup"
percent = 5
[[rules]]
use = "free_shipping"
threshold = "199.00"
[[rules]]
use = "markup"
percent = -50
storefronts = ["OUTLET"]
[[rules]]
use = "exclude"
carriers = ["lanes"]
regions = ["69"]
"""


def recipe(shop: Shop, rules: str = RULES, store: str = "", **wishes: object) -> Recipe:
    return recipe_of(shop.open(more=rules, store=store), GOODS, Wishes(**wishes))  # type: ignore[arg-type]  # as a test says them


def test_what_hangs_on_the_cart_or_a_storefront_stays_out_and_is_told(shop: Shop) -> None:
    made = recipe(shop)

    assert [(each.where, each.use) for each in made.left_out] == [("rules.1", "free_shipping"), ("rules.2", "markup")]
    assert (len(made.policy.plan_rules), len(made.policy.shipment_rules), len(made.policy.cart_rules)) == (1, 1, 0)


@pytest.mark.parametrize("name", ["free_shipping", "rules.1"])
def test_a_rule_that_is_asked_for_goes_in(shop: Shop, name: str) -> None:
    made = recipe(shop, with_rules=(name,))

    assert [each.where for each in made.left_out] == ["rules.2"]
    assert len(made.policy.cart_rules) == 1


def test_a_rule_of_a_storefront_goes_into_the_table_of_a_storefront(shop: Shop) -> None:
    made = recipe(shop, storefront="OUTLET")

    assert [each.use for each in made.left_out] == ["free_shipping"]
    assert made.request("01512651", 500).storefront == "OUTLET"


def test_a_rule_that_the_store_does_not_have_is_refused_with_what_is_meant(shop: Shop) -> None:
    with pytest.raises(SettingsError, match="free_shipping"):
        recipe(shop, with_rules=("free_shiping",))


def test_an_origin_that_the_store_does_not_have_is_refused_with_those_it_has(shop: Shop) -> None:
    with pytest.raises(SettingsError, match="write one of 1, 2"):
        recipe(shop, origin=7)


def test_a_sku_of_the_catalogue_stands_for_all_goods_with_its_days_and_tags_but_not_its_stock(shop: Shop) -> None:
    (shop.folder / "skus.csv").write_text("sku,declared_value,origins,handling_days,tags\nsofa,900.00,2,4,bulky\n")
    made = recipe(shop, store='catalogue = "skus.csv"', sku="sofa")
    catalogue = made.policy.catalogue
    entry = catalogue and catalogue.get("sofa")

    assert entry
    assert (entry.handling_days, entry.tags, entry.origins) == (4, ("bulky",), (1,))
    assert entry.declared_value is None
    assert made.request("01512651", 500).lines[0].sku == "sofa"


def test_a_sku_that_the_catalogue_lacks_is_refused(shop: Shop) -> None:
    with pytest.raises(SettingsError, match="is not in the store's catalogue"):
        recipe(shop, sku="sofa")


def test_without_a_sku_no_catalogue_decides_who_is_asked(shop: Shop) -> None:
    (shop.folder / "skus.csv").write_text("sku\nsofa\n")
    made = recipe(shop, store='catalogue = "skus.csv"\nunknown_sku = "refuse"')

    assert made.policy.catalogue is None


def test_lanes_are_asked_as_of_a_midnight_of_the_origin_on_a_day_on_which_it_works(shop: Shop) -> None:
    """Friday night in Manaus, an hour behind: its next day is its open Saturday, which its store calls one o'clock."""
    week = '[[origins]]\nid = 3\npostal_code = "69005000"\ntimezone = "America/Manaus"\nopen_days = ["sat"]\n'
    made = recipe(shop, rules=week, origin=3)
    friday_night = datetime.fromisoformat("2026-03-07T00:30-03:00")

    assert made.moment(friday_night) == datetime.fromisoformat("2026-03-07T01:00-03:00")
    assert made.moment(friday_night).tzinfo is made.policy.timezone


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ('value_from = "1.00"', "hangs on what the cart is worth"),
        ('line_value_to = "1.00"', "hangs on what the cart is worth"),
        ("units_from = 2", "hangs on how many units are in the cart"),
        ('channels = ["netshoes"]', "holds for some channels only"),
        ('storefronts = ["OUTLET"]', "holds for some storefronts only"),
        ('tags = ["bulky"]', "hangs on which goods are sent"),
        ('weekdays = ["mon"]', "holds on some days only"),
        ('seasons = ["11-20..12-24"]', "holds on some days only"),
        ("date_to = 2030-01-01", "holds on some days only"),
        ("weight_from = 1000", ""),
        ('regions = ["BR/interior"]', ""),
        ("origins = [1]", ""),
    ],
)
def test_a_rule_bound_to_what_a_table_does_not_know_stays_out(shop: Shop, when: str, why: str) -> None:
    made = recipe(shop, rules=f'[[rules]]\nuse = "price"\npercent = 5\nwhen = {{ {when} }}\n')

    assert [each.why for each in made.left_out] == ([why] if why else [])
