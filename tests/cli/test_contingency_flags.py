"""What the flags of `portes contingency build` change, each by the report, the version or the questions it leads to."""

import json
import os
import pwd
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from bulk_shop import STORE
from click.testing import Result
from lane_carrier import LaneSimulator, by_weight, install_lane_carrier
from shop import item
from terminal import run

from portes.contingency.sampling import DEFAULT_BORDERS
from portes.contract import Dimensions, Place, QuoteRequest
from portes.simulators.serving import HOST, serving
from portes.store import open_store
from portes.tables.versions import TableVersions

RULES = """
[[rules]]
use = "free_shipping"
threshold = "199.00"
[[rules]]
use = "markup"
percent = 5
storefronts = ["OUTLET"]
"""
CATALOGUE = "sku,declared_value,weight,size,handling_days\nsofa,80.00,2kg,10x10x50cm,4\n"
GOODS = ("--density", "200", "--value", "100.00")
BRACKETS = ("--brackets", "0.5,1,3")
ACRE = ("--regions", "AC")
DAY = 86_400


@dataclass
class Seller:
    """A store's folder, its simulator, and the command run in this process."""

    folder: Path
    simulator: LaneSimulator
    asked: list[tuple[str, int]] = field(default_factory=list)

    def build(self, *flags: str, goods: tuple[str, ...] = GOODS, calls: str = "12") -> Result:
        before = self.simulator.questions.copy()
        done = run(
            "contingency", "build", self.folder, "--for", "plain", "--json", "--calls", calls, *goods, *BRACKETS, *flags
        )
        self.asked = [*(self.simulator.questions - before)]
        return done

    def report(self, *flags: str, **more: Any) -> dict[str, Any]:
        done = self.build(*(flags if "--regions" in flags or "--places" in flags else (*ACRE, *flags)), **more)
        assert done.exit_code == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def age(self, days: int) -> None:
        """Have every answer been given days earlier."""
        with closing(sqlite3.connect(self.folder / "state" / "samples.sqlite")) as memory:
            memory.execute("UPDATE answers SET at = at - ?", (days * DAY,))
            memory.commit()


@pytest.fixture(scope="module")
def seller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seller]:
    folder, site = tmp_path_factory.mktemp("shop"), tmp_path_factory.mktemp("site")
    install_lane_carrier(site)
    simulator = LaneSimulator()
    with serving(simulator) as port, pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        patch.delattr(os, "setpriority")  # this process has other tests to run, and could not have its priority back
        parts = {"carrier": "bulk = { calls_a_minute = 100000 }", "settings": "batch = 50", "more": RULES}
        text = STORE.format(url=f"http://{HOST}:{port}/", store='catalogue = "skus.csv"', **parts)
        (folder / "portes.toml").write_text(text)
        (folder / "skus.csv").write_text(CATALOGUE)
        yield Seller(folder, simulator)


def of(report: dict[str, Any], path: str) -> Any:
    found: Any = report
    for key in path.split("."):
        found = found[key]
    return found


@pytest.mark.parametrize(
    ("flags", "path", "usual", "told"),
    [
        (("--origin", "2"), "origin.id", 1, 2),
        (("--storefront", "OUTLET"), "storefront", "", "OUTLET"),
        (("--sku", "sofa"), "goods.sku", "", "sofa"),
        (("--value", "none"), "goods.value", 10_000, None),
        (("--value", "30.00", "--value-per-kg"), "goods.value_per_kg", None, 3_000),
        (("--density", "166.667"), "goods.density_kg_per_m3", "200", "166.667"),
        (("--cubic-factor", "166.667"), "goods.cubic_factor_kg_per_m3", "0", "166.667"),
        (("--margin", "-2.5"), "margin_percent", "0", "-2.5"),
        (("--round-to", "0.10"), "round_to", 1, 10),
        (("--least", "9.90"), "least", 0, 990),
        (("--brackets", "0.3, 30"), "brackets", [500, 1_000, 3_000], [300, 30_000]),
        (
            ("--regions", "AC,RR"),
            "regions",
            [["69900000", "69999999"]],
            [["69900000", "69999999"], ["69300000", "69399999"]],
        ),
        (("--name", "mine"), "version", None, "mine@1"),
        (("--for", "vtex"), "portal", "plain", "vtex"),
    ],
)
def test_a_flag_changes_what_its_name_says_and_is_told(
    seller: Seller, flags: tuple[str, ...], path: str, usual: object, told: object
) -> None:
    before, after = of(seller.report(), path), of(seller.report(*flags), path)

    assert after == told
    assert usual is None or before == usual


def test_a_rule_that_is_named_goes_in(seller: Seller) -> None:
    left_out = [
        [rule["use"] for rule in seller.report(*flags)["rules_left_out"]]
        for flags in ((), ("--with-rule", "free_shipping"), ("--with-rule", "rules.0", "--with-rule", "markup"))
    ]

    assert left_out == [["free_shipping", "markup"], ["markup"], []]


