"""No step of a quote grows faster than its question: twice the lines are at most twice the steps."""

from collections.abc import Callable
from typing import Any

import pytest
from counting import steps_of
from marketplace import channel
from shop import (
    EXPRESS,
    MONDAY_MORNING,
    NORMAL,
    SAO_PAULO,
    FrozenClock,
    answer,
    brl,
    item,
    member,
    origin,
    policy,
    rate,
    refusal,
    request,
    service,
)

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Dimensions, Item, ParcelLimits, QuoteRequest
from portes.engine.answered import Answered
from portes.engine.cache import AnswerCache
from portes.engine.decide import decide
from portes.engine.dispatch import Dispatcher
from portes.engine.plan import Plan, make_plan
from portes.engine.policy import Policy
from portes.engine.rounds import Rounds
from portes.engine.trace import derived
from portes.packing import boxes, single, stack, totals
from portes.packing.protocol import PackedLine, Packer, PackingTask
from portes.rules.free_shipping import FreeShipping, FreeShippingSettings
from portes.rules.markup import Markup, MarkupSettings

FEW, MANY = 15, 30
ORIGINS = 20
LIMITS = {"limits": ParcelLimits(weight=3000, longest_side=900, sides_sum=1500)}


def different(number: int) -> Item:
    """A line like no other: its parcels are never equal to another one's."""
    size = Dimensions(length=100 + number, width=90, height=80)
    return item(f"sku-{number}", quantity=number % 7 + 1, weight=300 + number, size=size, declared_value=brl(1000))


def shop(lines: str) -> Policy:
    """A store with several carriers that pack differently, SKUs in some of many origins, and rules of each phase."""
    entries = {f"sku-{number}": CatalogueEntry(origins=(number % ORIGINS + 1, 1)) for number in range(0, MANY, 2)}
    free = FreeShipping.build(FreeShippingSettings(use="free_shipping", threshold="1.00"), "BRL")  # type: ignore[arg-type]
    return policy(
        member("a", None, service("n", NORMAL), service("x", EXPRESS)),
        member("b", packer=totals.pack, abilities=LIMITS),
        member("c", packer=totals.pack),
        origins=[origin(number) for number in range(1, ORIGINS + 1)],
        catalogue=Catalogue(entries),
        unknown_sku="refuse",
        lines=lines,
        plan_rules=[lambda carrier, occasion: any(one.quantity for one in occasion.items) or carrier == ""],
        shipment_rules=[Markup.build(MarkupSettings(use="markup", percent=5), "BRL")],  # type: ignore[arg-type]
        cart_rules=[free],
    )


def asked(count: int) -> QuoteRequest:
    return request(*map(different, range(count)))


def plan(count: int, store: Policy) -> Plan:
    return make_plan(asked(count), MONDAY_MORNING.astimezone(SAO_PAULO), store)


def answers(planned: Plan) -> dict[Any, Answered]:
    said = {
        one: answer(one.shipment, *(rate(code, number + 1000) for code in one.member.services))
        for number, one in enumerate(planned.questions)
    }
    return {one: Answered(one, each, each, 0.0) for one, each in said.items()}


def planning(count: int, store: Policy) -> Callable[[], object]:
    return lambda: plan(count, store)


def deciding(count: int, store: Policy) -> Callable[[], object]:
    planned = plan(count, store)
    heard = answers(planned)
    return lambda: decide("q", planned, heard, store)


def deriving(count: int, store: Policy) -> Callable[[], object]:
    planned = plan(count, store)
    heard = answers(planned)
    return lambda: derived("q", planned, heard, store)


def asking(count: int, store: Policy) -> Callable[[], object]:
    planned, clock = plan(count, store), FrozenClock()
    dispatcher = Dispatcher(store, clock, AnswerCache(10, 1_048_576, clock))
    return lambda: Rounds(planned, dispatcher, 0.0, None).answers()


def replying(count: int, store: Policy) -> Callable[[], object]:
    planned, told = plan(count, store), channel()
    quote = decide("q", planned, answers(planned), store)
    return lambda: told.write(quote, planned.request)


@pytest.mark.parametrize("lines", ["each", "together"])
@pytest.mark.parametrize("step", [planning, asking, deciding, deriving, replying])
def test_a_step_of_the_engine_grows_no_faster_than_its_lines(
    step: Callable[[int, Policy], Callable[[], object]], lines: str
) -> None:
    store = shop(lines)
    step(MANY, store)()  # what is remembered from question to question is there
    few, many = (steps_of(step(count, store)) for count in (FEW, MANY))

    assert many <= 2.1 * few


@pytest.mark.parametrize("lines", ["each", "together"])
def test_trying_the_next_origins_grows_no_faster_than_the_lines(lines: str) -> None:
    """Everybody refuses everything, so that each line is tried from as many origins as there are at most."""
    carriers = [
        member(key, lambda _: [refusal("n"), refusal("x")], service("n"), service("x", EXPRESS)) for key in "ab"
    ]
    store = policy(
        *carriers,
        origins=[origin(number) for number in range(1, ORIGINS + 1)],
        catalogue=Catalogue({f"sku-{number}": CatalogueEntry(origins=(1, 2, 3, 4)) for number in range(MANY)}),
        lines=lines,
    )
    clock = FrozenClock()
    dispatcher = Dispatcher(store, clock, AnswerCache(10, 1_048_576, clock))

    def trying(count: int) -> Callable[[], object]:
        planned = plan(count, store)

        def act() -> None:
            rounds = Rounds(planned, dispatcher, 0.0, None)
            assert len(rounds.plan.sourcings[0].options) == store.settings.most_origins
            decide("q", rounds.plan, rounds.answers(), store, rounds.worked)

        return act

    trying(MANY)()
    few, many = (steps_of(trying(count)) for count in (FEW, MANY))

    assert many <= 2.1 * few


@pytest.mark.parametrize("pack", [single.pack, totals.pack, stack.pack, boxes.pack])
def test_packing_grows_with_the_digits_of_a_quantity_and_not_with_the_quantity(pack: Packer) -> None:
    limits = ParcelLimits(weight=3000, longest_side=900, sides_sum=1500)
    few, many = [PackedLine(0, item(quantity=10))], [PackedLine(0, item(quantity=10**6))]

    assert steps_of(lambda: pack(PackingTask(many, limits))) <= 7 * steps_of(lambda: pack(PackingTask(few, limits)))
