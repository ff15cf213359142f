"""Writers of formats with a row for each range of postal codes and bracket: ours, and those of platforms in Brazil."""

from decimal import Decimal

from random_tables.dressing import Cell, Code, Grid, Rows
from random_tables.nouns import Axis, Bracket, Holds, Lane, RandomTable
from random_tables.writing import Writer, begin, ends, fails_or_fills, filled, kilos, money, rows_of

ON_REQUEST = "sob consulta"
_AXES: dict[Axis, str] = {
    "weight": "weight_{}_g",
    "value": "value_{}",
    "units": "units_{}",
    "volume": "volume_{}_cm3",
}
PLACES = ("zone", "state", "region", "town", "postal_from", "postal_to")


def border(axis: Axis, number: int | None) -> Cell:
    """A border in whole grams, units or cm³, or in money; blank for none."""
    if number is None:
        return ""
    return money(number) if axis == "value" else number


def place_cells(lane: Lane) -> tuple[Cell, ...]:
    """Zone, state, town, and first and last code of a lane's place, as far as it is told by them."""
    spot = lane.spot
    codes = ends(lane) if spot.kind == "range" else ("", "")
    return spot.name if spot.kind == "zone" else "", spot.state, spot.name if spot.kind == "town" else "", *codes


def zones_of(table: RandomTable) -> Grid:
    """The carrier's list of places, for zones and origins."""
    spots = {lane.spot for lane in table.lanes if lane.spot.kind == "zone"}
    rows: Rows = [(spot.name, "", "", "", Code(spot.first), Code(spot.last)) for spot in sorted(spots)]
    origins = sorted({lane.origin for lane in table.lanes if lane.origin})
    rows += [(f"from {first}", "", "", "", Code(first), Code(last)) for first, last in origins]
    return Grid(PLACES, rows or [("nowhere", "", "", "", Code("99999999"), Code("99999999"))])


def _plain(table: RandomTable) -> Grid:
    header = ["service", "zone", "state", "town", "postal_from", "postal_to", "origin_from", "origin_to"]
    header += [_AXES[table.axis].format(end) for end in ("from", "to")]
    header += ["price", "price_per_extra_kg", "percent_of_value", "percent_minimum", "minimum", "max_volume_cm3"]
    rows: Rows = [
        [
            *(lane.service, *place_cells(lane), *map(Code, lane.origin or ("", ""))),
            border(table.axis, begin(one, 1, apart=table.apart)),
            border(table.axis, one.up_to),
            ON_REQUEST if one.price is None else money(one.price),
            filled(lane.per_kg, money(lane.per_kg)),
            filled(lane.share, money(lane.share)),
            filled(lane.least, money(lane.least)),
            filled(lane.minimum, money(lane.minimum)),
            filled(lane.max_volume, lane.max_volume),
            *lane.days,
        ]
        for lane, one in rows_of(table)
    ]
    return Grid([*header, "days_min", "days_max"], rows, fails_or_fills(table), {"places": zones_of(table)})


def _vtex(table: RandomTable) -> Grid:
    header = [
        "ZipCodeStart",
        "ZipCodeEnd",
        "PolygonName",
        "WeightStart",
        "WeightEnd",
        "AbsoluteMoneyCost",
        "PricePercent",
    ]
    header += ["PriceByExtraWeight", "MaxVolume", "TimeCost", "Country", "MinimumValueInsurance"]
    rows: Rows = [
        [
            *(*ends(lane), "", one.low, one.up_to or "", money(one.price or 0), money(lane.share)),
            *(money(lane.per_kg, 2).scaleb(-3), filled(lane.max_volume, lane.max_volume), lane.days[1], "BRA"),
            filled(lane.least, money(lane.least)),
        ]
        for lane, one in rows_of(table)
    ]
    return Grid(header, rows, fails_or_fills(table))


def _nova_oito(table: RandomTable) -> Grid:
    header = ["CepInicial", "CepFinal", "PesoInicial", "PesoFinal", "ValorFrete", "PercentualAdicionalValorProduto"]
    header += ["PrecoAdicionalPesoProduto", "PercentualAdicionalValorFrete", "ValorAdicionalMinimo", "PrazoEntrega"]
    rows: Rows = [
        [
            *(*ends(lane), begin(one, 1, apart=table.apart), one.up_to or "", money(one.price or 0)),
            *(money(lane.share), 0, 0, money(lane.least), lane.days[1]),
        ]
        for lane, one in rows_of(table)
    ]
    return Grid(header, rows, fails_or_fills(table))


def _toplojas(table: RandomTable) -> Grid:
    header = ["Nome", "FaixaCepDe", "FaixaCepAte", "PesoDe", "PesoAte", "Valor", "PrazoEntrega", "Seguro"]
    rows: Rows = [
        [
            *("Sul", *ends(lane), *_kg_span(table, one), money(one.price or 0), lane.days[1], money(lane.share)),
            *([kilos(lane.brackets[-1].up_to or 0), money(lane.per_kg)] if lane.per_kg else ["", ""]),
        ]
        for lane, one in rows_of(table)
    ]
    return Grid([*header, "Kg Excedente-Peso De", "Kg Excedente-Valor por Kg"], rows, fails_or_fills(table))


