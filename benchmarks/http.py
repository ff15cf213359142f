"""The service against a fixed answer: throughput as a ratio in one run, and an hour's peak load held for a while.

Both run on the same server stack, each in one process, and are asked in turn by a third.
"""

import json
import os
import random
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from benchmarks.report import Report

CONNECTIONS = 16
ROUNDS, SECONDS = 8, 2.0
STEADY_RATE, STEADY_SECONDS = 60.0, 30.0
RANGES, BRACKETS = 1500, 10
SECRET = token_urlsafe(12)

STORE = """
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"

[[origins]]
id = 1
postal_code = "01001000"
handling_days = 1
cut_off = "14:00"

[carriers.example]
use = "table"
id = 1
name = "Example"
settings = { file = "table.csv" }
[[carriers.example.services]]
code = "normal"
delivery = "normal"
table_service = "normal"
[[carriers.example.services]]
code = "express"
delivery = "express"
table_service = "express"

[channels.netshoes]
auth = { kind = "basic", username = "netshoes", password = "${SECRET}" }
"""

Figures = dict[str, float]


def run() -> Iterator[Report]:
    """Compare, then hold a steady load, then ask every channel."""
    with TemporaryDirectory(prefix="portes-bench-") as name:
        folder = Path(name)
        write_store(folder)
        calls = write_calls(folder)
        with serving_store(folder) as ours, serving_fixed() as fixed:
            yield compared(calls, ours, fixed)
            yield steady(calls, ours)
    from benchmarks.platforms import platforms  # which is made with what stands here

    yield platforms()


def compared(calls: Path, ours: int, fixed: int) -> Report:
    """Ask both in turn, several times; the ratio is the median of the rounds' ratios."""
    load(calls, ours, 1.0)
    load(calls, fixed, 1.0)
    rounds = [(load(calls, ours, SECONDS), load(calls, fixed, SECONDS)) for _ in range(ROUNDS)]
    ratio = median(mine["rate"] / theirs["rate"] for mine, theirs in rounds)
    rows = [
        row("Netshoes, table of 30 000 rows", [mine for mine, _ in rounds]),
        row("fixed answer", [theirs for _, theirs in rounds]),
    ]
    title = f"HTTP: {CONNECTIONS} connections, one process each, {ROUNDS} rounds of {SECONDS:g} s in turn"
    return Report(title, COLUMNS, rows, f"ratio {ratio:.2f} (aim: at least 0.50, p99 under 5 ms)")


def steady(calls: Path, ours: int) -> Report:
    """Hold a rate that no marketplace's peak exceeds."""
    figures = load(calls, ours, STEADY_SECONDS, STEADY_RATE)
    title = f"HTTP: {STEADY_RATE:g} calls a second for {STEADY_SECONDS:g} s"
    return Report(title, COLUMNS, [row("Netshoes, table of 30 000 rows", [figures])], "aim: no error, p99 under 50 ms")


COLUMNS = ("endpoint", "calls/s", "p50 ms", "p99 ms", "max ms", "errors")


def row(name: str, rounds: list[Figures]) -> list[str]:
    """One endpoint's figures: medians of the rounds, the worst moment and all errors."""
    rate, p50, p99 = (median(figures[key] for figures in rounds) for key in ("rate", "p50", "p99"))
    worst, errors = max(figures["max"] for figures in rounds), sum(figures["errors"] for figures in rounds)
    return [name, f"{rate:,.0f}", f"{p50:.2f}", f"{p99:.2f}", f"{worst:.1f}", f"{errors:.0f}"]


def load(
    calls: Path, port: int, seconds: float, rate: float = 0.0, *, burst: int = 1, connections: int = CONNECTIONS
) -> Figures:
    """Run the load generator."""
    arguments = [str(calls), str(port), str(seconds), str(connections), str(rate), str(burst)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    figures: Figures = json.loads(done.stdout)
    return figures


def write_store(folder: Path) -> None:
    """A store whose one carrier has a table of 30 000 rows: two services, 1 500 postal ranges, ten brackets."""
    (folder / "portes.toml").write_text(STORE, encoding="utf-8")
    lines = ["service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max"]
    step = 100_000_000 // RANGES
    for service, factor in (("normal", 1), ("express", 3)):
        for start in range(0, step * RANGES, step):
            for bracket in range(BRACKETS):
                cents = factor * (1000 + 37 * bracket + start % 991)
                weights = f"{bracket * 1000},{bracket * 1000 + 1000}"
                ends = f"{start:08},{start + step - 1:08}"
                lines.append(f"{service},{ends},{weights},{cents // 100}.{cents % 100:02},{5 // factor},{9 // factor}")
    (folder / "table.csv").write_text("\n".join(lines), encoding="utf-8")


def write_calls(folder: Path, many: int = 1000) -> Path:
    """Write so many whole HTTP calls, for one thing each, all over the table."""
    chance = random.Random(1)
    file = folder / "calls.json"
    file.write_text(json.dumps([call(chance) for _ in range(many)]), encoding="utf-8")
    return file


def call(chance: random.Random) -> str:
    """One call as the marketplace makes it."""
    sides = {side: float(chance.randrange(5, 50)) for side in ("width", "height", "length")}
    weight = chance.randrange(100, 9900) / 1000
    product = {"skuCode": "sku-1234-01", "quantity": 1, "weight": weight, **sides, "preSale": False}
    body = json.dumps(
        {
            "zipCode": f"{chance.randrange(99_000_000):08}",
            "catalogCode": "CAT_NETSHOESNOVA",
            "id": "6dccffe9-52e7-456c-b814-b72ae3e49cc1",
            "products": [product],
        }
    )
    token = b64encode(f"netshoes:{SECRET}".encode()).decode()
    head = [
        "POST /v1/shop/netshoes HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Authorization: Basic {token}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", body])


@contextmanager
def serving_store(folder: Path) -> Iterator[int]:
    """Run `portes serve` with one worker on the store of this benchmark; yields its port."""
    with serving(folder, {"SECRET": SECRET}) as port:
        yield port


@contextmanager
def serving(folder: Path, secrets: Mapping[str, str]) -> Iterator[int]:
    """Run `portes serve` with one worker, on a store whose settings name these variables; yields its port."""
    arguments = ["serve", str(folder), "--port", "0", "--admin-port", "0"]
    command = [sys.executable, "-c", "from portes.cli import main; main()", *arguments]
    with (folder / "log").open("w") as log:
        environ = {**os.environ, **secrets}
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=subprocess.PIPE, text=True)
        with stopping(process):
            assert process.stderr is not None
            said = process.stderr.readline()
            yield urlsplit(said.split()[2].rstrip(",")).port or 0


@contextmanager
def serving_fixed() -> Iterator[int]:
    """Run the yardstick; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with stopping(subprocess.Popen([sys.executable, "-m", "benchmarks.fixed", str(port)])):
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port


@contextmanager
def stopping(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> Iterator[None]:
    """Stop a process when the block ends."""
    try:
        yield
    finally:
        process.terminate()
        process.communicate(timeout=60)
