"""A question that sinks its batch is found, left out for a while, told as what it is, and probed in nobody's way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from correios_stubs import BOX, MINI, PAC, PRICES, SEDEX, TIMES, Quoting, sunk_by

from portes.carrier import Deadline
from portes.contract import Answer, FailureKind, RefusalKind, Shipment
from portes_testing import CarrierUnderTest, carrier_under_test, parcel, served_sandbox
from portes_testing.harness.carrier_under_test import built

SERVICES = (SEDEX, PAC, MINI)
BAD = "03298"


@dataclass
class Shop:
    """A carrier whose simulator calls what is in `wrong` malformed, and what was asked of it so far."""

    carrier: Any
    under_test: CarrierUnderTest
    wrong: set[str]
    """Products, or weights in grams, that sink a batch."""
    new_carrier: Callable[[], Any]
    """Makes another one, as changed settings do."""
    read: int = field(default=0)

    def quote(self, *shipments: Shipment) -> list[Answer]:
        return list(self.carrier.quote(shipments, Deadline(20.0)))

    def asked(self, path: str) -> list[list[str]]:
        """The products of each call of one path since this was last looked at, in their order."""
        calls = [call for call in self.under_test.sent[self.read :] if call.path == path]
        return sorted([entry["coProduto"] for entry in next(iter(_lists(call.json)))] for call in calls)

    def forget(self) -> None:
        self.read = len(self.under_test.sent)

    def wait(self, **time: float) -> None:
        self.under_test.clock.advance(timedelta(**time))

    def run_background(self) -> None:
        built(self.carrier).background.run()


def _lists(body: Any) -> Iterator[list[dict[str, Any]]]:
    return (value for value in body.values() if isinstance(value, list))


@pytest.fixture
def opened(case_of: Callable[..., Any]) -> Callable[..., Any]:
    @contextmanager
    def open_shop(
        wrong: set[str], services: Any = SERVICES, *, listed: bool = False, **settings: Any
    ) -> Iterator[Shop]:
        def is_wrong(entry: dict[str, Any]) -> bool:
            return bool(wrong & {entry["coProduto"], entry.get("psObjeto"), entry["cepDestino"]})

        case = case_of(services, settings, sunk_by(is_wrong, listed=listed))
        with carrier_under_test(case) as under_test, served_sandbox(under_test) as served:
            yield Shop(served.new_carrier(), under_test, wrong, served.new_carrier)

    return open_shop


def outcomes(answer: Answer) -> dict[str, object]:
    return {part.service: getattr(part, "kind", "rate") for part in answer.outcomes}


def test_the_others_of_a_sunk_batch_are_priced_in_the_same_quote(opened: Quoting, to: Quoting) -> None:
    with opened({BAD}) as shop:
        (answer,) = shop.quote(to("70002900"))

        assert outcomes(answer) == {"03220": "rate", BAD: FailureKind.REJECTED_REQUEST, "04227": "rate"}
        assert "PRC-101: Parâmetro inválido." in answer.failures[0].hint
        for path in (PRICES, TIMES):
            assert shop.asked(path) == [["03220"], ["03220", BAD, "04227"], [BAD], ["04227"]]


@pytest.mark.parametrize("listed", [False, True])
def test_what_sank_a_batch_is_left_out_of_the_next_and_told_as_the_same_failure(
    opened: Quoting, to: Quoting, *, listed: bool
) -> None:
    with opened({BAD}, listed=listed) as shop:
        shop.quote(to("70002900"))
        shop.forget()
        shop.wait(minutes=9, seconds=59)
        (answer,) = shop.quote(to("70002900"))

        assert outcomes(answer)[BAD] == FailureKind.REJECTED_REQUEST
        assert "PRC-101: Parâmetro inválido." in answer.failures[0].hint
        assert (shop.asked(PRICES), shop.asked(TIMES)) == ([["03220", "04227"]], [["03220", "04227"]])


def test_a_product_that_sinks_two_lanes_in_a_row_is_left_out_of_every_lane(opened: Quoting, to: Quoting) -> None:
    with opened({BAD}) as shop:
        shop.quote(to("70002900"))
        shop.quote(to("20040002"))
        shop.forget()
        (answer,) = shop.quote(to("30140071"))

        assert outcomes(answer) == {"03220": "rate", BAD: FailureKind.REJECTED_REQUEST, "04227": "rate"}
        assert shop.asked(PRICES) == [["03220", "04227"]]


def test_one_odd_parcel_leaves_its_products_open_for_every_other(opened: Quoting, to: Quoting) -> None:
    odd = parcel(777, 200, 150, 40)
    with opened({"777"}, (SEDEX, PAC)) as shop:
        for name in ("first", "again"):
            odd_answer, sound = shop.quote(to("70002900", odd), to("70002900", BOX, name=name))
            assert set(outcomes(odd_answer).values()) == {FailureKind.REJECTED_REQUEST}
            assert set(outcomes(sound).values()) == {"rate"}


def test_two_places_that_sink_every_product_leave_all_products_open(opened: Quoting, to: Quoting) -> None:
    with opened({"20040002", "30140071"}) as shop:
        for nowhere in ("20040002", "30140071"):
            assert set(outcomes(shop.quote(to(nowhere))[0]).values()) == {FailureKind.REJECTED_REQUEST}

        assert set(outcomes(shop.quote(to("70002900"))[0]).values()) == {"rate"}


def test_a_call_that_is_sunk_by_its_only_question_is_asked_once(opened: Quoting, to: Quoting) -> None:
    with opened({BAD}, (PAC,)) as shop:
        shop.quote(to("70002900"))

        assert (shop.asked(PRICES), shop.asked(TIMES)) == ([[BAD]], [[BAD]])


def test_a_probe_goes_alone_and_after_the_quote_when_the_time_is_over(opened: Quoting, to: Quoting) -> None:
    with opened({BAD}) as shop:
        shop.quote(to("70002900"))
        shop.wait(minutes=10)
        shop.wrong.clear()
        shop.forget()
        (answer,) = shop.quote(to("70002900"))

        assert outcomes(answer)[BAD] == FailureKind.REJECTED_REQUEST
        assert shop.asked(PRICES) == [["03220", "04227"]]
        shop.run_background()
        assert shop.asked(PRICES) == [["03220", "04227"], [BAD]]
        assert outcomes(shop.quote(to("70002900"))[0])[BAD] == "rate"


@pytest.mark.parametrize("listed", [False, True])
def test_a_probe_that_fails_leaves_it_out_for_as_long_again(opened: Quoting, to: Quoting, *, listed: bool) -> None:
    with opened({BAD}, listed=listed) as shop:
        shop.quote(to("70002900"))
        shop.wait(minutes=10)
        shop.quote(to("70002900"))
        shop.run_background()
        shop.forget()
        shop.wait(minutes=9)
        shop.quote(to("70002900"))
        shop.run_background()

        assert shop.asked(PRICES) == [["03220", "04227"]]


def test_what_nobody_asked_for_in_twice_the_time_is_asked_like_any_other(opened: Quoting, to: Quoting) -> None:
    with opened({BAD}) as shop:
        shop.quote(to("70002900"))
        shop.wait(minutes=20)
        shop.wrong.clear()

        assert outcomes(shop.quote(to("70002900"))[0])[BAD] == "rate"


def test_the_settings_say_how_long_it_is_left_out(opened: Quoting, to: Quoting) -> None:
    with opened({BAD}, leave_out=0) as shop:
        shop.quote(to("70002900"))
        shop.wrong.clear()

        assert outcomes(shop.quote(to("70002900"))[0])[BAD] == "rate"


def test_changed_settings_leave_nothing_out(opened: Quoting, to: Quoting) -> None:
    with opened({BAD}) as shop:
        shop.quote(to("70002900"))
        shop.wrong.clear()
        shop.carrier = shop.new_carrier()

        assert outcomes(shop.quote(to("70002900"))[0])[BAD] == "rate"


def test_a_no_for_a_whole_call_is_found_by_asking_alone_and_blames_nothing(quoting: Quoting, to: Quoting) -> None:
    text = "ERP-005: CEP inexistente (20040002). --> UF DESTINO"
    sandbox = sunk_by(lambda entry: entry["cepDestino"] == "20040002", text)
    there, nowhere = quoting(to("70002900"), to("20040002", name="nowhere"), services=SERVICES, sandbox=sandbox).answers

    assert set(outcomes(there).values()) == {"rate"}
    assert set(outcomes(nowhere).values()) == {RefusalKind.NOT_SERVED}


def test_a_sunk_batch_costs_no_more_calls_than_it_has_questions(opened: Quoting, to: Quoting) -> None:
    parcels = [parcel(weight, 200, 150, 40) for weight in (100, 200)]
    with opened({BAD}, (SEDEX, PAC)) as shop:
        shop.quote(to("70002900", *parcels))

        sedex, pac = ["03220"] * 2, [BAD]
        assert shop.asked(PRICES) == [sedex, sedex + pac * 2, pac, pac, pac * 2]
