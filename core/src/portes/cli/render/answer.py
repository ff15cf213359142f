"""A quote as tables for people."""

from collections.abc import Iterator, Mapping

from rich.table import Table
from rich.text import Text

from portes.cli.render import origins, words
from portes.cli.render.screen import folding, plain, screen
from portes.contract import FailedService, LeadTime, Offer, PickupPoint, Quote, RefusedService, Verdict

_VERDICTS = {
    Verdict.SERVED: Text("served", "bold green"),
    Verdict.NOT_SERVED: Text("not served: nobody carries all of it in one way of delivery", "bold yellow"),
    Verdict.UNKNOWN: Text("unknown: what failed could have made the difference", "bold red"),
}


def show(quote: Quote, names: Mapping[str, str], *, parts: bool = False) -> None:
    """Print the verdict, the offers, and under them every refusal and failure. `names` are carriers' by key.

    `parts` shows what each carrier's cost is made of; where tax is a part of it, that is shown in any case.
    """
    console = screen()
    console.print(_VERDICTS[quote.verdict])
    if quote.verdict is Verdict.SERVED:
        console.print(folding(_offers(quote, parts=parts or _taxed(quote))))
        for sku, offer in _offers_by_sku(quote):
            if offer.parts:
                console.print(plain(f"{sku} {offer.delivery} in parts: {words.listed([*origins.parts(offer)])}"))
        for table in (_points(quote), _notes(quote)):
            if table.row_count:
                console.print(folding(table))
        if quote.uncertain:
            missing = ", ".join(quote.uncertain)
            console.print(f"uncertain: {missing}; it might serve all of it too, and a failure decides", style="yellow")
    for failed in quote.plugin_failures:
        console.print(plain(words.plugin_failure(failed)))
    if any(line.refusals for line in quote.lines):
        console.print(folding(_refusals(quote, names)))
    if any(line.failures for line in quote.lines):
        console.print(folding(_failures(quote, names)))


def _offers_by_sku(quote: Quote) -> Iterator[tuple[str, Offer]]:
    return ((line.sku, offer) for line in quote.lines for offer in line.offers)


def _taxed(quote: Quote) -> bool:
    return any(part.name == "tax" for _, offer in _offers_by_sku(quote) for part in offer.rate.surcharges)


def _offers(quote: Quote, *, parts: bool) -> Table:
    table = _table("Offers", "SKU", "carrier", "type")
    table.add_column("price", justify="right", no_wrap=True)
    table.add_column("business\ndays", justify="right")
    table.add_column("latest day", no_wrap=True)
    table.add_column("origin", justify="right")
    if parts:
        table.add_column("service")
        table.add_column("the carrier's cost")
    for sku, offer in _offers_by_sku(quote):
        days, by = _days(offer.lead_time), str(offer.lead_time.latest)
        leaves = ", ".join(map(str, dict.fromkeys(part.origin_id for part in offer.parts))) or str(offer.origin_id)
        row = [sku, offer.carrier_name, offer.delivery, str(offer.price), days, by, leaves]
        table.add_row(*map(plain, row + ([offer.rate.service, _parts(offer)] if parts else [])))
    return table


def _parts(offer: Offer) -> str:
    """What a carrier's cost is made of: `base 10.54 + tax 0.74`; a line in parts has several, which are told apart."""
    if offer.parts:
        return "in parts"
    named = " + ".join(f"{part.name} {part.amount.amount}" for part in offer.rate.surcharges)
    return named or str(offer.rate.cost)


def _points(quote: Quote) -> Table:
    table = _table("Pick-up points", "carrier", "service", "code", "name", "address", "open", "metres")
    rows = (
        (offer.carrier_name, offer.rate.service, point.id, point.name, _address(point), point.hours, _metres(point))
        for _, offer in _offers_by_sku(quote)
        for point in offer.pickup_points
    )
    for row in dict.fromkeys(rows):
        table.add_row(*map(plain, row))
    return table


def _address(point: PickupPoint) -> str:
    return ", ".join(part for part in (point.address, f"{point.postal_code} {point.town}".strip()) if part)


def _metres(point: PickupPoint) -> str:
    return "" if point.distance is None else str(point.distance)


def _notes(quote: Quote) -> Table:
    table = _table("Notes", "carrier", "service", "about", "says")
    rows = (
        (offer.carrier_name, offer.rate.service, note.kind, note.text)
        for _, offer in _offers_by_sku(quote)
        for note in offer.rate.notes
    )
    for row in dict.fromkeys(rows):
        table.add_row(*map(plain, row))
    return table


def _refusals(quote: Quote, names: Mapping[str, str]) -> Table:
    table = _table("Refusals", "SKU", "carrier", "service", "type", "reason")
    for line in quote.lines:
        for refused in line.refusals:
            table.add_row(*_who(line.sku, refused, refused.refusal.service, names), plain(_refusal_words(refused)))
    return table


def _failures(quote: Quote, names: Mapping[str, str]) -> Table:
    table = _table("Failures", "SKU", "carrier", "service", "type", "reason")
    for line in quote.lines:
        for failed in line.failures:
            table.add_row(*_who(line.sku, failed, failed.failure.service, names), plain(_failure_words(failed)))
    return table


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", title_style="bold")


def _who(sku: str, said: RefusedService | FailedService, service: str, names: Mapping[str, str]) -> Iterator[Text]:
    return map(plain, (sku, names.get(said.carrier, said.carrier), service, said.delivery))


def _refusal_words(refused: RefusedService) -> str:
    refusal = refused.refusal
    own = " ".join(part for part in (refusal.code, refusal.text) if part)
    return f"{refusal.kind}: {own}" if own else str(refusal.kind)


def _failure_words(failed: FailedService) -> str:
    failure = failed.failure
    words = f"{failure.kind}: {failure.hint}" if failure.hint else str(failure.kind)
    return words if failure.retry_after is None else f"{words} (again in {failure.retry_after} s)"


def _days(lead_time: LeadTime) -> str:
    return str(lead_time.max) if lead_time.min == lead_time.max else f"{lead_time.min} to {lead_time.max}"
