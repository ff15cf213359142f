"""`portes pack`: the boxes that a cart is packed into for each carrier; it asks no carrier."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from portes.cli.options import item_option, question_options, svg_option
from portes.errors import escaped_json

if TYPE_CHECKING:
    from portes.contract import QuoteRequest
    from portes.engine.layouts import CarrierPacking
    from portes.store import Store


@click.command()
@question_options("words REQUEST is in")
@item_option("One line of the cart")
@svg_option
@click.option("--json", "as_json", is_flag=True, help="Print the boxes and the places of the units as JSON.")
def pack(
    *,
    request_file: IO[bytes] | None,
    store_path: Path,
    channel_name: str | None,
    items: tuple[str, ...],
    picture: Path | None,
    as_json: bool,
) -> None:
    """Show the boxes that a cart is packed into, for each carrier that packs in its own way.

    Either with a channel's REQUEST file ("-" for standard input), or with --item, as `portes quote` takes them.
    No carrier is asked, and nothing is written but the picture.

    Exit codes: 0 shown, 2 something to mend.
    """
    if (request_file is None) == (not items):
        raise click.UsageError("give either a REQUEST file, or at least one --item")
    from portes.cli.logs import log_to_stderr
    from portes.cli.render.packed_boxes import packing_json
    from portes.cli.render.packed_picture import draw
    from portes.store import open_store

    log_to_stderr()
    with open_store(store_path) as store:
        request = _request(store, request_file, channel_name, items)
        skus = {position: line.sku for position, line in enumerate(request.lines)}
        packings = _packings(store, request)
    drawn = "" if picture is None else draw(picture, packings, skus)
    if as_json:
        told = {"packings": [packing_json(packing, skus) for packing in packings]}
        click.echo(escaped_json(json.dumps(told, ensure_ascii=False, indent=2)))
        return
    _show(packings, skus)
    if drawn:
        click.echo(drawn)


def _request(
    store: "Store", request_file: IO[bytes] | None, channel_name: str | None, items: Sequence[str]
) -> "QuoteRequest":
    from portes.cli.question import channel_of, read_question, request_from_file
    from portes.contract import Place

    if request_file is not None:
        channel = channel_of(store, channel_name, needed=True)
        if channel is not None:
            return request_from_file(channel, request_file)
    section, catalogue = store.settings.store, store.quoter.policy.catalogue
    to = Place.example(section.country)
    more = {"store": store.name, "channel": "cli"}
    return read_question(items, to.postal_code, to.country, section.currency, catalogue=catalogue, **more)


def _packings(store: "Store", request: "QuoteRequest") -> "list[CarrierPacking]":
    """How each consignment of the first plan is packed. Raises `SettingsError` where a packer fails."""
    from portes.clock import SystemClock
    from portes.engine.fence import PluginFailedError
    from portes.engine.layouts import packings_of
    from portes.engine.plan import make_plan
    from portes.errors import Problem, SettingsError

    policy = store.quoter.policy
    goods = store.goods([line.sku for line in request.lines])
    plan = make_plan(request, SystemClock().now().astimezone(policy.timezone), policy, goods)
    try:
        return [packing for one in plan.consignments for packing in packings_of(one, policy)]
    except PluginFailedError as error:
        failure = error.failure
        fix = f"upgrade or report {failure.distribution}; the log tells all of it"
        raise SettingsError(Problem(failure.part, failure.plugin, failure.hint, fix)) from None


def _show(packings: "Sequence[CarrierPacking]", skus: Mapping[int, str]) -> None:
    from rich.table import Table

    from portes.cli.render.packed_boxes import BoxRow, box_rows, carriers_in_words
    from portes.cli.render.screen import folding, plain, screen

    console = screen()
    for packing in packings:
        title = f"From origin {packing.origin} for {carriers_in_words(packing)}"
        table = Table(*BoxRow._fields, title=plain(title), title_justify="left")
        for row in box_rows(packing, skus):
            table.add_row(*map(plain, row))
        console.print(folding(table))
    if not packings:
        console.print("Nobody is asked about this cart, so nothing is packed.")
