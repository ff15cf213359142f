"""`portes replay`: a recorded quote decided again under today's settings; it asks no carrier and changes nothing."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portes.cli.options import receipt_options

if TYPE_CHECKING:
    from portes.receipts.receipt import Receipt
    from portes.receipts.replay import Difference
    from portes.store import Store


@click.command()
@receipt_options
def replay(*, name: str, store_path: Path) -> None:
    """Decide a quote again, from what was asked, when, and what the carriers said then.

    ID is the quote's own, or the one that the marketplace gave its question. Parcels, rules, verdict and the
    channel's reply are worked out under the settings of today and held against the receipt.

    Exit codes: 0 the same to the cent, 1 something differs, 2 there is no such receipt or the store does not open.
    """
    from portes.cli.logs import log_to_stderr
    from portes.cli.receipt_lookup import changed, find_receipt
    from portes.errors import escaped
    from portes.store import open_store

    log_to_stderr()
    kept = find_receipt(name, store_path)
    with open_store(kept.file) as store:
        difference = _difference(kept.receipt, store)
        since = changed(kept.receipt.versions, store.versions)
    if difference is None:
        click.echo("same to the cent")
    else:
        told = f"different: {difference.where}", f"  then  {difference.then}", f"  now   {difference.now}"
        click.echo("\n".join(map(escaped, told)))
    click.echo(f"changed since: {', '.join(since)}" if since else "nothing changed in settings, tariffs and plugins")
    sys.exit(0 if difference is None else 1)


def _difference(receipt: "Receipt", store: "Store") -> "Difference | None":
    from portes.receipts.replay import replay_difference

    goods = store.goods([line.sku for line in receipt.request.lines])
    return replay_difference(receipt, store.quoter.policy, goods) or _reply_difference(receipt, store)


def _reply_difference(receipt: "Receipt", store: "Store") -> "Difference | None":
    """The first difference in what the channel makes of the quote; None for a quote that no channel replied to."""
    from portes.receipts.replay import first_difference

    channel = store.channels.get(receipt.request.channel)
    if receipt.reply is None or channel is None:
        return None
    reply = channel.write(receipt.quote, receipt.request)
    then = {"status": receipt.reply.status, "body": _read(receipt.reply.body)}
    now = {"status": reply.status, "body": _read(reply.body.decode("utf-8", "replace"))}
    return first_difference(then, now, "reply")


def _read(body: str) -> Any:  # noqa: ANN401 — JSON, or a text that is none
    try:
        return json.loads(body)
    except ValueError:
        return body
