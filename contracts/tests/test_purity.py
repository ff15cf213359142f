"""What a carrier helps itself to is found, whatever it is called and wherever it stands."""

import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from gallery.parcelpost.carrier import Parcelpost

from portes_testing.harness import purity


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A carrier in a package of its own, whose modules import each other in every way there is."""
    package = tmp_path / "strange_carrier"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "carrier.py").write_text(
        "import time as t\n"
        "from datetime import datetime as d\n"
        "from . import wire\n"
        "class Strange:\n"
        "    def late(self):\n"
        "        return t.time()\n"
        "    def hidden(self):\n"
        "        return getattr(t, 'mono' + 'tonic')()\n"
        "    def later(self):\n"
        "        return d.now(), wire.words()\n"
    )
    (package / "wire.py").write_text(
        "from os import environ, getenv\n"
        "def words():\n"
        "    from strange_carrier.deep import thread\n"
        "    return environ['HOME'], getenv('HOME'), thread\n"
    )
    (package / "deep.py").write_text("from threading import Thread\ndef thread():\n    return Thread(target=print)\n")
    (package / "sandbox.py").write_text("import time\nNOW = time.time()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    strange = import_module("strange_carrier.carrier").Strange

    yield strange
    for name in [name for name in sys.modules if name.startswith("strange_carrier")]:
        del sys.modules[name]


def test_a_carrier_is_made_of_what_it_imports_and_not_of_its_sandbox(plugin: Any) -> None:
    modules = {f"strange_carrier.{name}" for name in ("carrier", "wire", "deep")}

    assert set(purity.modules_of(plugin)) == {"strange_carrier", *modules}


def test_a_clock_is_found_under_another_name(plugin: Any) -> None:
    assert purity.uses_in_source(plugin, purity.CLOCK) == [
        "carrier.py:6 uses time.time",
        "carrier.py:10 uses datetime.datetime.now",
    ]


@pytest.mark.parametrize("home", ["portes.clock", "portes.toolbox"])
def test_the_products_own_clock_is_found_wherever_it_is_taken_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    module = f"hasty_{home.replace('.', '_')}"
    (tmp_path / f"{module}.py").write_text(
        f"from {home} import SystemClock\nclass Hasty:\n    def now(self):\n        return SystemClock().now()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    hasty = import_module(module).Hasty

    assert purity.uses_in_source(hasty, purity.CLOCK) == [f"{module}.py:4 uses {home}.SystemClock"]


def test_the_environment_is_found_however_it_was_imported(plugin: Any) -> None:
    found = purity.uses_in_source(plugin, purity.ENVIRONMENT)

    assert {"wire.py:4 uses os.environ", "wire.py:4 uses os.getenv"} == set(found)


def test_a_thread_is_found_in_a_module_that_is_imported_late(plugin: Any) -> None:
    assert purity.uses_in_source(plugin, purity.THREADS) == ["deep.py:3 uses threading.Thread"]


def test_a_clock_that_is_not_written_down_is_observed(plugin: Any) -> None:
    with purity.observed_uses(plugin) as seen:
        plugin().hidden()
        plugin().later()
        time.monotonic()

    assert seen[purity.CLOCK] == ["carrier.py:8 calls time.monotonic", "carrier.py:10 calls datetime.now"]


def test_the_environment_is_observed(plugin: Any) -> None:
    with purity.observed_uses(plugin) as seen:
        plugin().later()

    assert set(seen[purity.ENVIRONMENT]) == {"wire.py:4 calls os.environ", "wire.py:4 calls getenv"}


def test_what_others_do_is_not_held_against_a_carrier(plugin: Any) -> None:
    with purity.observed_uses(Parcelpost) as seen:
        plugin().late()

    assert not any(seen.values())


def test_observing_ends_with_the_block(plugin: Any) -> None:
    before = sys.getprofile()
    with purity.observed_uses(plugin):
        pass

    assert sys.getprofile() is before
