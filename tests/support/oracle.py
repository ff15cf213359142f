"""An oracle of plan and decide: what a store must ask and answer, worked out slowly from the documents.

It shares nothing with the product: it walks days one by one, tries every assignment of lines to origins, and holds the
holidays of 2026 itself. Its rooms: `oracle_nouns` what is said, `oracle_stock` and `oracle_ways` where lines leave,
`oracle_week` and `oracle_days` when, `oracle_offers` what carriers say, `oracle_shares` each line's part of a price,
`oracle_rules` and `oracle_when` the rules of a store.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from oracle_nouns import PlainLine, PlainShipment, Prediction, no_of
from oracle_rules import DELIVERIES, after_cart_rules
from oracle_stock import origins_with_all
from oracle_ways import source_lines
from oracle_when import Asked
from written_store import WrittenCart, WrittenLine, WrittenSku, WrittenStore


def predict(store: WrittenStore, cart: WrittenCart) -> Prediction:
    problems = _problems(store, cart)
    if problems:
        return Prediction(problems)
    catalogue = store.catalogue or {}
    lines = [_enriched(line, catalogue.get(line.sku)) for line in cart.lines]
    unknown = [
        position
        for position, line in enumerate(lines)
        if store.catalogue is not None and store.unknown_sku != "quote" and line.sku not in catalogue
    ]
    made = Prediction([], lines=[PlainLine(line.sku) for line in lines])
    missing = [position for position in range(len(lines)) if not origins_with_all(store, lines[position])]
    known = [position for position in range(len(lines)) if position not in {*unknown, *missing}]
    for positions in [[one] for one in known] if store.lines == "each" else [known] if known else []:
        source_lines(store, cart, lines, positions, made)
    for position in unknown:
        _answer_unasked(store, made.lines[position], refused=store.unknown_sku == "refuse")
    for position in missing:
        _answer_unasked(store, made.lines[position], refused=True)
    made.verdict, types, made.uncertain = _verdict(made.lines)
    offers = [[one for one in line.offers if one.delivery in types] for line in made.lines]
    everything = Asked(cart, lines, lines, None)
    ruled = after_cart_rules(offers, store.rules, everything, together=store.lines == "together")
    for line, left in zip(made.lines, ruled, strict=True):
        line.offers = left
    return made


_MEASURES: Final = ("weight", "size.length", "size.width", "size.height")


def _problems(store: WrittenStore, cart: WrittenCart) -> list[str]:
    if store.allow_zero_measures:
        return []
    return [
        f"lines.{position}.{what}"
        for position, line in enumerate(cart.lines)
        for what, measure in zip(_MEASURES, (line.weight, *line.sides), strict=True)
        if measure == 0
    ]


def _enriched(line: WrittenLine, sku: WrittenSku | None) -> WrittenLine:
    if sku is None:
        return line
    return replace(line, value=sku.value if line.value is None else line.value, tags=line.tags + sku.tags)


def _answer_unasked(store: WrittenStore, line: PlainLine, *, refused: bool) -> None:
    """What becomes of a SKU that the catalogue lacks, or nobody has enough of: no origin is chosen, so 0 is told."""
    services = [(one, service) for one in store.carriers if not one.fallback_only for service in one.services]
    noes = [no_of(carrier, service, 0) for carrier, service in services if service.active]
    if refused:
        line.refusals = noes
    else:
        line.failures = noes
        line.possible = {one.delivery for one in noes}


def _verdict(lines: Sequence[PlainLine]) -> tuple[str, set[str], list[str]]:
    certain = [{one.delivery for one in line.offers} for line in lines]
    possible = [line.possible for line in lines]
    offered = {delivery for delivery in DELIVERIES if all(delivery in own for own in certain)}
    might = [delivery for delivery in DELIVERIES if all(delivery in own for own in possible)]
    uncertain = [delivery for delivery in might if delivery not in offered]
    verdict = "served" if offered else "unknown" if uncertain else "not_served"
    return verdict, offered, uncertain


def by_carrier(asked: Mapping[str, Sequence[PlainShipment]]) -> dict[str, list[PlainShipment]]:
    """The same without carriers that are asked nothing, each one's shipments sorted."""
    return {carrier: sorted(own) for carrier, own in asked.items() if own}
