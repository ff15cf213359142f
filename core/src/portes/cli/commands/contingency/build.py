"""`portes contingency build`: a table made by asking a store's own carriers."""

import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from portes.cli.commands.contingency import amounts

if TYPE_CHECKING:
    from portes.contingency.order import BuildOrder
    from portes.contract.states import Ranges
    from portes.store import Store

_NICE: Final = 10
"""How far behind the service such a process stands in line for the machine."""
_NO_VALUE: Final = "none"


@dataclass(frozen=True)
class _BuildFlags:
    """What the flags say."""

    store_path: Path
    portal: str
    origin: int | None
    with_rules: tuple[str, ...]
    storefront: str
    sku: str
    density: int | None
    value: str | None
    value_per_kg: bool
    cubic_factor: int | None
    days: int
    margin: Decimal | None
    round_to: str | None
    least: str | None
    brackets: tuple[int, ...] | None
    regions: tuple[str, ...] | None
    places: Path | None
    calls: int | None
    seed: int
    max_age: int | None
    refresh: bool
    now: bool
    name: str
    out: Path | None
    as_json: bool


@click.command()
@click.argument("store_path", metavar="[STORE]", default=".", type=click.Path(path_type=Path))
@click.option(
    "--for", "portal", required=True, metavar="PORTAL", help="vtex, via or plain, or the TOML file of a mapping."
)
@click.option("--origin", type=int, metavar="N", help="Number of the origin it is for.  [default: the first]")
@click.option(
    "--with-rule",
    "with_rules",
    multiple=True,
    metavar="NAME",
    help="A rule that goes in though it hangs on the cart, on days or on a storefront; repeat it for more.",
)
@click.option("--storefront", default="", metavar="CODE", help="The storefront that it is for.")
@click.option("--sku", default="", help="A SKU of the catalogue whose tags and handling days count for all goods.")
@click.option(
    "--density",
    callback=amounts.read_with(amounts.density),
    metavar="KG",
    help="kg in a cubic metre of the goods.  [default: the median of the catalogue, else of the receipts]",
)
@click.option(
    "--value",
    metavar="AMOUNT",
    help="What a shipment is worth, such as 129.90, or none.  [default: the median, as for --density]",
)
@click.option("--value-per-kg", is_flag=True, help="Take the value for that of each kilogram.")
@click.option(
    "--cubic-factor",
    callback=amounts.read_with(amounts.grams_per_cubic_metre),
    metavar="KG",
    help="kg that the portal bills a cubic metre as.  [default: it bills the real weight]",
)
@click.option(
    "--days", default=30, show_default=True, type=click.IntRange(1, 3660), help="How far back receipts are read."
)
@click.option(
    "--margin",
    callback=amounts.read_with(amounts.decimal_between(-99, 1000)),
    metavar="PERCENT",
    help="Added to each price.",
)
@click.option("--round-to", metavar="AMOUNT", help="Step that prices are rounded up to, such as 0.10.")
@click.option("--least", metavar="AMOUNT", help="The least price of a row.")
@click.option(
    "--brackets",
    callback=amounts.read_with(amounts.borders),
    metavar="KG,KG,…",
    help="Upper borders of its weight brackets.  [default: the portal's usual ones]",
)
@click.option(
    "--regions", callback=amounts.read_with(amounts.words), metavar="SP,RJ,…", help="Only these states or provinces."
)
@click.option("--places", type=click.Path(path_type=Path), metavar="FILE", help="Only the places of a list.")
@click.option(
    "--calls", type=click.IntRange(min=1), metavar="N", help="Most lanes to ask about.  [default: 5 % of all there are]"
)
@click.option("--seed", default=1, show_default=True, type=int, help="Chooses the lanes that are checked again.")
@click.option(
    "--max-age",
    callback=amounts.read_with(amounts.seconds),
    metavar="SPAN",
    help="Answers older than this are asked for again.  [default: 30d]",
)
@click.option("--refresh", is_flag=True, help="Ask again where portes contingency drift found that it has drifted.")
@click.option("--now", is_flag=True, help="Ask in the carriers' busy hours too.")
@click.option("--name", default="", help="Name of the version.  [default: contingency- and the portal]")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the files to upload.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def build(**flags: Any) -> None:  # noqa: ANN401 — as click gives them, each of a type of its own
    """Build the table that a marketplace falls back on.

    Asks the carriers of STORE, a store's file or folder, at the pace of [carriers.NAME.bulk], the store's rules
    included, and keeps the table as a version that is not in force by that. What is learnt is kept: a build that was
    stopped goes on where it was when the same command is given again.

    Exit codes: 0 built, 1 built with lanes that nobody could find out, 2 not built.
    """
    _build(_BuildFlags(**flags))


