"""The full derivation of a receipt, section by section."""

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from portes.cli.render import words
from portes.cli.render.origins import next_origins, parts
from portes.cli.render.packed_letters import packing_lines
from portes.cli.render.story import (
    CarrierShipment,
    ReceiptStory,
    answers_in_order,
    asked_about,
    effects,
    head,
    idle_before,
    idle_in_cart,
    idle_on,
    reply,
)
from portes.contract import DeliveryType, Offer, Quote, QuoteLine, Shipment, Verdict
from portes.engine.trace import Course, Derivation, Leg
from portes.receipts.receipt import Receipt, ReceiptAnswer


def full_story(told: ReceiptStory) -> Iterator[str]:
    """Everything that led to the price, line by line."""
    yield from head(told.receipt)
    for title, section in (
        ("Asked", _question(told.receipt)),
        ("Planned", _plan(told)),
        ("Heard", _answers(told.receipt)),
        ("Decided", _decision(told)),
        ("Verdict", _verdict(told)),
        ("Offered", _offers(told.receipt)),
        ("Replied", _reply(told.receipt)),
        ("At work", _versions(told.receipt)),
    ):
        yield from ("", title, *(f"  {line}" for line in section))


def _question(receipt: Receipt) -> Iterator[str]:
    for number, line in enumerate(receipt.request.lines, start=1):
        yield f"line {number}: {words.item(line)}"


def _plan(told: ReceiptStory) -> Iterator[str]:
    if told.derivation and not told.derivation.exact:
        yield "the choice of origins is not exact: the search for the fewest ended at its bound, and fewer may do"
    for carried, carriers in asked_about(told.receipt).items():
        yield from _shipment(carried, carriers, told.receipt)
    for packing in told.packings:
        yield from packing_lines(packing, told.skus)
    yield from next_origins(told.receipt, told.derivation)
    for leg in told.derivation.legs if told.derivation else ():
        for carrier, rule in leg.left_out:
            yield f"{carrier} was not asked about origin {leg.consignment.origin.id}: {told.rules.plan[rule].name}"
        yield from idle_before(leg, told)


def _shipment(carried: CarrierShipment, carriers: Sequence[str], receipt: Receipt) -> Iterator[str]:
    shipment, origin = carried.shipment, carried.shipment.origin
    place = f"{origin.place.country} {origin.place.postal_code}"
    yield f"shipment {shipment.id} from origin {origin.id}, {place}, {carried}"
    handling = f"{words.many(origin.handling_days, 'open day')} of the origin ({origin.calendar}) for handling"
    asked = receipt.moment.astimezone(ZoneInfo(origin.timezone)) if origin.timezone else receipt.moment
    clock = f" by the clock of {origin.timezone}, asked {words.day(asked.date())}, at {asked:%H:%M:%S}"
    yield f"  {handling}, orders until {origin.cut_off_on(asked.date()):%H:%M:%S}{clock if origin.timezone else ''}"
    services = f" ({words.listed(shipment.services)})" if shipment.services else ""
    yield f"  packed so for {words.listed(carriers)}{services}"
    yield from (f"  {words.parcel(parcel)}" for parcel in shipment.parcels)
    pieces, value = words.many(shipment.pieces, "parcel"), shipment.value or "not stated for all"
    yield f"  together {pieces}, {shipment.weight} g, {shipment.volume} mm³, value {value}"


def _answers(receipt: Receipt) -> Iterator[str]:
    fallbacks = {id(fallback) for answer in receipt.answers for fallback in answer.chain}
    for answer in answers_in_order(receipt):
        yield from _answer(answer, receipt.shipments[answer.shipment], as_fallback=id(answer) in fallbacks)
    if not receipt.answers:
        yield "nobody was asked"


def _answer(answer: ReceiptAnswer, shipment: Shipment, *, as_fallback: bool) -> Iterator[str]:
    part = " as a fallback" if as_fallback else ""
    yield f"{answer.carrier}{part} about shipment {shipment.id}, in {words.took(answer.seconds)}"
    yield from (f"  {outcome}" for outcome in words.outcomes(answer.raw))
    if answer.covered is not None:
        before = set(words.outcomes(answer.raw))
        yield "  its failures were covered:"
        yield from (f"    {outcome}" for outcome in words.outcomes(answer.covered) if outcome not in before)


def _decision(told: ReceiptStory) -> Iterator[str]:
    if told.derivation is None:
        yield "today's settings do not lead here, so the rules' part cannot be told; see portes replay"
        return
    for leg in told.derivation.legs:
        for course in leg.courses:
            yield from _course(leg, course, told)
    for number, heard in enumerate(told.derivation.cart):
        for effect in effects(heard, told.rules.cart):
            yield f"line {number + 1}: {effect}"
    yield from idle_in_cart(told)


def _course(leg: Leg, course: Course, told: ReceiptStory) -> Iterator[str]:
    consignment = leg.consignment
    own = words.lines([line.position for line in consignment.lines])
    passing = words.many(leg.open_days, "open day")
    fetched = any(question.collection is not None for question in consignment.questions)
    leaving = f"{'ready' if fetched else 'handed over'} on {consignment.ready.day}"
    yield f"{course.delivery} for {own}, {leaving} after {passing} of the origin{_number(leg, told)}"
    yield f"  of these {_handling(leg)}"
    yield from (f"  {_offer(offer)}" for offer in course.offers)
    changes = list(effects(course.effects, told.rules.shipment))
    yield from (f"  {change}" for change in changes or ["no rule changed anything"])
    yield from (f"  {idle}" for idle in idle_on(course, leg, told))
    yield f"  left: {words.listed(f'{words.name(offer)} at {offer.price}' for offer in _best_first(course.left))}"


