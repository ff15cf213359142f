"""Every channel against Netshoes: the documented example of each, asked in turn of one service in one run."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from secrets import token_urlsafe
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.http import COLUMNS, Figures, load, row, serving
from benchmarks.report import Report

from portes.channels.protocol import ChannelRequest
from portes.store import open_store

ROUNDS, SECONDS = 7, 0.8
AIM = 0.8
YARDSTICK = "netshoes"
OTHERS = """
[channels.netshoes]
auth = { kind = "basic", username = "netshoes", password = "${BENCH_SECRET}" }

[channels.native]
keys = "${BENCH_SECRET}"
"""


def platforms() -> Report:
    """Compare them, on the demo store that has them all; a part of the benchmark `http`."""
    with TemporaryDirectory(prefix="portes-bench-") as name:
        folder = Path(shutil.copytree(str(files("portes") / "demo_stores" / "platforms"), Path(name) / "store"))
        text = (folder / "portes.toml").read_text(encoding="utf-8") + OTHERS
        (folder / "portes.toml").write_text(text, encoding="utf-8")
        secrets = {name: token_urlsafe(24) for name in re.findall(r"\$\{(\w+)\}", text)}
        calls = write_examples(folder, secrets)
        with serving(folder, secrets) as port:
            return compared(calls, port)


def compared(calls: Mapping[str, Path], port: int) -> Report:
    """Ask each in turn with Netshoes; a ratio is the median of the rounds' ratios."""
    rounds: dict[str, list[Figures]] = {name: [] for name in calls}
    ratios: dict[str, list[float]] = {name: [] for name in calls}
    for name, file in calls.items():
        load(file, port, SECONDS / 2)  # the first calls of a channel make its models
        for _ in range(ROUNDS):
            yardstick, figures = load(calls[YARDSTICK], port, SECONDS), load(file, port, SECONDS)
            rounds[name].append(figures)
            ratios[name].append(figures["rate"] / yardstick["rate"])
    rows = [[*row(name, figures), f"{median(ratios[name]):.2f}"] for name, figures in rounds.items()]
    slowest = min((name for name in calls if name != YARDSTICK), key=lambda name: median(ratios[name]))
    remark = f"slowest: {slowest}, ratio {median(ratios[slowest]):.2f} (aim: at least {AIM} of Netshoes' rate)"
    title = f"HTTP: the example of every channel, {ROUNDS} rounds of {SECONDS:g} s, each in turn with Netshoes'"
    return Report(title, [*COLUMNS, "of Netshoes"], rows, remark)


def write_examples(folder: Path, secrets: Mapping[str, str]) -> dict[str, Path]:
    """Write the example of each channel of a store as a whole HTTP call; by the channel's name."""
    with open_store(folder, environ={**os.environ, **secrets}) as store:
        examples = {name: channel.example() for name, channel in store.channels.items()}
    written: dict[str, Path] = {}
    for name, example in examples.items():
        written[name] = folder.parent / f"{name}.json"
        written[name].write_text(json.dumps([on_the_wire(example)]), encoding="utf-8")
    return written


def on_the_wire(call: ChannelRequest) -> str:
    """A call as its bytes travel."""
    head = [f"{call.method} {call.address} HTTP/1.1", "Host: localhost", f"Content-Length: {len(call.body)}"]
    head += [f"{name}: {value}" for name, value in call.headers.items()]
    return "\r\n".join([*head, "", call.body.decode()])
