"""What becomes of a shipment: sums, refusals, failures and notes, asked of the simulator."""

from collections.abc import Callable
from typing import Any

from correios_stubs import BOX, MINI, PRICES, SEDEX, TIMES, Quoting, tampered

from portes.contract import FailureKind, Origin, Place, RefusalKind
from portes.simulators.serving import serving
from portes_correios_br.sandbox import Sandbox
from portes_testing import Case, ask, carrier_under_test, parcel


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


def test_a_parcel_without_weight_goes_out_with_a_gram(quoting: Quoting, to: Quoting) -> None:
    (entry,) = quoting(to("70002900", parcel(0, 200, 150, 40))).entries(PRICES)

    assert entry["psObjeto"] == "1"


def test_an_unknown_product_is_asked_for_as_it_is(quoting: Quoting, to: Quoting) -> None:
    service = {"code": "99999", "delivery": "normal", "declare_value": True, "value_extra": "075", "value_max": "10.00"}
    worth = parcel(90_000, 10, 10, 10, value="9.00 BRL")
    (entry,) = quoting(to("70002900", worth), services=[service]).entries(PRICES)

    assert (entry["coProduto"], entry["servicosAdicionais"], entry["comprimento"]) == (
        "99999",
        [{"coServAdicional": "075"}],
        "1",
    )


def test_an_answer_that_drips_costs_its_timeout_and_no_more(case_of: Callable[..., Case]) -> None:
    case = case_of([SEDEX], {})
    with carrier_under_test(case) as under_test, serving(Sandbox(["dripping"])) as port:
        said = ask(under_test.new_carrier(under_test.at({"base_url": port})), case.served.shipments, 0.4)

    assert [failure.kind for failure in said.answers[0].failures] == [FailureKind.LATE]
    assert max(said.timeouts) <= 0.4


def test_prices_that_come_to_more_than_anybody_pays_are_garbled(quoting: Quoting, to: Quoting) -> None:
    sandbox = tampered(PRICES, lambda entries: [{**each, "pcFinal": "999.999.999,99"} for each in entries])
    (answer,) = quoting(to("70002900", BOX.model_copy(update={"count": 20})), sandbox=sandbox).answers

    assert [(failure.service, failure.kind) for failure in answer.failures] == [("03220", FailureKind.GARBLED)]
