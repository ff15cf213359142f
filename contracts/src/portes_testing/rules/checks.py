"""The checks of rules, plain functions that raise `BrokenContractError`; none knows pytest."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from portes.contract import LeadTime, Money, Offer
from portes.rules.conditions import conditions_of, unknown_to
from portes.rules.later import later
from portes.rules.protocol import Phase, RuleSettings
from portes.rules.when import Binding, When
from portes_testing.harness import purity
from portes_testing.harness.errors import require, require_none
from portes_testing.rules.rule_under_test import Play, RuleUnderTest, Table
from portes_testing.rules.scenes import CARRIERS, Scene, scenes

_CONDITIONS: Final[tuple[Mapping[str, Any], ...]] = (
    {"carriers": ["b"]},
    {"services": ["express"]},
    {"delivery_types": ["normal"]},
    {"notes": ["risk_area"]},
    {"regions": ["69"]},
    {"origins": [2]},
    {"channels": ["native"]},
    {"storefronts": ["ZT"]},
    {"tags": ["fragile"]},
    {"value_from": "100.00"},
    {"weight_from": 2000},
    {"line_units_from": 2, "needs": "all"},
    {"weekdays": ["fri"]},
    {"seasons": ["11-20..12-24"]},
)
"""Conditions of every kind, each of which leaves out something of some scene."""
_FREE: Final = {"price", "lead_time"}


def _plays(under_test: RuleUnderTest) -> Iterator[tuple[Play, str]]:
    """What each table makes of each scene, and the words to tell it by."""
    for table in under_test.case.tables:
        for scene in scenes(under_test.case.currency):
            yield under_test.play(table, scene), f"with {dict(table)}"


def _pairs(under_test: RuleUnderTest) -> Iterator[tuple[Offer, Offer, str]]:
    """Every offer that came back, with the one that it was made of; one of none breaks the contract."""
    for play, words in _plays(under_test):
        for given, after in zip(play.given, play.after, strict=False):
            known = {(offer.carrier, offer.rate.service): offer for offer in given}
            for offer in after:
                require(type(offer) is Offer, f"{words} it gave back {type(offer).__name__} in place of an offer")
                before = known.pop((offer.carrier, offer.rate.service), None)
                require(before, f"{words} it gave back an offer that it was not given, or gave it twice")
                if before is not None:
                    yield before, offer, words


def found_by_its_entry_point(under_test: RuleUnderTest) -> None:
    """A store that names the rule finds it, and knows when it has its say."""
    plugin = under_test.plugin
    require(
        issubclass(getattr(plugin, "Settings", int), RuleSettings), "it has no Settings that derive from RuleSettings"
    )
    require(getattr(plugin, "phase", None) in list(Phase), f"its phase is none of {', '.join(Phase)}")


def its_keys_say_what_they_mean(under_test: RuleUnderTest) -> None:
    """Every key has a sentence, and `when` is the table that all rules take."""
    fields = under_test.plugin.Settings.model_fields
    require_none((key for key, field in fields.items() if not field.description), "keys without a description")
    require(fields["when"].annotation is When, "its key when is not the table of conditions that every rule takes")


def it_does_something(under_test: RuleUnderTest) -> None:
    """Each table of the case changes something in some scene, or it would prove nothing."""
    for table in under_test.case.tables:
        plays = [under_test.play(table, scene) for scene in scenes(under_test.case.currency)]
        require(any(play.changed for play in plays), f"with {dict(table)} it changes nothing in any scene")


def rates_stay_as_they_were(under_test: RuleUnderTest) -> None:
    """What the carrier said is a fact; a rule decides about the shopper's side of it alone."""
    for before, after, words in _pairs(under_test):
        for name in Offer.model_fields.keys() - _FREE:
            same = getattr(before, name) == getattr(after, name)
            require(same, f"{words} it changed {name} of an offer; it may change prices, and put promises off")


def prices_are_whole_and_not_below_zero(under_test: RuleUnderTest) -> None:
    """A price is whole minor units of the store's currency, from zero on."""
    for _, offer, words in _pairs(under_test):
        price = offer.price
        require(type(price) is Money and type(price.minor) is int, f"{words} it made a price that is no whole number")
        require(price.currency == under_test.case.currency, f"{words} it made a price in another currency")
        require(price.minor >= 0, f"{words} it made a price below zero: {price.minor}")


