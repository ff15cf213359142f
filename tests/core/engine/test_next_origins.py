"""Several origins stock a line: where one refuses a delivery type, the next one may serve it."""

import asyncio
import concurrent.futures
import sys
from collections.abc import Sequence
from threading import Event, get_ident
from time import sleep
from traceback import walk_stack

import pytest
from shop import (
    FrozenClock,
    failure,
    item,
    member,
    open_quoter,
    origin,
    policy,
    rate,
    refusal,
    request,
    service,
)
from stocked_shop import SERVICES, Said, asked, asked_of, by_origin, stocked, told

from portes.catalogue import Catalogue
from portes.contract import Shipment, Verdict
from portes.engine.policy import Member


def waits(thread: int) -> bool:
    """Whether a thread waits for carriers."""
    frames = walk_stack(sys._current_frames()[thread])
    return any(frame.f_code.co_filename == concurrent.futures._base.__file__ for frame, _ in frames)


def test_a_place_that_the_first_origin_does_not_serve_is_served_from_the_next() -> None:
    northeast = by_origin(o2=[rate("n", 1200)])
    quote = asked("x", of=[northeast], stock=stocked(x=(1, 2)))

    assert quote.verdict is Verdict.SERVED
    assert told(quote) == [[("normal", 2, 1200)]]


def test_an_express_line_here_and_a_normal_one_there_share_normal() -> None:
    carrier = by_origin(o1=[rate("e", 3000)], o2=[rate("n", 1000)])
    quote = asked("a", "b", of=[carrier], stock=stocked(a=(1, 2), b=(2,)))

    assert quote.verdict is Verdict.SERVED
    assert told(quote) == [[("normal", 2, 1000)], [("normal", 2, 1000)]]


def test_each_type_comes_from_the_first_origin_that_has_it() -> None:
    carrier = by_origin(o1=[rate("n", 1000)], o2=[rate("n", 500), rate("e", 2000)])
    quote = asked("x", of=[carrier], stock=stocked(x=(1, 2)))

    assert told(quote) == [[("normal", 1, 1000), ("express", 2, 2000)]]


def test_the_next_origin_is_asked_about_what_is_missing_alone() -> None:
    carrier = by_origin(o1=[rate("n")], o2=[rate("e")])
    asked("x", of=[carrier], stock=stocked(x=(1, 2)))

    assert asked_of(carrier) == [(1, ()), (2, ("e",))]


def test_no_further_origin_is_asked_once_there_is_an_offer_of_each_type() -> None:
    carrier = by_origin(o1=[rate("n"), rate("e")], o2=[rate("n"), rate("e")])
    asked("x", of=[carrier], stock=stocked(x=(1, 2)))

    assert asked_of(carrier) == [(1, ())]


def test_not_served_is_said_once_every_origin_that_stocks_it_refuses() -> None:
    carrier = by_origin(o3=[rate("n")])
    quote = asked("x", of=[carrier], stock=stocked(x=(1, 2)))

    assert quote.verdict is Verdict.NOT_SERVED
    assert {no.origin_id for no in quote.lines[0].refusals} == {1, 2}


def test_an_origin_beyond_those_tried_makes_a_no_uncertain() -> None:
    carrier = by_origin(o4=[rate("n")])
    quote = asked("x", of=[carrier], stock=stocked(x=(1, 2, 3, 4)))
    hints = {gap.failure.hint for gap in quote.lines[0].failures}

    assert quote.verdict is Verdict.UNKNOWN
    assert hints == {"origin 4 stocks it too and was not asked: most_origins is 3"}
    assert asked("x", of=[carrier], stock=stocked(x=(1, 2, 3, 4)), most_origins=4).verdict is Verdict.SERVED


