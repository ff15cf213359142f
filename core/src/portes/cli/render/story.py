"""A receipt told in a few lines: who asked what, what was offered and why."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final, NamedTuple

from portes.cli.render import words
from portes.cli.render.origins import next_origins, parts, where
from portes.contract import DeliveryType, Offer, QuoteLine, Shipment, Verdict
from portes.engine.layouts import CarrierPacking
from portes.engine.trace import Course, Derivation, Effect, Leg
from portes.receipts.receipt import Receipt, ReceiptAnswer
from portes.rules.protocol import Occasion
from portes.store import BuiltRule

_VERDICTS: Final = {
    Verdict.SERVED: "served",
    Verdict.NOT_SERVED: "not served: nobody carries all of it in one way of delivery",
    Verdict.UNKNOWN: "unknown: what failed could have made the difference",
}

_MOST: Final = 5
"""Lines and shipments that are told in short."""


@dataclass(frozen=True)
class Rules:
    """The store's rules by phase, in the order of the file."""

    plan: Sequence[BuiltRule]
    shipment: Sequence[BuiltRule]
    cart: Sequence[BuiltRule]


@dataclass(frozen=True)
class ReceiptStory:
    """A receipt, and how its decision came about as far as that is known."""

    receipt: Receipt
    derivation: Derivation | None
    """None where today's settings do not lead to the recorded decision."""
    rules: Rules
    packings: Sequence[CarrierPacking] = ()
    """How the goods were packed for each carrier, with their places; empty where today's settings lead elsewhere."""

    @property
    def skus(self) -> dict[int, str]:
        """Those of the question's lines by position."""
        return {position: line.sku for position, line in enumerate(self.receipt.request.lines)}


def story(told: ReceiptStory) -> Iterator[str]:
    """The story, line by line."""
    yield from head(told.receipt)
    further = [*next_origins(told.receipt, told.derivation)]
    yield from (f"next      {origin}" for origin in further[:_MOST])
    yield from _more(len(further), "origin")
    lines = told.receipt.quote.lines
    for number, line in enumerate(lines[:_MOST]):
        yield from _offers(number, line, told)
    yield from _more(len(lines), "line")
    yield from _others(told.receipt)
    yield from _uncertain(told.receipt)
    idle = list(dict.fromkeys(idle_rules(told)))
    yield from (f"not       {each}" for each in idle[:_MOST])
    yield from _more(len(idle), "rule")
    yield from reply(told.receipt)


def head(receipt: Receipt) -> Iterator[str]:
    """The verdict, who asked, and from where to where."""
    request, quote = receipt.request, receipt.quote
    yield f"quote     {quote.id}: {_VERDICTS[quote.verdict]}"
    front = f" for {request.storefront}" if request.storefront else ""
    own = f", as {request.id}" if request.id else ""
    yield f"asked     {words.when(receipt.moment)} by {request.channel}{front}{own}"
    yield f"to        {request.destination.country} {request.destination.postal_code}"
    legs = list(_legs(receipt))
    yield from (f"from      {leg}" for leg in legs[:_MOST])
    yield from _more(len(legs), "shipment")


def _more(number: int, thing: str) -> Iterator[str]:
    if number > _MOST:
        yield f"{'':<9} and {words.many(number - _MOST, thing)} more; --full tells all"


class CarrierShipment(NamedTuple):
    """A shipment, and how it comes to some carriers."""

    shipment: Shipment
    ready: date | None
    """When it was ready for carriers that fetch at certain times; None for those that get it on that very day."""
    collection: time | None
    """When these fetch it on its dispatch date."""

    def __str__(self) -> str:
        """When it is handed over, and why then: `handed over on Thursday, 2026-03-05, collection at 16:00, ready …`."""
        day = self.shipment.dispatch_date
        if self.collection is None or self.ready is None:
            return f"handed over on {day}"
        return f"handed over on {words.day(day)}, collection at {words.clock(self.collection)}, {self._ready()}"

    def _ready(self) -> str:
        return "ready that day" if self.ready == self.shipment.dispatch_date else f"ready on {words.day(self.ready)}"


