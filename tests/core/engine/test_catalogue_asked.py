"""A quote whose catalogue has to be asked: before anything is planned, off the loop, within the question's time."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from shop import FrozenClock, item, member, policy, request
from sku_shop import ScriptedSource, bare, keyed

from portes.contract import FailureKind, LineCode, Quote, QuoteRequest, Verdict
from portes.engine.quoter import Quoter
from portes.errors import CatalogueError, TooMuchError
from portes.hooks import Watchers, hookimpl


class Ear:
    def __init__(self) -> None:
        self.missed: list[tuple[str, list[str], str]] = []

    @hookimpl
    def portes_sku_missed(self, store: str, skus: Sequence[str], cause: str) -> None:
        self.missed.append((store, list(skus), cause))


class AskedShop:
    """A store whose catalogue is asked by key, and a hand on its source."""

    def __init__(self, **more: Any) -> None:
        self.source, self.clock, self.ear, self.counted = ScriptedSource(), FrozenClock(), Ear(), list[str]()
        self.source.put("a", 500, handling_days=3)
        watchers = Watchers()
        watchers.register(self.ear, "ear")
        decided = policy(member("a"), catalogue=keyed(self.source, self.clock), **more)
        self.quoter = Quoter(decided, clock=self.clock, watchers=watchers, missed=self.counted.extend)

    def ask(self, question: QuoteRequest, within: float | None = None) -> list[Quote]:
        """The quotes of a host that waits and of one in an event loop."""
        return [self.quoter.quote(question, within=within), asyncio.run(self.quoter.aquote(question, within=within))]


@pytest.fixture
def shop() -> Iterator[AskedShop]:
    shop = AskedShop()
    yield shop
    shop.source.go.set()
    shop.quoter.close()


def kinds(quote: Quote) -> list[set[tuple[FailureKind, str]]]:
    return [{(one.failure.kind, one.failure.code) for one in line.failures} for line in quote.lines]


def test_a_line_is_planned_with_what_the_catalogue_said(shop: AskedShop) -> None:
    waited, awaited = shop.ask(bare("a"))

    assert waited.verdict is awaited.verdict is Verdict.SERVED
    assert shop.source.asked == [("a",)]


def test_the_event_loop_goes_on_while_the_catalogue_is_asked(shop: AskedShop) -> None:
    shop.source.go.clear()

    async def ask() -> Quote:
        asked = asyncio.create_task(shop.quoter.aquote(bare("a")))
        await asyncio.to_thread(shop.source.began.wait, 60)
        shop.source.go.set()  # the loop gets here while the source still holds its thread up
        return await asked

    assert asyncio.run(ask()).verdict is Verdict.SERVED


def test_what_is_not_there_in_time_is_late_for_every_service_and_remembered(shop: AskedShop) -> None:
    shop.source.go.clear()
    for quote in shop.ask(bare("a"), within=0.01):
        assert (quote.verdict, kinds(quote)) == (Verdict.UNKNOWN, [{(FailureKind.LATE, "catalogue_failed")}])
    shop.source.go.set()
    shop.quoter.policy.catalogue.wait(["a"])  # type: ignore[union-attr]  # it has one

    assert shop.quoter.quote(bare("a"), within=0.0).verdict is Verdict.SERVED
    assert shop.source.asked == [("a",)]


def test_a_line_that_tells_all_is_not_sold_past_a_silent_catalogue(shop: AskedShop) -> None:
    shop.source.error = CatalogueError("unreachable", "no connection")
    (quote, _) = shop.ask(request(item("a")))

    assert kinds(quote) == [{(FailureKind.UNREACHABLE, "catalogue_failed")}]
    assert quote.lines[0].failures[0].failure.hint == "catalogue: no connection"


def test_a_large_question_is_asked_about_first_and_then_planned_in_threads() -> None:
    shop = AskedShop()
    for number in range(60):
        shop.source.put(str(number))
    quote = asyncio.run(shop.quoter.aquote(bare(*map(str, range(60)))))

    assert quote.verdict is Verdict.SERVED
    assert [len(one) for one in shop.source.asked] == [60]
    shop.quoter.close()


def test_what_cannot_be_asked_is_not_looked_up() -> None:
    shop = AskedShop(max_lines=1)
    with pytest.raises(TooMuchError):
        shop.quoter.quote(bare("a", "b"))

    assert not shop.source.asked
    shop.quoter.close()


def test_watchers_hear_what_was_missed_and_why(shop: AskedShop) -> None:
    shop.quoter.quote(request(item("none"), item("a"), item("none")))
    shop.source.error = CatalogueError("busy", "later")
    shop.quoter.quote(request(item("new"), item("a")))

    assert shop.ear.missed == [("shop", ["none", "none"], "unknown"), ("shop", ["new"], "busy")]
    assert shop.counted == ["none", "none"]


def test_a_sku_that_could_not_be_looked_up_is_not_one_that_the_shop_does_not_sell() -> None:
    shop = AskedShop(unknown_sku="refuse")
    shop.source.error = CatalogueError("unreachable", "no connection")
    quote = shop.quoter.quote(bare("a"))

    assert (quote.verdict, quote.lines[0].code) == (Verdict.UNKNOWN, LineCode.CATALOGUE_FAILED)
    shop.quoter.close()


def test_a_store_without_a_catalogue_misses_nothing() -> None:
    ear, watchers = Ear(), Watchers()
    watchers.register(ear, "ear")
    store = Quoter(policy(member("a")), clock=FrozenClock(), watchers=watchers)
    store.quote(request(item("a")))

    assert not ear.missed