def test_a_failure_is_no_refusal_and_has_no_other_origin_asked_unless_the_store_says_so() -> None:
    def carrier() -> Member:
        return by_origin(o1=[failure("n")], o2=[rate("n", 1500)])

    stays, goes_on = (
        asked("x", of=[carrier()], stock=stocked(x=(1, 2)), next_origin_after=after) for after in ("refusal", "failure")
    )

    assert (stays.verdict, told(stays)) == (Verdict.UNKNOWN, [[]])
    assert (goes_on.verdict, told(goes_on)) == (Verdict.SERVED, [[("normal", 2, 1500)]])


def test_a_failure_that_a_fallback_covers_has_no_other_origin_asked() -> None:
    carrier = by_origin(o1=[failure("n"), rate("e")], o2=[rate("n")])
    carrier = member("a", carrier.carrier.says, *SERVICES, fallback="b")  # type: ignore[attr-defined] # scripted
    spare = member("b", None, service("s"), fallback_only=True)
    quote = asked("x", of=[carrier], stock=stocked(x=(1, 2)), fallbacks={"b": spare}, next_origin_after="failure")

    assert [offer.origin_id for offer in quote.lines[0].offers] == [1, 1]


@pytest.mark.parametrize(
    ("tried", "stock", "origins"),
    [
        pytest.param(None, stocked(x=(1, 2)), {1, 2}, id="next where a catalogue says who stocks it"),
        pytest.param(None, None, {1}, id="first without a catalogue"),
        pytest.param(None, stocked(x=()), {1}, id="first where the catalogue names none"),
        pytest.param(None, stocked(y=(1, 2)), {1}, id="first for an item that the catalogue lacks"),
        pytest.param("next", stocked(x=()), {1, 2, 3}, id="next of all where the catalogue names none"),
        pytest.param("first", stocked(x=(1, 2)), {1}, id="first"),
        pytest.param("next", None, {1, 2, 3}, id="next of all without a catalogue"),
    ],
)
def test_a_catalogue_decides_which_origins_are_tried_when_the_store_says_nothing(
    tried: str | None, stock: Catalogue | None, origins: set[int]
) -> None:
    carrier = by_origin()
    quote = asked("x", of=[carrier], stock=stock, origins_tried=tried)

    assert (quote.verdict is Verdict.NOT_SERVED) is (len(origins) < 3)
    assert {number for number, _ in asked_of(carrier)} == origins


def test_of_all_origins_each_type_comes_from_the_cheapest() -> None:
    carrier = by_origin(o1=[rate("n", 1000), rate("e", 2000)], o2=[rate("n", 900), rate("e", 2500)])
    quote = asked("x", of=[carrier], stock=stocked(x=(1, 2)), origins_tried="all")

    assert told(quote) == [[("normal", 2, 900), ("express", 1, 2000)]]
    assert asked_of(carrier) == [(1, ()), (2, ())]


def test_together_a_type_comes_from_one_set_of_origins_for_all_lines() -> None:
    carrier = by_origin(o1=[rate("n", 1000)], o2=[rate("n", 800), rate("e", 3000)], o3=[rate("e", 1000)])
    stock = stocked(a=(1, 2), b=(1, 3))
    quote = asked("a", "b", of=[carrier], stock=stock, lines="together")

    assert told(quote) == [[("normal", 1, 500), ("express", 2, 3000)], [("normal", 1, 500), ("express", 3, 1000)]]


def test_together_a_type_is_looked_for_at_each_mix_of_origins_that_may_have_it() -> None:
    """Normal can leave from 2 and 3 alone: the first two ways that are tried have it at one of their origins each."""
    carrier = by_origin(o2=[rate("n", 800)], o3=[rate("n", 900)], o1=[rate("e", 10)], o4=[rate("e", 10)])
    stock = stocked(a=(1, 2), b=(3, 4))
    quote = asked("a", "b", of=[carrier], stock=stock, lines="together", most_origins=4)

    assert quote.verdict is Verdict.SERVED
    assert [line[0] for line in told(quote)] == [("express", 1, 10), ("express", 4, 10)]
    assert [line[1] for line in told(quote)] == [("normal", 2, 800), ("normal", 3, 900)]


