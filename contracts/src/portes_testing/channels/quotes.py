"""The quotes that every channel is given to tell: served in many ways, not served, unknown, in part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Final

from portes.calendars import business_calendar
from portes.contract import (
    DeliveryType,
    FailedService,
    Failure,
    FailureKind,
    LeadTime,
    Money,
    Offer,
    PluginFailure,
    Quote,
    QuoteLine,
    QuoteRequest,
    Rate,
    Refusal,
    RefusalKind,
    RefusedService,
    Source,
    TransitTime,
    Verdict,
)

_ASKED: Final = date(2026, 3, 2)
NORMAL, EXPRESS, SUPER = DeliveryType


@dataclass(frozen=True, slots=True)
class Way:
    """One service that carries a line: by whom, how quickly, for how much."""

    carrier: str
    service: str
    delivery: DeliveryType
    minor: int
    days: tuple[int, int] = (3, 5)
    transit: int | None = None
    """The days at most that it is with the carrier, of those of the promise; None for all of them."""
    name: str = ""

    def offer(self, currency: str) -> Offer:
        """The offer of it, in a currency."""
        calendar = business_calendar("BR")
        price, most = Money(minor=self.minor, currency=currency), self.days[1] if self.transit is None else self.transit
        promise = LeadTime(
            min=self.days[0],
            max=self.days[1],
            calendar="BR",
            earliest=calendar.after(_ASKED, self.days[0]),
            latest=calendar.after(_ASKED, self.days[1]),
        )
        rate = Rate(
            service=self.service,
            cost=price,
            transit=TransitTime(min=min(self.days[0], most), max=most, calendar="BR"),
            source=Source.TABLE,
        )
        return Offer(
            delivery=self.delivery,
            price=price,
            lead_time=promise,
            carrier=self.carrier,
            carrier_id={"correios": 1, "jamef": 2}.get(self.carrier, 3),
            carrier_name=self.name or self.carrier.title(),
            origin_id=1,
            rate=rate,
        )


_POST: Final = Way("correios", "03298", NORMAL, 1990)
_ROAD: Final = Way("jamef", "road", NORMAL, 2475, (4, 7))
_FAST: Final = Way("correios", "03220", EXPRESS, 3550, (1, 2))
_SAME_DAY: Final = Way("courier", "now", SUPER, 9901, (0, 0))


def _dearer(ways: Sequence[Way], line: int) -> list[Way]:
    """The ways of a later line: each a little dearer and slower."""
    return [
        replace(way, minor=way.minor + 13 * line, days=(way.days[0] + line % 3, way.days[1] + line % 3)) for way in ways
    ]


_LINES: Final[dict[str, Sequence[Sequence[Way]]]] = {
    "one service": [[_POST]],
    "a type of each kind": [[_POST, _FAST, _SAME_DAY]],
    "two carriers of one type": [[_POST, _ROAD, _FAST]],
    "small change": [[replace(_POST, minor=10)], [replace(_POST, minor=20)], [replace(_POST, minor=70)]],
    "cents that no float holds": [[replace(_POST, minor=1_01), replace(_FAST, minor=1_10)]],
    "a lorry": [[replace(_ROAD, minor=1_234_567_89, days=(28, 41))]],
    "goods that are made ready first": [[replace(_POST, days=(8, 11), transit=2)]],
    "a carrier of many signs": [[replace(_POST, name='São João & Filhos <"Ltda">')]],
}
"""The ways of each line by what they are about; the last of them, dearer and slower, of every further line."""
_OF_SEVERAL: Final[dict[str, Sequence[Sequence[Way]]]] = {
    "another carrier for each line": [[_POST], [_ROAD]],
    "a service that not every line has": [[_POST, replace(_ROAD, minor=2600)], [_ROAD]],
    "a slow line that is cheap": [[replace(_POST, minor=500, days=(9, 12))], [_POST]],
}


def served_quotes(request: QuoteRequest) -> Iterator[tuple[str, Quote]]:
    """Every served quote, with what it is about; those of several lines only where so many were asked about."""
    several = _OF_SEVERAL.items() if len(request.lines) > 1 else ()
    for words, lines in chain(_LINES.items(), several):
        yield words, served(request, lines)


def free_quote(request: QuoteRequest) -> Quote:
    """A quote of which normal delivery costs nothing, since a rule of the shop says so."""
    return served(request, [[replace(_POST, minor=0)]])


def foreign_quote(request: QuoteRequest) -> Quote:
    """A quote in a currency that is not the store's, which no engine gives."""
    return served(request, [[_POST, _FAST]], "EUR" if request.currency != "EUR" else "USD")


