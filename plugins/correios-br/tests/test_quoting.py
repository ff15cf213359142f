"""What becomes of a shipment: sums, refusals, failures, notes, limits and tokens, asked of the simulator."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from stage import wait_until

from portes.carrier import Deadline
from portes.contract import (
    FailureKind,
    Origin,
    ParcelLimits,
    Place,
    Rate,
    RefusalKind,
)
from portes.errors import CarrierError, SettingsError
from portes.simulators.serving import serving
from portes.toolbox import Redactor
from portes_correios_br.sandbox import Sandbox
from portes_testing import RATE, CallResult, Case, ask, carrier_under_test, parcel, served_sandbox
from portes_testing.harness.calls import kind_of

Quoting = Callable[..., Any]

SEDEX = {"code": "03220", "delivery": "express"}
PAC = {"code": "03298", "delivery": "normal"}
MINI = {"code": "04227", "delivery": "normal"}
LARGE = {"code": "03212", "delivery": "express"}
PRICES = "/preco/v1/nacional"
TIMES = "/prazo/v1/nacional"
TOKEN = "/token/v1/autentica/cartaopostagem"
BOX = parcel(250, 200, 150, 40, value="90.00 BRL")


def tampered(path: str, change: Callable[[list[dict[str, Any]]], object], status: int = 200) -> type[Sandbox]:
    """A simulator that changes the entries of its answers on one path."""

    class Tampered(Sandbox):
        def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if environ["PATH_INFO"] != path:
                return super().__call__(environ, start_response)
            entries = json.loads(b"".join(super().__call__(environ, lambda _status, _headers: None)))
            start_response(f"{status} Tampered", [("Content-Type", "application/json")])
            return [json.dumps(change(entries)).encode()]

    return Tampered


def test_several_parcels_add_up_part_by_part(quoting: Quoting, to: Quoting) -> None:
    other = parcel(4200, 300, 200, 200, value="500.00 BRL")
    service = {**SEDEX, "declare_value": True, "receipt": True}
    whole, one, two = quoting(
        to("70002900", BOX, other.model_copy(update={"count": 2}), name="whole"),
        to("70002900", BOX, name="one"),
        to("70002900", other, name="two"),
        services=[service],
    ).answers

    assert whole.rates[0].cost == one.rates[0].cost + two.rates[0].cost * 2
    assert [part.name for part in whole.rates[0].surcharges] == ["base", "ad_valorem", "receipt"]
    assert [part.amount for part in whole.rates[0].surcharges] == [
        first.amount + second.amount * 2
        for first, second in zip(one.rates[0].surcharges, two.rates[0].surcharges, strict=True)
    ]


def test_one_piece_without_named_parts_leaves_the_sum_without_any(quoting: Quoting, to: Quoting) -> None:
    def forget(entries: list[dict[str, Any]]) -> object:
        return [{key: value for key, value in entries[0].items() if key != "pcProduto"}, *entries[1:]]

    shipment = to("70002900", BOX, parcel(900, 200, 150, 40))
    (rate,) = quoting(shipment, sandbox=tampered(PRICES, forget)).answers[0].rates

    assert rate.surcharges == ()
    assert rate.cost == quoting(shipment).answers[0].rates[0].cost


def test_one_refused_parcel_refuses_the_service(quoting: Quoting, to: Quoting) -> None:
    (answer,) = quoting(to("70002900", BOX, parcel(31_000, 200, 150, 40)), services=[SEDEX, MINI]).answers

    assert [(refusal.service, refusal.kind, refusal.text) for refusal in answer.refusals] == [
        ("03220", RefusalKind.TOO_HEAVY, "31000 g; the most is 30000 g"),
        ("04227", RefusalKind.TOO_HEAVY, "31000 g; the most is 300 g"),
    ]


def test_one_unanswered_parcel_fails_the_service_and_no_other(quoting: Quoting, to: Quoting) -> None:
    sandbox = tampered(PRICES, lambda entries: [entry for entry in entries if entry["nuRequisicao"] != "2"])
    two = to("70002900", BOX, parcel(200, 200, 150, 40))
    (answer,) = quoting(two, services=[SEDEX, MINI], sandbox=sandbox).answers

    assert [(failure.service, failure.kind) for failure in answer.failures] == [("03220", FailureKind.GARBLED)]
    assert [rate.service for rate in answer.rates] == ["04227"]


def test_a_no_counts_more_than_an_answer_that_did_not_come(quoting: Quoting) -> None:
    sandbox = tampered(PRICES, lambda _entries: [])
    (answer,) = quoting(moods=["partial"], sandbox=sandbox).answers

    assert [refusal.code for refusal in answer.refusals] == ["PRZ-008"]


def test_a_price_without_a_time_fails_the_service(quoting: Quoting) -> None:
    (answer,) = quoting(sandbox=tampered(TIMES, lambda _entries: [])).answers

    assert [failure.kind for failure in answer.failures] == [FailureKind.GARBLED]


def test_a_value_nobody_stated_is_a_failure_and_not_left_out(quoting: Quoting, to: Quoting) -> None:
    told = quoting(to("70002900", parcel(250, 200, 150, 40)), services=[{**SEDEX, "declare_value": True}])

    assert [failure.kind for failure in told.answers[0].failures] == [FailureKind.INCOMPLETE]
    assert told.calls == ()


@pytest.mark.parametrize(("service", "value"), [(SEDEX, "10000.00"), (PAC, "3000.00"), (MINI, "116.70")])
def test_the_highest_value_is_still_declared(
    quoting: Quoting, to: Quoting, service: dict[str, Any], value: str
) -> None:
    worth = parcel(250, 200, 150, 40, value=f"{value} BRL")

    assert len(quoting(to("70002900", worth), services=[{**service, "declare_value": True}]).answers[0].rates) == 1


@pytest.mark.parametrize(
    ("service", "value", "most"),
    [(SEDEX, "10000.01", "10000.00"), (PAC, "3000.01", "3000.00"), (MINI, "116.71", "116.70")],
)
def test_a_value_above_the_highest_is_refused_with_the_limit(
    quoting: Quoting, to: Quoting, service: dict[str, Any], value: str, most: str
) -> None:
    worth = parcel(250, 200, 150, 40, value=f"{value} BRL")
    (refusal,) = quoting(to("70002900", worth), services=[{**service, "declare_value": True}]).answers[0].refusals

    assert refusal.kind == RefusalKind.VALUE_OUT_OF_RANGE
    assert refusal.text.endswith(f"the most that can be declared is {most}")


def test_the_settings_may_move_the_limits_of_the_value(quoting: Quoting, to: Quoting) -> None:
    service = {**SEDEX, "declare_value": True, "value_min": "50.00", "value_max": "89.99", "value_extra": "019"}
    told = quoting(
        to("70002900", parcel(250, 200, 150, 40, value="49.99 BRL"), name="below"),
        to("70002900", BOX, name="above"),
        services=[service],
    )

    assert [len(answer.rates) for answer in told.answers] == [1, 0]
    assert "vlDeclarado" not in told.entries(PRICES)[0]


@pytest.mark.parametrize(
    ("service", "weight", "size", "kind"),
    [
        (SEDEX, 30_001, (200, 150, 40), RefusalKind.TOO_HEAVY),
        (SEDEX, 1000, (1051, 100, 100), RefusalKind.TOO_LARGE),
        (SEDEX, 1000, (100, 700, 1201), RefusalKind.TOO_LARGE),
        (PAC, 50_001, (200, 150, 40), RefusalKind.TOO_HEAVY),
        (MINI, 301, (200, 150, 40), RefusalKind.TOO_HEAVY),
        (MINI, 300, (200, 150, 41), RefusalKind.TOO_LARGE),
        (MINI, 300, (200, 161, 40), RefusalKind.TOO_LARGE),
    ],
)
def test_what_is_beyond_a_published_limit_is_refused_without_a_call(
    quoting: Quoting, to: Quoting, service: dict[str, Any], weight: int, size: tuple[int, int, int], kind: RefusalKind
) -> None:
    told = quoting(to("70002900", parcel(weight, *size)), services=[service])

    assert [refusal.kind for refusal in told.answers[0].refusals] == [kind]
    assert told.calls == ()


@pytest.mark.parametrize(
    ("service", "weight", "size"),
    [
        (SEDEX, 30_000, (1050, 500, 450)),
        (MINI, 300, (240, 160, 40)),
        (MINI, 300, (40, 240, 160)),
    ],
)
def test_what_is_just_within_a_published_limit_is_priced(
    quoting: Quoting, to: Quoting, service: dict[str, Any], weight: int, size: tuple[int, int, int]
) -> None:
    assert len(quoting(to("70002900", parcel(weight, *size)), services=[service]).answers[0].rates) == 1


def test_a_large_format_is_asked_about_whatever_its_size(quoting: Quoting, to: Quoting) -> None:
    told = quoting(to("70002900", parcel(90_000, 3000, 2000, 2000)), services=[LARGE])

    assert len(told.entries(PRICES)) == 1


def test_the_settings_may_name_other_limits(quoting: Quoting, to: Quoting) -> None:
    service = {**MINI, "limits": {"weight": 1000, "longest_side": 500, "sides_sum": 900, "volume": 10_000_000}}
    told = quoting(
        to("70002900", parcel(900, 300, 200, 100), name="within"),
        to("70002900", parcel(900, 300, 300, 200), name="volume"),
        services=[service],
    )

    assert [refusal.kind for refusal in told.answers[1].refusals] == [RefusalKind.TOO_LARGE]
    assert told.entries(PRICES)[0]["psObjeto"] == "900"
    assert told.answers[0].refusals[0].code == "04960"


def test_what_packers_keep_to_is_the_widest_limit_of_all_services(case_of: Callable[..., Case]) -> None:
    with carrier_under_test(case_of([SEDEX, PAC, MINI], {})) as under_test:
        limits = under_test.new_carrier(under_test.public()).abilities.limits
        without = under_test.new_carrier(under_test.public(), services=[SEDEX, LARGE]).abilities.limits

    assert limits == ParcelLimits(weight=50_000, longest_side=1050, sides_sum=2000)
    assert without == ParcelLimits()


def test_a_parcel_from_or_to_abroad_is_not_served(quoting: Quoting, to: Quoting) -> None:
    abroad = Place(country="PT", postal_code="1100148")
    out = to("70002900").model_copy(update={"place": abroad})
    into = to("70002900").model_copy(update={"origin": Origin(id=1, place=abroad, calendar="PT")})
    told = quoting(out, into)

    assert [answer.refusals[0].kind for answer in told.answers] == [RefusalKind.NOT_SERVED, RefusalKind.NOT_SERVED]
    assert told.calls == ()


def test_collection_and_notice_become_notes(quoting: Quoting, to: Quoting) -> None:
    far, near = quoting(to("69930000"), to("70002900", name="near")).answers

    assert [note.kind for note in far.rates[0].notes] == ["collect_at_office", "notice"]
    assert "restrita" in far.rates[0].notes[1].text
    assert near.rates[0].notes == ()


def test_the_latest_day_that_correios_names_is_the_promise(quoting: Quoting) -> None:
    (rate,) = quoting().answers[0].rates

    assert (rate.transit.min, rate.transit.max, rate.transit.promised) == (3, 3, date(2026, 11, 26))


def test_with_dates_the_promise_counts_from_the_dispatch_date(quoting: Quoting, to: Quoting) -> None:
    later = to("70002900").model_copy(update={"dispatch_date": date(2026, 12, 4)})
    (rate,) = quoting(later, event_date="dash").answers[0].rates

    assert rate.transit.promised == date(2026, 12, 9)


@pytest.mark.parametrize(
    ("days", "business"), [(0, 0), (1, 1), (4, 4), (5, 5), (6, 5), (7, 5), (8, 6), (10, 8), (14, 10), (30, 22)]
)
def test_calendar_days_become_the_most_business_days_they_can_hold(quoting: Quoting, days: int, business: int) -> None:
    sandbox = tampered(TIMES, lambda entries: [{**entry, "prazoEntrega": days} for entry in entries])
    (rate,) = quoting(sandbox=sandbox, prazo_unit="calendar").answers[0].rates

    assert (rate.transit.min, rate.transit.max) == (business, business)


@pytest.mark.parametrize(("settings", "calendar"), [({}, "BR-SP"), ({"calendar": "BR"}, "BR")])
def test_business_days_are_the_stores_unless_the_settings_say_whose(
    quoting: Quoting, settings: dict[str, str], calendar: str
) -> None:
    assert quoting(**settings).answers[0].rates[0].transit.calendar == calendar


def test_abilities_say_dated_only_where_dates_are_sent(case_of: Callable[..., Case]) -> None:
    with carrier_under_test(case_of([SEDEX], {})) as under_test:
        plain = under_test.new_carrier(under_test.public()).abilities
        dated = under_test.new_carrier(under_test.public(), settings={"event_date": "slash"}).abilities

    assert (plain.dated, dated.dated) == (False, True)
    assert plain.batch == 10
    assert (plain.measure, plain.price_source, plain.time_source) == ("parcels", "live", "live")
    assert plain.countries == frozenset({"BR"})


def test_an_expired_token_costs_one_new_token_and_one_retry(quoting: Quoting) -> None:
    told = quoting(moods=["token_expired_early"])
    paths = [call.path for call in told.calls]

    assert len(told.answers[0].rates) == 1
    assert (paths.count(TOKEN), paths.count(PRICES), paths.count(TIMES)) == (2, 2, 2)


class Deaf(Sandbox):
    """Gives tokens and accepts none, quoting what it was told."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == TOKEN:
            return super().__call__(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "application/json")])
        told = f"GTW-008: {environ['HTTP_AUTHORIZATION']} of canary-access-code-4711"
        return [json.dumps({"msgs": [told]}).encode()]


