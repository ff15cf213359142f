"""`portes explain`: the story of a price, from its receipt; it asks no carrier and changes nothing."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portes.cli.options import receipt_options, svg_option

if TYPE_CHECKING:
    from portes.cli.receipt_lookup import FoundReceipt
    from portes.cli.render.story import ReceiptStory, Rules
    from portes.engine.layouts import CarrierPacking
    from portes.engine.policy import Policy
    from portes.engine.trace import Derivation
    from portes.store import Store


@click.command()
@receipt_options
@click.option("--full", is_flag=True, help="Tell everything: parcels, answers, each rule's effect, the verdict.")
@svg_option
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as it is kept.")
def explain(*, name: str, store_path: Path, full: bool, picture: Path | None, as_json: bool) -> None:
    """Tell how a quote came about.

    ID is the quote's own, as the log has it, or the one that the marketplace gave its question; where that one
    repeats, the newest quote is told and the others are listed.

    Exit codes: 0 told, 2 there is no such receipt, none are kept, or its boxes cannot be drawn.
    """
    from portes.cli.logs import log_to_stderr
    from portes.cli.receipt_lookup import find_receipt
    from portes.errors import escaped, escaped_json

    log_to_stderr()
    kept = find_receipt(name, store_path)
    told = None if as_json and picture is None else _receipt_story(kept)
    drawn = "" if told is None or picture is None else _drawn(picture, told[0])
    if as_json:
        click.echo(escaped_json(kept.receipt.model_dump_json(indent=2)))
    elif told is not None:
        for line in _lines(kept, *told, full=full):
            click.echo(escaped(line))
        if drawn:
            click.echo(drawn)


def _lines(
    kept: "FoundReceipt", receipt_story: "ReceiptStory", remarks: "Sequence[str]", *, full: bool
) -> Iterator[str]:
    from portes.cli.render.derivation import full_story
    from portes.cli.render.story import story

    yield from full_story(receipt_story) if full else story(receipt_story)
    yield from remarks
    yield from _earlier(kept)


def _drawn(picture: Path, told: "ReceiptStory") -> str:
    """The sentence about a picture that was drawn. Raises `RequestError` where nobody knows the quote's boxes."""
    from portes.cli.render.packed_picture import draw
    from portes.errors import Problem, RequestError, shown

    if told.derivation is None:
        cause = "cannot be drawn: today's settings do not lead to this quote, so nobody knows how it was packed"
        fix = f"see portes replay {told.receipt.quote.id} for what differs, and draw it under the settings of then"
        raise RequestError(Problem("--svg", shown(str(picture)), cause, fix))
    return draw(picture, told.packings, told.skus)


def _receipt_story(kept: "FoundReceipt") -> "tuple[ReceiptStory, list[str]]":
    """The receipt and how it came about, as far as today's store still knows, and what is to be said of that."""
    from portes.cli.render.story import ReceiptStory, Rules
    from portes.errors import SettingsError
    from portes.store import open_store

    try:
        with open_store(kept.file) as store:
            return _derived(kept, store)
    except SettingsError:
        remark = f"The store does not open now, so its rules cannot be told; see portes check {kept.file}."
        return ReceiptStory(kept.receipt, None, Rules((), (), ())), ["", remark]


def _derived(kept: "FoundReceipt", store: "Store") -> "tuple[ReceiptStory, list[str]]":
    from portes.cli.receipt_lookup import changed
    from portes.cli.render.story import ReceiptStory
    from portes.engine.trace import derived
    from portes.receipts.replay import DifferenceError, replan

    receipt, policy = kept.receipt, store.quoter.policy
    try:
        plan, answers = replan(receipt, policy, store.goods([line.sku for line in receipt.request.lines]))
        derivation = derived(receipt.quote.id, plan, answers, policy)
    except DifferenceError:
        derivation = None
    same = derivation is not None and derivation.quote == receipt.quote
    since = changed(receipt.versions, store.versions)
    remarks = [f"Changed since: {', '.join(since)}."] if since else []
    remarks += [] if same else ["Today the same answers lead elsewhere; see portes replay."]
    packings = _packings(derivation, policy) if derivation is not None and same else []
    told = ReceiptStory(receipt, derivation if same else None, _rules(store), packings)
    return told, ["", *remarks] if remarks else []


def _packings(derivation: "Derivation", policy: "Policy") -> "list[CarrierPacking]":
    """How the goods were packed for each carrier, told once more; nothing of what a packer failed over."""
    from portes.engine.fence import PluginFailedError
    from portes.engine.layouts import packings_of

    packings: list[CarrierPacking] = []
    for leg in derivation.legs:
        with suppress(PluginFailedError):
            packings += packings_of(leg.consignment, policy)
    return packings


def _rules(store: "Store") -> "Rules":
    from portes.cli.render.story import Rules
    from portes.rules.protocol import Phase

    plan, shipment, cart = ([rule for rule in store.rules if rule.phase is phase] for phase in Phase)
    return Rules(plan, shipment, cart)


def _earlier(kept: "FoundReceipt") -> Iterator[str]:
    from portes.cli.render import words

    if kept.earlier:
        yield from ("", f"Earlier with the same id {kept.receipt.request.id}:")
    for receipt in kept.earlier:
        yield f"  {words.when(receipt.moment)}  {receipt.quote.id}  {receipt.quote.verdict}"
