"""Laws of answers: a rate's parts add up, and a failure's kind is one the errors know."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from portes import errors
from portes.contract import (
    Answer,
    DeliveryType,
    Dimensions,
    Failure,
    FailureKind,
    Money,
    Note,
    Origin,
    Parcel,
    PickupKind,
    PickupPoint,
    Place,
    Rate,
    Refusal,
    RefusalKind,
    Service,
    Shipment,
    Source,
    Surcharge,
    TransitTime,
)

HERE = Place(country="BR", postal_code="01001000")
BOX = Shipment(
    id="box",
    parcels=(Parcel(weight=500, size=Dimensions(length=250, width=100, height=100)),),
    origin=Origin(id=1, place=HERE, calendar="BR"),
    place=HERE,
    dispatch_date=date(2026, 12, 1),
)
THREE_DAYS = TransitTime(min=3, max=3, calendar="BR")


def brl(minor: int) -> Money:
    return Money(minor=minor, currency="BRL")


def rate(cost: Money, *parts: Surcharge) -> Rate:
    return Rate(service="03298", cost=cost, surcharges=parts, transit=THREE_DAYS, source=Source.LIVE)


def surcharge(minor: int, name: str = "base", currency: str = "BRL") -> Surcharge:
    return Surcharge(name=name, amount=Money(minor=minor, currency=currency))


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8), st.integers(-5, 5))
def test_named_surcharges_add_up_to_the_cost(parts: list[int], off: int) -> None:
    named = [surcharge(minor) for minor in parts]
    cost = sum(parts) + off
    if cost < 0:
        return

    if off == 0:
        assert rate(brl(cost), *named).cost == brl(cost)
    else:
        with pytest.raises(ValidationError, match=f"the surcharges add up to {sum(parts)}, the cost is {cost}"):
            rate(brl(cost), *named)


def test_a_carrier_need_not_name_its_surcharges() -> None:
    assert rate(brl(1290)).surcharges == ()


@given(st.integers(-(10**9), -1))
def test_a_negative_cost_is_refused(minor: int) -> None:
    with pytest.raises(ValidationError, match="is negative"):
        rate(brl(minor))


def test_a_negative_surcharge_is_refused_even_when_the_sum_is_right() -> None:
    with pytest.raises(ValidationError, match="a discount belongs in the base"):
        rate(brl(500), surcharge(700), surcharge(-200, "discount"))


def test_a_surcharge_in_another_currency_is_refused() -> None:
    with pytest.raises(ValidationError, match="a surcharge is not in BRL"):
        rate(brl(500), surcharge(500, currency="EUR"))


def test_every_carrier_error_names_a_kind_of_failure() -> None:
    kinds = {error.kind for error in errors.CarrierError.__subclasses__() if error.__module__ == errors.__name__}

    assert kinds == {str(kind) for kind in FailureKind} - {"crashed", "open_circuit"}


def test_an_answer_may_hold_nothing_yet_because_the_engine_finds_what_is_missing() -> None:
    assert Answer(shipment_id="1") == Answer(shipment_id="1", rates=(), refusals=(), failures=())


@pytest.mark.parametrize("active", [1, "yes", "true"])
def test_only_true_and_false_say_whether_a_service_is_active(active: object) -> None:
    with pytest.raises(ValidationError, match="active"):
        Service.model_validate({"code": "03298", "delivery": "normal", "active": active})


def test_a_service_code_keeps_its_leading_zero_and_is_never_a_number() -> None:
    assert Service(code="03298", delivery=DeliveryType.NORMAL).code == "03298"
    with pytest.raises(ValidationError, match="code"):
        Service.model_validate({"code": 3298, "delivery": "normal"})


@pytest.mark.parametrize("retry_after", [-1, 1.5, True])
def test_a_retry_is_worth_trying_after_a_whole_number_of_seconds(retry_after: object) -> None:
    with pytest.raises(ValidationError, match="retry_after"):
        Failure.model_validate({"service": "03298", "kind": "throttled", "retry_after": retry_after})


def test_a_refusal_is_of_a_known_kind() -> None:
    assert Refusal(service="03298", kind=RefusalKind.TOO_HEAVY).kind == "too_heavy"
    with pytest.raises(ValidationError, match="kind"):
        Refusal.model_validate({"service": "03298", "kind": "no_idea"})


def test_an_answer_sorts_its_outcomes_by_kind_and_keeps_their_order() -> None:
    dear, cheap = rate(brl(2000)), rate(brl(1000))
    no = Refusal(service="04227", kind=RefusalKind.TOO_HEAVY)
    unknown = Failure(service="03220", kind=FailureKind.LATE)

    answer = Answer.of(BOX, [no, dear, unknown, cheap])

    assert answer == Answer(shipment_id="box", rates=(dear, cheap), refusals=(no,), failures=(unknown,))
    assert answer.outcomes == (dear, cheap, no, unknown)


def test_an_error_of_a_whole_call_is_the_failure_of_each_service_alike() -> None:
    error = errors.ThrottledError("no more calls now", retry_after=7)

    assert Failure.of("03298", error) == Failure(
        service="03298", kind=FailureKind.THROTTLED, hint="no more calls now", retry_after=7
    )


@pytest.mark.parametrize(
    "noun",
    [
        lambda text: Note(kind="notice", text=text).text,
        lambda text: Refusal(service="x", kind=RefusalKind.OTHER, text=text).text,
        lambda text: Refusal(service="x", kind=RefusalKind.OTHER, code=text).code,
        lambda text: Failure(service="x", kind=FailureKind.LATE, hint=text).hint,
        lambda text: PickupPoint(id="1", kind=PickupKind.OFFICE, name="n", hours=text).hours,
    ],
)
def test_a_carriers_own_words_are_cut_where_they_are_endless(noun: Callable[[str], str]) -> None:
    assert noun("x" * 600) == "x" * 600
    assert noun("x" * 900_000) == "x" * 599 + "…"