def test_a_mix_of_origins_beyond_those_tried_makes_a_no_uncertain() -> None:
    carrier = by_origin(o2=[rate("n", 800)], o3=[rate("n", 900)])
    quote = asked("a", "b", of=[carrier], stock=stocked(a=(1, 2), b=(3, 4)), lines="together", most_origins=1)

    assert quote.verdict is Verdict.UNKNOWN
    assert quote.lines[0].failures[0].failure.hint == "origin 2 stocks it too and was not asked: most_origins is 1"


def test_of_all_origins_one_beyond_those_asked_makes_a_no_uncertain_too() -> None:
    quote = asked("x", of=[by_origin()], stock=stocked(x=(1, 2, 3)), origins_tried="all", most_origins=2)

    assert quote.verdict is Verdict.UNKNOWN


def test_a_carrier_is_asked_about_the_origins_that_it_fetches_from() -> None:
    south, north = by_origin("south", o1=[rate("n", 1000)]), by_origin("north", o2=[rate("n", 700)])
    carriers = [
        member("south", south.carrier.says, *SERVICES, origins=(1,)),  # type: ignore[attr-defined] # scripted
        member("north", north.carrier.says, *SERVICES, origins=(2,)),  # type: ignore[attr-defined] # scripted
    ]
    quote = asked("a", "b", of=carriers, stock=stocked(a=(1,), b=(2,)))

    assert [line[0][1:] for line in told(quote)] == [(1, 1000), (2, 700)]
    assert [{number for number, _ in asked_of(one)} for one in carriers] == [{1}, {2}]


def test_without_time_left_the_next_origin_s_carrier_is_not_called_and_nobody_knows() -> None:
    clock, asker = FrozenClock(), get_ident()

    def says(_: Shipment) -> Sequence[Said]:
        while not waits(asker):
            sleep(0.001)
        clock.seconds += 5
        return [refusal("n"), refusal("e")]

    carrier = member("a", says, *SERVICES, instant=False)
    shop = policy(carrier, origins=[origin(1), origin(2)], catalogue=stocked(x=(1, 2)))
    with open_quoter(shop, clock=clock) as quoter:
        quote = quoter.quote(request(item("x")), within=2.0)
        assert quoter.idle(60)

    assert quote.verdict is Verdict.UNKNOWN
    assert {gap.failure.hint for gap in quote.lines[0].failures} == {"no time was left to ask from this origin"}
    assert [number for number, _ in asked_of(carrier)] == [1]


def test_what_memory_knows_to_be_refused_has_the_next_origin_asked_before_anybody_is_waited_for() -> None:
    asked_next = Event()

    def says(shipment: Shipment) -> Sequence[Said]:
        if shipment.origin.id == 2:
            asked_next.set()
        elif shipment.weight == 500:
            return [refusal("n"), refusal("e")]
        elif not asked_next.wait(60):
            return [failure("n"), failure("e")]
        return [rate("n"), rate("e")]

    carrier = member("a", says, *SERVICES, instant=False, timeout=100)
    stock = stocked(alone=(1,), both=(1, 2), heavy=(1,))
    with open_quoter(policy(carrier, origins=[origin(1), origin(2)], catalogue=stock)) as quoter:
        assert quoter.quote(request(item("alone"))).verdict is Verdict.NOT_SERVED
        quote = quoter.quote(request(item("both"), item("heavy", weight=700)))

    assert told(quote) == [[("normal", 2, 1000), ("express", 2, 1000)], [("normal", 1, 1000), ("express", 1, 1000)]]


def test_the_same_is_answered_in_an_event_loop() -> None:
    shop = policy(
        by_origin(remote=True, o1=[rate("n", 1000)], o2=[rate("e", 2000)]),
        origins=[origin(1), origin(2)],
        catalogue=stocked(x=(1, 2)),
    )
    with open_quoter(shop) as quoter:
        quotes = [asyncio.run(quoter.aquote(request(item("x")))), quoter.quote(request(*[item("x")] * 60))]

    assert [told(quote)[0] for quote in quotes] == [[("normal", 1, 1000), ("express", 2, 2000)]] * 2
