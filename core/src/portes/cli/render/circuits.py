"""The circuits of a running service's carriers, as a table of what `/readyz` says."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from portes.cli.render.screen import plain

if TYPE_CHECKING:
    from rich.table import Table

Json = Mapping[str, Any]


def circuits_table(ready: Json) -> "Table":
    """Each carrier of each store, worker by worker; `ready` is what `/readyz` says."""
    from rich.table import Table

    heads = ("store", "carrier", "worker", "circuit", "cause", "probed in", "calls")
    table = Table(*heads, title="Carriers of the running service", title_justify="left")
    for store in ready["stores"]:
        for carrier in store["carriers"]:
            for row in _rows(carrier):
                table.add_row(*map(plain, (store["name"], carrier["key"], *row)))
    return table


def _rows(carrier: Json) -> Iterator[tuple[str, ...]]:
    if carrier["instant"]:
        yield "", "none, instant", "", "", ""
        return
    for one in carrier.get("circuits", ()):
        probe = f"{one['probe_in']:.0f} s" if one["circuit"] != "closed" else ""
        yield str(one["worker"]), one["circuit"], one["cause"], probe, str(one["calls"])
