"""Fallbacks: what a fallback carrier's answer makes of a carrier's failure."""

from typing import Any

import pytest
from shop import EXPRESS, FrozenClock, brl, failure, member, policy, rate, refusal, request, service

from portes.contract import Quote, Source, Verdict
from portes.engine.policy import Member
from portes.engine.quoter import Quoter
from portes.hooks import Watchers, hookimpl
from portes.rules.protocol import Occasion

BOTH = (service("n"), service("e", EXPRESS))


def quoted(carrier: Member, fallback: Member, *others: Member, **more: Any) -> Quote:
    quoter = Quoter(policy(carrier, *others, fallbacks={fallback.key: fallback}, **more), clock=FrozenClock())
    try:
        return quoter.quote(request())
    finally:
        quoter.close()


def fallback(*outcomes: Any) -> Member:
    return member("table", lambda _: list(outcomes), service("tn"), service("te", EXPRESS), fallback_only=True, id=9)


def failing(*outcomes: Any) -> Member:
    return member("live", lambda _: list(outcomes), *BOTH, fallback="table", id=4, name="Live")


def test_a_stand_ins_rate_replaces_the_failure_of_its_delivery_type_and_is_marked() -> None:
    quote = quoted(failing(rate("n", cost=1000), failure("e")), fallback(rate("tn", cost=1), rate("te", cost=2500)))

    normal, express = quote.lines[0].offers
    assert (normal.price, normal.rate.source) == (brl(1000), Source.TABLE)
    assert (express.price, express.rate.source, express.rate.service) == (brl(2500), Source.FALLBACK, "e")
    assert (express.carrier, express.carrier_id, express.carrier_name) == ("live", 4, "Live")
    assert "table te" in express.rate.notes[0].text
    assert not quote.lines[0].failures


def test_a_stand_ins_refusal_keeps_the_failure() -> None:
    quote = quoted(failing(failure("n"), refusal("e")), fallback(refusal("tn"), refusal("te")))

    assert quote.verdict is Verdict.UNKNOWN
    assert [said.failure.service for said in quote.lines[0].failures] == ["n"]
    assert [said.carrier for said in quote.lines[0].refusals] == ["live"]


def test_a_stand_ins_failure_keeps_the_failure() -> None:
    quote = quoted(failing(failure("n"), refusal("e")), fallback(failure("tn"), failure("te")))

    assert [(said.carrier, said.failure.service) for said in quote.lines[0].failures] == [("live", "n")]


def test_a_stand_in_is_not_asked_while_nothing_failed() -> None:
    unasked = fallback(rate("tn", cost=1), rate("te", cost=1))
    quote = quoted(failing(rate("n"), refusal("e")), unasked)

    assert [offer.price.minor for offer in quote.lines[0].offers] == [1000]
    assert unasked.carrier.calls == 0  # type: ignore[attr-defined]  # the scripted one


def test_the_cheapest_of_the_stand_ins_rates_of_a_type_replaces_every_failure_of_it_once() -> None:
    carrier = member("live", lambda _: [failure("a"), failure("b")], service("a"), service("b"), fallback="table")
    cheap_last = member(
        "table", lambda _: [rate("x", cost=900), rate("y", cost=700)], service("x"), service("y"), fallback_only=True
    )
    quote = quoted(carrier, cheap_last)

    assert [(offer.price.minor, offer.rate.service) for offer in quote.lines[0].offers] == [(700, "a")]
    assert not quote.lines[0].failures


@pytest.mark.parametrize("source", [Source.LIVE, Source.CACHE])
def test_a_stand_in_never_undercuts_a_rate_of_the_carriers_own_and_is_not_even_asked(source: Source) -> None:
    """A side service that fails for ever, beside a sound one of the same type: the fault stays to be seen."""
    own = rate("pac", cost=3000).model_copy(update={"source": source})
    pair = (service("pac"), service("mini"))
    carrier = member("live", lambda _: [own, failure("mini")], *pair, fallback="table")
    cheap = fallback(rate("tn", cost=1000), refusal("te"))
    (line,) = quoted(carrier, cheap).lines

    assert [(offer.price.minor, offer.rate.source) for offer in line.offers] == [(3000, source)]
    assert [said.failure.service for said in line.failures] == ["mini"]
    assert cheap.carrier.calls == 0  # type: ignore[attr-defined]  # the scripted one


def test_a_stand_in_replaces_one_type_while_the_failure_of_another_stands_beside_the_carriers_own_rate() -> None:
    services = (service("pac"), service("mini"), service("sedex", EXPRESS))
    carrier = member(
        "live", lambda _: [rate("pac", cost=3000), failure("mini"), failure("sedex")], *services, fallback="table"
    )
    (line,) = quoted(carrier, fallback(rate("tn", cost=1000), rate("te", cost=2500))).lines

    assert [(offer.rate.service, offer.price.minor) for offer in line.offers] == [("sedex", 2500), ("pac", 3000)]
    assert [failed.failure.service for failed in line.failures] == ["mini"]


def test_a_stand_in_that_a_rule_excludes_does_not_instead_of() -> None:
    def no_table(carrier: str, occasion: Occasion) -> bool:
        return carrier != "table"

    quote = quoted(failing(failure("n"), failure("e")), fallback(rate("tn"), rate("te")), plan_rules=[no_table])

    assert quote.verdict is Verdict.UNKNOWN


def test_the_failed_services_own_extras_count_on_the_stand_ins_rate() -> None:
    dear = service("n", extra_cost=500, extra_days=2)
    carrier = member("live", lambda _: [failure("n")], dear, fallback="table")
    quote = quoted(carrier, fallback(rate("tn", cost=1000, days=(3, 3)), refusal("te")))

    (offer,) = quote.lines[0].offers
    assert (offer.price, offer.lead_time.max) == (brl(1500), 5)


def test_watchers_hear_what_a_stand_in_said_and_what_it_was_used_for() -> None:
    class Ear:
        def __init__(self) -> None:
            self.heard: list[str] = []

        @hookimpl
        def portes_answered(self, carrier: str) -> None:
            self.heard.append(carrier)

        @hookimpl
        def portes_fell_back(self, store: str, carrier: str, fallback: str, kind: str) -> None:
            self.heard.append(f"{fallback} for {carrier} of {store}: {kind}")

    ear, watchers = Ear(), Watchers()
    watchers.register(ear, "ear")
    table = fallback(rate("tn"), rate("te"))
    quoter = Quoter(policy(failing(failure("n"), refusal("e")), fallbacks={"table": table}), watchers=watchers)
    quoter.quote(request())
    quoter.close()

    assert ear.heard == ["live", "table", "table for live of shop: unreachable"]
