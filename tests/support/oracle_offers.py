"""What carriers say of what leaves an origin, and what becomes of it for each line."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from oracle_days import arrives
from oracle_nouns import PlainLine, PlainOffer, PlainShipment, Prediction, active_services, no_of
from oracle_rules import after_shipment_rules, may_be_asked
from oracle_shares import exact_shares, shared_out
from oracle_week import Load, days_told, leaves
from oracle_when import Asked
from written_store import WrittenCarrier, WrittenCart, WrittenLine, WrittenOutcome, WrittenService, WrittenStore


def answers_to(
    store: WrittenStore,
    cart: WrittenCart,
    lines: Sequence[WrittenLine],
    load: Load,
    types: set[str] | None,
    made: Prediction,
) -> dict[int, PlainLine]:
    """Ask everybody about a load and some delivery types; what its lines are to be answered."""
    loaded = [lines[position] for position in load.positions]
    heard = PlainLine("")
    question = Asked(cart, lines, loaded, load.origin.number)
    willing = [one for one in store.carriers if may_be_asked(one.key, store.rules, question)]
    for carrier in willing:
        if not carrier.fallback_only:
            spares = (_of_types(one, types) for one in willing if one.key == carrier.fallback)
            spare = next((one for one in spares if active_services(one)), None)
            grams = sum(line.quantity * line.weight for line in loaded)
            shipment = PlainShipment(load.origin.number, load.positions, leaves(store, load, carrier.key), grams)
            _hear(_of_types(carrier, types), spare, loaded, _Question(load, shipment), heard, made.asked)
    offers = [replace(one, rank=rank) for rank, one in enumerate(heard.offers)]
    left = after_shipment_rules(offers, store.rules, question)
    shares = [shared_out(one.price, loaded, store.cubic_divisor) for one in left]
    exact = [exact_shares(one.price, loaded, store.cubic_divisor) for one in left]
    answered: dict[int, PlainLine] = {}
    for index, position in enumerate(load.positions):
        both = zip(left, shares, exact, strict=True)
        own = [replace(one, price=parts[index], exact=wholes[index]) for one, parts, wholes in both]
        possible = {one.delivery for one in own} | {one.delivery for one in heard.failures}
        answered[position] = PlainLine(lines[position].sku, own, heard.refusals, heard.failures, possible)
    return answered


def _of_types(carrier: WrittenCarrier, types: set[str] | None) -> WrittenCarrier:
    if types is None:
        return carrier
    return replace(carrier, services=tuple(one for one in carrier.services if one.delivery in types))


class _Question(NamedTuple):
    load: Load
    shipment: PlainShipment


def _hear(
    carrier: WrittenCarrier,
    spare: WrittenCarrier | None,
    lines: Sequence[WrittenLine],
    question: _Question,
    heard: PlainLine,
    asked: dict[str, list[PlainShipment]],
) -> None:
    """Add what a carrier says, and where it has no rate of a type, in place of its failures, what its fallback says."""
    said = _heard_of(carrier, lines, question.shipment, asked)
    refused, failed = ([service for service, one in said if one.word == word] for word in ("no", "failed"))
    offers = [_offer(carrier, service, one, question, carrier.calendar) for service, one in said if one.word == "rate"]
    own = {service.delivery for service, one in said if one.word == "rate"}
    bare = [service for service in failed if service.delivery not in own]
    if spare is not None and bare:
        instead = _instead(bare, _heard_of(spare, lines, question.shipment, asked))
        made = [_offer(carrier, service, one, question, spare.calendar) for service, one in instead.values()]
        offers += [replace(one, by_fallback=True, notes=tuple(sorted([*one.notes, "fallback"]))) for one in made]
        failed = [service for service in failed if service.delivery not in instead]
    codes = [service.code for service in carrier.services]
    heard.offers += sorted(offers, key=lambda one: codes.index(one.service))
    heard.refusals += [no_of(carrier, service, question.shipment.origin) for service in refused]
    heard.failures += [no_of(carrier, service, question.shipment.origin) for service in failed]


_Said = list[tuple[WrittenService, WrittenOutcome]]


def _heard_of(
    carrier: WrittenCarrier,
    lines: Sequence[WrittenLine],
    shipment: PlainShipment,
    asked: dict[str, list[PlainShipment]],
) -> _Said:
    """What becomes of each active service; those that are told of equal parcels are asked about them together."""
    every = [(service, _value_note(carrier, service, lines)) for service in active_services(carrier)]
    asked.setdefault(carrier.key, []).extend([shipment] * len({note for _, note in every} - {_REFUSED}))
    return [(service, _said(service, shipment, note)) for service, note in every]


_REFUSED = "refused"


def _value_note(carrier: WrittenCarrier, service: WrittenService, lines: Sequence[WrittenLine]) -> str:
    """What becomes of units, each a parcel of its own, of which one is worth more than can be declared."""
    if not carrier.most_value or all((line.value or 0) <= carrier.most_value for line in lines):
        return ""
    return {"cap": "value_capped", "undeclared": "value_undeclared"}.get(service.above_value, _REFUSED)


def _said(service: WrittenService, shipment: PlainShipment, note: str) -> WrittenOutcome:
    if note == _REFUSED:
        return WrittenOutcome("no")
    said = service.outcomes[(shipment.origin + shipment.grams) % len(service.outcomes)]
    return replace(said, notes=(*said.notes, note)) if note else said


def _offer(
    carrier: WrittenCarrier, service: WrittenService, said: WrittenOutcome, question: _Question, calendar: str
) -> PlainOffer:
    load, leaving = question.load, question.shipment.leaves
    # where the clock of an origin is behind, goods may leave on a day that is over for whoever asked
    first, last = (max(load.asked, arrives(leaving, days + service.extra_days, calendar)) for days in said.days)
    return PlainOffer(
        delivery=service.delivery,
        price=said.cost + service.extra_cost,
        days=(days_told(load, first), days_told(load, last)),
        carrier=carrier.key,
        number=carrier.number,
        name=carrier.key.title(),
        origin=load.origin.number,
        calendar=load.counts,
        service=service.code,
        cost=said.cost,
        transit=said.days,
        dates=(first, last),
        notes=tuple(sorted(said.notes)),
    )


def _instead(failed: Sequence[WrittenService], said: _Said) -> dict[str, tuple[WrittenService, WrittenOutcome]]:
    """By delivery type, the fallback's cheapest rate, the quicker of equal ones, as one of the first that failed."""
    found: dict[str, tuple[WrittenService, WrittenOutcome]] = {}
    for service in failed:
        rates = [one for own, one in said if own.delivery == service.delivery and one.word == "rate"]
        if rates and service.delivery not in found:
            found[service.delivery] = service, min(rates, key=lambda one: (one.cost, one.days[1]))
    return found
