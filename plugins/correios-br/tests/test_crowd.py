"""Fifty threads at once, in every mood of the simulator."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from correios_stubs import MINI, PAC, SEDEX, Quoting

from portes.contract import FailureKind, Rate, RefusalKind
from portes_correios_br.sandbox import Sandbox
from portes_testing import RATE, CallResult, Case, ask, carrier_under_test, parcel, served_sandbox
from portes_testing.harness.calls import kind_of

CREDENTIALS: set[object] = {FailureKind.REJECTED_CREDENTIALS}
OURS: set[object] = {FailureKind.REJECTED_REQUEST}
LATE: set[object] = {FailureKind.LATE, FailureKind.BUSY, FailureKind.THROTTLED}
"""What may become of a quote that has no time: the limit on fetching tokens counts, too."""
WEATHER: Mapping[str, tuple[float, set[object]]] = {
    "": (20.0, {RATE}),
    "slow": (0.3, LATE),
    "dripping": (0.3, LATE),
    "down": (20.0, {FailureKind.UNREACHABLE}),
    "html": (20.0, {FailureKind.GARBLED}),
    "throttled": (20.0, {FailureKind.THROTTLED}),
    "wrong_password": (20.0, CREDENTIALS),
    "card_unknown": (20.0, CREDENTIALS),
    "api_not_enabled": (20.0, CREDENTIALS),
    "token_expired_early": (20.0, {RATE}),
    "code_too_new": (20.0, CREDENTIALS),
    "pac_card_unknown": (20.0, {RATE}),
    "origin_unknown": (20.0, OURS),
    "pac_not_on_card": (20.0, {RATE, *OURS}),
    "sunk_by_pac": (20.0, {RATE, *OURS}),
    "bad_request": (20.0, OURS),
    "swap": (20.0, {RATE, RefusalKind.SERVICE_UNAVAILABLE}),
    "partial": (20.0, {RATE, RefusalKind.SERVICE_UNAVAILABLE}),
}
"""Seconds of timeout in each mood, and what may become of a service."""
THREADS, QUOTES = 50, 500
EXHAUSTIVE = pytest.mark.exhaustive


def test_a_crowd_tries_every_mood_of_the_simulator() -> None:
    assert set(WEATHER) == {"", *Sandbox.moods}


@pytest.mark.parametrize("mood", [mood if not mood else pytest.param(mood, marks=EXHAUSTIVE) for mood in WEATHER])
def test_a_crowd_is_answered_in_every_mood(case_of: Callable[..., Case], to: Quoting, mood: str) -> None:
    """Fifty threads, five hundred quotes: each keeps to its timeout, comes back whole, and has its own price."""
    timeout, allowed = WEATHER[mood]
    shipments = [to("70002900", parcel(weight, 200, 150, 40), name=f"{weight} g") for weight in range(100, 350, 50)]
    with (
        carrier_under_test(case_of([SEDEX, MINI, PAC], {})) as under_test,
        served_sandbox(under_test, [mood] if mood else []) as sandbox,
    ):
        carrier = sandbox.new_carrier()
        with ThreadPoolExecutor(THREADS) as crowd:
            asked = [shipments[number % len(shipments)] for number in range(QUOTES)]
            said = list(crowd.map(lambda shipment: (shipment.id, ask(carrier, [shipment], timeout)), asked))

    assert {kind_of(part) for _, each in said for part in each.outcomes()} <= allowed
    assert {len(list(each.outcomes())) for _, each in said} == {3}
    assert max(seconds for _, each in said for seconds in each.timeouts) <= timeout
    assert {len(costs) for costs in costs_by_shipment(said).values()} <= {0, 1}


def costs_by_shipment(said: Iterable[tuple[str, CallResult]]) -> Mapping[str, set[object]]:
    """Every price list that was told for a shipment; there should be one."""
    found: dict[str, set[object]] = {}
    for name, each in said:
        costs = tuple((part.service, part.cost.minor) for part in each.outcomes() if isinstance(part, Rate))
        found.setdefault(name, set()).update([costs] if costs else [])
    return found
