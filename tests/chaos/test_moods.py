"""Simulated Correios changes its mood while questions arrive at a store that has a table for a fallback."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from scene import FALLBACK, HEAD, fallback_table
from stage import AUTH, Service, browser, question, service, wait_until
from story import FALLBACK as FALLBACK_CENTS
from story import NEVER_SO_LATE
from traffic import HOME, Asked, traffic

from portes.simulators.serving import build_sandbox, serving

CORREIOS = """
[carriers.far]
use = "correios-br"
id = 1
timeout = "1s"
fallback = "near"
circuit = {{ failures = 3, pause = "300ms", credentials_pause = "500ms" }}
cache = {{ fresh = "0s", stale_while_revalidate = "0s", stale_if_error = "0s", refusals = "0s" }}
[carriers.far.settings]
user = "shop"
access_code = "${{APP_KEY}}"
posting_card = "0012345678"
base_url = "http://127.0.0.1:{port}"
[[carriers.far.services]]
code = "03298"
delivery = "normal"
"""


@dataclass
class Moody:
    """A simulator that can be exchanged for another while it answers: a new one knows none of the old one's tokens."""

    simulator: Any = None

    def be(self, *moods: str) -> None:
        self.simulator = build_sandbox("correios-br", moods)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer: Iterable[bytes] = self.simulator(environ, start_response)
        return answer


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Moody, Service]]:
    folder = tmp_path_factory.mktemp("moods")
    correios = Moody()
    correios.be()
    with serving(correios) as port:
        (folder / "table.csv").write_text(fallback_table())
        (folder / "shop.toml").write_text(HEAD.format(name="shop") + CORREIOS.format(port=port) + FALLBACK)
        with service([folder / "shop.toml", "--workers", "2"], folder / "log") as running:
            yield correios, running


def is_live(asked: Asked) -> bool:
    return asked.status == 200 and asked.prices != [FALLBACK_CENTS]


@pytest.mark.parametrize(
    "mood",
    [
        "down",
        *(
            pytest.param(mood, marks=pytest.mark.exhaustive)
            for mood in (
                "slow",
                "dripping",
                "html",
                "throttled",
                "wrong_password",
                "api_not_enabled",
                "token_expired_early",
            )
        ),
    ],
)
def test_in_no_mood_does_a_carrier_cost_a_sale_or_a_wrong_price(played: tuple[Moody, Service], mood: str) -> None:
    correios, running = played
    with traffic(running.public, ["shop"], elsewhere=HOME) as flowing:
        flowing.until(is_live)
        correios.be(mood)
        flowing.go_on(1)
        correios.be()
        flowing.until(is_live)

    assert {asked.status for asked in flowing.answers if not asked.early} == {200}
    assert max(asked.seconds for asked in flowing.answers) <= NEVER_SO_LATE
    assert any(not is_live(asked) for asked in flowing.answers) or mood == "token_expired_early"
    assert [asked for asked in flowing.answers[::9] if is_live(asked) and asked.prices != price(running, asked)] == []


def price(running: Service, asked: Asked) -> list[int]:
    """What the carrier asks for the same in calm; a worker may not yet have found out that it is."""
    told: list[list[int]] = []

    def ask() -> bool:
        with browser() as web:
            body = question({"weight": asked.grams / 1000})
            lines = web.post(f"{running.public}/v1/shop/netshoes", json=body, auth=AUTH).json()["shippingQuotes"]
        told.append([option["priceInCents"] for line in lines for option in line["deliveryOptions"]])
        return told[-1] != [FALLBACK_CENTS]

    wait_until(ask)
    return told[-1]
