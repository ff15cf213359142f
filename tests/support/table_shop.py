"""A shop whose carrier prices by a stored table, and files of such tables to be imported."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

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
