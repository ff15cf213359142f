"""Finds a plugin that helps itself to a clock, the environment, files, connections or threads.

Two ways, because each alone misses something: reading the modules the carrier is made of finds what runs on import
or seldom; listening while it works finds what hides behind a name.
"""

import ast
import concurrent.futures
import datetime as dt
import http.client
import inspect
import os
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

import requests
import urllib3

CLOCK: Final = (
    "time.time*",
    "time.monotonic*",
    "time.perf_counter*",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "time.strftime",
    "time.sleep",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "portes.*SystemClock",
)
FILES: Final = (
    "open",
    "io.open*",
    "os.open",
    "os.listdir",
    "os.scandir",
    "os.walk",
    "glob.*",
    "pathlib.Path.cwd",
)
ENVIRONMENT: Final = ("os.environ*", "os.getenv*", "os.path.expand*", "pathlib.Path.home")
CONNECTIONS: Final = (
    "requests.Session",
    "requests.session",
    "requests.sessions.Session",
    *(f"requests.{verb}" for verb in ("request", "get", "post", "put", "patch", "delete", "head", "options")),
    "urllib3.*Manager",
    "urllib3.*ConnectionPool",
    "urllib3.request",
    "urllib3.connection*_from_url",
    "urllib.request.*",
    "http.client.*Connection",
    "socket.*",
    "httpx*",
    "aiohttp.*",
    "portes.toolbox.http.*",
    "portes.toolbox.tools_for",
)
THREADS: Final = (
    "threading.Thread",
    "threading.Timer",
    "_thread.start_new_thread",
    "concurrent.futures.*Executor",
    "multiprocessing.*",
    "subprocess.*",
    "asyncio.run",
    "os.fork",
)

Plugin = type | Callable[..., Any]
"""What an entry point names: a class, or a function."""

_TIME: Final = {
    name: getattr(time, name)
    for name in (
        "time",
        "time_ns",
        "monotonic",
        "monotonic_ns",
        "perf_counter",
        "perf_counter_ns",
        "localtime",
        "gmtime",
        "ctime",
        "strftime",
        "sleep",
    )
}
_NOW: Final = {"now", "utcnow", "today"}


def _codes(*functions: Callable[..., Any]) -> dict[CodeType, str]:
    return {function.__code__: function.__qualname__ for function in functions}


_CODES: Final[dict[tuple[str, ...], dict[CodeType, str]]] = {
    CLOCK: {},
    FILES: _codes(Path.open, Path.read_text, Path.read_bytes, Path.stat, Path.iterdir, Path.glob),
    ENVIRONMENT: _codes(os.getenv, os.path.expandvars, os.path.expanduser),
    CONNECTIONS: _codes(
        requests.Session.__init__,
        requests.api.request,
        urllib3.PoolManager.__init__,
        urllib3.HTTPConnectionPool.__init__,
        http.client.HTTPConnection.__init__,
        urllib.request.urlopen,
    ),
    THREADS: _codes(threading.Thread.__init__, concurrent.futures.ThreadPoolExecutor.__init__),
}


def modules_of(carrier: Plugin) -> dict[str, Path]:
    """The modules that a plugin is made of: its own, its bases', and what they import from the same package.

    Names and files. The product's own but that of the class, the standard library's and other packages' are not among
    them; nor is a module that only the sandbox or the tests use.
    """
    own, waiting = carrier.__module__, [base.__module__ for base in getattr(carrier, "__mro__", (carrier,))]
    packages = {name.partition(".")[0] for name in waiting} - {"portes", "builtins", "abc", "typing", "pydantic"}
    found: dict[str, Path] = {}
    while waiting:
        name = waiting.pop()
        file = _file(name) if name not in found and (name == own or name.partition(".")[0] in packages) else None
        if file is not None:
            found[name] = file
            waiting += _imported(_parsed(file), name)
    return found


def _file(module: str) -> Path | None:
    try:
        spec = find_spec(module)
    except (ModuleNotFoundError, ValueError):
        return None
    origin = spec.origin if spec is not None else None
    return Path(origin) if origin is not None and origin.endswith(".py") else None