def parted_quote(request: QuoteRequest) -> Quote:
    """A quote of lines that are answered apart: the first is offered, and the others are not served."""
    whole = served(request, [[_POST, _FAST]])
    others = [_refused_line(line.sku) for line in whole.lines[1:]]
    return whole.model_copy(update={"lines": (whole.lines[0], *others)})


def quote_in_part(request: QuoteRequest) -> Quote:
    """A quote with normal delivery, of which express could not be found out."""
    whole = served(request, [[_POST]])
    lines = tuple([line.model_copy(update={"failures": (_failed(EXPRESS),)}) for line in whole.lines])
    return whole.model_copy(update={"lines": lines, "uncertain": (EXPRESS,)})


def served(request: QuoteRequest, lines: Sequence[Sequence[Way]], currency: str = "") -> Quote:
    """A served quote with these ways of each line."""
    money = currency or request.currency
    told = []
    for number, line in enumerate(request.lines):
        ways = lines[number] if number < len(lines) else _dearer(lines[-1], number)
        told.append(QuoteLine(sku=line.sku, offers=tuple([way.offer(money) for way in ways])))
    return Quote(id="q-1", verdict=Verdict.SERVED, currency=money, lines=tuple(told))


def not_served_quotes(request: QuoteRequest) -> Iterator[tuple[str, Quote]]:
    """Quotes that nobody serves, with why."""
    for kind in (RefusalKind.NOT_SERVED, RefusalKind.TOO_HEAVY, RefusalKind.OTHER):
        lines = tuple([_refused_line(line.sku, kind) for line in request.lines])
        yield kind.value, Quote(id="q-1", verdict=Verdict.NOT_SERVED, currency=request.currency, lines=lines)


def unknown_quotes(request: QuoteRequest) -> Iterator[tuple[str, Quote]]:
    """Quotes of which nobody could find out, with why."""
    lines = [QuoteLine(sku=line.sku, failures=(_failed(NORMAL),)) for line in request.lines]
    late = Quote(id="q-1", verdict=Verdict.UNKNOWN, currency=request.currency, lines=tuple(lines), uncertain=(NORMAL,))
    yield "a carrier was late", late
    crashed = PluginFailure(part="rules.0", plugin="rule", distribution="shop 1.0", hint="it crashed")
    empty = tuple([QuoteLine(sku=line.sku) for line in request.lines])
    yield "a rule crashed", late.model_copy(update={"lines": empty, "uncertain": (), "plugin_failures": (crashed,)})


def _refused_line(sku: str, kind: RefusalKind = RefusalKind.NOT_SERVED) -> QuoteLine:
    refusal = Refusal(service="03298", kind=kind, code="99" if kind is RefusalKind.OTHER else "")
    return QuoteLine(
        sku=sku, refusals=(RefusedService(carrier="correios", delivery=NORMAL, origin_id=1, refusal=refusal),)
    )


def _failed(delivery: DeliveryType) -> FailedService:
    failure = Failure(service="road", kind=FailureKind.LATE, hint="no answer within 4 s")
    return FailedService(carrier="jamef", delivery=delivery, origin_id=1, failure=failure)


__all__ = [
    "Way",
    "foreign_quote",
    "free_quote",
    "not_served_quotes",
    "parted_quote",
    "quote_in_part",
    "served",
    "served_quotes",
    "unknown_quotes",
]