def _build(wanted: _BuildFlags) -> None:
    from portes.cli.logs import log_to_stderr
    from portes.cli.render.build_progress import watching
    from portes.cli.render.contingency import report_json, report_lines
    from portes.contingency.build import build_table
    from portes.contingency.pace import StoppableClock
    from portes.errors import escaped
    from portes.store import open_store

    log_to_stderr()
    clock = StoppableClock()
    try:
        with open_store(wanted.store_path, clock=clock) as store:
            order = _order(wanted, store)
            _stand_back()
            with watching() as watch:
                built = build_table(store, order, clock, watch)
    except KeyboardInterrupt:
        click.echo("Stopped. What was learnt is kept: give the same command again, and it goes on there.", err=True)
        sys.exit(2)
    finally:
        clock.stop()
    for line in [report_json(built.report)] if wanted.as_json else report_lines(built.report):
        click.echo(line if wanted.as_json else escaped(line))
    sys.exit(1 if built.report["cells"]["unknown"] else 0)


def _stand_back() -> None:
    """Let live quotes have the machine first."""
    import os

    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, 0, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0)))


def _order(wanted: _BuildFlags, store: "Store") -> "BuildOrder":
    from portes.contingency.goods_sources import GoodsWishes
    from portes.contingency.order import OLDEST, BuildOrder
    from portes.contingency.portals import find_portal
    from portes.contingency.prices import PriceTerms
    from portes.contingency.recipe import Wishes

    currency, no_value = store.settings.store.currency, wanted.value == _NO_VALUE
    goods = GoodsWishes(
        wanted.density,
        None if no_value else amounts.minor_units("--value", wanted.value, currency),
        wanted.value_per_kg,
        no_value,
        wanted.cubic_factor or 0,
        wanted.days,
    )
    terms = PriceTerms(
        wanted.margin or Decimal(0),
        amounts.minor_units("--round-to", wanted.round_to, currency) or 1,
        amounts.minor_units("--least", wanted.least, currency) or 0,
    )
    return BuildOrder(
        find_portal(wanted.portal),
        _who(),
        Wishes(wanted.origin, wanted.with_rules, wanted.storefront, wanted.sku),
        goods,
        terms,
        wanted.brackets or (),
        _regions(wanted, store),
        wanted.calls,
        wanted.seed,
        OLDEST if wanted.max_age is None else wanted.max_age,
        refresh=wanted.refresh,
        heed_hours=not wanted.now,
        name=wanted.name,
        out=wanted.out,
    )


def _regions(wanted: _BuildFlags, store: "Store") -> "Ranges":
    from portes.contingency.regions import regions_of_places, regions_of_states
    from portes.tables import ReadOptions

    section = store.settings.store
    regions = regions_of_states(section.country, wanted.regions or ())
    if wanted.places is not None:
        regions += regions_of_places(wanted.places, ReadOptions(section.country, section.currency))
    return regions


def _who() -> str:
    """The user of this process, for the log of versions."""
    import getpass
    import os

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return str(os.getuid())
