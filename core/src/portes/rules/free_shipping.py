"""The rule `free_shipping`: which offer of a cart costs the shopper nothing, and when; it never guesses a value."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from portes.contract import DeliveryType, Item, Money, Offer
from portes.rules.amounts import Amount, minor_units
from portes.rules.protocol import CartRule, Occasion, Phase, RuleSettings
from portes.rules.scope import OccasionSettings, Scope, Words

Rivals = Mapping[DeliveryType, Sequence[Offer]]
"""Of one line, the offers that may become free, by delivery type."""


class FreeShippingSettings(OccasionSettings):
    """Make one offer of every line free when every condition named holds."""

    threshold: Amount | None = Field(
        None,
        ge=0,
        description='Least value of the cart, `"199.00"`: declared value times quantity over all lines. A line '
        "without a declared value keeps the rule from firing.",
    )
    skus: Words = Field((), description="SKUs that take part; see `needs`.")
    tags: Words = Field((), description="Tags of items that take part; see `needs`.")
    needs: Literal["all", "any"] = Field(
        "all", description="With `skus` or `tags`: whether all lines must take part, or one is enough."
    )
    which: Literal["cheapest", "normal", "express", "super_express"] = Field(
        "cheapest",
        description="Delivery type that becomes free; `cheapest` is the one whose lowest prices, as shoppers see"
        " them, are the lowest over all lines.",
    )
    carriers: Words = Field(
        (),
        description="Carriers, by their key in the settings, whose offers may become free; any of them when left out.",
    )

    @model_validator(mode="after")
    def _names_a_condition(self) -> Self:
        if self.threshold is None and not (self.regions or self.storefronts or self.skus or self.tags):
            raise ValueError(
                "would make every cart free; add threshold, regions, storefronts, skus or tags "
                '(threshold = "0.00" frees every cart whose values are stated)'
            )
        return self


class FreeShipping:
    """Sets the price of one offer a line to zero, of the same delivery type on all lines; rates stay as they are.

    Of several offers of that type, the one that costs the shop least becomes free: the shop pays it now.
    """

    Settings: ClassVar[type[RuleSettings]] = FreeShippingSettings
    phase: ClassVar[Phase] = Phase.CART

    @staticmethod
    def build(settings: FreeShippingSettings, currency: str) -> CartRule:
        """Make the rule. Raises `SettingsError` for a threshold with more places than the currency."""
        types = tuple(DeliveryType) if settings.which == "cheapest" else (DeliveryType(settings.which),)
        scope = Scope(settings.regions, settings.storefronts, types, settings.carriers)
        condition = _Condition(settings, currency)

        def rule(lines: Sequence[Sequence[Offer]], occasion: Occasion) -> Sequence[Sequence[Offer]]:
            if not (scope.holds(occasion) and condition.holds(occasion.items)):
                return lines
            rivals = [_by_type(line, scope) for line in lines]
            chosen = _cheapest_type(rivals)
            if chosen is None:
                return lines
            return [_freed(line, min(own[chosen], key=_cost)) for line, own in zip(lines, rivals, strict=True)]

        return rule


class _Condition:
    """The condition that the cart as a whole must fulfil."""

    def __init__(self, settings: FreeShippingSettings, currency: str) -> None:
        amounts = {} if settings.threshold is None else {"threshold": settings.threshold}
        self._least = minor_units(amounts, currency).get("threshold")
        self._skus, self._tags = frozenset(settings.skus), frozenset(settings.tags)
        self._enough = all if settings.needs == "all" else any

    def holds(self, items: Sequence[Item]) -> bool:
        if (self._skus or self._tags) and not self._enough(self._takes_part(item) for item in items):
            return False
        return self._least is None or _is_worth(items, self._least)

    def _takes_part(self, item: Item) -> bool:
        return item.sku in self._skus or not self._tags.isdisjoint(item.tags)


def _is_worth(items: Sequence[Item], least: int) -> bool:
    worth = 0
    for item in items:
        if item.declared_value is None:
            return False
        worth += item.declared_value.minor * item.quantity
    return worth >= least


def _cost(offer: Offer) -> tuple[int, int, int]:
    # by the rate, not the price: lines that travel together share their rates, and so choose alike
    return offer.rate.cost.minor, offer.lead_time.max, offer.lead_time.min


def _by_type(line: Sequence[Offer], scope: Scope) -> Rivals:
    rivals: dict[DeliveryType, list[Offer]] = {}
    for offer in filter(scope.covers, line):
        rivals.setdefault(offer.delivery, []).append(offer)
    return rivals


def _cheapest_type(lines: Sequence[Rivals]) -> DeliveryType | None:
    """The delivery type that every line can have free, cheapest to the shopper over all lines; then the faster one."""
    common = [of_type for of_type in DeliveryType if all(of_type in rivals for rivals in lines)]
    return min(common, key=lambda of_type: _total([rivals[of_type] for rivals in lines]), default=None)


def _total(lines: Sequence[Sequence[Offer]]) -> tuple[int, int]:
    """The lowest prices that shoppers see, added up, and the days of the offers that would become free."""
    price = sum(min(offer.price.minor for offer in line) for line in lines)
    return price, max((min(line, key=_cost).lead_time.max for line in lines), default=0)


def _freed(line: Sequence[Offer], pick: Offer) -> list[Offer]:
    free = pick.model_copy(update={"price": Money.zero(pick.price.currency)})
    # first, and the rest as it was: sorted by parts of a joint price, lines of one shipment could part company
    return [free, *(offer for offer in line if offer is not pick)]
