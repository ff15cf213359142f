"""What of a store's rules goes into a table, and the policy that a lane is asked by; it asks nobody.

A table knows place and weight. So what hangs on the shopper's cart, on a day or on a storefront stays out unless it
is asked for: free shipping and thresholds above all. What was left out is told.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from portes.catalogue import Catalogue, KnownGoods
from portes.contingency.goods import Goods
from portes.contract import Item, Origin, Place, QuoteRequest
from portes.contract.suggestions import did_you_mean
from portes.engine.policy import Policy
from portes.errors import Problem, SettingsError
from portes.rules.protocol import Phase
from portes.store import BuiltRule, Store, of_phase

CHANNEL: Final = "contingency"
"""What asks, as rules and receipts see it."""
_OF_GOODS: Final = frozenset({"skus", "tags"})
_OF_VALUE: Final = frozenset({"value_from", "value_to", "line_value_from", "line_value_to"})
_OF_UNITS: Final = frozenset({"units_from", "units_to", "line_units_from", "line_units_to"})
_OF_DAYS: Final = frozenset({"date_from", "date_to", "seasons", "weekdays"})


class LeftOut(NamedTuple):
    """A rule that does not go into the table, and why."""

    where: str
    """Its place in the settings: `rules.0`."""
    use: str
    why: str


@dataclass(frozen=True)
class Recipe:
    """How a lane of a table is asked."""

    policy: Policy
    """The store's, with one origin, without fallbacks and without what was left out."""
    origin: Origin
    goods: Goods
    left_out: tuple[LeftOut, ...] = ()
    sku: str = ""
    """The SKU whose tags and handling days count for all goods; empty for none."""
    storefront: str = ""

    def request(self, postal_code: str, weight: int) -> QuoteRequest:
        """The question about a lane: a canonical postal code and a weight in grams."""
        settings = self.policy.settings
        item: Item = self.goods.item(weight, settings.currency)
        return QuoteRequest(
            channel=CHANNEL,
            storefront=self.storefront,
            store=self.policy.store,
            destination=Place(country=settings.country, postal_code=postal_code),
            lines=(item.model_copy(update={"sku": self.sku}) if self.sku else item,),
            currency=settings.currency,
        )

    def moment(self, now: datetime) -> datetime:
        """The moment as of which all lanes are asked: the first of the next day that the origin works, by its clock.

        So neither the hour at which a lane is asked nor the cut-off changes a day of the table. It is told by the
        store's clock.
        """
        week = self.policy.weeks[self.origin.id]
        day = week.calendar.on_or_after(now.astimezone(week.timezone).date() + timedelta(days=1))
        return datetime.combine(day, time.min, week.timezone).astimezone(self.policy.timezone)


class Wishes(NamedTuple):
    """What somebody wants of a table that the store's settings do not say."""

    origin: int | None = None
    """The number of the origin; the first when None."""
    with_rules: tuple[str, ...] = ()
    """Rules that go in all the same, by name (`free_shipping`) or place (`rules.2`)."""
    storefront: str = ""
    sku: str = ""


def recipe_of(store: Store, goods: Goods, wishes: Wishes) -> Recipe:
    """How the lanes of a store's table are asked. Raises `SettingsError` for a wish that the store cannot grant."""
    policy = store.quoter.policy
    origin = _origin(policy, wishes.origin)
    _check_names(store.rules, wishes.with_rules)
    reasons = {rule.where: _why_not(rule, wishes) for rule in store.rules}
    kept = [rule for rule in store.rules if not reasons[rule.where]]
    narrowed = replace(
        policy,
        origins=(origin,),
        fallbacks={},
        catalogue=_catalogue(policy, wishes.sku, origin),
        plan_rules=of_phase(Phase.PLAN, kept),
        shipment_rules=of_phase(Phase.SHIPMENT, kept),
        cart_rules=of_phase(Phase.CART, kept),
    )
    out = tuple(LeftOut(rule.where, rule.settings.use, why) for rule in store.rules if (why := reasons[rule.where]))
    return Recipe(narrowed, origin, goods, out, wishes.sku, wishes.storefront)


def _origin(policy: Policy, number: int | None) -> Origin:
    if number is None:
        return policy.origins[0]
    if number not in policy.origin_by_id:
        fix = f"write one of {', '.join(map(str, policy.origin_ids))}"
        raise SettingsError(Problem("--origin", number, "is no origin of this store", fix))
    return policy.origin_by_id[number]


def _check_names(rules: Sequence[BuiltRule], wanted: Collection[str]) -> None:
    known = [name for rule in rules for name in (rule.settings.use, rule.where)]
    problems = [
        Problem("--with-rule", name, "is no rule of this store", _instead(name, known))
        for name in wanted
        if name not in known
    ]
    if problems:
        raise SettingsError(problems)


def _instead(name: str, known: Sequence[str]) -> str:
    listed = ", ".join(dict.fromkeys(known)) or "the store has no rules"
    return did_you_mean(name, known) or f"write one of {listed}"


def _why_not(rule: BuiltRule, wishes: Wishes) -> str:
    """Why a rule stays out of a table; empty where it goes in."""
    if {rule.settings.use, rule.where} & {*wishes.with_rules}:
        return ""
    keys, own = rule.conditions.names, dict(rule.settings)
    if rule.phase is Phase.CART:
        return "decides over the whole cart, which a table does not know"
    reasons = {
        "hangs on what the cart is worth": keys & _OF_VALUE or own.get("threshold") is not None,
        "hangs on how many units are in the cart": keys & _OF_UNITS,
        "holds for some channels only": "channels" in keys,
        "holds for some storefronts only": ("storefronts" in keys or own.get("storefronts")) and not wishes.storefront,
        "hangs on which goods are sent": (keys & _OF_GOODS or any(map(own.get, _OF_GOODS))) and not wishes.sku,
        "holds on some days only": keys & _OF_DAYS or any(map(_names_a_day, own.values())),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _names_a_day(value: object) -> bool:
    """Whether a setting is a day or holds one, wherever."""
    if isinstance(value, Mapping):
        return any(map(_names_a_day, value.values()))
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return any(map(_names_a_day, value))
    return isinstance(value, date)


def _catalogue(policy: Policy, sku: str, origin: Origin) -> Catalogue | None:
    """A catalogue of the one SKU that stands for all goods, its value and its stock left out of it."""
    if not sku:
        return None
    found = policy.catalogue.wait([sku]) if policy.catalogue is not None else KnownGoods({})
    if found.failure:
        fix = "try again when the source of the catalogue answers"
        raise SettingsError(Problem("--sku", sku, f"could not be looked up: {found.failure}", fix))
    entry: Any = found.entries.get(sku)
    if entry is None:
        fix = "write a SKU of the catalogue letter for letter" if policy.catalogue else "set catalogue in [store]"
        raise SettingsError(Problem("--sku", sku, "is not in the store's catalogue", fix))
    return Catalogue({sku: replace(entry, declared_value=None, price=None, origins=(origin.id,))})