def test_a_token_that_is_never_accepted_is_asked_for_twice_and_no_more(quoting: Quoting) -> None:
    told = quoting(sandbox=Deaf)
    paths = [call.path for call in told.calls]

    assert [failure.kind for failure in told.answers[0].failures] == [FailureKind.REJECTED_CREDENTIALS]
    assert (paths.count(TOKEN), paths.count(PRICES), paths.count(TIMES)) == (2, 2, 2)


def test_an_error_text_that_quotes_our_secrets_is_told_without_them(case_of: Callable[..., Case]) -> None:
    case = case_of([SEDEX], {}, Deaf)
    with (
        carrier_under_test(case, tool_overrides={"redactor": Redactor(["canary-access-code-4711"])}) as under_test,
        served_sandbox(under_test) as sandbox,
    ):
        said = ask(sandbox.new_carrier(), case.served.shipments)

    hint = "Correios accepts no token of this posting card (Correios answers 403 GTW-008: Bearer ••• of •••)"
    assert [failure.hint for failure in said.answers[0].failures] == [hint]


def test_an_api_that_is_not_enabled_is_rejected_without_a_retry(quoting: Quoting) -> None:
    told = quoting(moods=["api_not_enabled"])

    assert told.answers[0].failures[0].hint == ("services 38202 (prices) and 38210 (deadlines) are not on the contract")
    assert [call.path for call in told.calls].count(TOKEN) == 1