def _legs(receipt: Receipt) -> Iterator[str]:
    shipments = asked_about(receipt)
    several = Counter(_what_leaves(carried.shipment) for carried in shipments)
    packed = {(_what_leaves(each.shipment), each.shipment.parcels, each.shipment.services) for each in shipments}
    packings = Counter(name for name, *_ in packed)
    for carried, carriers in shipments.items():
        shipment = carried.shipment
        place, pieces = shipment.origin.place, shipment.pieces
        goods = f"{words.many(pieces, 'parcel')}, {shipment.weight} g"
        where = f"origin {shipment.origin.id}, {place.country} {place.postal_code}"
        name = _what_leaves(shipment)
        so = "packed so for" if packings[name] > 1 else "for"
        services = f" ({words.listed(shipment.services)})" if shipment.services else ""
        own = f", {so} {words.listed(carriers)}{services}" if several[name] > 1 else ""
        yield f"{where}: {goods}, {carried}{own}"


def _what_leaves(shipment: Shipment) -> str:
    """The name that all shipments of the same lines from one origin begin with, however they are packed."""
    return shipment.id.partition(".")[0]


def asked_about(receipt: Receipt) -> dict[CarrierShipment, list[str]]:
    """Each shipment once for every way in which it was packed and fetched, with the carriers that get it so."""
    shipments: dict[CarrierShipment, list[str]] = {}
    for answer in answers_in_order(receipt):
        carried = CarrierShipment(receipt.shipments[answer.shipment], answer.ready, answer.collection)
        carriers = shipments.setdefault(carried, [])
        carriers += [answer.carrier] if answer.carrier not in carriers else []
    return dict(sorted(shipments.items(), key=lambda one: receipt.shipments.index(one[0].shipment)))


def _offers(number: int, line: QuoteLine, told: ReceiptStory) -> Iterator[str]:
    """The winner of each delivery type."""
    winners: dict[DeliveryType, Offer] = {}
    for offer in line.offers:
        winners.setdefault(offer.delivery, offer)
    for offer in winners.values():
        head = f"{line.sku} by {offer.carrier_name} ({words.name(offer)})"
        yield f"{offer.delivery:<9} {head}: {offer.price}, {words.days(offer.lead_time)}"
        yield from (f"{'':<9} {reason}" for reason in _reasons(number, offer, told))


def _reasons(number: int, offer: Offer, told: ReceiptStory) -> Iterator[str]:
    if offer.parts:
        yield from parts(offer)
        return
    yield f"cost {offer.rate.cost}, {words.source(offer.rate)}"
    yield from words.parts(offer.rate)
    yield from (f"note {note}" for note in words.notes(offer.rate))
    leg, course = _course(number, offer, told.derivation)
    if told.derivation is None or course is None or leg is None:
        return
    first = next((each for each in course.offers if _same(each, offer)), None)
    if first is not None and first.price != offer.rate.cost:
        packed = any(note.kind == "packaging" for note in offer.rate.notes)
        yield f"with {'its cartons and ' if packed else ''}the service's own extra cost {first.price}"
    yield from effects(course.effects, told.rules.shipment, offer)
    cart = told.derivation.cart[number]
    if len(leg.consignment.lines) > 1:
        before = next((each for each in cart[0].before if _same(each, offer)), offer) if cart else offer
        yield f"{before.price} is this line's part, by chargeable weight"
    yield from effects(cart, told.rules.cart, offer)
    if len(course.left) > 1:
        yield f"cheapest of {len(course.left)} offers of this type"


def _course(number: int, offer: Offer, derivation: Derivation | None) -> tuple[Leg | None, Course | None]:
    for leg in derivation.legs if derivation else ():
        for course in leg.courses:
            own = any(line.position == number for line in leg.consignment.lines)
            if own and course.delivery == offer.delivery and leg.consignment.origin.id == offer.origin_id:
                return leg, course
    return None, None


def idle_rules(told: ReceiptStory) -> Iterator[str]:
    """The rules that did not apply, each with the first of its conditions that was not met."""
    for leg in told.derivation.legs if told.derivation else ():
        yield from idle_before(leg, told)
        for course in leg.courses:
            yield from idle_on(course, leg, told)
    yield from idle_in_cart(told)


def idle_before(leg: Leg, told: ReceiptStory) -> Iterator[str]:
    """Those of the plan, about what leaves one origin."""
    return _idle(told.rules.plan, leg.consignment.occasion, [()] * len(told.rules.plan))


