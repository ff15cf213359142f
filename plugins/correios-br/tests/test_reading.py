"""What is understood of Correios' answers: every published sample to hand-checked values, and odd shapes."""

from datetime import date, datetime
from typing import Any

import pytest
from correios_answers import priced, prices, read_prices, read_times, received, sample, timed, times

from portes.contract import RefusalKind
from portes.errors import GarbledError, RejectedRequestError
from portes_correios_br.services import No
from portes_correios_br.wire import Price, Time


def numbered(entry: dict[str, Any], number: int = 1) -> dict[str, Any]:
    """A single answer as a batch would hold it."""
    return {**entry, "nuRequisicao": str(number)}


def test_the_manuals_sedex_costs_19_92_with_its_extras() -> None:
    said = read_prices(received([numbered(sample("preco-get-03220-manual"))]), prices("03220"))

    assert said == [Price(1992, {"base": 1113, "ad_valorem": 179, "receipt": 700})]


def test_the_pac_of_2026_costs_106_25_and_nothing_beside() -> None:
    said = read_prices(received([numbered(sample("preco-get-03298-2026"))]), prices("03298"))

    assert said == [Price(10625, {"base": 10625})]


def test_the_manuals_older_sedex_costs_17_93() -> None:
    first, _twin = sample("preco-post-04162x2-manual")

    assert read_prices(received([first]), prices("04162")) == [
        Price(1793, {"base": 1014, "ad_valorem": 79, "receipt": 700})
    ]


def test_two_entries_with_one_number_are_no_answer() -> None:
    (said,) = read_prices(received(sample("preco-post-04162x2-manual")), prices("04162"))

    assert isinstance(said, GarbledError)
    assert said.hint == "2 entries answer the question for 04162"


def test_a_swapped_product_is_refused_with_its_reason() -> None:
    (entry,) = sample("preco-post-swap-04960")
    (said,) = read_prices(received([numbered(entry)]), prices("04227"))

    assert isinstance(said, No)
    assert (said.kind, said.code) == (RefusalKind.SERVICE_UNAVAILABLE, "04960")
    assert "04960 in place of 04227" in said.text


def test_the_published_error_of_a_cep_is_not_served_only_where_it_names_the_destination() -> None:
    entries = [numbered(entry, number) for number, entry in enumerate(sample("preco-post-erp005"), start=1)]
    said = read_prices(received(entries, 400), prices("03220", "03298", "04227"))

    assert said[0] == No(RefusalKind.NOT_SERVED, "ERP-005", "CEP inexistente (00000000). --> UF DESTINO")
    assert [type(each) for each in said[1:]] == [RejectedRequestError, RejectedRequestError]


@pytest.mark.parametrize(
    ("name", "product", "promised"),
    [
        ("prazo-get-03220-manual", "03220", date(2022, 3, 22)),
        ("prazo-get-04014-2023", "04014", date(2023, 9, 27)),
    ],
)
def test_a_published_time_is_one_day_to_the_door(name: str, product: str, promised: date) -> None:
    assert read_times(received([numbered(sample(name))]), times(product)) == [Time(1, promised, home=True, notice="")]


def test_the_manuals_batch_of_times_is_read_entry_by_entry() -> None:
    said = read_times(received(sample("prazo-post-manual")), times("04162", "04669"))

    assert said == [
        Time(1, date(2022, 3, 21), home=True, notice=""),
        Time(5, date(2022, 3, 25), home=True, notice=""),
    ]


def test_the_manuals_times_are_business_days() -> None:
    """Posted on Friday, 18 March 2022: one day later is a Monday, five days later the Friday after."""
    posted = date(2022, 3, 18)
    one, five = (datetime.fromisoformat(entry["dataMaxima"]).date() for entry in sample("prazo-post-manual"))

    assert ((one - posted).days, (five - posted).days) == (3, 7)


def test_entries_are_matched_by_their_number_in_whatever_order_they_come() -> None:
    entries = list(reversed(sample("prazo-post-manual")))

    assert [said.days for said in read_times(received(entries), times("04162", "04669")) if isinstance(said, Time)] == [
        1,
        5,
    ]


def test_a_number_may_come_back_as_a_number() -> None:
    entry = {**sample("prazo-get-03220-manual"), "nuRequisicao": 1}

    assert isinstance(read_times(received([entry]), times("03220"))[0], Time)


