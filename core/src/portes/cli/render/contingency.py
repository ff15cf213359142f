"""The report of a table that was built, in lines or as JSON; it builds none."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from portes.contract import Money
from portes.errors import escaped_json

Report = Mapping[str, Any]

_FEW: Final = 10
_HOW: Final = {
    "asked": "by calling carriers",
    "remembered": "from memory",
    "without_carrier": "that no carrier had to be called for",
}
"""What lanes are told by, in a report's keys."""


def report_json(report: Report) -> str:
    """The report as it is kept: money in minor units, weights in grams."""
    return escaped_json(json.dumps(report, indent=2, ensure_ascii=False))


def report_lines(report: Report) -> Iterator[str]:
    """What a person wants to know of a table that was built."""
    files = report["files"]
    rows = sum(file["rows"] for file in files)
    yield f"{report['version']}: {rows:,} rows for {report['portal']}, from origin {report['origin']['id']}."
    for file in files:
        yield f"  {file['name']}: {file['rows']:,} rows, {file['bytes']:,} bytes"
    yield _goods(report)
    yield f"Prices: {_terms(report)}."
    yield from _spent(report)
    for rule in report["rules_left_out"]:
        yield f"Left out: {rule['where']} {rule['use']} {rule['why']} (--with-rule {rule['use']} puts it in)."
    for type_ in report["never_found_out"]:
        yield f"Not in the table: {type_}, for it could not be found out on any lane."
    for doubt in report["doubts"][:_FEW]:
        hint = f": {doubt['hint']}" if doubt["hint"] else ""
        yield f"Not found out {doubt['times']:,} times: {doubt['carrier']} {doubt['kind']}{hint}."
    for note in report["notes"]:
        yield f"Note: {note}."
    if report["folder"] is None:
        yield "No file was written: the same command with --out FOLDER writes them, and asks nobody again."
    else:
        yield f"Upload the files in {report['folder']}."
    checked = f"portes contingency drift --table {report['version'].partition('@')[0]}"
    yield f"It is kept as a version of the store, and no carrier prices by it; {checked} checks it."


def _goods(report: Report) -> str:
    goods = report["goods"]
    density = f"{goods['density_kg_per_m3']} kg/m³ ({goods['density_from']})"
    amount = goods["value"] if goods["value_per_kg"] is None else goods["value_per_kg"]
    per = "" if goods["value_per_kg"] is None else " for each kg"
    value = "without a value" if amount is None else f"worth {_money(report, amount)}{per}"
    return f"Goods: {density}, {value} ({goods['value_from']})."


def _terms(report: Report) -> str:
    margin = Decimal(report["margin_percent"])
    parts = [
        f"{margin:+f} %" if margin else "",
        f"rounded up to {_money(report, report['round_to'])}" if report["round_to"] > 1 else "",
        f"at least {_money(report, report['least'])}" if report["least"] else "",
    ]
    return ", ".join(filter(None, parts)) or "as the store would answer live"


def _money(report: Report, minor: int) -> str:
    return str(Money(minor=minor, currency=report["currency"]))


def _spent(report: Report) -> Iterator[str]:
    cells, lanes = report["cells"], report["lanes"]
    share = f"{cells['asked'] / cells['grid']:.2%}" if cells["grid"] else "none"
    how = ", ".join(f"{lanes[key]:,} {words}" for key, words in _HOW.items() if lanes[key])
    yield f"Lanes: {cells['asked']:,}, {share} of all {cells['grid']:,}: {how}."
    calls = ", ".join(f"{count:,} to {carrier}" for carrier, count in report["calls"].items() if count)
    yield f"Calls: {calls or 'none'}."
    told = {kind: cells[kind] for kind in ("estimated", "refused", "unknown") if cells[kind]}
    if told:
        yield f"Prices of cells, by delivery type: {', '.join(f'{count:,} {kind}' for kind, count in told.items())}."
