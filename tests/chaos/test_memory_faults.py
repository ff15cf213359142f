"""Questions that come again while the carrier is ill: memory answers them, at what the carrier said, and in time."""

import time
from collections.abc import Iterator, Sequence
from functools import partial

import pytest
from proxy import Fault
from scene import Scene
from stage import AUTH, browser, question, wait_until
from story import NEVER_SO_LATE
from traffic import HOME

GRAMS = range(25_001, 25_021)
OTHERS = range(26_001, 26_021)
FALLBACK = 9000
ROUNDS = 6
"""Asked so often, each of the two workers knows each question but once in many runs."""


def asked(scene: Scene, grams: int) -> tuple[int, list[int], float]:
    """Status, prices and seconds of one call on a connection of its own, so that any worker may get it."""
    with browser() as session:
        started = time.monotonic()
        answer = session.post(
            f"{scene.service.public}/v1/shop/netshoes",
            json=question({"weight": grams / 1000}, zip_code=HOME),
            auth=AUTH,
            timeout=60,
        )
        seconds = time.monotonic() - started
    lines = answer.json()["shippingQuotes"] if answer.status_code == 200 else []
    prices = [option["priceInCents"] for line in lines for option in line["deliveryOptions"]]
    return answer.status_code, prices, seconds


def is_told(scene: Scene, grams: int, price: int) -> bool:
    return asked(scene, grams)[:2] == (200, [price])


@pytest.fixture
def base(scene: Scene) -> Iterator[int]:
    """What the carrier asks for nothing; every gram costs one more. Whatever a test breaks is mended after it."""
    base = scene.faraway.base
    yield base
    scene.proxy.fault = Fault.NONE
    scene.proxy.cut()
    scene.faraway.base = base


def learn(scene: Scene, questions: Sequence[int], base: int) -> None:
    """Ask until both workers know the carrier's own price of each question."""
    for _ in range(ROUNDS):
        for grams in questions:
            # a circuit that an earlier test opened closes meanwhile
            wait_until(partial(is_told, scene, grams, base + grams))


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault.HANG, id="hang"),
        pytest.param(Fault.RESET, id="reset", marks=pytest.mark.exhaustive),
        pytest.param(Fault.DRIP, id="drip", marks=pytest.mark.exhaustive),
    ],
)
def test_questions_that_were_answered_before_are_answered_at_the_carrier_s_own_price_while_it_is_ill(
    scene: Scene, base: int, fault: Fault
) -> None:
    learn(scene, GRAMS, base)
    scene.proxy.fault = fault

    answers = {grams: asked(scene, grams) for grams in GRAMS}

    prices = {grams: said for grams, (_, said, _) in answers.items()}
    assert {status for status, _, _ in answers.values()} == {200}
    assert max(seconds for _, _, seconds in answers.values()) < NEVER_SO_LATE
    assert [grams for grams, said in prices.items() if said not in ([base + grams], [FALLBACK])] == []
    assert sum(said == [base + grams] for grams, said in prices.items()) > len(GRAMS) * 0.8


@pytest.mark.exhaustive
def test_a_price_that_changed_while_the_carrier_was_ill_is_never_mixed_with_the_old_one(
    scene: Scene, base: int
) -> None:
    learn(scene, OTHERS, base)
    scene.proxy.fault = Fault.RESET
    scene.faraway.base = base + 500
    asked(scene, OTHERS[0])
    scene.proxy.fault = Fault.NONE

    prices = {grams: asked(scene, grams)[1] for grams in OTHERS}

    right = {grams: ([base + grams], [base + 500 + grams], [FALLBACK]) for grams in OTHERS}
    assert [grams for grams, said in prices.items() if said not in right[grams]] == []
