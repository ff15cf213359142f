"""A hub: five hundred stores with three channels each in one service; start, memory, p99, and one store's flood.

`PORTES_BENCH_STORES` says how many stores; they sell by one contract and out of one catalogue.
"""

import json
import os
import random
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from hmac import digest
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory

from benchmarks.http import COLUMNS, Figures, load, row, serving, write_store
from benchmarks.report import Report

STORES = int(os.environ.get("PORTES_BENCH_STORES", "500"))
SKUS = 10_000
STEADY_RATE, SECONDS = 60.0, 20.0
FLOOD_CONNECTIONS = 200
SECRET = token_urlsafe(24)
LIMIT_MS = 400

STORE = """
[store]
name = "shop-{number}"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
catalogue = "../shared/catalogue.csv"

[[origins]]
id = 1
postal_code = "01001000"
handling_days = 1
cut_off = "14:00"

[carriers.example]
use = "table"
id = 1
name = "Example"
settings = {{ file = "../shared/table.csv" }}
[[carriers.example.services]]
code = "normal"
delivery = "normal"
table_service = "normal"
[[carriers.example.services]]
code = "express"
delivery = "express"
table_service = "express"

[channels.netshoes]
auth = {{ kind = "basic", username = "netshoes", password = "${{SECRET}}" }}

[channels.native]
keys = "${{SECRET}}"

[channels.shopify]
secret = "${{SECRET}}"
"""


def run() -> Iterator[Report]:
    """Start with one store and with all of them, then ask all, then flood one."""
    with TemporaryDirectory(prefix="portes-bench-") as name:
        one, all_of_them = Path(name) / "one", Path(name) / "all"
        write_stores(one, 1)
        write_stores(all_of_them, STORES)
        yield started(one, all_of_them)
        with serving(all_of_them, {"SECRET": SECRET}) as port:
            yield asked(all_of_them, port)


def started(one: Path, all_of_them: Path) -> Report:
    """How long a service takes to start, and what its processes hold then."""
    rows = []
    figures = []
    for folder, stores in ((one, 1), (all_of_them, STORES)):
        before = time.perf_counter()
        with serving(folder, {"SECRET": SECRET}):
            seconds = time.perf_counter() - before
            megabytes = held()
        figures.append((seconds, megabytes))
        rows.append([f"{stores} stores, 3 channels each", f"{seconds:.1f}", f"{megabytes:.0f}"])
    more = STORES - 1
    seconds, megabytes = (after - before for before, after in zip(*figures, strict=True))
    remark = f"one more store: {seconds / more * 1000:.0f} ms and {megabytes / more * 1024:.0f} KiB"
    title = f"Hub: start with one table of 30 000 rows and one catalogue of {SKUS:,} SKUs"
    return Report(title, ("service", "s to start", "MB held"), rows, remark)


def asked(folder: Path, port: int) -> Report:
    """All stores at a steady rate, alone and while one of them is flooded."""
    others, flooded = folder / "others.json", folder / "flooded.json"
    chance = random.Random(1)
    numbers = [chance.randrange(1, STORES) for _ in range(3000)]
    others.write_text(json.dumps([call(number, chance) for number in numbers]), encoding="utf-8")
    flooded.write_text(json.dumps([call(0, chance) for _ in range(300)]), encoding="utf-8")
    load(others, port, 2.0, STEADY_RATE)
    alone = load(others, port, SECONDS, STEADY_RATE)
    flood = subprocess.Popen(generator(flooded, port, SECONDS + 4), stdout=subprocess.PIPE, text=True)
    time.sleep(2)
    beside = load(others, port, SECONDS, STEADY_RATE)
    told, _ = flood.communicate()
    figures: Figures = json.loads(told)
    rows = [
        row(f"{STORES - 1} stores, alone", [alone]),
        row(f"{STORES - 1} stores, beside the flood", [beside]),
        row("the flooded store", [figures]),
    ]
    times = beside["p99"] / alone["p99"]
    remark = f"aim: beside the flood no error, p99 under {LIMIT_MS} ms; p99 beside it {times:.1f} times"
    title = f"Hub: {STEADY_RATE:g} calls a second over all stores, one store asked on {FLOOD_CONNECTIONS} connections"
    return Report(title, COLUMNS, rows, remark)


def generator(calls: Path, port: int, seconds: float) -> Sequence[str]:
    """The command of a load as fast as the service answers."""
    return [
        sys.executable,
        "-m",
        "benchmarks.load",
        str(calls),
        str(port),
        str(seconds),
        str(FLOOD_CONNECTIONS),
        "0",
        "1",
    ]


def workers_of(process: int) -> Iterator[int]:
    """The processes that a process started, and theirs."""
    for child in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split():
        yield int(child)
        yield from workers_of(int(child))


def held() -> float:
    """Megabytes that the processes of the service hold, pages that they share counted once."""
    total = 0
    for pid in workers_of(os.getpid()):
        rollup = Path(f"/proc/{pid}/smaps_rollup")
        lines = rollup.read_text(encoding="ascii").splitlines() if rollup.exists() else []
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def write_stores(folder: Path, many: int) -> None:
    """Write so many stores that sell by one table and out of one catalogue."""
    shared = folder / "shared"
    shared.mkdir(parents=True)
    write_store(shared)
    (shared / "portes.toml").unlink()
    lines = [f"sku-{number},{10 + number % 90}.90,1:5,{300 + number % 700}g,20x15x10cm" for number in range(SKUS)]
    (shared / "catalogue.csv").write_text("\n".join(["sku,price,origins,weight,size", *lines]), encoding="utf-8")
    for number in range(many):
        (folder / f"shop-{number}.toml").write_text(
            STORE.format(number=number).replace("../shared", "shared"), encoding="utf-8"
        )


def call(store: int, chance: random.Random) -> str:
    """One call of a store, on one of its channels."""
    sku, place = f"sku-{chance.randrange(SKUS)}", f"{chance.randrange(99_000_000):08}"
    channel = chance.choice(["netshoes", "quotes", "shopify"])
    size = {"width": 10.0, "height": 10.0, "length": 20.0}
    if channel == "netshoes":
        product = {"skuCode": sku, "quantity": 1, "weight": 0.5, **size, "preSale": False}
        body = json.dumps({"zipCode": place, "catalogCode": "C", "id": "a", "products": [product]})
        key = f"Authorization: Basic {b64encode(f'netshoes:{SECRET}'.encode()).decode()}"
    elif channel == "quotes":
        line = {"sku": sku, "quantity": 1, "weight": 500, "size": {"width": 100, "height": 100, "length": 200}}
        body = json.dumps({"destination": {"country": "BR", "postal_code": place}, "lines": [line]})
        key = f"Authorization: Bearer {SECRET}"
    else:
        item = {"sku": sku, "quantity": 1, "grams": 500, "price": 1990}
        destination = {"country": "BR", "postal_code": place}
        body = json.dumps({"rate": {"destination": destination, "items": [item], "currency": "BRL"}})
        signature = b64encode(digest(SECRET.encode(), body.encode(), sha256)).decode()
        key = f"X-Shopify-Hmac-Sha256: {signature}"
    head = [f"POST /v1/shop-{store}/{channel} HTTP/1.1", "Host: localhost", key, f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", body])