def test_an_entry_that_is_missing_fails_and_the_others_stand() -> None:
    said = read_times(received(sample("prazo-post-manual")[1:]), times("04162", "04669"))

    assert isinstance(said[0], GarbledError)
    assert isinstance(said[1], Time)


@pytest.mark.parametrize("code", ["9" * 300, "", "0 1", "\x1b[2J"], ids=repr)
def test_an_extra_of_no_documented_code_names_no_parts_and_harms_no_price(code: str) -> None:
    extra = {"coServAdicional": code, "tpServAdicional": "A", "pcServicoAdicional": "1,00"}
    said = priced(pcFinal="9,00", pcProduto="8,00", servicoAdicional=[extra])

    assert (said.final, said.parts) == (900, {})


def test_an_entry_nobody_asked_for_belongs_to_another_question() -> None:
    with pytest.raises(GarbledError, match="another question"):
        read_times(received(sample("prazo-post-manual")), times("04162"))


@pytest.mark.parametrize("name", ["preco-get-03220-manual", "preco-get-03298-2026", "preco-post-04162x2-manual"])
def test_the_parts_of_every_published_price_add_up(name: str) -> None:
    entries = sample(name)
    for entry in entries if isinstance(entries, list) else [entries]:
        cents = {key: int(value.replace(",", "")) for key, value in entry.items() if key.startswith("pc")}

        assert cents["pcFinal"] == cents["pcProduto"] + cents.get("pcTotalServicosAdicionais", 0)
        assert cents["pcBaseGeral"] == cents["pcFaixa"] + cents.get("pcTotalAdicional", 0)
        assert cents["pcReferencia"] == cents["pcProduto"]


@pytest.mark.parametrize(
    ("text", "centavos"), [("1.234,56", 123456), ("1234,56", 123456), ("0,90", 90), ("12.345.678,90", 1234567890)]
)
def test_a_price_is_read_with_or_without_dots_between_its_thousands(text: str, centavos: int) -> None:
    assert priced(pcFinal=text) == Price(centavos, {})


@pytest.mark.parametrize(
    "text", ["12.90", "12", "12,9", "-1,00", "R$ 12,90", "1.23,45", "", " 12,90", 12.9, 1290, None]
)
def test_what_is_no_amount_is_no_price(text: object) -> None:
    assert isinstance(priced(pcFinal=text), GarbledError)


def test_a_price_of_nothing_is_no_price() -> None:
    assert isinstance(priced(pcFinal="0,00"), GarbledError)


def test_parts_that_do_not_add_up_are_left_out() -> None:
    assert priced(pcFinal="20,00", pcProduto="11,13") == Price(2000, {})


def test_every_extra_is_a_part_by_its_name() -> None:
    extras = [("075", "V", "2,00"), ("001", "A", "3,00"), ("002", "A", "4,00"), ("057", "A", "5,00")]
    listed = [
        {"coServAdicional": code, "tpServAdicional": kind, "pcServicoAdicional": price} for code, kind, price in extras
    ]
    said = priced(pcFinal="24,00", pcProduto="10,00", servicoAdicional=listed)

    assert said.parts == {"base": 1000, "ad_valorem": 200, "receipt": 300, "own_hand": 400, "extra_057": 500}


def test_another_product_in_the_entry_is_no_answer() -> None:
    assert isinstance(priced(coProduto="03298", pcFinal="1,00"), GarbledError)


def test_an_error_beside_a_price_is_an_error() -> None:
    assert isinstance(priced(pcFinal="1,00", txErro="PRZ-008: Serviço indisponível."), No)


def test_an_empty_error_is_none() -> None:
    assert priced(pcFinal="1,00", txErro="") == Price(100, {})


def test_a_time_may_come_without_its_product_and_without_a_promise() -> None:
    (said,) = read_times(received([{"nuRequisicao": "1", "prazoEntrega": 3}]), times("03220"))

    assert said == Time(3, None, home=True, notice="")


@pytest.mark.parametrize("no", ["N", "n", " N "])
def test_a_parcel_that_is_collected_and_a_notice_are_kept(no: str) -> None:
    said = timed(prazoEntrega=9, entregaDomiciliar=no, msgPrazo="Área com  restrição.\n")

    assert said == Time(9, None, home=False, notice="Área com restrição.")


@pytest.mark.parametrize("days", ["3", 3.5, -1, 366, True, None])
def test_what_is_no_number_of_days_is_no_time(days: object) -> None:
    assert isinstance(timed(prazoEntrega=days), GarbledError)
