"""What the longest question allowed costs on an event loop, step by step and carrier by carrier.

200 lines of 10,000 units, all of different sizes, from a shop with 60 origins, to tables and to carriers far away, each
with a packer and limits of its own. Only the processor time of the thread that answers counts: that is how long it
keeps a loop from everything else. Carriers far away are their plugins' simulators, and each question is new to them.
"""

import asyncio
import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import thread_time
from typing import Final, TypeVar

import structlog
from benchmarks.report import Report

from portes.channels.protocol import ChannelRequest, request_in
from portes.clock import SystemClock
from portes.contract import QuoteRequest
from portes.engine.answered import QuoteRecord
from portes.engine.cache import AnswerCache
from portes.engine.decide import decide
from portes.engine.dispatch import Dispatcher
from portes.engine.plan import make_plan
from portes.engine.policy import Policy
from portes.engine.rounds import Rounds
from portes.receipts.codec import entry
from portes.simulators.serving import build_sandbox, serving
from portes.store import Store, open_store

ORIGINS, LINES, UNITS, STOCKED_IN = 60, 200, 10_000, 4
ROUNDS: Final = 5
AIM: Final = 50.0
"""Milliseconds on the loop."""

FAR: Final = ("correios-br", "jamef")
CARRIERS: Final = """
[carriers.table]
use = "table"
id = 1
name = "Table"
[carriers.table.settings]
file = "rates.csv"
cubic_factor = 300
price_each = "shipment"
[[carriers.table.services]]
code = "economy"
delivery = "normal"
[[carriers.table.services]]
code = "express"
delivery = "express"

[carriers.narrow]
use = "table"
id = 2
name = "Narrow"
packer = "volume"
[carriers.narrow.settings]
file = "rates.csv"
cubic_factor = 300
price_each = "parcel"
limits = { weight = 30000, longest_side = 1000, sides_sum = 2000, volume = 300000000 }
[[carriers.narrow.services]]
code = "economy"
delivery = "normal"

[carriers.correios]
use = "correios-br"
id = 3
name = "Correios"
packer = "volume"
timeout = "30s"
threads = 8
queue = 400
[carriers.correios.settings]
user = "shop"
access_code = "${SECRET}"
posting_card = "0012345678"
base_url = "${CORREIOS_BR}"
[[carriers.correios.services]]
code = "03220"
delivery = "express"
[[carriers.correios.services]]
code = "03298"
delivery = "normal"

[carriers.jamef]
use = "jamef"
id = 4
name = "Jamef"
timeout = "30s"
threads = 8
queue = 400
[carriers.jamef.settings]
user = "shop@example.com"
password = "${SECRET}"
payer = "11.222.333/0001-81"
branch = "07"
base_url = "${JAMEF}"
[[carriers.jamef.services]]
code = "1"
delivery = "normal"
[[carriers.jamef.services]]
code = "2"
delivery = "express"
"""

T = TypeVar("T")


