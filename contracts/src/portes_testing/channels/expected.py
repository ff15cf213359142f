"""What a marketplace must come to read from a reply: the options of a quote, worked out apart from any channel."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portes.channels.understood import UnderstoodOption
from portes.contract import DeliveryType, Money, Offer, Quote
from portes_testing.channels.case import ChannelCase


@dataclass(frozen=True, slots=True)
class ExpectedOption:
    """One option of a quote: for the whole cart, or for one line."""

    price: Money
    days: int
    latest: date
    delivery: DeliveryType
    sku: str = ""

    @property
    def order(self) -> tuple[str, int, int]:
        """Where it stands among others, whoever lists them."""
        return self.sku, self.price.minor, self.days


def expected_options(quote: Quote, case: ChannelCase) -> list[ExpectedOption]:
    """The options that the case says are told, in the order of `ExpectedOption.order`."""
    lines = [[offer for offer in line.offers if offer.delivery in case.types] for line in quote.lines]
    skus = [line.sku for line in quote.lines]
    if case.by_line:
        found = [one for sku, line in zip(skus, lines, strict=True) for one in _chosen(_of_line(line, sku), case)]
    else:
        found = _chosen(_of_cart(lines), case)
    return sorted(found, key=lambda one: one.order)


def _chosen(options: list[ExpectedOption], case: ChannelCase) -> list[ExpectedOption]:
    best = sorted(options, key=lambda one: one.order)
    if case.options == "types":
        return [*{one.delivery: one for one in reversed(best)}.values()]
    return best[:1] if case.options == "cheapest" else best


def _of_line(offers: Sequence[Offer], sku: str) -> list[ExpectedOption]:
    return [_together([offer], sku) for offer in offers]


def _of_cart(lines: Sequence[Sequence[Offer]]) -> list[ExpectedOption]:
    """Each service that every line has, and of a type without one the best of each line together."""
    if not all(lines):
        return []
    common = [*_of_one_service(lines)]
    types = {offers[0].delivery for offers in common}
    mixed = [offers for offers in _of_one_type(lines) if offers[0].delivery not in types]
    return [_together(offers) for offers in (*common, *mixed)]


def _of_one_service(lines: Sequence[Sequence[Offer]]) -> Iterator[list[Offer]]:
    for first in _first_of_each(lines[0]):
        same = [_first(line, first) for line in lines]
        found = [offer for offer in same if offer is not None]
        if len(found) == len(lines):
            yield found


def _first_of_each(offers: Sequence[Offer]) -> Collection[Offer]:
    return {_service(offer): offer for offer in reversed(offers)}.values()


def _first(line: Iterable[Offer], wanted: Offer) -> Offer | None:
    return next((offer for offer in line if _service(offer) == _service(wanted)), None)


def _service(offer: Offer) -> tuple[DeliveryType, str, str]:
    return offer.delivery, offer.carrier, offer.rate.service


def _of_one_type(lines: Sequence[Sequence[Offer]]) -> Iterator[list[Offer]]:
    for delivery in DeliveryType:
        best = [[offer for offer in _best_of_types(line) if offer.delivery is delivery] for line in lines]
        if all(best):
            yield [line[0] for line in best]


def _best_of_types(offers: Sequence[Offer]) -> Collection[Offer]:
    return {offer.delivery: offer for offer in reversed(offers)}.values()


def _together(offers: Sequence[Offer], sku: str = "") -> ExpectedOption:
    """All of these: their prices added up, there when the slowest is."""
    minor = sum(offer.price.minor for offer in offers)
    price = Money(minor=minor, currency=offers[0].price.currency)
    times = [offer.lead_time for offer in offers]
    return ExpectedOption(
        price, max(time.max for time in times), max(time.latest for time in times), offers[0].delivery, sku
    )


def misread(found: Sequence[UnderstoodOption], wanted: Sequence[ExpectedOption], case: ChannelCase) -> list[str]:
    """What is wrong with the options that a marketplace reads, beside those of the quote; nothing where all is well."""
    if case.options == "one":
        return _misread_alone(found, wanted, case)
    listed = sorted(found, key=lambda one: (one.sku, one.price.minor, one.days or 0))
    if [(one.sku, one.price) for one in listed] != [(one.sku, one.price) for one in wanted]:
        return [f"it reads {_prices(listed)} where the quote says {_prices(wanted)}"]
    return [fault for one, told in zip(wanted, listed, strict=True) for fault in _broken_promises(told, one, case)]


def _misread_alone(found: Sequence[UnderstoodOption], wanted: Sequence[ExpectedOption], case: ChannelCase) -> list[str]:
    alike = [one for one in wanted if [one.price] == [each.price for each in found]]
    if not alike:
        return [f"it reads {_prices(found)} where the quote says one of {_prices(wanted)}"]
    faults = [_broken_promises(found[0], one, case) for one in alike]
    return [] if not all(faults) else faults[0]


def _broken_promises(told: UnderstoodOption, wanted: ExpectedOption, case: ChannelCase) -> list[str]:
    """A promise that is sooner than the quote's, or one that is missing."""
    faults = []
    if (told.days is None and case.times == "days") or (told.latest is None and case.times == "dates"):
        faults.append(f"{told.name} for {told.price} tells no {case.times}")
    if told.days is not None and told.days < wanted.days:
        faults.append(f"{told.name} for {told.price} is read as {told.days} days, and the quote says {wanted.days}")
    if told.latest is not None and told.latest < wanted.latest:
        faults.append(f"{told.name} for {told.price} is read as {told.latest}, and the quote says {wanted.latest}")
    return faults


def _prices(options: Sequence[UnderstoodOption] | Sequence[ExpectedOption]) -> str:
    return ", ".join(f"{one.sku} {one.price}".strip() for one in options) or "nothing"


__all__ = ["ExpectedOption", "expected_options", "misread"]
