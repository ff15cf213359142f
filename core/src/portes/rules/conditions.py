"""Conditions compiled once, when a store opens: quick to ask, and each can say why it does not hold."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from portes.contract import Item, Offer
from portes.errors import shown
from portes.rules.amounts import minor_units
from portes.rules.measured import BOUNDS, GoodsLimit, bound_fault, cart_measure, line_measure
from portes.rules.protocol import Occasion, Phase
from portes.rules.regions import Regions
from portes.rules.seasons import WEEKDAYS, Days
from portes.rules.when import Binding, When

Asked = TypeVar("Asked")


@dataclass(frozen=True, slots=True)
class Condition(Generic[Asked]):
    """One thing that must be so, of an occasion, of an offer or of a carrier's key."""

    names: tuple[str, ...]
    """The keys of `when` that it stands for."""
    holds: Callable[[Asked], bool]
    tell: Callable[[Asked], str]
    """Why it does not hold, in words that begin with its key."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that binds one rule; every one of them must hold."""

    of_occasion: tuple[Condition[Occasion], ...] = ()
    of_offer: tuple[Condition[Offer], ...] = ()
    of_carrier: tuple[Condition[str], ...] = ()
    """Of a rule of the plan, which sees no offer."""

    @property
    def names(self) -> frozenset[str]:
        """The keys of `when` that bind the rule, in whatever table they stand."""
        every: Iterable[Condition[Occasion] | Condition[Offer] | Condition[str]]
        every = (*self.of_occasion, *self.of_offer, *self.of_carrier)
        return frozenset(name for condition in every for name in condition.names)

    def hold(self, occasion: Occasion) -> bool:
        """Whether everything that an occasion can tell is as it must be."""
        return all(condition.holds(occasion) for condition in self.of_occasion)

    def cover(self, offer: Offer) -> bool:
        """Whether everything that an offer can tell is as it must be."""
        return all(condition.holds(offer) for condition in self.of_offer)

    def cover_carrier(self, carrier: str) -> bool:
        """Whether a carrier, by its key in the settings, is among those of a rule of the plan."""
        return all(condition.holds(carrier) for condition in self.of_carrier)

    def unmet(self, occasion: Occasion, offers: Sequence[Offer]) -> str:
        """The first condition that is not met, in words; empty where the rule applies to an offer at least.

        Of an offer it is the one that none of the offers gets beyond.
        """
        for condition in self.of_occasion:
            if not condition.holds(occasion):
                return condition.tell(occasion)
        left = list(offers)
        for each in self.of_offer:
            kept = [offer for offer in left if each.holds(offer)]
            if left and not kept:
                return each.tell(left[0])
            left = kept
        return ""


def conditions_of(bindings: Iterable[Binding], currency: str, phase: Phase) -> Conditions:
    """Compile what binds a rule. Raises `SettingsError` for an amount with more places than the currency."""
    occasion: list[Condition[Occasion]] = []
    offer: list[Condition[Offer]] = []
    carrier: list[Condition[str]] = []
    for binding in bindings:
        occasion += _of_asking(binding, phase)
        occasion += _of_goods(binding, currency)
        offer += _of_offer(binding, phase)
        carrier += _of_carrier(binding) if phase is Phase.PLAN else ()
    return Conditions(tuple(occasion), tuple(offer), tuple(carrier))


def _among(binding: Binding, name: str, take: Callable[[Asked], str | int]) -> list[Condition[Asked]]:
    """The condition that a thing is one of those listed; none where the key is left out."""
    listed = frozenset(getattr(binding.when, name))
    key = binding.key(name)

    def tell(asked: Asked) -> str:
        return f"{key}: {_quoted(take(asked))} is not among {_listed(getattr(binding.when, name))}"

    return [Condition((name,), lambda asked: take(asked) in listed, tell)] if listed else []