def test_one_card_that_gets_no_token_fails_its_own_services_only(quoting: Quoting) -> None:
    (answer,) = quoting(services=[SEDEX, {**PAC, "posting_card": "123"}]).answers

    assert [rate.service for rate in answer.rates] == ["03220"]
    assert [(failure.service, failure.kind) for failure in answer.failures] == [
        ("03298", FailureKind.REJECTED_CREDENTIALS)
    ]


def test_no_more_than_three_tokens_are_fetched_in_a_second(case_of: Callable[..., Case]) -> None:
    services = [
        {"code": code, "delivery": "normal", "posting_card": f"001234560{number}"}
        for number, code in enumerate(("03220", "03298", "04227", "04669"), start=3)
    ]
    case = case_of(services, {})
    with carrier_under_test(case) as under_test, served_sandbox(under_test) as sandbox:
        said = ask(sandbox.new_carrier(), case.served.shipments, 0.5)

    assert [call.path for call in under_test.sent].count(TOKEN) == 3
    assert sorted(map(kind_of, said.outcomes())) == [RATE, RATE, RATE, FailureKind.THROTTLED]


def test_a_token_is_renewed_in_the_last_half_hour_of_its_day_and_not_before(case_of: Callable[..., Case]) -> None:
    case = case_of([SEDEX], {})

    def fetched() -> int:
        return [call.path for call in under_test.sent].count(TOKEN)

    with carrier_under_test(case) as under_test, served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        ask(carrier, case.served.shipments)
        under_test.clock.advance(timedelta(hours=23, minutes=29))
        ask(carrier, case.served.shipments)
        before = fetched()
        under_test.clock.advance(timedelta(minutes=2))
        ask(carrier, case.served.shipments)
        wait_until(lambda: fetched() == 2)

    assert before == 1


