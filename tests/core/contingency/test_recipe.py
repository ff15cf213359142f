"""Which rules of a store go into a table."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from bulk_shop import Shop
from terminal import install

from portes.contingency.goods import Goods
from portes.contingency.recipe import Recipe, Wishes, recipe_of
from portes.engine.plan import make_plan
from portes.errors import SettingsError
from portes.rules.protocol import Phase, RuleSettings, ShipmentRule

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


class Seasonal:
    """A rule of somebody else's, with every kind of key that a table cannot know."""

    class Settings(RuleSettings):
        threshold: int | None = None
        skus: tuple[str, ...] = ()
        tags: tuple[str, ...] = ()
        day: date | None = None
        days: tuple[date, ...] = ()
        seasons: dict[str, tuple[date, date]] | None = None
        words: tuple[str, ...] = ()

    phase: ClassVar[Phase] = Phase.SHIPMENT

    @staticmethod
    def build(_settings: Any, _currency: str) -> ShipmentRule:
        return lambda offers, _occasion: offers


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


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("", ""),
        ('words = ["2026-12-24"]', ""),
        ("threshold = 0", "hangs on what the cart is worth"),
        ('skus = ["sofa"]', "hangs on which goods are sent"),
        ('tags = ["bulky"]', "hangs on which goods are sent"),
        ("day = 2026-12-24", "holds on some days only"),
        ("days = [2026-12-24]", "holds on some days only"),
        ("seasons = { summer = [2026-12-21, 2027-03-20] }", "holds on some days only"),
    ],
)
def test_a_rule_of_somebody_else_s_goes_in_unless_a_key_is_of_what_no_table_knows(
    shop: Shop, tmp_path: Path, keys: str, why: str
) -> None:
    install(tmp_path / "site", "seasons", f"[portes.rules]\nseasonal = {__name__}:Seasonal\n")
    made = recipe(shop, f'[[rules]]\nuse = "seasonal"\n{keys}\n')

    assert [each.why for each in made.left_out] == ([why] if why else [])
    assert len(made.policy.shipment_rules) == (0 if why else 1)


def test_rules_of_goods_go_into_the_table_of_a_sku(shop: Shop) -> None:
    (shop.folder / "skus.csv").write_text("sku,tags\nsofa,bulky\n")
    rules = '[[rules]]\nuse = "exclude"\ncarriers = ["lanes"]\ntags = ["bulky"]\n'
    store = 'catalogue = "skus.csv"'

    without, of_sofas = recipe(shop, rules, store), recipe(shop, rules, store, sku="sofa")

    assert [each.why for each in without.left_out] == ["hangs on which goods are sent"]
    assert of_sofas.left_out == ()
    assert (len(without.policy.plan_rules), len(of_sofas.policy.plan_rules)) == (0, 1)


def test_a_rule_s_name_that_is_nearly_right_is_told(shop: Shop) -> None:
    with pytest.raises(SettingsError, match="did you mean free_shipping"):
        recipe(shop, with_rules=("free_shiping",))


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        (datetime(2026, 3, 6, 1, tzinfo=UTC), 6),  # Thursday evening in São Paulo
        (datetime(2026, 3, 6, 3, tzinfo=UTC), 9),  # Friday's midnight: the next day is none that it works
        (datetime(2026, 3, 9, 2, tzinfo=UTC), 9),
    ],
)
def test_lanes_are_asked_as_of_the_first_moment_of_the_next_day_that_the_origin_works(
    shop: Shop, asked: datetime, day: int
) -> None:
    made = recipe(shop)

    assert made.moment(asked) == datetime(2026, 3, day, tzinfo=ZoneInfo("America/Sao_Paulo"))
    assert [origin.id for origin in made.policy.origins] == [1]


def test_a_lane_is_planned_without_a_fallback_whose_packer_could_fail(shop: Shop) -> None:
    store = shop.open_with_fallback()
    made = recipe_of(store, GOODS, Wishes())
    live, own = (
        make_plan(made.request("01512651", 500), made.moment(shop.clock.now()), policy)
        for policy in (store.quoter.policy, made.policy)
    )

    assert [len(question.alternatives) for question in (*live.questions, *own.questions)] == [1, 0]
