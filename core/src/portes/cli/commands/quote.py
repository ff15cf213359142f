"""`portes quote`: one question put to a store, and its answer."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from portes.cli.options import item_option, question_options
from portes.errors import RequestError, escaped_json

if TYPE_CHECKING:
    from portes.channels.protocol import ChannelReply
    from portes.contract import Quote, QuoteRequest
    from portes.store import Store

_EXIT_CODES: Final = {"served": 0, "not_served": 3, "unknown": 4}


@click.command()
@question_options("words REQUEST and --json are in")
@click.option("--to", "postal_code", metavar="CODE", help="Postal code of the destination.")
@click.option("--country", metavar="CC", help="Country of the destination.  [default: the store's]")
@click.option("--storefront", metavar="CODE", default="", help="Catalogue or shop code that the channel would send.")
@item_option("One line")
@click.option("--parts", is_flag=True, help="Show what each carrier's cost is made of; tax is shown in any case.")
@click.option(
    "--wait",
    "seconds",
    metavar="SECONDS",
    default=0.0,
    type=click.FloatRange(0, 60),
    help="How long to wait for what carriers look up behind an answer, such as pick-up points, and then ask again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer's body instead of tables.")
def quote(
    *,
    request_file: IO[bytes] | None,
    store_path: Path,
    channel_name: str | None,
    postal_code: str | None,
    country: str | None,
    storefront: str,
    items: tuple[str, ...],
    parts: bool,
    seconds: float,
    as_json: bool,
) -> None:
    """Ask a store what freight costs.

    Either with a channel's REQUEST file ("-" for standard input), or with --to and --item.
    An ITEM is SKU:QUANTITY:WEIGHT:SIZE or SKU:QUANTITY:WEIGHT:SIZE:VALUE of one unit, such as
    sku-1:2:0.5kg:10x10x25cm:129.90 for two units of half a kilogram, 10 x 10 x 25 cm, worth 129.90 each.
    SKU:QUANTITY is enough where the store's catalogue states weight and size, and SKU for one unit.

    Exit codes: 0 served, 3 not served, 4 unknown because a carrier failed, 2 something to mend.
    """
    if (request_file is None) == (postal_code is None):
        raise click.UsageError("give either a REQUEST file, or --to and at least one --item")
    from portes.cli.logs import log_to_stderr
    from portes.cli.question import channel_of, request_from_file
    from portes.cli.render.answer import show
    from portes.store import open_store

    log_to_stderr()
    with open_store(store_path) as store:
        channel = channel_of(store, channel_name, needed=request_file is not None)
        words: Mapping[str, str] = {}
        if channel and request_file:
            request, words = request_from_file(channel, request_file), channel.fields
        else:
            more = {"channel": channel_name or "cli", "storefront": storefront}
            request = _request_from_items(store, items, postal_code or "", country, more)
        answer = _answer(store, request, words)
        if seconds:
            _settle(store, seconds)
            answer = store.quote(request)
        if not as_json:
            show(answer, {member.key: member.settings.name for member in store.members}, parts=parts)
            for line in _kept_back(answer, channel.write(answer, request) if channel else None):
                click.echo(line)
            if store.receipts is not None:
                click.echo(f"Its receipt: portes explain {answer.id}")
        elif channel is None:
            click.echo(escaped_json(answer.model_dump_json(indent=2)))
        else:
            click.echo(escaped_json(channel.write(answer, request).body.decode("utf-8", "replace")))
    sys.exit(_EXIT_CODES[answer.verdict])


def _answer(store: "Store", request: "QuoteRequest", words: Mapping[str, str]) -> "Quote":
    from portes.channels.problems import renamed

    try:
        return store.quote(request)
    except RequestError as error:
        raise renamed(error, words) from error


def _kept_back(answer: "Quote", reply: "ChannelReply | None") -> Iterator[str]:
    """What a channel makes of offers that it does not tell."""
    if reply is not None and reply.status != 200 and _EXIT_CODES[answer.verdict] == 0:
        why = f", for {' and '.join(reply.withheld)} failed (`withhold`)" if reply.withheld else ""
        yield f"The channel answers {reply.status} all the same and tells none of these offers{why}."


def _settle(store: "Store", seconds: float) -> None:
    from portes.carrier import Deadline

    deadline = Deadline(seconds)
    for tools in store.tools.values():
        tools.background.settle(deadline)


def _request_from_items(
    store: "Store", items: tuple[str, ...], postal_code: str, country: str | None, more: Mapping[str, str]
) -> "QuoteRequest":
    from portes.cli.question import read_question

    section, catalogue = store.settings.store, store.quoter.policy.catalogue
    country = country or section.country
    return read_question(items, postal_code, country, section.currency, catalogue=catalogue, store=store.name, **more)