def idle_on(course: Course, leg: Leg, told: ReceiptStory) -> Iterator[str]:
    """Those on the offers of one shipment and delivery type."""
    return _idle(told.rules.shipment, leg.consignment.occasion, [effect.before for effect in course.effects])


def idle_in_cart(told: ReceiptStory) -> Iterator[str]:
    """Those on all lines."""
    if told.derivation is not None and any(told.derivation.cart):
        heard = [[one for line in told.derivation.cart for one in line[number].before] for number in _numbers(told)]
        yield from _idle(told.rules.cart, told.derivation.occasion, heard)


def _numbers(told: ReceiptStory) -> range:
    return range(min(len(line) for line in told.derivation.cart)) if told.derivation else range(0)


def _idle(rules: Sequence[BuiltRule], occasion: Occasion, heard: Sequence[Sequence[Offer]]) -> Iterator[str]:
    for rule, offers in zip(rules, heard, strict=False):
        why = rule.conditions.unmet(occasion, offers)
        if why:
            yield f"{rule.name} did not apply: {why}"


def effects(heard: Iterable[Effect], rules: Sequence[BuiltRule], offer: Offer | None = None) -> Iterator[str]:
    """What rules changed: prices, promises, and whom they dropped; with an offer only its own."""
    for effect in heard:
        left = {_key(each): each for each in effect.after}
        name = rules[effect.rule].name
        for before in effect.before:
            after = left.get(_key(before))
            if after is None:
                yield f"{name} dropped {words.name(before)} at {before.price}"
            elif offer is None or _same(before, offer):
                yield from (f"{name} {words.name(before)} {change}" for change in _changes(before, after))


def _changes(before: Offer, after: Offer) -> Iterator[str]:
    if after.price != before.price:
        yield words.change(before.price, after.price)
    if after.lead_time != before.lead_time:
        yield f"later: {words.days(before.lead_time)}, now {words.days(after.lead_time)}"


def _key(offer: Offer) -> tuple[str, str]:
    return offer.carrier, offer.rate.service


def _same(one: Offer, other: Offer) -> bool:
    return _key(one) == _key(other)


def _others(receipt: Receipt) -> Iterator[str]:
    """Who refused and who failed, each once."""
    quote = receipt.quote
    refused = [each for line in quote.lines for each in line.refusals]
    failed = [each for line in quote.lines for each in line.failures]
    all_origins = [each.origin_id for each in refused] + [each.origin_id for each in failed]
    all_origins += [shipment.origin.id for shipment in receipt.shipments]
    no = (
        f"refused   {each.carrier} {each.refusal.service}{where(each.origin_id, all_origins)}, "
        f"{words.refusal(each.refusal)}"
        for each in refused
    )
    gaps = (
        f"failed    {each.carrier} {each.failure.service}{where(each.origin_id, all_origins)}, "
        f"{words.failure(each.failure)}"
        for each in failed
    )
    broken = (f"failed    {words.plugin_failure(each)}" for each in quote.plugin_failures)
    yield from dict.fromkeys((*no, *gaps, *broken))


def _uncertain(receipt: Receipt) -> Iterator[str]:
    """The types that failures decide about, beside those that are offered."""
    quote = receipt.quote
    if quote.verdict is Verdict.SERVED and quote.uncertain:
        which = "a line that lacks it" if receipt.request.answered_apart else "all lines"
        yield f"uncertain {words.types(quote.uncertain)}: it might serve {which} too, and could not be found out"


def answers_in_order(receipt: Receipt) -> Iterator[ReceiptAnswer]:
    """Every answer, each fallback's before that of the carrier it covered."""
    for answer in receipt.answers:
        yield from (*answer.chain, answer)


def reply(receipt: Receipt) -> Iterator[str]:
    """What the marketplace got, and how long it all took."""
    slowest: dict[str, float] = {}
    for one in answers_in_order(receipt):
        slowest[one.carrier] = max(one.seconds, slowest.get(one.carrier, 0.0))
    carriers = words.listed((f"{key} {words.took(most)}" for key, most in slowest.items()), nothing="nobody was asked")
    yield f"took      {words.took(receipt.seconds)} to decide; {carriers}"
    if receipt.reply is not None:
        yield f"replied   {receipt.reply.status} after {words.took(receipt.reply.seconds)}"
