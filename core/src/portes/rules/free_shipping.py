"""The rules `free` and `free_shipping`: which offer of a cart costs the shopper nothing."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from portes.contract import DeliveryType, Money, Offer
from portes.rules.amounts import Amount
from portes.rules.lists import Words
from portes.rules.protocol import CartRule, Occasion, Phase, RuleSettings
from portes.rules.scope import OccasionSettings
from portes.rules.when import Binding, When

Rivals = Mapping[DeliveryType, Sequence[Offer]]
"""Of one line, the offers that may become free, by delivery type."""

Which = Literal["cheapest", "normal", "express", "super_express"]


class FreeSettings(RuleSettings):
    """Make one offer of every line free."""

    which: Which = Field(
        "cheapest",
        description="Delivery type that becomes free; `cheapest` is the one whose lowest prices, as shoppers see"
        " them, are the lowest over all lines.",
    )


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
    which: Which = Field(
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
        if not {name for binding in self.bindings() for name in binding.when.named} - {"carriers"}:
            raise ValueError(
                "would make every cart free; add threshold, regions, storefronts, skus, tags or when "
                '(threshold = "0.00" frees every cart whose values are stated)'
            )
        return self

    def bindings(self) -> tuple[Binding, ...]:
        """The table `when`, and the keys of its own, by which a line takes part by its SKU or by a tag."""
        keys = ("regions", "storefronts", "carriers", "skus", "tags")
        short = {key: value for key in keys if (value := getattr(self, key))}
        when = When(**short, needs=self.needs, value_from=self.threshold)
        return (Binding(self.when), Binding(when, "", {"value_from": "threshold"}, either=True))


class Free:
    """Sets the price of one offer a line to zero, of the same delivery type on all lines; rates stay as they are.

    Of several offers of that type, the one that costs the shop least becomes free: the shop pays it now.
    """

    Settings: ClassVar[type[RuleSettings]] = FreeSettings
    phase: ClassVar[Phase] = Phase.CART

    @staticmethod
    def build(settings: FreeSettings | FreeShippingSettings, currency: str) -> CartRule:  # noqa: ARG004 — zero is zero
        """The rule of these settings."""
        types = tuple(DeliveryType) if settings.which == "cheapest" else (DeliveryType(settings.which),)

        def rule(lines: Sequence[Sequence[Offer]], occasion: Occasion) -> Sequence[Sequence[Offer]]:  # noqa: ARG001 — it looks at offers alone
            rivals = [_by_type(line) for line in lines]
            chosen = _cheapest_type(rivals, types)
            if chosen is None:
                return lines
            return [_freed(line, min(own[chosen], key=_cost)) for line, own in zip(lines, rivals, strict=True)]

        return rule


class FreeShipping(Free):
    """The same under its older name, with conditions in its own table; without any it is refused."""

    Settings: ClassVar[type[RuleSettings]] = FreeShippingSettings


def _cost(offer: Offer) -> tuple[int, int, int]:
    # by the rate, not the price: lines that travel together share their rates, and so choose alike
    return offer.rate.cost.minor, offer.lead_time.max, offer.lead_time.min


def _by_type(line: Sequence[Offer]) -> Rivals:
    rivals: dict[DeliveryType, list[Offer]] = {}
    for offer in line:
        rivals.setdefault(offer.delivery, []).append(offer)
    return rivals


def _cheapest_type(lines: Sequence[Rivals], types: Sequence[DeliveryType]) -> DeliveryType | None:
    """The type of these that every line can have free, cheapest to the shopper over all lines; then the faster one."""
    common = [of_type for of_type in types if all(of_type in rivals for rivals in lines)]
    return min(common, key=lambda of_type: _total([rivals[of_type] for rivals in lines]), default=None)


def _total(lines: Sequence[Sequence[Offer]]) -> tuple[int, int]:
    """The lowest prices that shoppers see, added up, and the days of the offers that would become free."""
    price = sum(min(offer.price.minor for offer in line) for line in lines)
    return price, max((min(line, key=_cost).lead_time.max for line in lines), default=0)


def _freed(line: Sequence[Offer], pick: Offer) -> list[Offer]:
    free = pick.model_copy(update={"price": Money.zero(pick.price.currency)})
    # first, and the rest as it was: sorted by parts of a joint price, lines of one shipment could part company
    return [free, *(offer for offer in line if offer is not pick)]
