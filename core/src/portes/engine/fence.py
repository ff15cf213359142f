"""The fence around a store's rules and packers: one that crashes or breaks its word costs a question, no more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from inspect import iscoroutine
from itertools import repeat
from operator import attrgetter, itemgetter
from traceback import format_exception
from typing import Any, Final, NoReturn

import structlog

from portes.contract import LeadTime, Money, Offer, Parcel, PluginFailure
from portes.contract.bounds import (
    DEAREST_PARCEL,
    HEAVIEST_PARCEL,
    LARGEST_VOLUME,
    LONGEST_BOX,
    LONGEST_SPAN,
    MOST_MONEY,
    MOST_QUANTITY,
    MOST_UNITS,
)
from portes.errors import crash_place, pass_interrupt, shown
from portes.packing.protocol import PackedLine, PackedParcel, Packer, PackingTask
from portes.redaction import LOGGED, MaskedError
from portes.rules.later import later
from portes.rules.protocol import CartRule, Occasion, Phase, PlanRule, Rule, ShipmentRule

_log = structlog.get_logger(__name__)

_KEPT: Final = tuple(name for name in Offer.model_fields if name not in {"price", "lead_time"})
"""What no rule may change of an offer; its lead time may grow."""
_kept: Final = itemgetter(*_KEPT)
_NOTHING: Final = object()
_SIDE: Final = range(LONGEST_BOX + 1)
_PARCEL: Final = {
    "weight": range(HEAVIEST_PARCEL + 1),
    "volume": range(LARGEST_VOLUME + 1),
    "count": range(1, MOST_QUANTITY + 1),
    "volumes": range(1, MOST_QUANTITY + 1),
    "size.length": _SIDE,
    "size.width": _SIDE,
    "size.height": _SIDE,
}
"""The numbers of a parcel, each with what it may be: nouns are held to it when they are made, and not when copied."""
_UNITS: Final = range(1, MOST_QUANTITY + 1)
"""What the units of a parcel may be, beside None."""
_numbers: Final = attrgetter(*_PARCEL)


class PluginFailedError(Exception):
    """A rule or a packer failed over a question; it was logged, and the failure says how."""

    def __init__(self, failure: PluginFailure) -> None:
        super().__init__(failure.hint)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Fence:
    """What stands between the engine and one plugin of a store that it calls for each question."""

    part: str
    """Where the settings name it: `rules.0`."""
    plugin: str
    distribution: str
    """With its version."""
    package: str
    """What it is imported from, for the line of a crash."""
    currency: str
    """Whose money its prices must be."""
    _told: dict[str, datetime] = field(default_factory=dict)
    """The moment of the question over which it was last logged, by what went wrong."""

    def rule(self, phase: Phase, rule: Rule) -> Rule:
        """The rule of a phase, fenced: what it raises and what it breaks is a `PluginFailedError`."""
        fenced: dict[Phase, Callable[[Any], Rule]] = {
            Phase.PLAN: self._plan_rule,
            Phase.SHIPMENT: self._shipment_rule,
            Phase.CART: self._cart_rule,
        }
        return fenced[phase](rule)

    def packer(self, packer: Packer) -> Packer:
        """A packer, fenced: what it gives back are packed parcels, at least one, or it raises `PluginFailedError`."""
        currency = self.currency

        def fenced(task: PackingTask) -> Sequence[PackedParcel]:
            try:
                packed = packer(task)
                flaw = _packed_flaw(packed, currency) or _units_flaw([one.parcel for one in packed], task.lines)
            except BaseException as error:  # noqa: BLE001 — a stranger's bug must cost nothing but this question
                self._crashed(error, None)
            if flaw:
                self._wrong(flaw, None)
            return packed

        return fenced

    def _plan_rule(self, rule: PlanRule) -> PlanRule:
        def fenced(carrier: str, occasion: Occasion) -> bool:
            try:
                may = rule(carrier, occasion)
            except BaseException as error:  # noqa: BLE001 — a stranger's bug must cost nothing but this question
                self._crashed(error, occasion.moment)
            if not isinstance(may, bool):
                self._wrong(f"returned {_named(may)}; it must return True or False", occasion.moment)
            return may

        return fenced

    def _shipment_rule(self, rule: ShipmentRule) -> ShipmentRule:
        currency = self.currency

        def fenced(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:
            given = tuple(offers)  # what cannot be changed in place
            try:
                after = rule(given, occasion)
                flaw = "" if after is given else _flaw(given, after, currency)
            except BaseException as error:  # noqa: BLE001 — a stranger's bug must cost nothing but this question
                self._crashed(error, occasion.moment)
            if flaw:
                self._wrong(flaw, occasion.moment)
            return after

        return fenced

    def _cart_rule(self, rule: CartRule) -> CartRule:
        currency = self.currency

        def fenced(lines: Sequence[Sequence[Offer]], occasion: Occasion) -> Sequence[Sequence[Offer]]:
            given = tuple(map(tuple, lines))
            try:
                after = rule(given, occasion)
                apart = occasion.request.answered_apart
                flaw = "" if after is given else _cart_flaw(given, after, currency, apart=apart)
            except BaseException as error:  # noqa: BLE001 — a stranger's bug must cost nothing but this question
                self._crashed(error, occasion.moment)
            if flaw:
                self._wrong(flaw, occasion.moment)
            return after

        return fenced

    def _crashed(self, error: BaseException, moment: datetime | None) -> NoReturn:
        pass_interrupt(error)
        place = crash_place(error, self.package)
        trace = MaskedError(LOGGED.text("".join(format_exception(error))))
        # neither what it says nor an address in it: the receipt must read alike whenever it is decided again
        self._fail(f"raised {type(error).__name__}{f' at {place}' if place else ''}", moment, trace)

    def _wrong(self, flaw: str, moment: datetime | None) -> NoReturn:
        self._fail(LOGGED.text(flaw), moment, None)

    def _fail(self, hint: str, moment: datetime | None, trace: MaskedError | None) -> NoReturn:
        who = {"part": self.part, "plugin": self.plugin, "distribution": self.distribution, "hint": hint}
        if moment is None or self._told.get(hint) != moment:  # once a question, however many shipments it has
            _log.error("plugin failed", **who, **({"exc_info": trace} if trace else {}))
            self._told.clear()
            self._told.update({hint: moment} if moment else {})
        raise PluginFailedError(PluginFailure(**who)) from None


def _flaw(given: Sequence[Offer], after: object, currency: str) -> str:
    """What is wrong with the offers that a rule gave back for those it was given; empty when nothing is.

    Most rules give back what they were given, in its order: that is looked at first, for each quote pays for it.
    """
    if not isinstance(after, list | tuple):
        return f"returned {_named(after)}; it must return a list of offers"
    if len(after) == len(given) and all(map(_is_changed_soundly, given, after, repeat(currency))):
        return ""
    left = list(given)
    for offer in after:
        if type(offer) is not Offer:
            return f"returned {_named(offer)} in place of an offer"
        before = next((one for one in left if one is offer), None) or next(
            (one for one in left if _is_same_offer(one, offer) and _is_as_late(one, offer)), None
        )
        if before is None:
            return _strange(left, offer)
        if flaw := _price_flaw(offer, currency):
            return flaw
        left = [one for one in left if one is not before]
    return ""


def _is_changed_soundly(before: Offer, after: object, currency: str) -> bool:
    if after is before:
        return True
    if type(after) is not Offer or not (_is_same_offer(before, after) and _is_as_late(before, after)):
        return False
    return not _price_flaw(after, currency)


def _is_same_offer(before: Offer, after: Offer) -> bool:
    its = after.__dict__
    return len(its) == len(before.__dict__) and bool(_kept(before.__dict__) == _kept(its))


def _is_as_late(before: Offer, after: Offer) -> bool:
    """Whether a promise is what it was, or whole business days of its own calendar later, its dates with it."""
    was, told = before.lead_time, after.__dict__.get("lead_time")
    if told is was:
        return True
    if type(told) is not LeadTime or type(told.min) is not int or type(told.max) is not int:
        return False
    least, most = told.min - was.min, told.max - was.max
    if least < 0 or most < 0 or not told.min <= told.max <= LONGEST_SPAN:
        return False
    return bool(told == later(was, least, most))


def _strange(left: Sequence[Offer], offer: Offer) -> str:
    """What is wrong with an offer that is none of those given."""
    its = offer.__dict__
    who = f"{shown(its.get('carrier'))} for {shown(its.get('delivery'))} delivery"
    for before in left:
        changed = [name for name in _KEPT if before.__dict__[name] != its.get(name, _NOTHING)]
        if not changed:
            return f"changed lead_time of the offer of {who}; it may only grow, by whole business days, its dates too"
        if len(changed) == 1:
            return f"changed {changed[0]} of the offer of {who}; it may change prices, and put promises off"
    return f"returned an offer of {who} that it was not given, or gave it twice"


def _price_flaw(offer: Offer, currency: str) -> str:
    price = offer.__dict__.get("price")
    if type(price) is not Money:
        return f"priced the offer of {shown(offer.carrier)} at {_told(price)}, which is {_named(price)} and not Money"
    its = price.__dict__
    minor = its.get("minor")
    if type(minor) is int and 0 <= minor <= MOST_MONEY and its.get("currency") == currency:
        return ""
    if type(minor) is not int:
        return f"priced the offer of {shown(offer.carrier)} at {_told(minor)} minor units, which is no whole number"
    if price.currency != currency:
        return f"priced the offer of {shown(offer.carrier)} in {shown(price.currency)}, the store sells in {currency}"
    if minor > MOST_MONEY:
        return f"priced the offer of {shown(offer.carrier)} at more than {MOST_MONEY} minor units"
    return f"priced the offer of {shown(offer.carrier)} below zero, at {minor} minor units"


def _cart_flaw(given: Sequence[Sequence[Offer]], after: object, currency: str, *, apart: bool) -> str:
    """What is wrong with what a rule gave back for the offers of all lines; empty when nothing is.

    Lines that are answered `apart` have types of their own, or no offer at all from the outset.
    """
    if not isinstance(after, list | tuple):
        return f"returned {_named(after)}; it must return one list of offers for each line"
    if len(after) != len(given):
        return f"returned {len(after)} lines where {len(given)} were given"
    for number, (before, own) in enumerate(zip(given, after, strict=True)):
        if own is not before and (flaw := _flaw(before, own, currency)):
            return f"{flaw} (line {number + 1})"
    if apart:
        emptied = any(before and not own for before, own in zip(given, after, strict=True))
        return "left a line without any of the offers that it had" if emptied else ""
    types = {frozenset(offer.delivery for offer in own) for own in after}
    return "" if len(types) == 1 and all(types) else "left some lines without a delivery type that others have"


def _packed_flaw(packed: object, currency: str) -> str:
    """What is wrong with what a packer gave back; empty when nothing is."""
    if not (isinstance(packed, list | tuple) and packed and set(map(type, packed)) == {PackedParcel}):
        return f"returned {_named(packed)}; it must return a list of PackedParcel, at least one"
    if len(packed) > MOST_UNITS:
        return f"returned {len(packed)} parcels, and equal ones are one with their count; the most are {MOST_UNITS}"
    for one in packed:
        if type(one.parcel) is not Parcel:
            return f"returned a PackedParcel of {_named(one.parcel)} in place of a parcel"
        if flaw := _parcel_flaw(one.parcel, currency):
            return flaw
    return ""


def _parcel_flaw(parcel: Parcel, currency: str) -> str:
    for (name, allowed), number in zip(_PARCEL.items(), _numbers(parcel), strict=True):
        if type(number) is not int or number not in allowed:
            return f"returned a parcel whose {name} is {_told(number)}; it may be {allowed[0]} to {allowed[-1]}"
    value = parcel.value
    if value is None:
        return ""
    if value.currency != currency:
        return f"returned a parcel valued in {shown(value.currency)}, the store sells in {currency}"
    if type(value.minor) is not int or not 0 <= value.minor <= DEAREST_PARCEL:
        return f"returned a parcel worth {_told(value.minor)} minor units; it may be 0 to {DEAREST_PARCEL}"
    return ""


def _units_flaw(parcels: Sequence[Parcel], lines: Sequence[PackedLine]) -> str:
    """What is wrong with the units that parcels say they hold; empty when nothing is, or one does not say."""
    held = [parcel.units for parcel in parcels]
    for units in held:
        if units is not None and (type(units) is not int or units not in _UNITS):
            return f"returned a parcel whose units are {_told(units)}; they may be {_UNITS[0]} to {_UNITS[-1]}, or None"
    packed = sum([line.item.quantity for line in lines])
    total = sum([units * parcel.count for units, parcel in zip(held, parcels, strict=True) if units is not None])
    if None in held or total == packed:
        return ""
    return f"returned parcels that hold {total} units of goods, and was given {packed}"


def _told(value: object) -> str:
    """A value that a stranger put in place of another: a number or a text, else its kind, which has no address."""
    return shown(value) if isinstance(value, bool | int | float | str) else _named(value)


def _named(value: object) -> str:
    """What came, for whoever wrote it; a coroutine is closed, so that nobody is told that it was not awaited."""
    if iscoroutine(value):
        value.close()
    kind = type(value).__name__
    if isinstance(value, list | tuple):
        return f"{kind}[{' | '.join(sorted({type(one).__name__ for one in value})[:3])}]"
    return "None" if value is None else kind


__all__ = ["Fence", "PluginFailedError"]