def _of_asking(binding: Binding, phase: Phase) -> Iterable[Condition[Occasion]]:
    """Who asks, from where to where, and on which day."""
    yield from _among(binding, "channels", lambda occasion: occasion.request.channel)
    yield from _among(binding, "storefronts", lambda occasion: occasion.request.storefront)
    if phase is not Phase.CART:
        yield from _among(binding, "origins", _origin)
    yield from _to_regions(binding)
    yield from _on_days(binding)


def _origin(occasion: Occasion) -> int:
    return 0 if occasion.origin is None else occasion.origin.id


def _to_regions(binding: Binding) -> Iterable[Condition[Occasion]]:
    named = binding.when.regions
    if not named:
        return
    regions, key = Regions(named), binding.key("regions")

    def tell(occasion: Occasion) -> str:
        place = occasion.request.destination
        return f"{key}: {place.country} {place.postal_code} lies outside {_listed(named)}"

    yield Condition(("regions",), lambda occasion: occasion.request.destination in regions, tell)


def days_of(when: When) -> Days:
    """The days that its dates, seasons and weekdays leave."""
    return Days(when.date_from, when.date_to, when.seasons, when.weekdays)


def _on_days(binding: Binding) -> Iterable[Condition[Occasion]]:
    names = tuple(name for name in ("date_from", "date_to", "seasons", "weekdays") if name in binding.when.named)
    if not names:
        return
    days = days_of(binding.when)

    def tell(occasion: Occasion) -> str:
        day = occasion.moment.date()
        parts = {name: days_of(When(**{name: getattr(binding.when, name)})) for name in names}
        missed = next(name for name in names if day not in parts[name])
        return f"{binding.key(missed)}: it was asked on {_weekday(day)} {day}"

    yield Condition(names, lambda occasion: occasion.moment.date() in days, tell)


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _of_goods(binding: Binding, currency: str) -> Iterable[Condition[Occasion]]:
    """What is in the cart, and what its lines are."""
    named = binding.when.named
    amounts = {binding.key(name): named[name] for name in named if name in BOUNDS and BOUNDS[name].measure == "value"}
    minor = minor_units(amounts, currency)
    lines: list[Condition[Item]] = list(_of_words(binding))
    for name, bound in BOUNDS.items():
        if name in named:
            limit = minor.get(binding.key(name), named[name])
            if bound.of_line:
                lines.append(_of_line(name, bound, limit, binding, currency))
            else:
                yield _of_cart(name, bound, limit, binding, currency)
    if lines:
        yield _of_lines(tuple(lines), every=binding.when.needs == "all")


def _of_cart(name: str, bound: GoodsLimit, limit: int, binding: Binding, currency: str) -> Condition[Occasion]:
    measure, holds, key = cart_measure(bound.measure), bound.holds, binding.key(name)

    def held(occasion: Occasion) -> bool:
        amount = measure(occasion.cart or occasion.items)
        return amount is not None and holds(amount, limit)

    def tell(occasion: Occasion) -> str:
        return f"{key}: {bound_fault(bound, occasion.cart or occasion.items, limit, currency)}"

    return Condition((name,), held, tell)


def _of_line(name: str, bound: GoodsLimit, limit: int, binding: Binding, currency: str) -> Condition[Item]:
    measure, holds, key = line_measure(bound.measure), bound.holds, binding.key(name)

    def held(item: Item) -> bool:
        amount = measure(item)
        return amount is not None and holds(amount, limit)

    return Condition((name,), held, lambda item: f"{key}: {bound_fault(bound, (item,), limit, currency)}")


