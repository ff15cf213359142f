"""Questions that come again while the carrier is ill: memory answers them, at what the carrier said, and in time."""

import time
from collections.abc import Iterator

import pytest
from proxy import Fault
from scene import Scene
from stage import AUTH, browser, question
from traffic import HOME

pytestmark = pytest.mark.slow

GRAMS = range(25_001, 25_021)
STAND_IN = 9000
ROUNDS = 6
"""Asked so often, each of the two workers knows each question but once in many runs."""
LIMIT = 1.2


def asked(scene: Scene, grams: int) -> tuple[int, list[int], float]:
    """Status, prices and seconds of one call on a connection of its own, so that any worker may get it."""
    with browser() as session:
        started = time.monotonic()
        answer = session.post(
            f"{scene.service.public}/v1/shop/netshoes",
            json=question({"weight": grams / 1000}, zip_code=HOME),
            auth=AUTH,
            timeout=10,
        )
        seconds = time.monotonic() - started
    lines = answer.json()["shippingQuotes"] if answer.status_code == 200 else []
    prices = [option["priceInCents"] for line in lines for option in line["deliveryOptions"]]
    return answer.status_code, prices, seconds


@pytest.fixture
def known(scene: Scene) -> Iterator[int]:
    """Both workers know the questions; what a gram costs on top of."""
    base = scene.faraway.base
    for _ in range(ROUNDS):
        for grams in GRAMS:
            assert asked(scene, grams)[:2] == (200, [base + grams])
    yield base
    scene.proxy.fault = Fault.NONE
    scene.faraway.base = base


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.RESET, Fault.DRIP], ids=lambda fault: fault.name.lower())
def test_questions_that_were_answered_before_are_answered_at_the_carrier_s_own_price_while_it_is_ill(
    scene: Scene, known: int, fault: Fault
) -> None:
    scene.proxy.fault = fault

    answers = {grams: asked(scene, grams) for grams in GRAMS}

    prices = {grams: said for grams, (_, said, _) in answers.items()}
    assert {status for status, _, _ in answers.values()} == {200}
    assert max(seconds for _, _, seconds in answers.values()) < LIMIT
    assert [grams for grams, said in prices.items() if said not in ([known + grams], [STAND_IN])] == []
    assert sum(said == [known + grams] for grams, said in prices.items()) > len(GRAMS) * 0.8


def test_a_price_that_changed_while_the_carrier_was_ill_is_never_mixed_with_the_old_one(
    scene: Scene, known: int
) -> None:
    scene.proxy.fault = Fault.RESET
    scene.faraway.base = known + 500
    asked(scene, GRAMS[0])
    scene.proxy.fault = Fault.NONE

    prices = {grams: asked(scene, grams)[1] for grams in GRAMS}

    expected = {grams: ([known + grams], [known + 500 + grams], [STAND_IN]) for grams in GRAMS}
    assert [grams for grams, said in prices.items() if said not in expected[grams]] == []