def test_a_parcel_without_weight_goes_out_with_a_gram(quoting: Quoting, to: Quoting) -> None:
    (entry,) = quoting(to("70002900", parcel(0, 200, 150, 40))).entries(PRICES)

    assert entry["psObjeto"] == "1"


def test_warming_fetches_the_token_of_every_card(case_of: Callable[..., Case]) -> None:
    with (
        carrier_under_test(case_of([SEDEX, {**PAC, "posting_card": "0012345602"}], {})) as under_test,
        served_sandbox(under_test) as sandbox,
    ):
        carrier: Any = sandbox.new_carrier()
        carrier.warm(Deadline(10.0))

    assert sorted(call.json["numero"] for call in under_test.sent) == ["0012345602", "0012345678"]


def test_warming_says_what_is_wrong(case_of: Callable[..., Case]) -> None:
    with (
        carrier_under_test(case_of([SEDEX], {})) as under_test,
        served_sandbox(under_test, ["card_unknown"]) as sandbox,
    ):
        carrier: Any = sandbox.new_carrier()
        with pytest.raises(CarrierError) as caught:
            carrier.warm(Deadline(10.0))

    assert "posting card that ends in 5678" in caught.value.hint


@pytest.mark.parametrize(
    ("services", "settings", "where"),
    [
        ([SEDEX], {"posting_card": None}, "services.0.posting_card"),
        ([SEDEX, {**MINI, "own_hand": True}], {}, "services.1.own_hand"),
        ([{"code": "99999", "delivery": "normal", "declare_value": True}], {}, "services.0.value_extra"),
    ],
)
def test_services_that_cannot_be_asked_keep_the_store_from_starting(
    case_of: Callable[..., Case], services: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], where: str
) -> None:
    with carrier_under_test(case_of(services, settings)) as under_test, pytest.raises(SettingsError) as caught:
        under_test.new_carrier(under_test.public())

    assert where in [problem.where for problem in caught.value.problems]