def promises_only_grow(under_test: RuleUnderTest) -> None:
    """A promise is never sooner than the carrier's, and its days and dates say the same."""
    for before, offer, words in _pairs(under_test):
        was, told = before.lead_time, offer.lead_time
        least, most = told.min - was.min, told.max - was.max
        sound = type(told) is LeadTime and least >= 0 and most >= 0 and told == later(was, least, most)
        require(sound, f"{words} it changed a promise; it may only grow, by whole business days, its dates with it")


def a_type_stays_on_every_line_or_goes_from_every_line(under_test: RuleUnderTest) -> None:
    """A marketplace is offered types that all lines have; one that a line lost would be sold all the same."""
    for table in under_test.case.tables:
        if under_test.phase(table) is not Phase.CART:
            continue
        for scene in scenes(under_test.case.currency):
            after = under_test.play(table, scene).after
            require(len(after) == len(scene.lines), f"with {dict(table)} it gave back {len(after)} lines")
            types = {frozenset(offer.delivery for offer in line) for line in after}
            kept = len(types) == 1 and all(types)
            require(kept, f"with {dict(table)} it left some lines without a delivery type that others have")


def nothing_is_changed_in_place(under_test: RuleUnderTest) -> None:
    """Offers and occasions belong to whoever asked; another rule sees them too."""
    for table in under_test.case.tables:
        for scene in scenes(under_test.case.currency):
            before = _written(scene)
            under_test.play(table, scene)
            require(_written(scene) == before, f"with {dict(table)} it changed in place what it was given")


def _written(scene: Scene) -> list[str]:
    nouns = [*scene.occasion.items, *scene.occasion.cart, scene.occasion.request]
    return [noun.model_dump_json(warnings=False) for noun in (*nouns, *(one for line in scene.lines for one in line))]


def the_same_question_gets_the_same_answer(under_test: RuleUnderTest) -> None:
    """A receipt is decided again, and must come to the same."""
    first = [(play.after, play.asked) for play, _ in _plays(under_test)]
    again = [(play.after, play.asked) for play, _ in _plays(under_test)]
    require(first == again, "the same question got another answer the second time")


def what_conditions_do_not_cover_stays_as_it_is(under_test: RuleUnderTest) -> None:
    """A condition more never widens a rule: where one is not met, nothing happens."""
    for table in under_test.case.tables:
        for when in _CONDITIONS:
            bound_table = {**table, "when": {**table.get("when", {}), **when}}
            phase = under_test.phase(bound_table)
            if not unknown_to(phase) & when.keys():
                _check_uncovered(under_test, bound_table, when, phase)


def _check_uncovered(under_test: RuleUnderTest, table: Table, when: Mapping[str, Any], phase: Phase) -> None:
    conditions = conditions_of([Binding(When.model_validate(when))], under_test.case.currency, phase)
    words = f"with {dict(table)} it acts where its conditions are not met"
    for scene in scenes(under_test.case.currency):
        play, holds = under_test.play(table, scene), conditions.hold(scene.occasion)
        spoken_of = [carrier for carrier in CARRIERS if holds and conditions.cover_carrier(carrier)]
        require(all(may or carrier in spoken_of for carrier, may in play.asked.items()), words)
        for given, after in zip(play.given, play.after, strict=False):
            left = [offer for offer in given if not (holds and conditions.cover(offer))]
            require(all(offer in after for offer in left), words)


def it_reads_no_clock(under_test: RuleUnderTest) -> None:
    """The moment is the occasion's; a receipt that is decided again has the moment of then."""
    _abstains(under_test, purity.CLOCK, "a rule knows the moment from its occasion")


def it_asks_nobody(under_test: RuleUnderTest) -> None:
    """A rule is called for every question, and decides on what it is given."""
    for forbidden in (purity.FILES, purity.ENVIRONMENT, purity.CONNECTIONS, purity.THREADS):
        _abstains(under_test, forbidden, "a rule decides on what it is given")


def _abstains(under_test: RuleUnderTest, forbidden: tuple[str, ...], why: str) -> None:
    require_none(purity.uses_in_source(under_test.plugin, forbidden), why)
    with purity.observed_uses(under_test.plugin) as seen:
        list(_plays(under_test))
    require_none(seen[forbidden], why)