def _kg_span(table: RandomTable, one: Bracket) -> tuple[Decimal, Decimal]:
    return kilos(begin(one, 10, apart=table.apart)), kilos(one.up_to or 0)


def _vnda(table: RandomTable) -> Grid:
    rows: Rows = [
        [
            *(
                "SP",
                "Interior",
                *ends(lane),
                "",
                begin(one, 1, apart=table.apart),
                one.up_to or "",
                money(one.price or 0),
            ),
            *("", "", "", lane.days[1], "", ""),
        ]
        for lane, one in rows_of(table)
    ]
    return Grid(None, rows, fails_or_fills(table))


def _via_varejo(table: RandomTable) -> Grid:
    header = ["Contrato Logístico", "CEP Inicial", "CEP Final", "Peso Inicial", "Peso Final", "Tempo transporte"]
    rows: Rows = [
        [
            *(lane.service, *ends(lane), *_kg_span(table, one), lane.days[1], money(lane.share)),
            Decimal(lane.max_volume).scaleb(-6) if lane.max_volume else Decimal("9999999.99"),
            money(one.price or 0),
        ]
        for lane, one in rows_of(table)
    ]
    return Grid([*header, "Custo Assessorial", "Volume Máximo", "Valor Mínimo"], rows, fails_or_fills(table))


def _generator(table: RandomTable) -> Grid:
    header = ["DESCRIÇÃO DA REGIÃO", "CEP INICIAL", "CEP FINAL", "TRANSPORTADORA", "TIPO DE SERVIÇO", "PESO INICIAL"]
    rows: Rows = [
        ["REGIÃO", *ends(lane), "CORREIOS", lane.service, *_kg_span(table, one), money(one.price or 0), lane.days[1]]
        for lane, one in rows_of(table)
    ]
    options = {**fails_or_fills(table), "weight_unit": "kg"}
    return Grid([*header, "PESO FINAL", "VALOR", "PRAZO"], rows, options)


def _full(table: RandomTable) -> Grid:
    header = ["CepInicial", "CepFinal", "CepOrigemInicial", "CepOrigemFinal", "PesoInicial", "PesoFinal", "Valor"]
    header += ["Atende", "Prazo Mínimo", "Prazo Máximo", "AdValorem", "KgAdicional", "Taxa Fixa por Envio"]
    rows: Rows = [
        [
            *ends(lane),
            *map(Code, lane.origin or ("", "")),
            *_kg_span(table, one),
            *(money(one.price or 0), "sim"),
            *(*lane.days, money(lane.share), money(lane.per_kg), money(lane.fixed), money(lane.minimum)),
            filled(lane.tax, lane.tax),
        ]
        for lane, one in rows_of(table)
    ]
    return Grid([*header, "Frete Mínimo", "ICMS"], rows, fails_or_fills(table))


def _minimal(table: RandomTable) -> Grid:
    rows: Rows = [[lane.service, *ends(lane), money(one.price or 0), lane.days[1]] for lane, one in rows_of(table)]
    return Grid(["Tabela", "CEP inicial", "CEP final", "Valor", "Prazo"], rows)


def _spanish(table: RandomTable) -> Grid:
    rows: Rows = []
    for lane, one in rows_of(table):
        code = lane.spot.first[:2] if lane.spot.kind == "province" else Code(lane.spot.first)
        limit = "" if one.up_to is None else kilos(one.up_to)
        rows.append([code, "ES", kilos(one.low), limit, money(one.price or 0)])
    options = {**fails_or_fills(table), "weight_unit": "kg", "defaults": {"days_max": "5"}}
    return Grid(["postal", "country", "weight_from", "weight_to", "price"], rows, options)


_ALL_AXES: tuple[Axis, ...] = ("weight", "value", "units", "volume")
BY_RANGE = (
    Writer(
        "plain",
        Holds(
            places=("range", "zone", "state", "town"), services=("economy", "express"), origins="any", axes=_ALL_AXES,
            open_top=True, apart=True, on_request=True, excess="last", days="span", share=True, least=True,
            minimum=True, max_volume=True,
        ),
        _plain,
    ),
    Writer("vtex", Holds(excess="start", share=True, least=True, max_volume=True), _vtex),
    Writer("nova-oito", Holds(apart=True, share=True, least=True), _nova_oito),
    Writer("toplojas", Holds(step=10, apart=True, excess="last", share=True), _toplojas),
    Writer("vnda", Holds(apart=True), _vnda),
    Writer(
        "via-varejo", Holds(services=("RODO", "AEREO"), step=10, apart=True, share=True, max_volume=True), _via_varejo
    ),
    Writer("correios-generator", Holds(services=("PAC", "SEDEX"), step=10, apart=True), _generator),
    Writer(
        "full",
        Holds(
            origins="any", step=10, apart=True, excess="last", days="span", share=True, fixed=True, minimum=True,
            tax=True,
        ),
        _full,
    ),
    Writer("minimal", Holds(services=("Sul", "Norte"), brackets="one"), _minimal),
    Writer("spanish", Holds("ES", ("province",), step=10, open_top=True, days="five"), _spanish),
)  # fmt: skip
