"""A stranger's rule or packer that crashes or breaks its word: the question is unknown, and all hear whose it is."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acme import AROUND, write
from shop import item, request
from structlog.testing import capture_logs
from terminal import install

from portes.contract import Quote, Verdict
from portes.engine.answered import QuoteRecord
from portes.errors import SettingsError
from portes.registry import Registry
from portes.rules.later import later
from portes.store import open_store

CHARM = """
from portes.contract import Dimensions, Money, Parcel
from portes.packing.protocol import PackedParcel
from portes.rules.protocol import Phase, RuleSettings

class CharmSettings(RuleSettings):
    does: str = ""

from datetime import timedelta
from portes.calendars import business_calendar
from portes.contract import LeadTime
from portes.rules.later import later as at_last

def put_off(offer, **fields):
    return changed(offer, lead_time=offer.lead_time.model_copy(update=fields))

def sooner(promise):
    # sound in itself, and a day earlier than what was told
    calendar, asked = business_calendar("BR"), promise.latest
    days = (promise.latest - timedelta(n) for n in range(1, 9))
    day = next(day for day in days if calendar.count(day, asked) == 1)
    return LeadTime(min=promise.min, max=promise.max - 1, calendar="BR", earliest=promise.earliest, latest=day)

def changed(offer, **fields):
    return offer.model_copy(update=fields)

def priced(offer, minor, currency="BRL"):
    return changed(offer, price=Money.model_construct(minor=minor, currency=currency))

async def later():
    return []

def loud(kind):
    raise kind("the secret canary-4711 of the rule")

class Charm:
    Settings = CharmSettings
    phase = Phase.SHIPMENT
    @staticmethod
    def build(settings, currency):
        deed = compile(settings.does, "deed", "eval")
        def rule(offers, occasion):
            return eval(deed, globals(), {"offers": offers, "first": offers[0]})
        return rule

class Basket(Charm):
    phase = "cart"
    @staticmethod
    def build(settings, currency):
        return lambda lines, occasion: eval(settings.does, globals(), {"lines": lines})

class Bar(Charm):
    phase = Phase.PLAN
    @staticmethod
    def build(settings, currency):
        return lambda carrier, occasion: eval(settings.does, globals(), {"carrier": carrier})

def crush(task):
    return [] if task.lines[0].item.sku == "none" else loud(KeyError)

def squeeze(task):
    size = Dimensions(length=100, width=100, height=100)
    parcel = Parcel(weight=500, size=size, value=Money(minor=1000, currency="BRL"))
    does = task.lines[0].item.sku
    given = eval(does, globals(), {"parcel": parcel, "size": size, "bare": PackedParcel})
    return given if "bare" in does else [PackedParcel(one) for one in given]
