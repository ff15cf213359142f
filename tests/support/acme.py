"""A store of a table and of a stranger's carrier, written into a folder."""

from pathlib import Path
from typing import Any

from shop import FrozenClock
from terminal import install

from portes.hooks import Watchers
from portes.store import check_store

TABLE = """service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max
n,01000000,19999999,0,30000,10.00,2,3
"""
STORE = """
[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
{store}

[[origins]]
id = 1
postal_code = "01001000"

[carriers.table]
use = "table"
id = 1
{carrier}
[carriers.table.settings]
file = "table.csv"
[[carriers.table.services]]
code = "n"
delivery = "normal"

{more}
"""
COMPLETE = """
from portes.carrier import Abilities, CarrierSettings
from portes.contract import Answer, Service
from pydantic import SecretStr
class Settings(CarrierSettings):
    access_code: SecretStr | None = None
class Cards(Service):
    card: SecretStr | None = None
class Acme:
    Settings = Settings
    ServiceSettings = Cards
    def __init__(self, settings, services, tools):
        self.abilities = Abilities(services=services)
    def quote(self, shipments, deadline):
        return [Answer() for _ in shipments]
"""
ACME = """
[carriers.acme]
use = "acme"
id = 2
{carrier}
[carriers.acme.settings]
{settings}
[[carriers.acme.services]]
code = "x"
delivery = "normal"
{service}
"""
AROUND: dict[str, Any] = {"environ": {"KEY": "canary-4711-0815"}, "clock": FrozenClock(), "watchers": Watchers()}


def write(folder: Path, *, store: str = "", carrier: str = "", more: str = "", name: str = "portes.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "table.csv").write_text(TABLE)
    file = folder / name
    file.write_text(STORE.format(store=store, carrier=carrier, more=more))
    return file


def install_acme(site: Path, module: str = COMPLETE) -> None:
    install(site, "acme-courier", "[portes.carriers]\nacme = acme_carrier:Acme\n", acme_carrier=module)


def with_acme(folder: Path, *, carrier: str = "", settings: str = "", service: str = "") -> Path:
    return write(folder / "shoes", more=ACME.format(carrier=carrier, settings=settings, service=service))


def problems(file: Path) -> list[str]:
    return [f"{problem.where}: {problem.cause}" for problem in check_store(file, **AROUND)]