def test_an_unknown_product_is_asked_for_as_it_is(quoting: Quoting, to: Quoting) -> None:
    service = {"code": "99999", "delivery": "normal", "declare_value": True, "value_extra": "075", "value_max": "10.00"}
    worth = parcel(90_000, 10, 10, 10, value="9.00 BRL")
    (entry,) = quoting(to("70002900", worth), services=[service]).entries(PRICES)

    assert (entry["coProduto"], entry["servicosAdicionais"], entry["comprimento"]) == (
        "99999",
        [{"coServAdicional": "075"}],
        "1",
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "api.correios.com.br"},
        {"base_url": "ftp://api.correios.com.br"},
        {"posting_card": "12345-678"},
        {"posting_card": 12345678},
        {"price_batch": 0},
        {"prazo_unit": "weeks"},
        {"zone_offset": "Brasília"},
    ],
)
def test_settings_that_cannot_be_right_are_refused(case_of: Callable[..., Case], settings: Mapping[str, Any]) -> None:
    with carrier_under_test(case_of([SEDEX], {})) as under_test:
        model = under_test.plugin.Settings

        with pytest.raises(ValueError, match=next(iter(settings))):
            model.model_validate({**under_test.case.settings, **settings})


def test_a_store_that_counts_in_another_currency_is_refused(case_of: Callable[..., Case]) -> None:
    from dataclasses import replace

    case = case_of([SEDEX], {})
    with (
        carrier_under_test(replace(case, store=replace(case.store, currency="EUR"))) as under_test,
        pytest.raises(SettingsError),
    ):
        under_test.new_carrier(under_test.public())