"""
ENTRIES = """
[portes.rules]
charm = charms.charm:Charm
basket = charms.charm:Basket
bar = charms.charm:Bar
[portes.packers]
crush = charms.charm:crush
squeeze = charms.charm:squeeze
"""


INSTALLED = Registry()
"""One for all stores here, for to look for distributions takes longer than a question."""


@pytest.fixture(scope="module", autouse=True)
def _charms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    site = tmp_path_factory.mktemp("site")
    install(site, "charms", ENTRIES)
    (site / "charms").mkdir()
    (site / "charms" / "charm.py").write_text(CHARM)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        patch.setattr(sys, "dont_write_bytecode", True)
        yield
    for name in ("charms", "charms.charm"):
        sys.modules.pop(name, None)


def charmed(folder: Path, rule: str, does: str, *skus: str, apart: bool = False) -> tuple[Quote, list[Any]]:
    """What a store with a rule answers, and what it logs."""
    more = f'[[rules]]\nuse = "exclude"\nregions = ["99"]\n[[rules]]\nuse = "{rule}"\ndoes = {does!r}\n'
    file = write(folder / "shoes", more=more)
    with capture_logs() as logged, open_store(file, **AROUND, registry=INSTALLED) as store:
        quote = store.quote(request(*map(item, skus or ("sku-1",)), answered_apart=apart))
        again = store.quote(request(*map(item, skus or ("sku-1",)), answered_apart=apart))
    assert again.model_copy(update={"id": quote.id}) == quote
    return quote, logged


@pytest.mark.parametrize(
    ("rule", "does", "hint"),
    [
        ("charm", "loud(KeyError)", "raised KeyError at charms/charm.py:34"),
        ("charm", "loud(SystemExit)", "raised SystemExit at charms/charm.py:34"),
        ("charm", "loud(GeneratorExit)", "raised GeneratorExit at charms/charm.py:34"),
        ("charm", "None", "returned None; it must return a list of offers"),
        ("charm", "later()", "returned coroutine; it must return a list of offers"),
        ("charm", "(each for each in offers)", "returned generator; it must return a list of offers"),
        ("charm", "['a']", "returned str in place of an offer"),
        ("charm", "offers + offers", "returned an offer of table for normal delivery that it was not given"),
        ("charm", "[changed(first, carrier='b')]", "changed carrier of the offer of b for normal delivery"),
        ("charm", "[changed(first, lead_time=None)]", "changed lead_time of the offer of table"),
        ("charm", "[put_off(first, max=first.lead_time.max + 1)]", "changed lead_time of the offer of table"),
        ("charm", "[put_off(first, calendar='ES')]", "changed lead_time of the offer of table"),
        ("charm", "[put_off(first, max=True)]", "changed lead_time of the offer of table"),
        (
            "charm",
            "[put_off(first, latest=first.lead_time.latest + timedelta(1))]",
            "changed lead_time of the offer of",
        ),
        ("charm", "[changed(first, lead_time=sooner(first.lead_time))]", "changed lead_time of the offer of table"),
        ("charm", "[changed(first, lead_time=at_last(first.lead_time, 9, 1))]", "raised ValidationError"),
        ("charm", "[priced(first, 1290, 'USD')]", "priced the offer of table in USD, the store sells in BRL"),
        ("charm", "[priced(first, 12.9)]", "priced the offer of table at 12.9 minor units, which is no whole number"),
        ("charm", "[priced(first, True)]", "priced the offer of table at True minor units, which is no whole number"),
        ("charm", "[priced(first, -1)]", "priced the offer of table below zero, at -1 minor units"),
        ("charm", "[changed(first, price=12.9)]", "priced the offer of table at 12.9, which is float and not Money"),
        (
            "charm",
            "[changed(first, price=object())]",
            "priced the offer of table at object, which is object and not Mo",
        ),
        ("charm", "[priced(first, object())]", "priced the offer of table at object minor units, which is no whole"),
        ("charm", "[priced(first, 10**18 + 1)]", f"priced the offer of table at more than {10**18} minor units"),
        ("basket", "loud(ValueError)", "raised ValueError at charms/charm.py:34"),
        ("basket", "lines[0]", "returned 1 lines where 2 were given"),
        ("basket", "None", "returned None; it must return one list of offers for each line"),
        ("basket", "(lines[0], None)", "returned None; it must return a list of offers (line 2)"),
        ("basket", "(lines[0], [priced(lines[1][0], 0.5)])", "priced the offer of table at 0.5 minor units"),
        ("basket", "(lines[0], [])", "left some lines without a delivery type that others have"),
        ("basket", "([], [])", "left some lines without a delivery type that others have"),
        ("bar", "loud(TypeError)", "raised TypeError at charms/charm.py:34"),
        ("bar", "None", "returned None; it must return True or False"),
        ("bar", "1", "returned int; it must return True or False"),
        ("bar", "later()", "returned coroutine; it must return True or False"),
    ],
)
def test_a_rule_that_crashes_or_breaks_its_word_makes_the_question_unknown(
    tmp_path: Path, rule: str, does: str, hint: str
) -> None:
    quote, logged = charmed(tmp_path, rule, does, "sku-1", "sku-2")

    (failure,) = quote.plugin_failures
    assert (quote.verdict, [line.offers for line in quote.lines]) == (Verdict.UNKNOWN, [(), ()])
    assert quote.uncertain == ("normal",)
    assert (failure.part, failure.plugin, failure.distribution) == ("rules.1", rule, "charms 2")
    assert failure.hint.startswith(hint)
    (told,) = (entry for entry in logged if entry["event"] == "plugin failed")
    assert (told["part"], told["plugin"], told["distribution"]) == ("rules.1", rule, "charms 2")
    assert ("exc_info" in told) == ("raised" in hint)
    assert "canary-4711" not in failure.hint


def test_a_rule_may_not_take_all_offers_of_a_line_that_is_answered_apart(tmp_path: Path) -> None:
    quote, _ = charmed(tmp_path, "basket", "(lines[0], [])", "sku-1", "sku-2", apart=True)

    assert quote.verdict is Verdict.UNKNOWN
    assert [failure.hint for failure in quote.plugin_failures] == ["left a line without any of the offers that it had"]


@pytest.mark.parametrize("rule", ["charm", "basket"])
@pytest.mark.parametrize("does", ["offers", "list(offers)", "[priced(each, 0) for each in offers]"])
def test_a_rule_may_keep_offers_and_change_their_prices(tmp_path: Path, rule: str, does: str) -> None:
    deed = does if rule == "charm" else f"[{does.replace('offers', 'line')} for line in lines]"

    quote, _ = charmed(tmp_path, rule, deed)

    assert (quote.verdict, quote.plugin_failures) == (Verdict.SERVED, ())
    assert [offer.price.minor for offer in quote.lines[0].offers] == [0 if "priced" in does else 1000]


@pytest.mark.parametrize("days", [(0, 0), (1, 1), (0, 3), (2, 5)])
def test_a_rule_may_put_a_promise_off_and_its_dates_with_it(tmp_path: Path, days: tuple[int, int]) -> None:
    deed = f"[changed(first, lead_time=at_last(first.lead_time, *{days}), price=first.price * 2)]"

    quote, before = charmed(tmp_path, "charm", deed)[0], charmed(tmp_path / "as-it-is", "charm", "offers")[0]

    (promised,), (told,) = quote.lines[0].offers, before.lines[0].offers
    assert promised.lead_time == later(told.lead_time, *days)
    assert promised.price.minor == 2000


def test_a_strangers_rule_takes_conditions_and_is_given_only_what_they_cover(tmp_path: Path) -> None:
    rule = '[[rules]]\nuse = "charm"\ndoes = "[]"\n'
    for number, (when, left) in enumerate([("weight_from = 501", 1), ("weight_from = 500", 0), ('notes = ["x"]', 1)]):
        file = write(tmp_path / str(number), more=f"{rule}when = {{ {when} }}\n")
        with open_store(file, **AROUND, registry=INSTALLED) as store:
            assert len(store.quote(request(item("sku-1"))).lines[0].offers) == left


def test_a_condition_that_a_rule_of_the_plan_cannot_know_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "shoes", more='[[rules]]\nuse = "bar"\ndoes = "True"\nwhen = { notes = ["risk_area"] }\n')

    with pytest.raises(SettingsError, match=r"rules\.0\.when\.notes: is a condition on answers"):
        open_store(file, **AROUND, registry=INSTALLED)


def test_a_rule_may_drop_what_it_was_given_on_a_shipment(tmp_path: Path) -> None:
    assert charmed(tmp_path, "charm", "[]")[0].verdict is Verdict.NOT_SERVED


def test_offers_cannot_be_changed_in_place(tmp_path: Path) -> None:
    assert charmed(tmp_path, "charm", "offers.clear()")[0].plugin_failures[0].hint.startswith("raised AttributeError")


@pytest.mark.parametrize(
    ("sku", "hint"), [("sku-1", "raised KeyError at charms/charm.py:34"), ("none", "returned list[]; it must")]
)
def test_a_packer_that_crashes_or_packs_nothing_makes_the_question_unknown(tmp_path: Path, sku: str, hint: str) -> None:
    with open_store(write(tmp_path / "shoes", carrier='packer = "crush"'), **AROUND, registry=INSTALLED) as store:
        quote = store.quote(request(item(sku)))

    (failure,) = quote.plugin_failures
    assert (quote.verdict, quote.uncertain) == (Verdict.UNKNOWN, ("normal",))
    assert (failure.part, failure.plugin, failure.distribution) == ("packer", "crush", "charms 2")
    assert failure.hint.startswith(hint)


@pytest.mark.parametrize(
    ("does", "hint"),
    [
        ("[changed(parcel, weight=-5)]", "returned a parcel whose weight is -5; it may be 0 to "),
        ("[changed(parcel, weight=0.5)]", "returned a parcel whose weight is 0.5; it may be 0 to "),
        ("[parcel, changed(parcel, weight=10**30)]", f"returned a parcel whose weight is {10**30}; it may be 0 to "),
        ("[changed(parcel, volume=10**19)]", f"returned a parcel whose volume is {10**19}; it may be 0 to "),
        ("[changed(parcel, count=0)]", "returned a parcel whose count is 0; it may be 1 to "),
        ("[changed(parcel, size=changed(size, width=-1))]", "returned a parcel whose size.width is -1; it may be 0 to"),
        ("[changed(parcel, weight=object())]", "returned a parcel whose weight is object; it may be 0 to "),
        ("[changed(parcel, value=Money(minor=1, currency='USD'))]", "returned a parcel valued in USD, the store sells"),
        ("[changed(parcel, value=Money(minor=-1, currency='BRL'))]", "returned a parcel worth -1 minor units; it may"),
        ("[changed(parcel, volumes=0)]", "returned a parcel whose volumes is 0; it may be 1 to "),
        ("[parcel] + 0 * [bare]", "returned list[Parcel]; it must return a list of PackedParcel, at least one"),
        ("[bare(parcel), bare(None)]", "returned a PackedParcel of None in place of a parcel"),
        ("[bare(parcel), bare(size)]", "returned a PackedParcel of Dimensions in place of a parcel"),
        ("[changed(parcel, units=0)]", "returned a parcel whose units are 0; they may be 1 to "),
        ("[changed(parcel, units=1.5)]", "returned a parcel whose units are 1.5; they may be 1 to "),
        ("[changed(parcel, units=2)]", "returned parcels that hold 2 units of goods, and was given 1"),
        ("[changed(parcel, units=1, count=3)]", "returned parcels that hold 3 units of goods, and was given 1"),
        ("[parcel] * 100_001", "returned 100001 parcels, and equal ones are one with their count; the most are 100000"),
    ],
)
def test_a_packer_whose_parcels_no_carrier_can_be_told_makes_the_question_unknown(
    tmp_path: Path, does: str, hint: str
) -> None:
    with open_store(write(tmp_path / "shoes", carrier='packer = "squeeze"'), **AROUND, registry=INSTALLED) as store:
        quote, sound = store.quote(request(item(does))), store.quote(request(item("[parcel]")))

    (failure,) = quote.plugin_failures
    assert (quote.verdict, failure.part, failure.plugin) == (Verdict.UNKNOWN, "packer", "squeeze")
    assert failure.hint.startswith(hint)
    assert sound.verdict is Verdict.SERVED


def test_the_other_carriers_are_told_all_the_same_and_the_quote_is_recorded(tmp_path: Path) -> None:
    records: list[QuoteRecord] = []
    file = write(tmp_path / "shoes", more='[[rules]]\nuse = "charm"\ndoes = "None"\n')
    with open_store(file, **AROUND, registry=INSTALLED) as store:
        store.quoter._record = records.append
        quote = store.quote(request())

    assert [(one.quote, len(one.answers)) for one in records] == [(quote, 1)]
