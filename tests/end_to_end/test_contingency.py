"""A contingency table of a store that asks Correios, simulated over HTTP, held against the store's live quotes."""

from collections.abc import Iterator, Sequence

import pytest
from correios_shop import STORE, TABLE

from portes.contingency.build import BuiltTable, build_table
from portes.contingency.checking import LaneErrors, RowFinder, lane_errors, random_points
from portes.contingency.goods import Goods
from portes.contingency.goods_sources import GoodsWishes
from portes.contingency.order import BuildOrder
from portes.contingency.pace import StoppableClock
from portes.contingency.portals import find_portal
from portes.contingency.recipe import Wishes, recipe_of
from portes.contingency.regions import regions_of_states
from portes.contingency.sampling import LaneAnswer, LanePoint, LanePrice
from portes.contract import Verdict
from portes.simulators.serving import HOST, build_sandbox, serving
from portes.store import Store, open_store

ENVIRON = {"SECRET": "canary-4711-0815"}
MORE = """
[service]
state = "state"
[carriers.correios.bulk]
calls_a_minute = 100000
at_once = 4
"""
BORDERS = (500, 1_000, 5_000)
REGIONS = regions_of_states("BR", ["SP", "RR"])
GOODS = Goods(200_000, 10_000)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "table.csv").write_text(TABLE)
    with serving(build_sandbox("correios-br", ())) as port:
        (folder / "portes.toml").write_text((STORE + MORE).format(url=f"http://{HOST}:{port}"))
        with open_store(folder, environ=ENVIRON) as opened:
            yield opened


@pytest.fixture(scope="module")
def built(store: Store) -> BuiltTable:
    order = BuildOrder(
        find_portal("plain"),
        "tester",
        goods=GoodsWishes(GOODS.density, GOODS.value),
        borders=BORDERS,
        regions=REGIONS,
        most_calls=300,
    )
    return build_table(store, order, StoppableClock())


class LiveQuotes:
    """What the store answers marketplaces, as an oracle."""

    def __init__(self, store: Store) -> None:
        self._store, self._recipe = store, recipe_of(store, GOODS, Wishes())

    def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
        return [self._answer(point) for point in points]

    def _answer(self, point: LanePoint) -> LaneAnswer | None:
        quote = self._store.quote(self._recipe.request(*point))
        assert quote.verdict is Verdict.SERVED
        offers = {offer.delivery.value: LanePrice(offer.price.minor, 0, 0) for offer in quote.lines[0].offers}
        return {"normal": None, "express": None, **offers}


def test_the_table_is_as_near_to_live_quotes_as_a_marketplace_may_expect(store: Store, built: BuiltTable) -> None:
    points = [*random_points("BR", REGIONS, BORDERS, 150, seed=5)]

    errors: LaneErrors = lane_errors(built.sampled.rows, LiveQuotes(store), points)

    assert errors.compared == 300
    assert errors.within >= 0.97 * errors.compared
    assert errors.cheaper == 0


def test_of_several_carriers_the_one_that_the_rules_keep_is_in_the_table(store: Store, built: BuiltTable) -> None:
    point = LanePoint("01512651", 1_000)
    row = RowFinder(built.sampled.rows).find("normal", point)
    (live,) = LiveQuotes(store).ask([point])

    assert row is not None
    assert live is not None
    assert live["normal"] is not None
    assert (row.price, live["normal"].price) == (1_200, 1_200)  # the rate table's; Correios is dearer


def test_most_questions_were_spared_by_asking_where_it_matters(built: BuiltTable) -> None:
    assert built.report["cells"]["asked"] < built.report["cells"]["grid"] / 4
    assert built.report["calls"]["correios"] > 0
