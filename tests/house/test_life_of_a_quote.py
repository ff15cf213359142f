"""`docs/life-of-a-quote.md` tells the truth: each function it names is there, and a quote goes through them so."""

import ast
import asyncio
import re
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from portes.channels.protocol import ChannelRequest
from portes.hooks import Watchers
from portes.simulators.simulation import simulation
from portes.store import open_store
from portes.web.app import public_app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "life-of-a-quote.md").read_text(encoding="utf-8")
STEP = re.compile(r"^\| `([^`]+)` \| \[[^\]]+\]\(\.\./([^)]+)\) \|", re.MULTILINE)
SECRETS = dict.fromkeys(("NETSHOES_PASSWORD", "NATIVE_KEY", "CORREIOS_ACCESS_CODE"), "long-enough-to-be-one")
SECRETS |= {"JAMEF_PASSWORD": "long-enough-too", "CORREIOS_URL": "", "JAMEF_URL": ""}

Step = tuple[str, str]
"""A function by its qualified name, and the file it stands in, from the root of the repository."""


def steps(heading: str) -> list[Step]:
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return STEP.findall(section)


def functions(node: ast.AST, prefix: str = "") -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + child.name
            yield from functions(child, f"{prefix}{child.name}.<locals>.")
        elif isinstance(child, ast.ClassDef):
            yield from functions(child, f"{prefix}{child.name}.")


def test_every_function_on_the_page_stands_in_the_file_beside_it() -> None:
    named = STEP.findall(PAGE)
    lost = [
        f"{name} in {file}"
        for name, file in named
        if name not in functions(ast.parse((ROOT / file).read_text(encoding="utf-8")))
    ]

    assert len(named) > 30
    assert lost == []


@contextmanager
def traced(calls: list[Step]) -> Iterator[None]:
    """Note every call of a function of the repository, on this thread and on those that start meanwhile."""

    def note(frame: FrameType, event: str, _: object) -> None:
        path = frame.f_code.co_filename
        if event == "call" and path.startswith(str(ROOT)) and "/src/" in path:
            calls.append((frame.f_code.co_qualname, Path(path).relative_to(ROOT).as_posix()))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


async def answered(app: Any, asked: ChannelRequest) -> int:
    """Put a question to the application as a server would; the status of its answer."""
    headers = [(name.encode(), text.encode()) for name, text in asked.headers.items()]
    scope = {"type": "http", "method": asked.method, "path": asked.path, "query_string": b"", "headers": headers}
    sent: list[Any] = []
    coming = [{"type": "http.request", "body": asked.body, "more_body": False}]

    async def receive() -> Any:
        return coming.pop() if coming else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app({**scope, "root_path": "", "http_version": "1.1", "scheme": "http"}, receive, send)
    return int(sent[0]["status"])


def life(folder: Path, *, remote: bool) -> Sequence[Step]:
    """What is called, in order, while the demo store answers the documented question."""
    store_folder = Path(shutil.copytree(ROOT / "examples" / "demo-store", folder / "store"))
    settings = store_folder / "portes.toml"
    roomy = (
        settings.read_text().replace('limit = "400ms"', 'limit = "60s"').replace('timeout = "250ms"', 'timeout = "60s"')
    )
    settings.write_text(roomy)
    calls: list[Step] = []
    with ExitStack() as opened:
        simulated = opened.enter_context(simulation(settings)).environ if remote else {}
        store = opened.enter_context(open_store(store_folder, environ=SECRETS | simulated))
        app, asked = public_app([store], Watchers()), store.channels["netshoes"].example()
        with traced(calls):
            assert asyncio.run(answered(app, asked)) == 200
    return calls


@pytest.mark.parametrize(("heading", "remote"), [("A table quote", False), ("A remote quote", True)])
def test_a_quote_goes_through_the_functions_of_the_page_in_their_order(
    tmp_path: Path, heading: str, *, remote: bool
) -> None:
    told, calls = steps(heading), iter(life(tmp_path, remote=remote))

    reached = [step for step in told if step in calls]  # each is looked for behind the one before

    assert told != []
    assert reached == told
