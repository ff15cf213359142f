"""A shop whose carrier prices by a stored table, and files of such tables to be imported."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portes.tables import ReadOptions
from portes.tables.versions import NewVersion, TableVersions

STORE = """
[service]
state = "state"
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
[[origins]]
id = 1
postal_code = "01001000"
[carriers.southern]
use = "table"
id = 7
name = "Southern"
[carriers.southern.settings]
stored = "contract"
[[carriers.southern.services]]
code = "economy"
delivery = "normal"
[channels.netshoes]
auth = { kind = "basic", username = "netshoes", password = "${SECRET}" }
"""
HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"

Tables = Callable[..., str]
"""Runs a command about the shop's tables; what it prints, when its exit code is the expected one."""


def write(shop: Path, price: str, rows: int = 10, name: str = "prices.csv", days: int = 3, first: int = 1000) -> Path:
    """A file whose rows are of a thousand postal codes each, from 01000-000 on."""
    lines = (f"{at:05d}000,{at:05d}999,0,30000,{price},{days}\n" for at in range(first, first + rows))
    (shop / name).write_text(HEADER + "".join(lines))
    return shop / name


def keep(tables: Tables, shop: Path, price: str, *arguments: str, **more: Any) -> str:
    """Import such a file as the next version of `contract`."""
    return tables("import", write(shop, price, **more), "--as", "contract", *arguments)


def new_version(price: str) -> NewVersion:
    """A version of `contract` with one row, of the capital of São Paulo."""
    source = f"{HEADER}01000000,05999999,0,30000,{price},3\n".encode()
    options = ReadOptions(country="BR", currency="BRL")
    return NewVersion("contract", source, "plain", options, "ana", datetime.now(UTC))


def activate(versions: TableVersions, number: int) -> None:
    """Put a version of `contract` in force."""
    versions.activate("contract", number, "ana", datetime.now(UTC))


def kept_versions(state: Path) -> TableVersions:
    """Two versions of `contract` in a state folder, at 10.00 and at 20.00, the first in force."""
    versions = TableVersions(state)
    for price in ("10.00", "20.00"):
        versions.keep(new_version(price))
    activate(versions, 1)
    return versions
