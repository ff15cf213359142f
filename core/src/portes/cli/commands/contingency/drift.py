"""`portes contingency drift`: how wrong the table has become that a marketplace falls back on."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portes.cli.commands.contingency import amounts
from portes.cli.commands.tables.declared import declared_in_store, read_options

if TYPE_CHECKING:
    from portes.contingency.drift.measure import CheckedTable, DriftTerms, FreshRead, ReceiptsRead
    from portes.contingency.drift.report import DriftReport
    from portes.contingency.drift.taken import TakenCounts
    from portes.contingency.drift.thresholds import DriftLimits
    from portes.contingency.pace import StoppableClock
    from portes.store import Store


def _services(_context: click.Context, _option: click.Parameter, given: Sequence[str]) -> Mapping[str, str]:
    services: dict[str, str] = {}
    for one in given:
        name, sign, delivery = one.rpartition("=")
        if not sign or name in services or delivery in services.values():
            raise click.BadParameter(f"{one} is no NAME=TYPE of its own; write sedex=express, each once")
        services[name] = delivery
    return services


@dataclass(frozen=True)
class _DriftWishes:
    """What the flags say."""

    store: Path
    table: str
    file: Path | None
    format_name: str
    services: Mapping[str, str]
    cubic_factor: Decimal | None
    channel: str
    days: int
    fresh: int
    now: bool
    tolerance: Decimal
    most_loss: str | None
    most_cheaper: Decimal | None
    most_age: int | None
    admin: str | None
    as_json: bool
    declared: Mapping[str, Any]
    """What is said of the file."""


@click.command()
@click.argument("store", metavar="[STORE]", default=".", type=click.Path(path_type=Path))
@click.option(
    "--table",
    default="",
    metavar="NAME[@N]",
    help="A stored table, or one of its versions.  [default: the newest whose name begins with contingency-]",
)
@click.option("--file", type=click.Path(path_type=Path), help="A table as it was uploaded, in place of a stored one.")
@click.option("--format", "format_name", default="", help="How the file is laid out.  [default: found out]")
@declared_in_store
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
    callback=amounts.read_with(amounts.decimal_between(0, 30_000)),
    metavar="KG",
    help="kg that the portal bills a cubic metre as.  [default: as the table says, else the actual weight]",
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
@click.option("--now", is_flag=True, help="Ask them in the carriers' busy hours too.")
@click.option(
    "--tolerance",
    default="1",
    show_default=True,
    callback=amounts.read_with(amounts.decimal_between(0, 100)),
    metavar="PERCENT",
    help="How far from the live price is neither too cheap nor too dear.",
)
@click.option("--most-loss", metavar="AMOUNT", help="Most that a thousand orders may lose, such as 50.00.")
@click.option(
    "--most-cheaper",
    callback=amounts.read_with(amounts.decimal_between(0, 100)),
    metavar="PERCENT",
    help="Most lanes that may be too cheap.",
)
@click.option(
    "--most-age",
    callback=amounts.read_with(amounts.seconds),
    metavar="SPAN",
    help="How old the oldest price may be, such as 30d.",
)
@click.option("--admin", metavar="URL", help="Take the answers that were of no use from the service's history there.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def drift(store: Path, **flags: Any) -> None:  # noqa: ANN401 — as click gives them, each of a type of its own
    """Say how wrong the table has become that a marketplace falls back on.

    Holds the table against what STORE, a store's file or folder, offered live in the last days, and with --fresh
    against what it offers now. The report is kept in the state folder: /metrics tells it, and a build with --refresh
    asks again where the table has drifted.

    Exit codes: 0 told, 1 above a threshold (--most-loss, --most-cheaper, --most-age), 2 cannot be told.
    """
    own = {field.name: flags.pop(field.name) for field in fields(_DriftWishes) if field.name in flags}
    wanted = _DriftWishes(store, **own, declared=flags)
    if wanted.table and wanted.file is not None:
        raise click.UsageError("give either --table or --file")
    _check(wanted)


def _check(wanted: _DriftWishes) -> None:
    from portes.cli.logs import log_to_stderr
    from portes.cli.render.drift import drift_json, drift_lines, kept_line, show_areas
    from portes.contingency.pace import StoppableClock
    from portes.errors import escaped
    from portes.store import open_store

    log_to_stderr()
    clock = StoppableClock()
    try:
        with open_store(wanted.store, clock=clock) as store:
            report = _report(wanted, store, clock)
            kept = _kept(store.settings.state, report)
    finally:
        clock.stop()
    if wanted.as_json:
        click.echo(drift_json(report))
    else:
        for line in drift_lines(report):
            click.echo(escaped(line))
        show_areas(report)
        click.echo(escaped(kept_line(kept)))
    sys.exit(1 if report.over else 0)


def _report(wanted: _DriftWishes, store: "Store", clock: "StoppableClock") -> "DriftReport":
    from portes.contingency.drift.measure import Found
    from portes.contingency.drift.thresholds import passed

    limits = _limits(wanted, store)
    table, terms = _table(wanted, store), _terms(wanted, store)
    receipts = _receipts(store, table, terms)
    fresh = _fresh(wanted, store, clock, table, terms, receipts) if wanted.fresh else None
    report = Found(table, terms, receipts, fresh, _of_service(wanted, store)).report()
    _require_compared(report)
    return report.model_copy(update={"over": tuple(passed(report, limits))})


def _kept(state: Path | None, report: "DriftReport") -> Path | None:
    """The file that the report is kept in. Raises `SettingsError` where the folder does not take it."""
    from portes.contingency.drift.kept import keep_report
    from portes.errors import Problem, SettingsError

    try:
        return None if state is None else keep_report(state, report, report.checked)
    except OSError as error:
        cause = f"does not take the report: {error.strerror}"
        raise SettingsError(Problem("service.state", state, cause, "see docs/operations.md")) from None


def _limits(wanted: _DriftWishes, store: "Store") -> "DriftLimits":
    from portes.contingency.drift.thresholds import DriftLimits
    from portes.contract import Money

    currency = store.settings.store.currency
    loss = amounts.minor_units("--most-loss", wanted.most_loss, currency)
    most = None if loss is None else Money(minor=loss, currency=currency)
    return DriftLimits(most, wanted.most_cheaper, wanted.most_age)


def _terms(wanted: _DriftWishes, store: "Store") -> "DriftTerms":
    from portes.contingency.drift.measure import DriftTerms
    from portes.errors import Problem, SettingsError, shown

    known = {name: channel.limit for name, channel in store.channels.items()}
    if wanted.channel and wanted.channel not in known:
        cause = f"is no channel of the store, which has: {', '.join(known) or 'none'}"
        raise SettingsError(Problem("--channel", shown(wanted.channel), cause, "name one of these"))
    now = datetime.now(UTC)
    since = now - timedelta(days=wanted.days)
    return DriftTerms(store.name, since, now, wanted.tolerance, known, wanted.channel, wanted.fresh)


def _table(wanted: _DriftWishes, store: "Store") -> "CheckedTable":
    from portes.contingency.drift.opening import PortalTerms, file_table, version_table

    portal, state = PortalTerms(wanted.services, wanted.cubic_factor), store.settings.state
    if wanted.file is not None:
        section = store.settings.store
        options = read_options(country=section.country, currency=section.currency, **wanted.declared)
        return file_table(wanted.file, wanted.format_name, options, portal, state)
    return version_table(_state(store), wanted.table, portal, store.name)


def _state(store: "Store") -> Path:
    from portes.errors import Problem, SettingsError

    if store.settings.state is None:
        cause, fix = "is not set, so no receipts are kept", 'add state = "state" to [service]: from then on they are'
        raise SettingsError(Problem("service.state", "", cause, fix, file=store.settings.file))
    return store.settings.state


def _receipts(store: "Store", table: "CheckedTable", terms: "DriftTerms") -> "ReceiptsRead":
    from portes.cli.render.progress import shown_progress
    from portes.contingency.drift.measure import read_receipts
    from portes.errors import DatabaseError, Problem, SettingsError
    from portes.receipts.database import FILE_NAME

    path, whole = _state(store) / FILE_NAME, terms.now - terms.since
    try:
        with shown_progress() as show:

            def come_to(moment: datetime) -> None:
                show("receipts", int((moment - terms.since).total_seconds()), int(whole.total_seconds()))

            return read_receipts(path, table, terms, come_to)
    except DatabaseError as error:
        raise SettingsError(Problem("service.state", "", str(error), "see docs/receipts.md")) from None


def _fresh(
    wanted: _DriftWishes,
    store: "Store",
    clock: "StoppableClock",
    table: "CheckedTable",
    terms: "DriftTerms",
    receipts: "ReceiptsRead",
) -> "FreshRead":
    """What the store offers now: for questions of receipts, or for lanes of the table where receipts tell none."""
    from portes.cli.render.progress import shown_progress
    from portes.contingency.drift.measure import ask_again, ask_lanes, lanes_of_table
    from portes.contingency.drift.sample import FreshPace, policy_of

    policy, asked = policy_of(store, table.rules), receipts.drawn.drawn
    lanes = [] if asked else lanes_of_table(table, wanted.fresh)
    pace = FreshPace(store, clock, _tell_wait, heed_hours=not wanted.now)
    with shown_progress() as show:
        pause = _counting(pace.wait_for_turn, partial(show, "questions"), len(asked) or len(lanes))
        return ask_again(asked, table, policy, terms, pause) if asked else ask_lanes(lanes, table, policy, terms, pause)


def _tell_wait(carrier: str, until: datetime) -> None:
    click.echo(f"{carrier} is busy: on at {until:%H:%M} (--now asks all the same)", err=True)


def _counting(wait: Callable[[], None], show: Callable[[int, int], None], whole: int) -> Callable[[], None]:
    """What waits for the turn of one question more, and shows how many there were."""
    done = count()

    def pause() -> None:
        wait()
        show(next(done), whole)

    return pause


def _of_service(wanted: _DriftWishes, store: "Store") -> "Mapping[str, TakenCounts] | None":
    from portes.cli.admin_client import admin_page
    from portes.contingency.drift.taken import taken_of_service

    if wanted.admin is None:
        return None
    return taken_of_service(admin_page(wanted.admin, "/slo", "channels")["channels"], store.name, wanted.days)


def _require_compared(report: "DriftReport") -> None:
    """Refuse to tell anything of nothing. Raises `SettingsError`."""
    from portes.errors import Problem, SettingsError

    if report.figures.compared:
        return
    if report.figures.uncovered:
        cause = f"has no price for any of {report.figures.uncovered} lanes that were offered live"
        fix = "look whether it is the right one (--table, --file), and whether its format and units are as declared"
        name = f"{report.table}@{report.version}" if report.version else report.table
        raise SettingsError(Problem("table", name, cause, fix))
    why = "".join(f", {count} not compared: {why}" for why, count in report.against_receipts.left_out.items())
    cause = f"tell no price to hold the table against: {report.receipts} receipts were read{why}"
    fix = "look further back with --days, or ask the store now with --fresh 200"
    raise SettingsError(Problem("receipts", "", cause, fix))
