"""Nouns of a receipt in a few words each; who prints them escapes what is foreign in them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Final

from portes.contract import (
    Answer,
    DeliveryType,
    Dimensions,
    Failure,
    LeadTime,
    Money,
    Offer,
    Parcel,
    PluginFailure,
    Rate,
    Refusal,
    RequestLine,
    Source,
)

_SOURCES: Final = {
    Source.LIVE: "asked live",
    Source.TABLE: "from a table",
    Source.CACHE: "out of memory",
    Source.FALLBACK: "from the fallback",
}
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS: Final = (("d", 86_400), ("h", 3600), ("min", 60))


def listed(words: Iterable[str], *, nothing: str = "none") -> str:
    """Words in a row, with commas between them."""
    return ", ".join(words) or nothing


def when(moment: datetime) -> str:
    """A moment to the second, with its offset."""
    return moment.isoformat(sep=" ", timespec="seconds")


def day(on: date | None) -> str:
    """A day with its weekday: `Thursday, 2026-03-05`."""
    return "an unknown day" if on is None else f"{_WEEKDAYS[on.weekday()]}, {on}"


def clock(at: time) -> str:
    """A time of day, its seconds where it has some."""
    return at.isoformat(timespec="seconds" if at.second else "minutes")


def took(seconds: float) -> str:
    """A span of waiting, in s or ms."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def old(seconds: int) -> str:
    """An age, in its largest unit."""
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= size), ("s", 1))
    return f"{seconds // size} {unit} old"


def source(rate: Rate) -> str:
    """Where a rate came from, and how old it is."""
    return _SOURCES[rate.source] + (f", {old(rate.age)}" if rate.age else "")


def many(number: int, thing: str) -> str:
    """A number of things, in the plural unless it is one."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def span(shortest: int, longest: int) -> str:
    """A span of business days in words."""
    return many(longest, "business day") if shortest == longest else f"{shortest} to {longest} business days"


def days(time: LeadTime) -> str:
    """A lead time: business days, whose they are, and the dates that they come to."""
    dates = dict.fromkeys((time.earliest, time.latest))
    return f"{span(time.min, time.max)} of {time.calendar}, {' to '.join(map(str, dates))}"


def types(deliveries: Iterable[DeliveryType]) -> str:
    """Delivery types, quicker ones last."""
    return listed(delivery for delivery in DeliveryType if delivery in set(deliveries))


def size(dimensions: Dimensions) -> str:
    """Length, width and height."""
    return f"{dimensions.length} x {dimensions.width} x {dimensions.height} mm"


def item(line: RequestLine) -> str:
    """One line of a question: SKU, units, and weight and size as they were told."""
    weight = "no weight told" if line.weight is None else f"{line.weight} g"
    told = "no size told" if line.size is None else size(line.size)
    words = [f"{line.quantity} x {line.sku}", f"{weight} and {told} each"]
    words += [f"worth {line.declared_value} each"] if line.declared_value else []
    words += ["on pre-sale"] if line.pre_sale else []
    words += [f"ready in {many(line.handling_days, 'day')}"] if line.handling_days else []
    words += [f"tagged {listed(line.tags)}"] if line.tags else []
    return ", ".join(words)


def parcel(packed: Parcel) -> str:
    """Equal parcels: count, weight, size, value, lines and units."""
    words = [f"{packed.count} x {packed.weight} g", size(packed.size), f"volume {packed.volume} mm³"]
    words += [f"worth {packed.value}"] if packed.value else ["of no stated value"]
    words += [f"with {lines(packed.lines)}"] if packed.lines else []
    words += [f"of {many(packed.units, 'unit')}"] if packed.units else []
    return ", ".join(words)


def lines(positions: Sequence[int]) -> str:
    """Lines of a question, counted as people do."""
    return f"{'line' if len(positions) == 1 else 'lines'} {listed(str(position + 1) for position in positions)}"


def rate(said: Rate) -> str:
    """A rate and what it is made of."""
    parts = " + ".join(f"{part.name} {part.amount.amount}" for part in said.surcharges)
    words = [f"{said.cost}" + (f" = {parts}" if parts else ""), span(said.transit.min, said.transit.max)]
    words += [f"promised for {said.transit.promised}"] if said.transit.promised else []
    return ", ".join([*words, source(said), *notes(said)])


def notes(said: Rate) -> list[str]:
    """What is to be known of a rate beside its price, each with its kind."""
    return [f"{note.kind}: {note.text}" for note in said.notes]


def parts(said: Rate) -> Iterator[str]:
    """What a rate is made of, a line each, to be held against an invoice; nothing where it is of one part."""
    if len(said.surcharges) < 2:
        return
    width = len(str(said.cost.amount))
    yield from (f"  {part.amount.amount!s:>{width}} {part.name}" for part in said.surcharges)


def refusal(said: Refusal) -> str:
    """Why a carrier said no."""
    own = " ".join(filter(None, (said.code, said.text)))
    return f"{said.kind}: {own}" if own else str(said.kind)


def failure(said: Failure) -> str:
    """Why nobody could find out."""
    words = f"{said.kind}: {said.hint}" if said.hint else str(said.kind)
    return words if said.retry_after is None else f"{words} (again in {said.retry_after} s)"


def outcomes(answer: Answer) -> list[str]:
    """Every service of an answer, one line each."""
    told = [f"{said.service} carries for {rate(said)}" for said in answer.rates]
    told += [f"{said.service} refuses, {refusal(said)}" for said in answer.refusals]
    return told + [f"{said.service} failed, {failure(said)}" for said in answer.failures]


def name(offer: Offer) -> str:
    """Whose an offer is: the carrier's key and the service."""
    return f"{offer.carrier} {offer.rate.service}"


def change(before: Money, after: Money) -> str:
    """A price before and after."""
    return f"{before.amount} → {after.amount}"


def plugin_failure(failed: PluginFailure) -> str:
    """A rule or packer that failed: where it stands, whose it is and what it did."""
    return f"{failed.part} {failed.plugin} of {failed.distribution}: it {failed.hint}"
