"""`portes pack`: the boxes that a cart is packed into for each carrier; it asks no carrier."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from portes.errors import escaped, escaped_json

if TYPE_CHECKING:
    from portes.contract import QuoteRequest
    from portes.engine.layouts import CarrierPacking
    from portes.store import Store


@click.command()
@click.argument("request_file", metavar="[REQUEST]", required=False, type=click.File("rb"))
@click.option(
    "--store",
    "store_path",
    metavar="FILE",
    default=".",
    type=click.Path(path_type=Path),
    help="The store's file, or its folder.  [default: this folder]",
)
@click.option("--channel", "channel_name", metavar="NAME", help="The channel whose words REQUEST is in.")
@click.option("--item", "items", metavar="ITEM", multiple=True, help="One line of the cart; repeat for more.")
@click.option(
    "--svg",
    "picture",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw the boxes with the units in their places, layer by layer.",
)
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
    from portes.cli.render.packed_picture import boxes_picture
    from portes.store import open_store

    log_to_stderr()
    with open_store(store_path) as store:
        request = _request(store, request_file, channel_name, items)
        skus = {position: line.sku for position, line in enumerate(request.lines)}
        packings = _packings(store, request)
    if picture is not None:
        from portes.files import replace_atomically

        replace_atomically(picture, boxes_picture(packings, skus).encode(), mode=0o644)
    if as_json:
        told = {"packings": [packing_json(packing, skus) for packing in packings]}
        click.echo(escaped_json(json.dumps(told, ensure_ascii=False, indent=2)))
        return
    _show(packings, skus)
    if picture is not None:
        click.echo(f"Drawn in {escaped(str(picture))}.")


def _request(
    store: "Store", request_file: IO[bytes] | None, channel_name: str | None, items: Sequence[str]
) -> "QuoteRequest":
    from portes.cli.commands.quote import channel_of, request_from_file
    from portes.cli.question import read_question
    from portes.contract import Place

    if request_file is not None:
        channel = channel_of(store, channel_name, needed=True)
        if channel is not None:
            return request_from_file(channel, request_file)
    section = store.settings.store
    place = Place.example(section.country)
    return read_question(items, place.postal_code, place.country, section.currency, store=store.name, channel="cli")


def _packings(store: "Store", request: "QuoteRequest") -> "list[CarrierPacking]":
    """How each consignment of the first plan is packed. Raises `SettingsError` where a packer fails."""
    from portes.clock import SystemClock
    from portes.engine.fence import PluginFailedError
    from portes.engine.layouts import packings_of
    from portes.engine.plan import make_plan
    from portes.errors import Problem, SettingsError

    policy = store.quoter.policy
    plan = make_plan(request, SystemClock().now().astimezone(policy.timezone), policy)
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
