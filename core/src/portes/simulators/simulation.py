"""Switches on a demo store's carriers whose plugins bring a simulator, and serves these.

A store's file may name a carrier that is switched off because it needs an account: `active = false`, and
`base_url = "${NAME}"`. Where its plugin is installed, the demo runs its simulator on loopback, puts the address into
NAME and switches the carrier on. Where it is not, the file stays as it is.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from portes.registry import CARRIERS, SANDBOXES, Registry
from portes.simulators.serving import HOST, build_sandbox, serving

_ADDRESS: Final = re.compile(r"\$\{(\w+)\}")


@dataclass
class SimulatedCarrier:
    """A carrier of the demo store that is simulated; a WSGI application that counts its calls."""

    name: str
    """What marketplaces call it."""
    simulator: WSGIApplication
    calls: int = 0
    """How many calls it got."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Count a call and let the simulator answer it."""
        self.calls += 1
        return self.simulator(environ, start_response)


@dataclass
class Simulation:
    """The simulated carriers of a store, and where they are."""

    carriers: list[SimulatedCarrier] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)
    """The variables that the store's file takes their addresses from."""


@contextmanager
def simulation(settings: Path, registry: Registry | None = None) -> Iterator[Simulation]:
    """Serve what can be simulated while the block runs, and switch it on in the store's file."""
    registry = registry or Registry()
    simulated = Simulation()
    with ExitStack() as served:
        for key, plugin, name, variable in [*_switched_off(settings, registry)]:
            carrier = SimulatedCarrier(name, build_sandbox(plugin, ()))
            simulated.carriers.append(carrier)
            simulated.environ[variable] = f"http://{HOST}:{served.enter_context(serving(carrier))}"
            _switch_on(settings, key)
        yield simulated


def _switched_off(settings: Path, registry: Registry) -> Iterator[tuple[str, str, str, str]]:
    """Key, plugin, name and address variable of each carrier that only waits for an address."""
    able = {*registry.names(CARRIERS)} & {*registry.names(SANDBOXES)}
    carriers: dict[str, Any] = tomllib.loads(settings.read_text(encoding="utf-8")).get("carriers", {})
    for key, carrier in carriers.items():
        address = _ADDRESS.fullmatch(str(carrier.get("settings", {}).get("base_url", "")))
        if address and carrier["use"] in able and carrier.get("active") is False:
            yield key, carrier["use"], carrier.get("name", key), address[1]


def _switch_on(settings: Path, key: str) -> None:
    switched_off = rf"(^\[carriers\.{re.escape(key)}\]$(?:\n(?!\[).*)*?\nactive = )false"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(switched_off, r"\1true", text, count=1, flags=re.MULTILINE), encoding="utf-8")
