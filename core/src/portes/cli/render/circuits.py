"""What `/readyz` says of a running service: its circuits, carriers that stopped or recovered, files it refused."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from portes.cli.render.screen import plain

if TYPE_CHECKING:
    from rich.table import Table

Json = Mapping[str, Any]


def circuits_table(ready: Json) -> "Table":
    """Each carrier of each store, worker by worker; `ready` is what `/readyz` says."""
    from rich.table import Table

    heads = ("store", "carrier", "worker", "circuit", "cause", "probed in", "since", "calls")
    table = Table(*heads, title="Carriers of the running service", title_justify="left")
    for store in ready["stores"]:
        for carrier in store["carriers"]:
            for row in _rows(carrier):
                table.add_row(*map(plain, (store["name"], carrier["key"], *row)))
    return table


def _rows(carrier: Json) -> Iterator[tuple[str, ...]]:
    if carrier["instant"]:
        yield "", "none, instant", "", "", "", ""
        return
    for one in carrier.get("circuits", ()):
        probe = f"{one['probe_in']:.0f} s" if one["circuit"] != "closed" else ""
        since = "" if one["since"] is None else span(one["since"])
        yield str(one["worker"]), one["circuit"], one["cause"], probe, since, str(one["calls"])


def standing(ready: Json) -> Iterator[str]:
    """A line for each carrier that stopped or recovered, and lines for each settings file that is not in force."""
    for store in ready["stores"]:
        for carrier in store["carriers"]:
            yield from _changes(f"{store['name']} {carrier['key']}", carrier.get("circuits", ()))
    yield from refused_files(ready)


def _changes(whose: str, circuits: Sequence[Json]) -> Iterator[str]:
    stopped = [one for one in circuits if one["circuit"] != "closed"]
    changed = [one["since"] for one in stopped or circuits if one["since"] is not None]
    if stopped:
        causes = ", ".join(sorted({one["cause"] for one in stopped}))
        probe = min(one["probe_in"] for one in stopped)
        where = f"in {len(stopped)} of {len(circuits)} workers, for {span(max(changed, default=0.0))}"
        yield f"stopped: {whose} {where}: {causes}; probed again in {probe:.0f} s"
    elif changed:
        yield f"recovered: {whose} {span(min(changed))} ago"


def refused_files(ready: Json) -> Iterator[str]:
    """Each settings file that is not in force, with what is wrong with it."""
    reload = ready.get("reload") or {}
    refused = [("the paths themselves", "", reload.get("refused"))]
    refused += [(file["file"], file["store"], file["refused"]) for file in reload.get("files", ())]
    for file, store, refusal in refused:
        if refusal:
            stays = f"; {store} answers as before" if store else ""
            yield f"refused: {file} at {refusal['at']}{stays}"
            yield from (f"  {problem}" for problem in refusal["problems"])


def span(seconds: float) -> str:
    """A span of time in its largest unit: `3.5 h`."""
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"
