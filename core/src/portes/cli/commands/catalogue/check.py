"""`portes catalogue check`: a catalogue's source read once, and what is wrong with it."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from portes.store import Store

Told = dict[str, Any]


@click.command()
@click.argument("store_path", metavar="STORE", type=click.Path(path_type=Path))
@click.option(
    "--sku", "skus", metavar="SKU", multiple=True, help="A SKU to ask for, where the source is asked by key; repeat."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check(store_path: Path, skus: tuple[str, ...], *, as_json: bool) -> None:
    """Read a store's catalogue once from its source, and say how many SKUs it has and what is wrong with rows.

    Nothing is kept of it: a running service goes on with what it has. A source that is asked by key is asked for the
    SKUs that you name.

    Exit codes: 0 every row can be used, 1 some cannot, 2 the source cannot be read or the store does not open.
    """
    from portes.cli.logs import log_to_stderr
    from portes.errors import escaped, escaped_json
    from portes.store import open_store

    log_to_stderr()
    with open_store(store_path, keeps_state=False) as store:
        told = _told(store, skus)
    if as_json:
        click.echo(escaped_json(json.dumps(told, ensure_ascii=False, indent=2)))
    else:
        for line in _lines(told):
            click.echo(escaped(line))
    sys.exit(2 if told["failure"] else 1 if told["faulty"] or told["left_out"] else 0)


def _told(store: "Store", skus: Sequence[str]) -> Told:
    """What is found of a store's catalogue, as JSON has it. Raises `SettingsError` for a store without one."""
    from portes.catalogue.keyed import KeyedCatalogue
    from portes.catalogue.live import LiveCatalogue
    from portes.errors import Problem, SettingsError

    catalogue, file = store.quoter.policy.catalogue, store.settings.file
    if catalogue is None:
        fix = 'write catalogue = "skus.csv" in [store], or a table [catalogue]'
        raise SettingsError(Problem("store.catalogue", "", "is not set: the store has no catalogue", fix, file=file))
    table = store.settings.catalogue_table
    told: Told = {"store": store.name, "source": "file" if table is None else table["use"], "by_key": False}
    if not isinstance(catalogue, LiveCatalogue | KeyedCatalogue):
        return told | {"skus": len(catalogue), "columns": [], **_nothing_wrong(), "kept": None}
    report = catalogue.examined(skus) if isinstance(catalogue, KeyedCatalogue) else catalogue.examined()
    problems = [{name: getattr(one, name) for name in one.__slots__} for one in report.read.problems]
    told["by_key"] = isinstance(catalogue, KeyedCatalogue)
    told |= {
        "skus": report.skus,
        "columns": list(report.read.columns),
        "faulty": report.faulty,
        "left_out": report.read.left_out,
        "problems": problems,
        "failure": report.failure,
        "kept": _kept(catalogue, store) if isinstance(catalogue, LiveCatalogue) else None,
    }
    return told


def _nothing_wrong() -> Told:
    return {"faulty": 0, "left_out": 0, "problems": [], "failure": ""}


def _kept(catalogue: Any, store: "Store") -> Told | None:  # noqa: ANN401 — a live catalogue, whose module is slow to import
    """What the running service, or the next one, goes on with while the source is down; None where that is nothing."""
    from portes.clock import SystemClock

    state = store.settings.state
    try:
        note = None if state is None else catalogue.kept(state)
    except OSError as error:
        return {"failure": error.strerror}
    if note is None:
        return None
    age = SystemClock().now().timestamp() - note.read_at
    return {"age": round(age, 1), "faulty": note.faulty, "left_out": note.left_out}


def _lines(told: Told) -> Iterator[str]:
    asked = " asked by key" if told["by_key"] else ""
    yield f"{told['store']}: {told['skus']} SKUs from the source {told['source']}{asked}"
    if told["columns"]:
        yield f"columns: {', '.join(told['columns'])}"
    for one in told["problems"]:
        value = f" (got '{one['value']}')" if one["value"] else ""
        yield f"  {one['sku'] or 'a row without a SKU'}: {one['column']}: {one['cause']}{value}; {one['fix']}"
    if told["faulty"] or told["left_out"]:
        yield (
            f"{told['faulty']} SKUs have a row that cannot be used: nobody is asked about them. "
            f"{told['left_out']} rows have no SKU"
        )
    if told["failure"]:
        yield f"the source could not be read: {told['failure']}"
    kept = told["kept"]
    if kept is not None and "age" in kept:
        yield f"kept in the state folder: rows that are {kept['age']:.0f} s old"