def _of_words(binding: Binding) -> Iterable[Condition[Item]]:
    """That a line has one of the tags, and one of the SKUs; or either of both, as an old key means it."""
    when = binding.when
    tags, skus = frozenset(when.tags), frozenset(when.skus)
    tag_key, sku_key = binding.key("tags"), binding.key("skus")
    if binding.either and tags and skus:

        def either(item: Item) -> bool:
            return item.sku in skus or not tags.isdisjoint(item.tags)

        yield Condition(("skus", "tags"), either, lambda item: f"{sku_key} and {tag_key}: {_line(item)} has none")
        return
    if tags:
        names = _listed(when.tags)
        yield Condition(
            ("tags",),
            lambda item: not tags.isdisjoint(item.tags),
            lambda item: f"{tag_key}: {_line(item)} has none of {names}",
        )
    if skus:
        listed = _listed(when.skus)
        yield Condition(
            ("skus",),
            lambda item: item.sku in skus,
            lambda item: f"{sku_key}: {_line(item)} is not among {listed}",
        )


def _of_lines(conditions: tuple[Condition[Item], ...], *, every: bool) -> Condition[Occasion]:
    """That one line, or every line, meets all of its conditions."""
    enough = all if every else any
    names = tuple(name for condition in conditions for name in condition.names)

    def meets(item: Item) -> bool:
        return all(condition.holds(item) for condition in conditions)

    def tell(occasion: Occasion) -> str:
        items = occasion.items
        if every:
            item = next(item for item in items if not meets(item))
            return next(each.tell(item) for each in conditions if not each.holds(item))
        left = list(items)
        for condition in conditions:
            kept = [item for item in left if condition.holds(item)]
            if not kept:
                more = f", nor has any of {len(left)} lines what is asked" if len(left) > 1 else ""
                return f"{condition.tell(left[0])}{more}"
            left = kept
        return ""

    return Condition(names, lambda occasion: enough(meets(item) for item in occasion.items), tell)


def _of_offer(binding: Binding, phase: Phase) -> Iterable[Condition[Offer]]:
    """Whose offer it is, of which service and type, and what its rate has notes of."""
    if phase is not Phase.PLAN:
        yield from _among(binding, "carriers", lambda offer: offer.carrier)
    if phase is Phase.CART:
        yield from _among(binding, "origins", lambda offer: offer.origin_id)
    yield from _among(binding, "delivery_types", lambda offer: offer.delivery)
    yield from _of_service(binding)
    yield from _with_notes(binding)


def _of_carrier(binding: Binding) -> Iterable[Condition[str]]:
    return _among(binding, "carriers", lambda carrier: carrier)


def _of_service(binding: Binding) -> Iterable[Condition[Offer]]:
    named = binding.when.services
    if not named:
        return
    listed, key = frozenset(named), binding.key("services")

    def holds(offer: Offer) -> bool:
        code = offer.rate.service
        return code in listed or f"{offer.carrier}:{code}" in listed

    def tell(offer: Offer) -> str:
        return f"{key}: {_quoted(f'{offer.carrier}:{offer.rate.service}')} is not among {_listed(named)}"

    yield Condition(("services",), holds, tell)


def _with_notes(binding: Binding) -> Iterable[Condition[Offer]]:
    named = binding.when.notes
    if not named:
        return
    kinds, key = frozenset(named), binding.key("notes")

    def tell(offer: Offer) -> str:
        return f"{key}: the rate of {offer.carrier} {offer.rate.service} has none of {_listed(named)}"

    yield Condition(("notes",), lambda offer: any(note.kind in kinds for note in offer.rate.notes), tell)


def _line(item: Item) -> str:
    return f"the line of {_quoted(item.sku)}"


def _quoted(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f'"{shown(str(value))}"'


def _listed(values: Sequence[str | int]) -> str:
    return ", ".join(_quoted(value if isinstance(value, int) else str(value)) for value in values)


def unknown_to(phase: Phase) -> frozenset[str]:
    """The conditions that a rule of a phase cannot know: before anybody is asked there is no offer."""
    return frozenset({"services", "delivery_types", "notes"}) if phase is Phase.PLAN else frozenset()


__all__ = ["Condition", "Conditions", "conditions_of", "days_of", "unknown_to"]