def test_places_of_a_list_are_a_table_of_their_own(seller: Seller) -> None:
    places = seller.folder / "places.csv"
    places.write_text("state,town,postal_from,postal_to\n,,01000000,01099999\n")

    assert seller.report("--places", str(places))["regions"] == [["01000000", "01099999"]]
    both = seller.report("--places", str(places), *ACRE)["regions"]
    assert both == [["69900000", "69999999"], ["01000000", "01099999"]]


def test_the_portal_s_own_brackets_are_taken_where_none_are_named(seller: Seller) -> None:
    done = run("contingency", "build", seller.folder, "--for", "plain", "--json", "--calls", "3", *GOODS, *ACRE)

    assert json.loads(done.stdout)["brackets"] == [*DEFAULT_BORDERS]


def test_no_more_lanes_are_asked_than_are_allowed_and_one_at_least(seller: Seller) -> None:
    assert seller.report(calls="1")["cells"]["asked"] == 1
    assert seller.report(calls="12")["cells"]["asked"] == 12
    assert "--calls" in seller.build(calls="0").stderr


def test_another_seed_checks_other_lanes_and_the_same_one_the_same(seller: Seller) -> None:
    seller.report(calls="55")
    seller.report("--seed", "1", calls="55")
    usual = seller.asked
    seller.report("--seed", "7", calls="55")

    assert usual == []  # what it asks about was learnt before
    assert seller.asked


@pytest.mark.parametrize(
    ("flags", "days", "again"),
    [((), 29, False), ((), 31, True), (("--max-age", "2d"), 1, False), (("--max-age", "2d"), 3, True)],
)
def test_answers_are_asked_for_again_once_they_are_older_than_is_wanted(
    seller: Seller, flags: tuple[str, ...], days: int, *, again: bool
) -> None:
    (seller.folder / "state" / "samples.sqlite").unlink(missing_ok=True)
    seller.report()
    seller.age(days)
    calls = seller.simulator.calls
    seller.report(*flags)

    assert (seller.simulator.calls > calls) == again


def test_an_age_of_nothing_asks_for_every_answer_again(seller: Seller) -> None:
    seller.report()
    seller.age(1)
    calls = seller.simulator.calls
    seller.report("--max-age", "0s")

    assert seller.simulator.calls > calls


def test_a_table_that_was_never_checked_is_not_refreshed(seller: Seller) -> None:
    done = seller.build(*ACRE, "--refresh", "--name", "unchecked")

    assert (done.exit_code, "--refresh: was never checked" in done.stderr) == (2, True)


def test_receipts_are_read_as_far_back_as_is_said(seller: Seller) -> None:
    (seller.folder / "skus.csv").write_text("sku\nsofa\n")
    box = item("sofa", weight=1_000, size=Dimensions(length=100, width=100, height=1_000))
    with open_store(seller.folder, environ={}) as store:
        destination = Place(country="BR", postal_code="01512651")
        store.quote(QuoteRequest(channel="test", store="shop", destination=destination, lines=(box,), currency="BRL"))
    without = ("--value", "none")
    usual, week = seller.report(goods=without), seller.report("--days", "7", goods=without)
    (seller.folder / "skus.csv").write_text(CATALOGUE)

    assert usual["goods"]["density_from"] == "the receipts of the last 30 days"
    assert week["goods"]["density_from"] == "the receipts of the last 7 days"
    assert week["goods"]["density_kg_per_m3"] == "100"
    assert "--days" in seller.build("--days", "0").stderr


def test_a_version_says_who_built_it_and_is_not_in_force(seller: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ana")
    seller.report("--name", "hers")
    with closing(TableVersions(seller.folder / "state")) as versions:
        (kept,) = versions.versions("hers")

        assert (kept.who, versions.active("hers")) == ("ana", None)


def test_whoever_has_no_name_on_this_machine_is_told_by_number(seller: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose user is in no list of users."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    seller.report("--name", "nobodys")
    with closing(TableVersions(seller.folder / "state")) as versions:
        (kept,) = versions.versions("nobodys")

    assert kept.who == str(os.getuid())


def test_lanes_that_nobody_could_find_out_end_it_with_one(seller: Seller) -> None:
    seller.simulator.price = lambda asked: {"failed": "incomplete"} if asked["grams"] > 1_000 else by_weight(asked)
    done = seller.build(*ACRE, "--max-age", "0s", "--density", "199")
    seller.simulator.price = by_weight

    assert (done.exit_code, json.loads(done.stdout)["cells"]["unknown"] > 0) == (1, True)


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--margin", "-99.01"), "is no number from -99 to 1000"),
        (("--margin", "1001"), "is no number from -99 to 1000"),
        (("--density", "30001"), "is no number from 1 to 30000"),
        (("--density", "0.99"), "is no number from 1 to 30000"),
        (("--cubic-factor", "30001"), "is no number from 0 to 30000"),
        (("--least", "-0.01"), "is below zero"),
        (("--round-to", "1.234"), "--round-to"),
        (("--brackets", "1,100000.001"), "is no number from 0 to 100000"),
        (("--days", "3661"), "--days"),
    ],
)
def test_a_figure_beyond_its_bound_is_told_by_its_name(seller: Seller, flags: tuple[str, ...], told: str) -> None:
    done = seller.build(*ACRE, *flags)

    assert done.exit_code == 2
    assert told in done.stderr
    assert seller.asked == []