def test_an_answer_that_drips_costs_its_timeout_and_no_more(case_of: Callable[..., Case]) -> None:
    case = case_of([SEDEX], {})
    with carrier_under_test(case) as under_test, serving(Sandbox(["dripping"])) as port:
        said = ask(under_test.new_carrier(under_test.at({"base_url": port})), case.served.shipments, 0.4)

    assert [failure.kind for failure in said.answers[0].failures] == [FailureKind.LATE]
    assert max(said.timeouts) <= 0.4


CREDENTIALS: set[object] = {FailureKind.REJECTED_CREDENTIALS}
LATE: set[object] = {FailureKind.LATE, FailureKind.BUSY, FailureKind.THROTTLED}
"""What may become of a quote that has no time: the limit on fetching tokens counts, too."""
WEATHER: Mapping[str, tuple[float, set[object]]] = {
    "": (20.0, {RATE}),
    "slow": (0.3, LATE),
    "dripping": (0.3, LATE),
    "down": (20.0, {FailureKind.UNREACHABLE}),
    "html": (20.0, {FailureKind.GARBLED}),
    "throttled": (20.0, {FailureKind.THROTTLED}),
    "wrong_password": (20.0, CREDENTIALS),
    "card_unknown": (20.0, CREDENTIALS),
    "api_not_enabled": (20.0, CREDENTIALS),
    "token_expired_early": (20.0, {RATE}),
    "swap": (20.0, {RATE, RefusalKind.SERVICE_UNAVAILABLE}),
    "partial": (20.0, {RATE, RefusalKind.SERVICE_UNAVAILABLE}),
}
"""Seconds of timeout in each mood, and what may become of a service."""
THREADS, QUOTES = 50, 500
EXHAUSTIVE = pytest.mark.exhaustive


def test_a_crowd_tries_every_mood_of_the_simulator() -> None:
    assert set(WEATHER) == {"", *Sandbox.moods}


@pytest.mark.parametrize("mood", [mood if not mood else pytest.param(mood, marks=EXHAUSTIVE) for mood in WEATHER])
def test_a_crowd_is_answered_in_every_mood(case_of: Callable[..., Case], to: Quoting, mood: str) -> None:
    """Fifty threads, five hundred quotes: each keeps to its timeout, comes back whole, and has its own price."""
    timeout, allowed = WEATHER[mood]
    shipments = [to("70002900", parcel(weight, 200, 150, 40), name=f"{weight} g") for weight in range(100, 350, 50)]
    with (
        carrier_under_test(case_of([SEDEX, MINI, PAC], {})) as under_test,
        served_sandbox(under_test, [mood] if mood else []) as sandbox,
    ):
        carrier = sandbox.new_carrier()
        with ThreadPoolExecutor(THREADS) as crowd:
            asked = [shipments[number % len(shipments)] for number in range(QUOTES)]
            said = list(crowd.map(lambda shipment: (shipment.id, ask(carrier, [shipment], timeout)), asked))

    assert {kind_of(part) for _, each in said for part in each.outcomes()} <= allowed
    assert {len(list(each.outcomes())) for _, each in said} == {3}
    assert max(seconds for _, each in said for seconds in each.timeouts) <= timeout
    assert {len(costs) for costs in costs_by_shipment(said).values()} <= {0, 1}


def costs_by_shipment(said: Iterable[tuple[str, CallResult]]) -> Mapping[str, set[object]]:
    """Every price list that was told for a shipment; there should be one."""
    found: dict[str, set[object]] = {}
    for name, each in said:
        costs = tuple((part.service, part.cost.minor) for part in each.outcomes() if isinstance(part, Rate))
        found.setdefault(name, set()).update([costs] if costs else [])
    return found
