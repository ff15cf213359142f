"""`portes contingency drift`: how wrong the table has become that a marketplace falls back on."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import click

if TYPE_CHECKING:
    from portes.contingency.drift.measure import CheckedTable, DriftTerms, FreshRead, ReceiptsRead
    from portes.contingency.drift.report import DriftReport
    from portes.contingency.drift.taken import TakenCounts
    from portes.contingency.drift.thresholds import DriftLimits
    from portes.store import Store
    from portes.tables import RateTable, ReadOptions

_UNITS: Final = click.Choice(["g", "kg"])
_SIGNS: Final = {"dot": ".", "comma": ","}


def _percent(_context: click.Context, _option: click.Parameter, text: str | None) -> Decimal | None:
    from portes.contract.numbers import parse_number

    if text is None:
        return None
    try:
        value = parse_number(text.removesuffix("%"), decimal=".")
    except ValueError as error:
        raise click.BadParameter(f"{error}; write a number of percent such as 2.5") from None
    if not 0 <= value <= 100:
        raise click.BadParameter("is no percentage from 0 to 100")
    return value


def _factor(_context: click.Context, _option: click.Parameter, text: str | None) -> Decimal | None:
    from portes.contract.numbers import parse_number

    if text is None:
        return None
    try:
        value = parse_number(text, decimal=".")
    except ValueError as error:
        raise click.BadParameter(f"{error}; write kg for a cubic metre, such as 300") from None
    if not 0 <= value <= 10_000:
        raise click.BadParameter("is no number of kg for a cubic metre; write one such as 300, or 0 for none")
    return value


def _span(_context: click.Context, _option: click.Parameter, text: str | None) -> float | None:
    from portes.contract.durations import parse_duration

    try:
        return None if text is None else parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(f"{error}, or 30d") from None


def _services(_context: click.Context, _option: click.Parameter, given: Sequence[str]) -> Mapping[str, str]:
    services: dict[str, str] = {}
    for one in given:
        name, sign, delivery = one.rpartition("=")
        if not sign or name in services or delivery in services.values():
            raise click.BadParameter(f"{one} is no NAME=TYPE of its own; write sedex=express, each once")
        services[name] = delivery
    return services


@dataclass(frozen=True)
class _Wanted:
    """What the flags say."""

    store: Path
    file: Path
    format_name: str | None
    decimal: str | None
    weight_unit: Literal["g", "kg"]
    services: Mapping[str, str]
    cubic_factor: Decimal | None
    channel: str
    days: int
    fresh: int
    per_second: float
    tolerance: Decimal
    most_loss: str | None
    most_cheaper: Decimal | None
    most_age: float | None
    admin: str | None
    as_json: bool


@click.command()
@click.argument("store", metavar="[STORE]", default=".", type=click.Path(path_type=Path))
@click.option("--file", required=True, type=click.Path(path_type=Path), help="The table as it was uploaded.")
@click.option("--format", "format_name", help="How the file is laid out.  [default: found out]")
@click.option("--decimal", type=click.Choice(["dot", "comma"]), help="Decimal sign.  [default: found out]")
@click.option("--weight-unit", type=_UNITS, default="g", show_default=True, help="Unit of weights.")
@click.option(
    "--service",
    "services",
    callback=_services,
    multiple=True,
    metavar="NAME=TYPE",
    help="The delivery type of a service of the table, such as sedex=express; repeat it for more.  [default: by name]",
)
@click.option(
    "--cubic-factor",
    callback=_factor,
    metavar="KG",
    help="What the portal bills a cubic metre as; 0 for the actual weight.  [default: as the file says, else 0]",
)
@click.option("--channel", default="", metavar="NAME", help="Only what this channel asked.  [default: all channels]")
@click.option(
    "--days", default=7, show_default=True, type=click.IntRange(1, 3660), help="How far back receipts are read."
)
@click.option(
    "--fresh",
    default=0,
    metavar="N",
    type=click.IntRange(0, 100_000),
    help="Ask the store N questions more, now, drawn as they are asked.",
)
@click.option(
    "--per-second",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0.01, 1000),
    help="Most questions a second of --fresh.",
)
@click.option(
    "--tolerance",
    default="1",
    show_default=True,
    callback=_percent,
    metavar="PERCENT",
    help="How far from the live price is neither too cheap nor too dear.",
)
@click.option("--most-loss", metavar="MONEY", help="Most that a thousand orders may lose, such as 50.00.")
@click.option("--most-cheaper", callback=_percent, metavar="PERCENT", help="Most lanes that may be too cheap.")
@click.option("--most-age", callback=_span, metavar="SPAN", help="How old the oldest price may be, such as 30d.")
@click.option("--admin", metavar="URL", help="Take the answers that were of no use from the service's history there.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def drift(store: Path, **flags: Any) -> None:  # noqa: ANN401 — as click gives them, each of a type of its own
    """Say how wrong the table has become that a marketplace falls back on.

    Holds the table against what STORE, a store's file or folder, offered live in the last days, and with --fresh
    against what it offers now. The report is kept in the state folder, and /metrics tells it.

    Exit codes: 0 told, 1 above a threshold (--most-loss, --most-cheaper, --most-age), 2 cannot be told.
    """
    _check(_Wanted(store, **flags))


def _check(wanted: _Wanted) -> None:
    from portes.cli.logs import log_to_stderr
    from portes.cli.render.drift import drift_json, drift_lines, kept_line, show_areas
    from portes.contingency.drift.measure import Found
    from portes.contingency.drift.thresholds import passed
    from portes.errors import escaped
    from portes.store import open_store

    log_to_stderr()
    with open_store(wanted.store) as store:
        limits = _limits(wanted, store)
        table, terms = _table(wanted, store), _terms(wanted, store)
        receipts = _receipts(store, table, terms)
        fresh = _fresh(wanted, store, table, terms, receipts)
        found = Found(table, terms, receipts, fresh, _of_service(wanted, store))
        report = found.report()
        _require_compared(report.figures.compared, report.figures.uncovered, report.receipts)
        report = report.model_copy(update={"over": tuple(passed(report, limits))})
        kept = kept_line(_kept(store.settings.state, report))
    if wanted.as_json:
        click.echo(drift_json(report))
    else:
        for line in drift_lines(report):
            click.echo(escaped(line))
        show_areas(report)
        click.echo(escaped(kept))
    sys.exit(1 if report.over else 0)


def _kept(state: Path | None, report: "DriftReport") -> Path | None:
    """The file that the report is kept in. Raises `SettingsError` where the folder does not take it."""
    from portes.contingency.drift.kept import keep_report
    from portes.errors import Problem, SettingsError

    try:
        return None if state is None else keep_report(state, report, report.checked)
    except OSError as error:
        cause = f"does not take the report: {error.strerror}"
        raise SettingsError(Problem("service.state", state, cause, "see docs/operations.md")) from None


def _limits(wanted: _Wanted, store: "Store") -> "DriftLimits":
    from portes.contingency.drift.thresholds import DriftLimits
    from portes.contract import Money
    from portes.errors import RequestError

    loss = None
    if wanted.most_loss is not None:
        try:
            loss = Money.parse(wanted.most_loss, store.settings.store.currency)
        except RequestError as error:
            raise click.BadParameter(str(error), param_hint="--most-loss") from None
    return DriftLimits(loss, wanted.most_cheaper, wanted.most_age)


def _terms(wanted: _Wanted, store: "Store") -> "DriftTerms":
    from portes.contingency.drift.measure import DriftTerms
    from portes.errors import Problem, SettingsError, shown

    known = {name: channel.limit for name, channel in store.channels.items()}
    if wanted.channel and wanted.channel not in known:
        cause = f"is no channel of the store, which has: {', '.join(known) or 'none'}"
        raise SettingsError(Problem("--channel", shown(wanted.channel), cause, "name one of these"))
    now = datetime.now(UTC)
    since = now - timedelta(days=wanted.days)
    return DriftTerms(store.name, since, now, wanted.tolerance, known, wanted.channel, wanted.fresh)


def _table(wanted: _Wanted, store: "Store") -> "CheckedTable":
    """The table in a file, with the factor that the portal bills volume by."""
    from portes.contingency.drift.measure import CheckedTable
    from portes.contingency.drift.prices import TablePrices, services_of

    options = _options(wanted, store)
    table, format_name = _opened(wanted, options, store.settings.state)
    factor = wanted.cubic_factor if wanted.cubic_factor is not None else _stated(wanted.file, format_name, options)
    prices = TablePrices(table, services_of(table, wanted.services), factor)
    oldest = datetime.fromtimestamp(wanted.file.stat().st_mtime, UTC)
    return CheckedTable(wanted.file.name, prices, oldest, "file")


def _options(wanted: _Wanted, store: "Store") -> "ReadOptions":
    from pydantic import TypeAdapter

    from portes.tables import ReadOptions

    section = store.settings.store
    declared = {
        "country": section.country,
        "currency": section.currency,
        "decimal": _SIGNS.get(wanted.decimal or ""),
        "weight_unit": wanted.weight_unit,
    }
    return TypeAdapter(ReadOptions).validate_python(declared)


def _opened(wanted: _Wanted, options: "ReadOptions", state: Path | None) -> "tuple[RateTable, str]":
    """The table, and the name of its format, found out where none is declared. Raises `SettingsError`."""
    from portes.errors import Problem, SettingsError
    from portes.tables import detect_table, open_table

    name = wanted.format_name or detect_table(wanted.file, options).format
    if not name:
        raise SettingsError(
            Problem("--format", "", "the file is in no known format", "see portes tables detect", file=wanted.file)
        )
    return open_table(wanted.file, name, options, state), name


def _stated(file: Path, format_name: str, options: "ReadOptions") -> Decimal:
    """The cubic factor that a file states itself, 0 where it states none."""
    from portes.tables import LARGEST_TABLE, find_format
    from portes.tables.reading.sheets import read_source

    stated_terms = getattr(find_format(format_name), "stated_terms", None)
    terms = stated_terms(read_source(file, LARGEST_TABLE), options) if stated_terms else None
    return (terms and terms.cubic_factor) or Decimal(0)


def _receipts(store: "Store", table: "CheckedTable", terms: "DriftTerms") -> "ReceiptsRead":
    from portes.cli.render.progress import spanning
    from portes.contingency.drift.measure import read_receipts
    from portes.errors import Problem, SettingsError
    from portes.receipts.database import FILE_NAME, ReceiptDatabaseError

    state = store.settings.state
    if state is None:
        cause, fix = "is not set, so no receipts are kept", 'add state = "state" to [service]: from then on they are'
        raise SettingsError(Problem("service.state", "", cause, fix, file=store.settings.file))
    try:
        with spanning("Receipts", terms.since, terms.now) as progress:
            return read_receipts(state / FILE_NAME, table, terms, progress)
    except ReceiptDatabaseError as error:
        raise SettingsError(Problem("service.state", "", str(error), "see docs/receipts.md")) from None


def _fresh(
    wanted: _Wanted, store: "Store", table: "CheckedTable", terms: "DriftTerms", receipts: "ReceiptsRead"
) -> "FreshRead | None":
    from portes.cli.render.progress import counting
    from portes.contingency.drift.measure import ask_again, ask_rows

    if not wanted.fresh:
        return None
    policy, drawn = store.quoter.policy, receipts.drawn.drawn
    rows = [] if drawn else _drawn_rows(wanted, store)
    with counting("Questions", len(drawn) or len(rows)) as progress:
        pause = _paced(wanted.per_second, progress)
        if drawn:
            return ask_again(drawn, table, policy, terms, pause)
        return ask_rows(rows, table, policy, terms, pause)


def _drawn_rows(wanted: _Wanted, store: "Store") -> "list[Any]":
    """Rows of the table, where no receipt tells what is asked."""
    from portes.contingency.drift.sample import Reservoir
    from portes.errors import Problems
    from portes.tables import LARGEST_TABLE, Row, find_format
    from portes.tables.formats.finding import rows_of
    from portes.tables.reading.sheets import read_source

    options = _options(wanted, store)
    _, name = _opened(wanted, options, store.settings.state)
    reservoir: Reservoir[Row] = Reservoir(wanted.fresh)
    for row in rows_of(find_format(name), read_source(wanted.file, LARGEST_TABLE), options, Problems(wanted.file)):
        if row.price >= 0:
            reservoir.offer(row)
    return reservoir.drawn


def _paced(per_second: float, progress: Callable[[int], None]) -> Callable[[], None]:
    """What is called before each question, and waits for its turn: so many a second."""
    import time

    turn = time.monotonic()

    def pause() -> None:
        nonlocal turn
        progress(1)
        time.sleep(max(0.0, turn - time.monotonic()))
        turn = max(turn, time.monotonic()) + 1 / per_second

    return pause


def _of_service(wanted: _Wanted, store: "Store") -> "Mapping[str, TakenCounts] | None":
    from portes.cli.admin_client import admin_page
    from portes.contingency.drift.taken import taken_of_service

    if wanted.admin is None:
        return None
    return taken_of_service(admin_page(wanted.admin, "/slo", "channels")["channels"], store.name, wanted.days)


def _require_compared(compared: int, uncovered: int, receipts: int) -> None:
    """Refuse to tell anything of nothing. Raises `SettingsError`."""
    from portes.errors import Problem, SettingsError

    if compared:
        return
    if uncovered:
        cause = f"has no price for any of {uncovered} lanes that were offered live"
        fix = "look whether it is the right file, and whether its format and units are as declared"
        raise SettingsError(Problem("table", "", cause, fix))
    cause = f"tell no price to hold the table against: {receipts} receipts were read"
    fix = "look further back with --days, or ask the store now with --fresh 200"
    raise SettingsError(Problem("receipts", "", cause, fix))
