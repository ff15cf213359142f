"""What a store remembers of its carriers, seen through its quotes."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Event
from typing import Any

import pytest
from shop import EXPRESS, FrozenClock, failure, item, member, origin, policy, rate, refusal, request, service

from portes.carrier import Abilities, Deadline
from portes.contract import (
    Answer,
    Dimensions,
    Failure,
    FailureKind,
    Note,
    Offer,
    Place,
    Quote,
    Rate,
    Refusal,
    Shipment,
    Source,
    Verdict,
)
from portes.engine.cache import Outcomes
from portes.engine.cache_key import CacheKey
from portes.engine.policy import Member
from portes.engine.quoter import Quoter
from portes.packing import totals
from portes.settings import BreakerSettings, CacheTtl

TTL = CacheTtl(fresh=60, stale_while_revalidate=600, stale_if_error=3600, refusals=120)
NEVER_OPEN = BreakerSettings(failures=10_000)


def promising(cost: int) -> Rate:
    """A rate whose carrier names the very day."""
    plain = rate(cost=cost)
    return plain.model_copy(update={"transit": plain.transit.model_copy(update={"promised": date(2026, 3, 5)})})


def event_set() -> Event:
    event = Event()
    event.set()
    return event


@dataclass
class Changing:
    """A remote carrier that says whatever the test tells it next."""

    outcomes: Sequence[Rate | Refusal | Failure] = ()
    abilities: Abilities = field(default_factory=lambda: Abilities(services=(service(),)))
    calls: int = 0
    may_answer: Event = field(default_factory=event_set)

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        self.calls += 1
        self.may_answer.wait(10)
        return [
            Answer(
                shipment_id=shipment.id,
                rates=tuple(one for one in self.outcomes if isinstance(one, Rate)),
                refusals=tuple(one for one in self.outcomes if isinstance(one, Refusal)),
                failures=tuple(one for one in self.outcomes if isinstance(one, Failure)),
            )
            for shipment in shipments
        ]


@dataclass
class Shop:
    carrier: Changing
    clock: FrozenClock
    quoter: Quoter

    def quote(self, **more: Any) -> Quote:
        return self.quoter.quote(request(**more))

    def offer(self, **more: Any) -> Offer:
        (offer,) = self.quote(**more).lines[0].offers
        return offer


def eventually(holds: Callable[[], bool]) -> None:
    """Look again, for at most a minute, until something that happens behind an answer has happened."""
    for _ in range(60_000):
        if holds():
            return
        time.sleep(0.001)
    pytest.fail("it never happened")


def remote(carrier: Changing, **more: Any) -> Member:
    return member("remote", carrier=carrier, timeout=10, ttl=TTL, circuit=NEVER_OPEN, **more)


@contextmanager
def shop(*outcomes: Rate | Refusal | Failure, **abilities: Any) -> Iterator[Shop]:
    carrier = Changing(outcomes, Abilities(services=abilities.pop("services", (service(),)), **abilities))
    clock = FrozenClock()
    quoter = Quoter(policy(remote(carrier)), clock=clock)
    try:
        yield Shop(carrier, clock, quoter)
    finally:
        quoter.close()


def test_a_fresh_rate_is_not_asked_for_again_and_says_where_it_comes_from() -> None:
    with shop(rate(cost=1000)) as one:
        first = one.offer()
        one.clock.seconds += 60
        again = one.offer()

    assert one.carrier.calls == 1
    assert (first.rate.source, first.rate.age) == (Source.TABLE, 0)
    assert (again.rate.source, again.rate.age, again.price) == (Source.CACHE, 60, first.price)


def test_a_stale_rate_is_used_once_more_while_it_is_asked_for_behind_the_answer() -> None:
    with shop(rate(cost=1000)) as one:
        one.quote()
        one.carrier.outcomes = (rate(cost=1100),)
        one.clock.seconds += 61
        one.carrier.may_answer.clear()
        stale = one.offer()
        one.carrier.may_answer.set()
        eventually(lambda: one.offer().price.minor == 1100)

    assert (stale.price.minor, stale.rate.source) == (1000, Source.CACHE)
    assert one.carrier.calls == 2


def test_a_rate_too_old_to_be_used_is_asked_for_first() -> None:
    with shop(rate(cost=1000)) as one:
        one.quote()
        one.carrier.outcomes = (rate(cost=1100),)
        one.clock.seconds += 601

        assert one.offer().price.minor == 1100


def test_goods_packed_alike_in_other_numbers_of_units_are_another_question() -> None:
    whole = item(weight=1000, size=Dimensions(length=200, width=100, height=100))
    halves = item(quantity=2, weight=500, size=Dimensions(length=200, width=100, height=50))
    carrier = Changing((rate(cost=1000),))
    shop = policy(remote(carrier, packer=totals.pack))
    with closing(Quoter(shop, clock=FrozenClock())) as quoter:
        for asked in (whole, halves, whole):
            quoter.quote(request(asked))

    assert carrier.calls == 2


def test_a_failure_is_never_remembered() -> None:
    with shop(failure()) as one:
        assert one.quote().verdict is Verdict.UNKNOWN
        one.carrier.outcomes = (rate(cost=900),)

        assert one.offer().price.minor == 900


def test_a_failure_is_covered_by_a_rate_that_is_not_too_old_and_says_so() -> None:
    with shop(rate(cost=1000)) as one:
        one.quote()
        one.carrier.outcomes = (failure(),)
        one.clock.seconds += 3600
        covered = one.offer()
        one.clock.seconds += 1
        too_old = one.quote()

    assert (covered.rate.source, covered.rate.age) == (Source.CACHE, 3600)
    assert too_old.verdict is Verdict.UNKNOWN


def test_an_old_refusal_never_covers_a_failure() -> None:
    with shop(refusal()) as one:
        assert one.quote().verdict is Verdict.NOT_SERVED
        one.clock.seconds += 120
        assert one.quote().verdict is Verdict.NOT_SERVED
        assert one.carrier.calls == 1
        one.carrier.outcomes = (failure(),)
        one.clock.seconds += 1

        assert one.quote().verdict is Verdict.UNKNOWN


def test_one_service_of_an_answer_may_fail_and_only_it_is_covered() -> None:
    both = (service("n"), service("e", EXPRESS))
    with shop(rate("n", cost=1000), rate("e", cost=2000), services=both) as one:
        one.quote()
        one.clock.seconds += 700
        one.carrier.outcomes = (rate("n", cost=1100), failure("e"))
        offers = one.quote().lines[0].offers

    assert [(offer.rate.service, offer.price.minor, offer.rate.source) for offer in offers] == [
        ("n", 1100, Source.TABLE),
        ("e", 2000, Source.CACHE),
    ]


@pytest.mark.parametrize(("dated", "calls"), [(True, 2), (False, 1)])
def test_the_hand_over_day_counts_only_for_carriers_whose_answers_hang_on_it(dated: bool, calls: int) -> None:  # noqa: FBT001
    with shop(rate(), dated=dated) as one:
        one.quote()
        one.clock.moment += timedelta(days=1)
        one.quote()
        assert one.quoter.idle(5)

    assert one.carrier.calls == calls


def test_what_was_said_for_another_day_is_stale_and_used_while_it_is_asked_again() -> None:
    with shop(promising(cost=1000), dated=True) as one:
        one.quote()
        one.clock.moment += timedelta(days=1)
        one.carrier.outcomes = (rate(cost=1100),)
        bridged = one.offer()
        eventually(lambda: one.offer().price.minor == 1100)

    assert (bridged.price.minor, bridged.rate.source) == (1000, Source.CACHE)
    assert bridged.rate.transit.promised is None
    assert one.carrier.calls == 2


def test_a_refusal_for_another_day_is_asked_about_anew() -> None:
    with shop(refusal(), dated=True) as one:
        one.quote()
        one.clock.moment += timedelta(days=1)
        one.carrier.outcomes = (rate(cost=1100),)

        assert one.offer().price.minor == 1100


def test_what_was_said_for_another_day_is_no_use_beyond_the_age_for_refreshing() -> None:
    with shop(rate(cost=1000), dated=True) as one:
        one.quote()
        one.clock.moment += timedelta(days=1)
        one.clock.seconds += 601
        one.carrier.outcomes = (rate(cost=1100),)

        assert one.offer().price.minor == 1100


@pytest.mark.parametrize(
    "moved",
    [
        {"place": Place(country="BR", postal_code="69005000")},
        {"calendar": "BR-AM"},
    ],
)
def test_an_origin_that_moved_is_asked_about_anew_though_it_kept_its_number(moved: dict[str, Any]) -> None:
    clock = FrozenClock()
    before = Quoter(policy(remote(Changing((rate(cost=1000),)))), clock=clock)
    before.quote(request())
    carrier = Changing((rate(cost=5000),))
    after = Quoter(policy(remote(carrier), origins=(origin(**moved),)), clock=clock, before=before)

    (offer,) = after.quote(request()).lines[0].offers

    before.close()
    after.close()
    assert offer.price.minor == 5000


def test_a_stale_look_up_ignores_the_day_and_drops_its_promise() -> None:
    with shop(promising(cost=1000), dated=True) as one:
        one.quote()
        one.clock.moment += timedelta(days=1)
        one.carrier.outcomes = (failure(),)
        covered = one.offer()

    assert covered.price.minor == 1000
    assert covered.rate.transit.promised is None


def test_a_late_answer_warms_the_memory() -> None:
    with shop(rate()) as one:
        one.carrier.may_answer.clear()
        late = one.quoter.quote(request(), within=0.01)
        one.carrier.may_answer.set()
        in_time = one.quote()

    assert late.lines[0].failures[0].failure.kind is FailureKind.LATE
    assert in_time.verdict is Verdict.SERVED
    assert one.carrier.calls == 1


def test_memory_is_bounded() -> None:
    carrier = Changing((rate(),))
    quoter = Quoter(policy(remote(carrier), cache_size=3), clock=FrozenClock())
    for code in ("01000000", "02000000", "03000000", "04000000", "05000000"):
        quoter.quote(request(to=code))
    quoter.close()

    assert len(quoter.cache) == 3


def test_a_changed_tariff_is_asked_about_anew() -> None:
    pages: list[tuple[CacheKey, Outcomes]] = []
    for version in ("1", "2"):
        carrier = Changing((rate(),), Abilities(services=(service(),), version=version))
        quoter = Quoter(policy(remote(carrier)), clock=FrozenClock())
        quoter.cache.restore(pages)
        quoter.quote(request())
        quoter.close()
        pages = quoter.cache.entries()
        assert carrier.calls == 1


def test_what_an_earlier_process_remembered_is_taken_up() -> None:
    clock = FrozenClock()
    pages: list[tuple[CacheKey, Outcomes]] = []
    for calls in (1, 0):
        carrier = Changing((rate(),))
        quoter = Quoter(policy(remote(carrier)), clock=clock)
        quoter.cache.restore(pages)
        quoter.quote(request())
        quoter.close()
        pages = quoter.cache.entries()
        assert carrier.calls == calls


def wordy(services: int) -> Shop:
    """A carrier of so many services, whose rates take some 60 KB of memory each."""
    notes = tuple(Note(kind="notice", text=f"{number:0600}") for number in range(100))
    codes = [f"n{number}" for number in range(services)]
    offered = Abilities(services=tuple(service(code) for code in codes))
    carrier = Changing([rate(code, notes=notes) for code in codes], offered)
    clock = FrozenClock()
    return Shop(carrier, clock, Quoter(policy(remote(carrier), cache_bytes=1_048_576), clock=clock))


def test_memory_holds_no_more_bytes_than_it_may_however_few_the_questions_are() -> None:
    large = wordy(1)
    with closing(large.quoter) as quoter:
        for number in range(20):
            quoter.quote(request(to=f"010010{number:02}"))

        assert 2 < len(quoter.cache) < 10
        assert quoter.cache.bytes <= 1_048_576
        quoter.quote(request(to="01001019"))
    assert large.carrier.calls == 20


def test_an_answer_too_large_for_all_of_memory_is_given_and_not_remembered() -> None:
    larger = wordy(30)
    with closing(larger.quoter) as quoter:
        quotes = [quoter.quote(request()) for _ in range(2)]

        assert len(quoter.cache) == 0
    assert [quote.verdict for quote in quotes] == [Verdict.SERVED] * 2
    assert larger.carrier.calls == 2
