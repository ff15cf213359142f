"""A quote as tables for people; it knows no store."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from portes.contract import FailedService, LeadTime, Quote, RefusedService, Verdict

_VERDICTS = {
    Verdict.SERVED: Text("served", "bold green"),
    Verdict.NOT_SERVED: Text("not served: nobody carries all of it in one way of delivery", "bold yellow"),
    Verdict.UNKNOWN: Text("unknown: a carrier that failed could have made the difference", "bold red"),
}


def show(quote: Quote, names: Mapping[str, str]) -> None:
    """Print the verdict, the offers, and under them every refusal and failure. `names` are carriers' by key."""
    console = Console(highlight=False)
    console.print(_VERDICTS[quote.verdict])
    if quote.verdict is Verdict.SERVED:
        console.print(_offers(quote))
    if any(line.refusals for line in quote.lines):
        console.print(_refusals(quote, names))
    if any(line.failures for line in quote.lines):
        console.print(_failures(quote, names))


def _offers(quote: Quote) -> Table:
    table = _table("Offers", "SKU", "carrier", "type")
    table.add_column("price", justify="right", no_wrap=True)
    table.add_column("business days", justify="right")
    table.add_column("origin", justify="right")
    for line in quote.lines:
        for offer in line.offers:
            table.add_row(
                Text(line.sku),
                Text(offer.carrier_name),
                str(offer.delivery),
                str(offer.price),
                _days(offer.lead_time),
                str(offer.origin_id),
            )
    return table


def _refusals(quote: Quote, names: Mapping[str, str]) -> Table:
    table = _table("Refusals", "SKU", "carrier", "service", "type", "reason")
    for line in quote.lines:
        for refused in line.refusals:
            table.add_row(*_who(line.sku, refused, refused.refusal.service, names), Text(_refusal_words(refused)))
    return table


def _failures(quote: Quote, names: Mapping[str, str]) -> Table:
    table = _table("Failures", "SKU", "carrier", "service", "type", "reason")
    for line in quote.lines:
        for failed in line.failures:
            table.add_row(*_who(line.sku, failed, failed.failure.service, names), Text(_failure_words(failed)))
    return table


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", title_style="bold")


def _who(sku: str, said: RefusedService | FailedService, service: str, names: Mapping[str, str]) -> Iterator[Text]:
    return map(Text, (sku, names.get(said.carrier, said.carrier), service, said.delivery))


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