def _number(leg: Leg, told: ReceiptStory) -> str:
    """The origin's number where there are several."""
    origins = {each.consignment.origin.id for each in told.derivation.legs} if told.derivation else ()
    return f" {leg.consignment.origin.id}" if len(origins) > 1 else ""


def _handling(leg: Leg) -> str:
    origin, own = leg.consignment.origin.handling_days, leg.consignment.own_days
    put_off = leg.open_days - origin - own
    parts = [f"{origin} for handling at the origin"]
    parts += (
        [f"{own} for the slowest item, by the catalogue or the question, or because it is on pre-sale"] if own else []
    )
    parts += [f"{put_off} because the order came {_untimely(leg)}"] if put_off else []
    return words.listed(parts)


def _untimely(leg: Leg) -> str:
    """Why an order counts as one of another day."""
    ready = leg.consignment.ready
    asked = f"at {ready.asked:%H:%M:%S} on {words.day(ready.asked.date())}"
    return f"{asked}, after the cut-off at {words.clock(leg.cut_off)}" if ready.late else f"{asked}, a closed day"


def _offer(offer: Offer) -> str:
    extra = offer.price - offer.rate.cost
    packed = any(note.kind == "packaging" for note in offer.rate.notes)
    more = f" + {extra.amount} of {'cartons and ' if packed else ''}the service's own" if extra.minor else ""
    told = [f"{words.name(offer)}: cost {offer.rate.cost}{more}", words.days(offer.lead_time), *words.notes(offer.rate)]
    return ", ".join(told)


def _best_first(offers: Iterable[Offer]) -> list[Offer]:
    return sorted(offers, key=lambda offer: (offer.price.minor, offer.lead_time.max, offer.lead_time.min))


def _verdict(told: ReceiptStory) -> Iterator[str]:
    quote = told.receipt.quote
    for failed in quote.plugin_failures:
        yield words.plugin_failure(failed)
    if quote.plugin_failures:
        yield "so no price is certain, whatever the carriers said, and nobody knows"
        return
    certain = _certain(told.receipt, told.derivation)
    for number, line in enumerate(quote.lines):
        yield f"line {number + 1} {_known(line, certain[number])}"
    if told.receipt.request.answered_apart:
        yield from _apart(quote)
    elif quote.verdict is Verdict.SERVED:
        yield f"common to all lines: {words.types(_common(certain))}; so it is served"
        if quote.uncertain:
            yield f"with what failed it could be {words.types(quote.uncertain)} too; a channel may withhold the rest"
    elif quote.verdict is Verdict.UNKNOWN:
        possible = [have | _failed(line) for have, line in zip(certain, quote.lines, strict=True)]
        yield "common to all lines: nothing for certain"
        yield f"with what failed it could be {words.types(_common(possible))}; so nobody knows"
    else:
        yield "no type is common to all lines, whatever the failures would have said; so it is not served"


def _apart(quote: Quote) -> Iterator[str]:
    """The verdict over lines that are answered each for itself."""
    yield f"each line is answered for itself; so the whole is {quote.verdict.value.replace('_', ' ')}"
    if quote.uncertain:
        types = words.types(quote.uncertain)
        yield f"with what failed some line could have {types} too; a channel may withhold the rest"


def _certain(receipt: Receipt, derivation: Derivation | None) -> list[frozenset[DeliveryType]]:
    """The types offered per line: before the verdict where that is known, else those left after it."""
    if derivation is not None:
        return list(derivation.certain)
    return [frozenset(offer.delivery for offer in line.offers) for line in receipt.quote.lines]


def _known(line: QuoteLine, certain: frozenset[DeliveryType]) -> str:
    told = f"can be had {words.types(certain)}" if certain else "has no offer"
    failed = _failed(line) - certain
    return f"{told}; {words.types(failed)} failed" if failed else told


def _failed(line: QuoteLine) -> frozenset[DeliveryType]:
    return frozenset(failed.delivery for failed in line.failures)


def _common(lines: Iterable[frozenset[DeliveryType]]) -> frozenset[DeliveryType]:
    return frozenset(DeliveryType).intersection(*lines)


def _offers(receipt: Receipt) -> Iterator[str]:
    for number, line in enumerate(receipt.quote.lines, start=1):
        for offer in line.offers:
            made = f"{words.name(offer)}, {offer.carrier_name}, number {offer.carrier_id}"
            yield f"line {number} {offer.delivery}: {offer.price}, {words.days(offer.lead_time)}, {made}"
            yield from (f"  {part}" for part in parts(offer))
    if not any(line.offers for line in receipt.quote.lines):
        yield "nothing"


def _reply(receipt: Receipt) -> Iterator[str]:
    yield from (line.strip() for line in reply(receipt))
    if receipt.reply is None:
        yield "no channel's reply is kept with it"
    else:
        yield receipt.reply.body


def _versions(receipt: Receipt) -> Iterator[str]:
    return (f"{part}: {version or 'unversioned'}" for part, version in sorted(receipt.versions.items()))
