"""What Correios is sent, field by field: seen by a tap on the calls that leave."""

from base64 import b64decode
from datetime import date
from typing import Any

import pytest
from correios_stubs import MINI, PAC, PRICES, SEDEX, TIMES, TOKEN, Quoting, tampered

from portes_testing import parcel


def test_a_token_is_asked_for_with_login_and_access_code_and_the_card_alone(quoting: Quoting) -> None:
    call = next(call for call in quoting().calls if call.path == TOKEN)
    scheme, _, credential = call.header("Authorization").partition(" ")

    assert call.method == "POST"
    assert (scheme, b64decode(credential)) == ("Basic", b"00000000000191:canary-access-code-4711")
    assert call.json == {"numero": "0012345678"}


def test_a_price_question_says_every_field_of_its_parcel(quoting: Quoting) -> None:
    told = quoting()

    assert told.bodies(PRICES) == [
        {
            "idLote": "1",
            "parametrosProduto": [
                {
                    "coProduto": "03220",
                    "nuRequisicao": "1",
                    "nuContrato": "9912345679",
                    "nuDR": 29,
                    "cepOrigem": "01001000",
                    "cepDestino": "70002900",
                    "psObjeto": "250",
                    "tpObjeto": "2",
                    "comprimento": "20",
                    "largura": "15",
                    "altura": "4",
                }
            ],
        }
    ]


def test_a_time_question_says_product_and_lane(quoting: Quoting) -> None:
    told = quoting()

    assert told.bodies(TIMES) == [
        {
            "idLote": "1",
            "parametrosPrazo": [
                {"coProduto": "03220", "nuRequisicao": "1", "cepOrigem": "01001000", "cepDestino": "70002900"}
            ],
        }
    ]


def test_prices_and_times_are_asked_with_the_token_as_json(quoting: Quoting) -> None:
    calls = [call for call in quoting().calls if call.path in {PRICES, TIMES}]

    assert len(calls) == 2
    for call in calls:
        assert call.method == "POST"
        assert call.header("Authorization").startswith("Bearer ")
        assert call.header("Content-Type") == "application/json"
        assert call.header("Accept").startswith("application/json")


def test_contract_and_region_come_from_the_tokens_answer(quoting: Quoting) -> None:
    def another(answer: Any) -> object:
        return {**answer, "cartaoPostagem": {**answer["cartaoPostagem"], "contrato": "9987654301", "dr": 11}}

    (entry,) = quoting(sandbox=tampered(TOKEN, another, 201)).entries(PRICES)

    assert (entry["nuContrato"], entry["nuDR"]) == ("9987654301", 11)


def test_sides_go_out_longest_first_in_whole_centimetres_rounded_up(quoting: Quoting, to: Quoting) -> None:
    (entry,) = quoting(to("70002900", parcel(250, 121, 301, 255))).entries(PRICES)

    assert (entry["comprimento"], entry["largura"], entry["altura"]) == ("31", "26", "13")


def test_a_parcel_below_the_minimum_goes_out_as_the_minimum(quoting: Quoting, to: Quoting) -> None:
    (entry,) = quoting(to("70002900", parcel(250, 10, 50, 70))).entries(PRICES)

    assert (entry["comprimento"], entry["largura"], entry["altura"]) == ("16", "11", "2")


def test_the_settings_may_name_another_minimum(quoting: Quoting, to: Quoting) -> None:
    service = {**SEDEX, "minimum": {"length": 150, "width": 100, "height": 10}}
    (entry,) = quoting(to("70002900", parcel(250, 10, 50, 70)), services=[service]).entries(PRICES)

    assert (entry["comprimento"], entry["largura"], entry["altura"]) == ("15", "10", "1")


def test_postal_codes_and_codes_keep_their_leading_zeros(quoting: Quoting, to: Quoting) -> None:
    told = quoting(to("09185670"))

    for entry in (*told.entries(PRICES), *told.entries(TIMES)):
        assert (entry["cepOrigem"], entry["cepDestino"], entry["coProduto"]) == ("01001000", "09185670", "03220")


def test_a_value_is_declared_only_where_the_service_says_so(quoting: Quoting) -> None:
    plain, valued = quoting(services=[SEDEX, {**PAC, "declare_value": True}]).entries(PRICES)

    assert "vlDeclarado" not in plain
    assert "servicosAdicionais" not in plain
    assert valued["vlDeclarado"] == "90.00"
    assert valued["servicosAdicionais"] == [{"coServAdicional": "064"}]


@pytest.mark.parametrize(("service", "extra"), [(SEDEX, "019"), (PAC, "064"), (MINI, "065")])
def test_a_value_is_declared_through_the_services_own_extra(
    quoting: Quoting, service: dict[str, Any], extra: str
) -> None:
    (entry,) = quoting(services=[{**service, "declare_value": True}]).entries(PRICES)

    assert entry["servicosAdicionais"] == [{"coServAdicional": extra}]


def test_a_value_below_the_automatic_insurance_is_not_declared(quoting: Quoting, to: Quoting) -> None:
    worth = [parcel(250, 200, 150, 40, value=f"{value} BRL") for value in ("25.62", "25.63")]
    below, just = quoting(to("70002900", *worth), services=[{**SEDEX, "declare_value": True}]).entries(PRICES)

    assert "vlDeclarado" not in below
    assert just["vlDeclarado"] == "25.63"


def test_receipt_and_own_hand_and_further_extras_go_out_once_each(quoting: Quoting) -> None:
    service = {**SEDEX, "receipt": True, "own_hand": True, "extras": ["057", "001"], "declare_value": True}
    (entry,) = quoting(services=[service]).entries(PRICES)

    assert [each["coServAdicional"] for each in entry["servicosAdicionais"]] == ["019", "001", "002", "057"]


