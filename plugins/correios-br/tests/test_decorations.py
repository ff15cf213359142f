"""A field that only decorates never voids a price or a time; what price, time and identity hang on is strict."""

from typing import Any

import pytest
from correios_answers import priced, received, timed
from correios_stubs import BOX, PRICES, SEDEX, TIMES, TOKEN, Quoting, tampered

from portes.carrier import Deadline
from portes_correios_br import wire
from portes_correios_br.questions import Lane, PriceQuestion
from portes_correios_br.services import Piece
from portes_correios_br.wire import Price, Time
from portes_testing import carrier_under_test, parcel, served_sandbox


def changed(path: str, **fields: Any) -> Any:
    return tampered(path, lambda entries: [{**entry, **fields} for entry in entries])


@pytest.mark.parametrize(
    "fields",
    [
        {"servicoAdicional": None},
        {"servicoAdicional": "001"},
        {"servicoAdicional": [{"coServAdicional": "001", "tpServAdicional": "A"}]},
        {"servicoAdicional": [{"pcServicoAdicional": "1,00"}]},
        {"pcProduto": ""},
        {"pcProduto": "34,550"},
        {"pcProduto": 34.55},
        {"taxaExtra": "3,00"},
        {"taxaExtra": [None]},
        {"pcBase": [], "qtAdicional": {}, "noProduto": 1},
    ],
)
def test_an_odd_decoration_leaves_the_price_as_it_is(fields: dict[str, Any]) -> None:
    said = priced(pcFinal="34,55", **fields)

    assert isinstance(said, Price)
    assert said.final == 3455


@pytest.mark.parametrize(
    "fields",
    [
        {"dataMaxima": "21/03/2022"},
        {"dataMaxima": 20261231},
        {"dataMaxima": "2026-02-30T23:58:00"},
        {"msgPrazo": {"pt": "aviso"}},
        {"msgPrazo": 5},
        {"entregaDomiciliar": True},
        {"entregaDomiciliar": "talvez"},
    ],
)
def test_an_odd_decoration_leaves_the_time_as_it_is(fields: dict[str, Any]) -> None:
    assert timed(prazoEntrega=3, **fields) == Time(3, None, home=True, notice="")


def test_a_notice_as_long_as_a_book_is_cut_and_costs_no_price(quoting: Quoting) -> None:
    (rate,) = quoting(sandbox=changed(TIMES, msgPrazo="aviso " * 10_000)).answers[0].rates

    assert [len(note.text) for note in rate.notes] == [300]


def test_a_notice_in_several_parts_is_told_whole(quoting: Quoting) -> None:
    sandbox = changed(TIMES, msgPrazo=["Área com restrição.", "O prazo é acrescido."])
    (rate,) = quoting(sandbox=sandbox).answers[0].rates

    assert [note.text for note in rate.notes] == ["Área com restrição. O prazo é acrescido."]


def test_an_extra_fee_becomes_a_note_and_is_never_added(quoting: Quoting, to: Quoting) -> None:
    sandbox = changed(PRICES, taxaExtra=[{"codigo": 7, "tipo": "EMERGENCIAL", "vlTaxa": "3,00"}])
    shipment = to("70002900", BOX, parcel(900, 200, 150, 40))
    (rate,) = quoting(shipment, sandbox=sandbox).answers[0].rates

    assert rate.cost == quoting(shipment).answers[0].rates[0].cost
    assert [note.kind for note in rate.notes] == ["extra_fee"]
    assert "7 EMERGENCIAL of 3,00" in rate.notes[0].text
    assert "not added" in rate.notes[0].text


def test_more_fees_and_parts_than_anybody_reads_cost_no_price(quoting: Quoting, to: Quoting) -> None:
    def many(entries: list[dict[str, Any]]) -> object:
        fees = [{"codigo": number, "vlTaxa": "3,00"} for number in range(500)]
        extras = [{"coServAdicional": f"{number:03}", "pcServicoAdicional": "0,01"} for number in range(500)]
        dear = {"pcProduto": "10,00", "pcFinal": "15,00"}
        return [{**entry, **dear, "taxaExtra": fees, "servicoAdicional": extras} for entry in entries]

    (rate,) = quoting(to("70002900", BOX), sandbox=tampered(PRICES, many)).answers[0].rates

    assert (rate.cost.minor, rate.surcharges) == (1500, ())
    assert len(rate.notes) == 100


@pytest.mark.parametrize(
    "fields",
    [
        {"dr": "72"},
        {"contrato": 9912345679},
        {"api": None},
        {"api": "34 35"},
        {"api": [34, None, "35"]},
    ],
)
def test_a_token_is_read_whatever_its_account_is_written_as(quoting: Quoting, fields: dict[str, Any]) -> None:
    def change(answer: Any) -> object:
        odd = {"cpf": [], "perfil": 3, "zoneOffset": 5, "ip": None}
        return {**answer, **odd, "cartaoPostagem": {**answer["cartaoPostagem"], **fields}}

    told = quoting(sandbox=tampered(TOKEN, change, 201))
    (entry,) = told.entries(PRICES)

    assert len(told.answers[0].rates) == 1
    assert entry["nuContrato"] == "9912345679"
    assert entry["nuDR"] == int(fields.get("dr", 29))


@pytest.mark.parametrize("fields", [{"dr": "x"}, {"dr": None}, {"contrato": None}, {"contrato": ""}])
def test_a_token_that_tells_no_contract_or_region_is_none(quoting: Quoting, fields: dict[str, Any]) -> None:
    def change(answer: Any) -> object:
        return {**answer, "cartaoPostagem": {**answer["cartaoPostagem"], **fields}}

    told = quoting(sandbox=tampered(TOKEN, change, 201))

    assert len(told.answers[0].failures) == 1
    assert told.entries(PRICES) == []


def test_the_unknown_shape_of_a_decoration_is_told_without_what_stood_in_it() -> None:
    said: list[str] = []
    entry = {"coProduto": "03220", "nuRequisicao": "1", "pcFinal": "9,00", "pcProduto": "segredo"}
    question = PriceQuestion(SEDEX["code"], Lane("70002900", "05311900", None), Piece(300, (20, 20, 20), (), None))
    wire.read_prices(received([entry]), [question], ["1"], said.append)

    assert said == ["Correios sends pcProduto in a form that it does not document: left out"]


def test_the_unknown_shape_of_a_decoration_is_logged_once_however_often_it_comes(case_of: Any, to: Quoting) -> None:
    sandbox = changed(PRICES, pcProduto="segredo")
    with carrier_under_test(case_of([SEDEX], {}, sandbox)) as under_test, served_sandbox(under_test) as served:
        carrier = served.new_carrier()
        for _ in range(2):
            carrier.quote([to("70002900")], Deadline(20.0))

        logged = [line for line in under_test.output.lines if "pcProduto" in line]
    assert len(logged) == 1
    assert "segredo" not in logged[0]
