"""`portes catalogue missing`: the SKUs that marketplaces ask for and the catalogue lacks, the most asked first."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from portes.catalogue.missing import MissingSku
    from portes.store import Store


@click.command()
@click.argument("store_path", metavar="STORE", type=click.Path(path_type=Path))
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 10_000), help="How many to show.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def missing(store_path: Path, most: int, *, as_json: bool) -> None:
    """Say which SKUs marketplaces asked a store for and its catalogue lacks, the most asked first.

    All workers of a machine count together, in the store's state folder, and write once a minute. A SKU that nobody
    asked for in 90 days is forgotten. Those that the catalogue has by now are left out.
    """
    from portes.cli.logs import log_to_stderr
    from portes.errors import escaped_json
    from portes.store import open_store

    log_to_stderr()
    with open_store(store_path) as store:
        found, known, doubt = _missing(store, most)
    if as_json:
        rows = [{"sku": one.sku, "asked": one.asked, "last": _moment(one.last)} for one in found]
        told: dict[str, Any] = {"store": store.name, "missing": rows, "there_by_now": known, "doubt": doubt}
        click.echo(escaped_json(json.dumps(told, ensure_ascii=False, indent=2)))
    else:
        _show(store.name, found, known, doubt)


def _missing(store: "Store", most: int) -> "tuple[list[MissingSku], int, str]":
    """Those that lack, how many of the list are there by now, and why that could not be looked up.

    Raises `SettingsError` for a store that counts none, and `DatabaseError`.
    """
    from portes.catalogue.missing import read_missing
    from portes.errors import Problem, SettingsError

    state, file = store.settings.state, store.settings.file
    if state is None:
        fix = 'add state = "state" to [service]: from then on they are counted'
        raise SettingsError(Problem("service.state", "", "is not set, so nothing is counted", fix, file=file))
    listed = read_missing(state, store.name, most)
    goods = store.goods([one.sku for one in listed])
    lacking = [one for one in listed if one.sku not in goods.entries]
    return lacking, len(listed) - len(lacking), goods.failure


def _show(store: str, found: "list[MissingSku]", known: int, doubt: str) -> None:
    from rich.table import Table

    from portes.cli.render.screen import plain, screen

    if not found:
        click.echo(f"{store}: nobody asked for a SKU that the catalogue lacks.")
    else:
        table = Table("SKU", "lines asked", "last", title=f"{store}: not in the catalogue", title_justify="left")
        for one in found:
            table.add_row(plain(one.sku), str(one.asked), _moment(one.last))
        screen().print(table)
    if known:
        click.echo(f"{known} more were asked for and are in the catalogue by now.")
    if doubt:
        click.echo(f"Whether the catalogue has them by now could not be looked up: {doubt}.")


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
