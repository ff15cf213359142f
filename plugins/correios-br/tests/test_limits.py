"""What Correios publishes of values, weights and sizes: just within is asked, beyond is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from correios_stubs import BOX, LARGE, MINI, PAC, PRICES, SEDEX, Quoting

from portes.contract import FailureKind, ParcelLimits, RefusalKind
from portes_testing import Case, carrier_under_test, parcel


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
        (PAC, 30_001, (200, 150, 40), RefusalKind.TOO_HEAVY),
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


@pytest.mark.parametrize(("grams", "sides", "served"), [(50_000, 1050, True), (50_001, 200, False), (200, 1051, False)])
def test_a_contract_of_a_state_may_say_fifty_kilograms_and_keeps_the_published_sides(
    quoting: Quoting, to: Quoting, grams: int, sides: int, *, served: bool
) -> None:
    service = {**PAC, "limits": {"weight": 50_000}}
    told = quoting(to("70002900", parcel(grams, sides, 200, 150)), services=[service])

    assert bool(told.entries(PRICES)) == served
    assert bool(told.answers[0].refusals) != served


def test_each_service_is_packed_within_its_own_limits(case_of: Callable[..., Case]) -> None:
    with carrier_under_test(case_of([SEDEX, PAC, MINI], {})) as under_test:
        abilities = under_test.new_carrier(under_test.public()).abilities
        without = under_test.new_carrier(under_test.public(), services=[SEDEX, LARGE]).abilities

    least = (160, 110, 20)
    assert abilities.limits_of(PAC["code"]) == ParcelLimits(
        weight=30_000, longest_side=1050, sides_sum=2000, least_sides=least
    )
    mini = abilities.limits_of(MINI["code"])
    assert (mini.weight, mini.sides) == (300, (240, 160, 40))
    assert without.limits_of(LARGE["code"]) == ParcelLimits(least_sides=least)


def test_it_declares_how_it_bills_sizes_and_the_most_that_can_be_declared(case_of: Callable[..., Case]) -> None:
    services: list[dict[str, Any]] = [
        {**SEDEX, "declare_value": True},
        {**PAC, "declare_value": True, "value_max": "89.99"},
        MINI,
    ]
    with carrier_under_test(case_of(services, {})) as under_test:
        abilities = under_test.new_carrier(under_test.public()).abilities

    assert [abilities.limits_of(one["code"]).value for one in services] == [10_000_00, 89_99, None]
    assert abilities.cubic is not None
    assert [abilities.cubic.billed(100, volume) for volume in (30_000_000, 30_000_001)] == [100, 5_001]


def test_a_value_that_is_left_out_asks_for_no_extra(quoting: Quoting, to: Quoting) -> None:
    service = {**SEDEX, "declare_value": True, "value_min": "0"}
    told = quoting(to("70002900", parcel(250, 200, 150, 40, value="0.00 BRL")), services=[service])

    assert len(told.answers[0].rates) == 1
    assert all("vlDeclarado" not in entry for entry in told.entries(PRICES))