def _imported(tree: ast.Module, module: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _source(node, module)
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def _source(node: ast.ImportFrom, module: str) -> str:
    if not node.level:
        return node.module or ""
    base = module.split(".")[: -node.level]
    return ".".join([*base, node.module] if node.module else base)


def uses_in_source(carrier: Plugin, forbidden: Iterable[str]) -> list[str]:
    """Uses of forbidden things in the source of a carrier: `carrier.py:12 time.time`."""
    patterns = tuple(forbidden)
    return [
        f"{file.name}:{line} uses {name}"
        for module, file in modules_of(carrier).items()
        for line, name in _uses(file, module)
        if any(fnmatchcase(name, pattern) for pattern in patterns)
    ]


def _parsed(file: Path) -> ast.Module:
    return _parsed_at(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _parsed_at(file: Path, _changed: int) -> ast.Module:
    # four checks read the same modules, and each needs them twice
    return ast.parse(file.read_text(encoding="utf-8"))


def _uses(file: Path, module: str) -> Iterator[tuple[int, str]]:
    """What a module calls, and what it takes of `os.environ`, by full name."""
    tree = _parsed(file)
    names = dict(_bound(tree, module))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, _dotted(node.func, names)
        elif isinstance(node, ast.Attribute | ast.Name) and _dotted(node, names) in {"os.environ", "os.environb"}:
            yield node.lineno, _dotted(node, names)


def _bound(tree: ast.Module, module: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield alias.asname or top, alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{_source(node, module)}.{alias.name}") for alias in node.names)


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, names)}.{node.attr}"
    return names.get(node.id, node.id) if isinstance(node, ast.Name) else ""


Uses = Mapping[tuple[str, ...], list[str]]
"""What was used of each kind of forbidden things: `carrier.py:12 calls time.time`."""


@contextmanager
def observed_uses(carrier: Plugin) -> Iterator[Uses]:
    """Observe, in this thread and those that start meanwhile, what the carrier's own modules call that is forbidden."""
    modules = frozenset(modules_of(carrier))
    seen: Uses = {forbidden: [] for forbidden in _CODES}

    def observe(frame: FrameType, event: str, argument: Any) -> None:  # noqa: ANN401 — CPython's own signature
        caller = frame if event == "c_call" else frame.f_back
        if caller is None or caller.f_globals.get("__name__") not in modules:
            return
        for forbidden, name in _forbidden(frame, event, argument):
            seen[forbidden].append(f"{Path(caller.f_code.co_filename).name}:{caller.f_lineno} calls {name}")

    before = sys.getprofile()
    threading.setprofile(observe)
    sys.setprofile(observe)
    try:
        yield seen
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


def _forbidden(frame: FrameType, event: str, argument: Any) -> Iterator[tuple[tuple[str, ...], str]]:  # noqa: ANN401 — see above
    """The forbidden thing that is called, if it is one, with its kind."""
    if event == "c_call" and (name := _time_read(argument)):
        yield CLOCK, name
    if event == "c_call" and argument in {open, os.open, os.listdir, os.scandir}:
        yield FILES, argument.__qualname__
    if event == "call":
        if frame.f_locals.get("self") is os.environ:
            yield ENVIRONMENT, "os.environ"
        yield from ((forbidden, codes[frame.f_code]) for forbidden, codes in _CODES.items() if frame.f_code in codes)


def _time_read(function: Any) -> str:  # noqa: ANN401 — any built-in function
    owner = getattr(function, "__self__", None)
    if inspect.isclass(owner) and issubclass(owner, dt.date) and function.__name__ in _NOW:
        return f"{owner.__name__}.{function.__name__}"
    return next((f"time.{name}" for name, each in _TIME.items() if function is each), "")


__all__ = [
    "CLOCK",
    "CONNECTIONS",
    "ENVIRONMENT",
    "FILES",
    "THREADS",
    "Uses",
    "modules_of",
    "observed_uses",
    "uses_in_source",
]