def run() -> Iterator[Report]:
    """Measure a store whose lines leave together, and one whose lines leave each for itself."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))  # carriers tell every call otherwise
    for lines in ("each", "together"):
        with TemporaryDirectory(prefix="portes-bench-") as name, longest(Path(name), lines) as store:
            yield steps(store, lines)
            yield carriers(store, lines)


@contextmanager
def longest(folder: Path, lines: str) -> Iterator[Store]:
    """The store, its carriers far away simulated on loopback."""
    with ExitStack() as opened:
        ports = {name: opened.enter_context(serving(build_sandbox(name, ()))) for name in FAR}
        environ = {name.upper().replace("-", "_"): f"http://127.0.0.1:{port}" for name, port in ports.items()}
        origins = "".join(origin(number) for number in range(1, ORIGINS + 1))
        text = STORE.format(lines=lines) + origins + CARRIERS + CHANNEL
        (folder / "portes.toml").write_text(text, encoding="utf-8")
        (folder / "rates.csv").write_text("".join(rates()), encoding="utf-8")
        (folder / "stocks.csv").write_text("".join(stocks()), encoding="utf-8")
        yield opened.enter_context(open_store(folder, environ={**environ, "SECRET": "long-enough-to-be-one"}))


def origin(number: int) -> str:
    """An origin of the settings."""
    return f'[[origins]]\nid = {number}\npostal_code = "{1000000 + number:08d}"\ncut_off = "14:00"\nhandling_days = 1\n'


def rates() -> Iterator[str]:
    """A table for all of Brazil and any weight."""
    yield "service,postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,days_min,days_max\n"
    for service in ("economy", "express"):
        for first in range(0, 100_000_000, 1_000_000):
            yield f"{service},{first:08d},{first + 999_999:08d},0,30000,20.00,,2,4\n"
            yield f"{service},{first:08d},{first + 999_999:08d},30000,,40.00,1.00,2,4\n"


def stocks() -> Iterator[str]:
    """A catalogue in which every SKU is stocked in a few origins."""
    chance = random.Random(12)
    yield "sku,declared_value,origins,handling_days,tags\n"
    for number in range(LINES):
        stocked = " ".join(map(str, chance.sample(range(1, ORIGINS + 1), STOCKED_IN)))
        yield f"sku-{number},{number + 1}.90,{stocked},1,tag\n"


def call() -> ChannelRequest:
    """The longest question, as Netshoes asks it: every line of another size and weight."""
    products = [
        {
            "skuCode": f"sku-{number}",
            "quantity": UNITS // LINES,
            "weight": 0.1 + number / 1000,
            "width": 5.0 + number % 17,
            "height": 5.0 + number % 13,
            "length": 10.0 + number / 10,
            "preSale": False,
        }
        for number in range(LINES)
    ]
    asked = {"zipCode": "01512651", "catalogCode": "SHOP", "id": "longest", "products": products}
    return ChannelRequest("POST", "/", body=json.dumps(asked).encode())


STORE: Final = """[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
lines = "{lines}"
catalogue = "stocks.csv"
calls_at_once = 2000

"""
CHANNEL: Final = """[[rules]]
use = "markup"
percent = 5
[[rules]]
use = "free_shipping"
threshold = "1.00"
[channels.netshoes]
auth = { kind = "basic", username = "netshoes", password = "${SECRET}" }
[service]
state = "state"
"""


class Costs:
    """What each step costs the thread that takes it."""

    def __init__(self) -> None:
        self._costs: dict[str, list[float]] = {}

    def step(self, name: str, act: Callable[[], T]) -> T:
        """Do it, and note its milliseconds."""
        begun = thread_time()
        made = act()
        self._costs.setdefault(name, []).append((thread_time() - begun) * 1000)
        return made

    def median(self, name: str) -> float:
        """The middle one of a step's milliseconds."""
        return median(self._costs[name])


ON_THE_LOOP: Final = ("read", "wait", "write", "receipt")
IN_A_THREAD: Final = ("plan", "start", "collect", "decide")
"""A question as long as this is large; a small one takes these steps on the loop too."""


def steps(store: Store, lines: str) -> Report:
    """The steps of a quote, one after the other."""
    costs = Costs()
    for _ in range(ROUNDS):
        answer(store, store.quoter.policy, costs)
    rows = [[name, f"{costs.median(name):.1f}", ""] for name in ON_THE_LOOP]
    rows += [[name, "", f"{costs.median(name):.1f}"] for name in IN_A_THREAD]
    totals = [f"{sum(map(costs.median, names)):.1f}" for names in (ON_THE_LOOP, IN_A_THREAD)]
    title = f'The longest question, lines = "{lines}": {LINES} lines, {UNITS:,} units, {ORIGINS} origins'
    columns = ("step", "ms on the loop", "ms in a thread")
    return Report(title, columns, [*rows, ["together", *totals]], f"aim: under {AIM:g} ms on the loop")


def carriers(store: Store, lines: str) -> Report:
    """The steps for each carrier alone; its origins are chosen anew for each."""
    policy, rows = store.quoter.policy, []
    for member in policy.members:
        costs = Costs()
        for _ in range(ROUNDS):
            answer(store, replace(policy, members=(member,)), costs)
        rows.append([member.key, *(f"{costs.median(name):.1f}" for name in IN_A_THREAD)])
    return Report(f'The same, carrier by carrier, lines = "{lines}"', ("carrier", *IN_A_THREAD), rows)


async def _wait(rounds: Rounds) -> None:
    while rounds.is_open:
        await rounds.wait_async()
        rounds.go_on()


def answer(store: Store, policy: Policy, costs: Costs) -> None:
    """Answer the question once, nothing of it remembered."""
    channel, clock = store.channels["netshoes"], SystemClock()
    asked: QuoteRequest = costs.step("read", lambda: request_in(channel.read(call())))
    moment: datetime = clock.now().astimezone(policy.timezone)
    plan = costs.step("plan", lambda: make_plan(asked, moment, policy))
    dispatcher = Dispatcher(policy, clock, AnswerCache(policy.settings.cache_size, policy.settings.cache_bytes, clock))
    rounds = costs.step("start", lambda: Rounds(plan, dispatcher, clock.monotonic(), None))
    costs.step("wait", lambda: asyncio.run(_wait(rounds)))
    answers = costs.step("collect", rounds.answers)
    quote = costs.step("decide", lambda: decide("quote", plan, answers, policy))
    reply = costs.step("write", lambda: channel.write(quote, asked))
    record = QuoteRecord(plan, answers, quote, 0.1)
    costs.step("receipt", lambda: entry(policy.store, record, (reply.status, reply.body, 0.1)))
    dispatcher.close()


if __name__ == "__main__":
    for report in run():
        print(report)
