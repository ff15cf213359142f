"""A random table, written in a format and read back, prices random shipments as it did before."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_tables import RandomLane, RandomTable, Tier, price_of, random_shipments, random_tables

from portes.errors import Problems
from portes.tables import FoundRow, PricedLoad, RateTable, ReadOptions, Tariff, TariffPricer, find_format
from portes.tables.formats.finding import rows_of
from portes.tables.index.compiler import compile_rows

Write = Callable[[RandomLane, Tier], str]

IN_KG = ReadOptions(country="BR", currency="BRL", weight_unit="kg")


def kilos(grams: int) -> str:
    return f"{grams // 1000},{grams % 1000:03}"


def money(cents: int, sign: str = ",") -> str:
    return f"{cents // 100}{sign}{cents % 100:02}"


def nova_oito(lane: RandomLane, tier: Tier) -> str:
    start = tier.above + 1 if tier.above else 0
    return f"{lane.first:08};{lane.last:08};{start};{tier.up_to};{money(tier.price)};{tier.percent};0;0;0;{lane.days}"


def toplojas(lane: RandomLane, tier: Tier) -> str:
    above = tier.above + 10 if tier.above and tier.up_to > tier.above + 10 else tier.above
    weights, price = (f"{above / 1000:.2f};{tier.up_to / 1000:.2f}", money(tier.price, "."))
    return f"SP;{lane.first:08};{lane.last:08};{weights};{price};{lane.days};{tier.percent};;"


def vnda(lane: RandomLane, tier: Tier) -> str:
    price = money(tier.price, ".")
    return f"SP;Interior;{lane.first:08};{lane.last:08};;{tier.above};{tier.up_to};{price};;;;{lane.days};;"


def via_varejo(lane: RandomLane, tier: Tier) -> str:
    weights, price = f"{kilos(tier.above)};{kilos(tier.up_to)}", money(tier.price)
    return f"X;{lane.first:08};{lane.last:08};{weights};{lane.days};{tier.percent};9999999,99;{price}"


def generator(lane: RandomLane, tier: Tier) -> str:
    weights = f"{kilos(tier.above)};{kilos(tier.up_to)}"
    return f"REGIÃO;{lane.first:08};{lane.last:08};CORREIOS;PAC;{weights};{money(tier.price)};{lane.days}"


def full(lane: RandomLane, tier: Tier) -> str:
    weights = f"{kilos(tier.above)};{kilos(tier.up_to)}"
    return f"{lane.first:08};{lane.last:08};{weights};R$ {money(tier.price)};{lane.days};{tier.percent}%;sim"


def minimal(lane: RandomLane, tier: Tier) -> str:
    return f"Sul;{lane.first:08};{lane.last:08};{money(tier.price)};{lane.days}"


WRITERS: dict[str, tuple[str, Write]] = {
    "nova-oito": (
        (
            "CepInicial;CepFinal;PesoInicial;PesoFinal;ValorFrete;PercentualAdicionalValorProduto;"
            "PrecoAdicionalPesoProduto;PercentualAdicionalValorFrete;ValorAdicionalMinimo;PrazoEntrega"
        ),
        nova_oito,
    ),
    "toplojas": (
        (
            "Nome;FaixaCepDe;FaixaCepAte;PesoDe;PesoAte;Valor;PrazoEntrega;Seguro;Kg Excedente-Peso De;"
            "Kg Excedente-Valor por Kg"
        ),
        toplojas,
    ),
    "vnda": ("", vnda),
    "via-varejo": (
        (
            "Contrato Logístico;CEP Inicial;CEP Final;Peso Inicial;Peso Final;Tempo transporte;Custo Assessorial;"
            "Volume Máximo;Valor Mínimo"
        ),
        via_varejo,
    ),
    "correios-generator": (
        "DESCRIÇÃO DA REGIÃO;CEP INICIAL;CEP FINAL;TRANSPORTADORA;TIPO DE SERVIÇO;PESO INICIAL;PESO FINAL;VALOR;PRAZO",
        generator,
    ),
    "full": ("CepInicial;CepFinal;PesoInicial;PesoFinal;Valor;Prazo;AdValorem;Atende", full),
    "minimal": ("Tabela;CEP inicial;CEP final;Valor;Prazo", minimal),
}
WITHOUT_PERCENT = {"vnda", "correios-generator", "minimal"}


def as_written(name: str, table: RandomTable) -> RandomTable:
    """The table as far as a format can say it: without the percentages, or with one price for any weight."""
    if name == "minimal":
        return tuple(lane._replace(tiers=(lane.tiers[0]._replace(up_to=10**12, percent=0),)) for lane in table)
    if name in WITHOUT_PERCENT:
        return tuple(lane._replace(tiers=tuple(tier._replace(percent=0) for tier in lane.tiers)) for lane in table)
    return table


def text_of(name: str, table: RandomTable) -> Iterator[str]:
    header, write = WRITERS[name]
    yield header
    yield from (write(lane, tier) for lane in table for tier in lane.tiers)


def read_back(name: str, text: str) -> RateTable:
    problems = Problems()
    compiled = compile_rows(rows_of(find_format(name), text.encode(), IN_KG, problems), IN_KG, problems)
    assert compiled, problems.all()
    return RateTable("", IN_KG, compiled)


@pytest.mark.parametrize("name", WRITERS)
@given(st.data())
def test_a_table_written_in_a_format_prices_as_it_did_before(name: str, data: st.DataObject) -> None:
    table = as_written(name, data.draw(random_tables()))
    read = read_back(name, "\n".join(text_of(name, table)))
    (service,) = read.services

    for _ in range(8):
        asked = data.draw(random_shipments(table))
        found = read.find(service, f"{asked.code:08}", asked.grams)
        priced = None
        if isinstance(found, FoundRow):
            load = PricedLoad(asked.grams * 1000, asked.value * 100)
            priced = TariffPricer(Tariff()).charge(found, load).cost, found.terms.days_max
        assert priced == price_of(table, asked)