@pytest.mark.parametrize(("form", "written"), [("dot", "129.90"), ("comma", "129,90"), ("whole", "130")])
def test_a_value_is_written_in_the_form_of_the_settings(quoting: Quoting, to: Quoting, form: str, written: str) -> None:
    worth = parcel(250, 200, 150, 40, value="129.90 BRL")
    told = quoting(to("70002900", worth), services=[{**SEDEX, "declare_value": True}], value_format=form)

    assert [entry["vlDeclarado"] for entry in told.entries(PRICES)] == [written]


def test_extras_go_out_as_texts_where_the_settings_say_so(quoting: Quoting) -> None:
    (entry,) = quoting(services=[{**SEDEX, "receipt": True}], extras_format="texts").entries(PRICES)

    assert entry["servicosAdicionais"] == ["001"]


@pytest.mark.parametrize(("form", "written"), [("dash", "05-12-2026"), ("slash", "05/12/2026")])
def test_the_dispatch_date_goes_out_in_the_form_of_the_settings(
    quoting: Quoting, to: Quoting, form: str, written: str
) -> None:
    later = to("70002900").model_copy(update={"dispatch_date": date(2026, 12, 5)})
    told = quoting(later, event_date=form)

    assert [entry["dtEvento"] for entry in (*told.entries(PRICES), *told.entries(TIMES))] == [written, written]


def test_no_date_goes_out_unless_the_settings_say_so(quoting: Quoting) -> None:
    told = quoting()

    assert not any("dtEvento" in entry for entry in (*told.entries(PRICES), *told.entries(TIMES)))


def test_questions_go_out_five_at_a_time_each_with_its_own_number(quoting: Quoting, to: Quoting) -> None:
    parcels = [parcel(weight, 200, 150, 40) for weight in range(100, 800, 100)]
    bodies = quoting(to("70002900", *parcels)).bodies(PRICES)
    chunks = sorted((body["parametrosProduto"] for body in bodies), key=len, reverse=True)

    assert [[entry["nuRequisicao"] for entry in chunk] for chunk in chunks] == [["1", "2", "3", "4", "5"], ["1", "2"]]
    assert [entry["psObjeto"] for chunk in chunks for entry in chunk] == [str(each.weight) for each in parcels]


def test_the_settings_may_say_how_many_questions_go_out_at_a_time(quoting: Quoting, to: Quoting) -> None:
    parcels = [parcel(weight, 200, 150, 40) for weight in (100, 200, 300)]
    told = quoting(to("70002900", *parcels), to("20040002", name="else"), price_batch=2, time_batch=1)

    assert sorted(len(body["parametrosProduto"]) for body in told.bodies(PRICES)) == [2, 2]
    assert sorted(len(body["parametrosPrazo"]) for body in told.bodies(TIMES)) == [1, 1]


def test_two_posting_cards_never_stand_in_one_chunk(quoting: Quoting) -> None:
    told = quoting(services=[SEDEX, {**PAC, "posting_card": "0012345602"}, MINI])
    products = [[entry["coProduto"] for entry in body["parametrosProduto"]] for body in told.bodies(PRICES)]
    bearers = {call.header("Authorization"): call.json for call in told.calls if call.path == PRICES}

    assert sorted(products) == [["03220", "04227"], ["03298"]]
    assert len(bearers) == 2


def test_a_time_is_asked_once_for_a_lane_and_service_however_many_parcels(quoting: Quoting, to: Quoting) -> None:
    parcels = [parcel(weight, 200, 150, 40) for weight in range(100, 900, 100)]
    told = quoting(to("70002900", *parcels), to("70002900", name="again"), services=[SEDEX, PAC])

    assert [entry["coProduto"] for entry in told.entries(TIMES)] == ["03220", "03298"]


def test_equal_parcels_are_priced_once_and_counted(quoting: Quoting, to: Quoting) -> None:
    one, twin = parcel(250, 200, 150, 40), parcel(250, 150, 40, 200)
    alone = quoting(to("70002900", one))
    told = quoting(to("70002900", one, twin, one.model_copy(update={"count": 3})))

    assert len(told.entries(PRICES)) == 1
    assert told.answers[0].rates[0].cost == alone.answers[0].rates[0].cost * 5


def test_parcels_that_differ_in_their_declared_value_are_priced_apart(quoting: Quoting, to: Quoting) -> None:
    cheap, dear = (parcel(250, 200, 150, 40, value=f"{value} BRL") for value in ("100.00", "500.00"))
    told = quoting(to("70002900", cheap, dear), services=[{**SEDEX, "declare_value": True}])

    assert [entry["vlDeclarado"] for entry in told.entries(PRICES)] == ["100.00", "500.00"]


def test_parcels_whose_value_is_not_declared_are_equal_whatever_they_are_worth(quoting: Quoting, to: Quoting) -> None:
    cheap, dear = (parcel(250, 200, 150, 40, value=f"{value} BRL") for value in ("100.00", "500.00"))

    assert len(quoting(to("70002900", cheap, dear)).entries(PRICES)) == 1


def test_an_inactive_service_is_not_asked_for(quoting: Quoting) -> None:
    told = quoting(services=[SEDEX, {**PAC, "active": False}])

    assert {entry["coProduto"] for entry in (*told.entries(PRICES), *told.entries(TIMES))} == {"03220"}


def test_other_versions_of_the_apis_are_other_paths(quoting: Quoting) -> None:
    told = quoting(price_version="v2", time_version="v3")

    assert {call.path for call in told.calls} == {TOKEN, "/preco/v2/nacional", "/prazo/v3/nacional"}
