"""Writers of formats with weights in their header, with files beside them, or for shops in any country."""

from random_tables.by_range import ON_REQUEST, border, place_cells, zones_of
from random_tables.dressing import Cell, Code, Grid, Rows
from random_tables.nouns import Axis, Holds, Lane, RandomTable
from random_tables.writing import (
    Writer,
    at_border,
    ends,
    fails_or_fills,
    filled,
    kilos,
    money,
    rows_of,
    shared_borders,
)

_SHOP_AXES: tuple[Axis, ...] = ("weight", "value", "units")
_CONDITIONS: dict[Axis, str] = {"weight": "Weight", "value": "Order Subtotal", "units": "# of Items"}


def _wide_prices(table: RandomTable, lane: Lane) -> list[Cell]:
    """A lane's price for each border of the header; a blank where it has none."""
    brackets = [at_border(lane, border) for border in shared_borders(table)]
    return ["" if one is None else ON_REQUEST if one.price is None else money(one.price) for one in brackets]


def _frenet(table: RandomTable) -> Grid:
    borders = [border // 1000 for border in shared_borders(table)]
    header = ["CEP de", "CEP até", "Prazo", *(f"até {kg}kg" for kg in borders), f"R$/kg acima de {borders[-1]}kg"]
    rows: Rows = [
        [
            *(*ends(lane), lane.days[1], *_wide_prices(table, lane), filled(lane.per_kg, money(lane.per_kg))),
            *(money(lane.share), money(lane.least), money(lane.fixed), filled(lane.tax, lane.tax)),
        ]
        for lane in table.lanes
    ]
    return Grid([*header, "ADV %", "ADV mín", "Despacho", "ICMS"], rows, fails_or_fills(table))


def _proposal(table: RandomTable) -> Grid:
    borders = [border // 1000 for border in shared_borders(table)]
    spans = zip([0, *borders], borders, strict=False)
    header = ["sigla", "UF", *(f"{low} a {high}" for low, high in spans), "exc./kg", "gris_adv_pct_nf"]
    rows: Rows = [
        [
            *(lane.spot.name, lane.spot.state, *_wide_prices(table, lane), filled(lane.per_kg, money(lane.per_kg))),
            *(money(lane.share), money(lane.fixed), filled(lane.tax, lane.tax), lane.days[1]),
        ]
        for lane in table.lanes
    ]
    zones = zones_of(table)
    listed = Grid(["sigla", "cep_inicial", "cep_final"], [[row[0], *row[4:]] for row in zones.rows])
    header += ["taxa_despacho_rs", "ICMS", "prazo"]
    return Grid(header, rows, fails_or_fills(table), {"places": listed})


def _intelipost(table: RandomTable) -> Grid:
    borders = [border // 1000 for border in shared_borders(table)]
    spans = zip([0, *borders], borders, strict=False)
    header = ["Zona", *(f"{low} a {high}" for low, high in spans), "Excedente", "Frete valor"]
    rows: Rows = [
        [lane.spot.name, *_wide_prices(table, lane), filled(lane.per_kg, money(lane.per_kg)), money(lane.share)]
        for lane in table.lanes
    ]
    days = {lane.spot.name: lane.days[1] for lane in table.lanes}
    listed: Rows = [[row[0], *row[4:], days[str(row[0])]] for row in zones_of(table).rows]
    coverage = Grid(["Zona", "CEP inicial", "CEP final", "Prazo"], listed, title="Abrangência")
    return Grid(header, rows, fails_or_fills(table), title="Tarifas", above=[coverage])


def _fees(table: RandomTable) -> Grid:
    borders = [border // 1000 for border in shared_borders(table)]
    header = ["Cep Inicial", "Cep Final", "Cidade", "Estado", *(f"Até {kg}kgs" for kg in borders)]
    rows: Rows = []
    for lane in table.lanes:
        top = at_border(lane, None)
        codes = ends(lane) if lane.spot.kind == "range" else ("", "")
        above = "" if top is None else money(top.price or 0)
        rows.append([*codes, lane.spot.name, lane.spot.state, *_wide_prices(table, lane), above])
    return Grid([*header, f"Acima {borders[-1]}kgs"], rows, {**fails_or_fills(table), "of_fees": True})


def _axado(table: RandomTable) -> Grid:
    routes: Rows = []
    prices: Rows = []
    for at, lane in enumerate(table.lanes):
        fee, tax = filled(lane.share, money(lane.share)), filled(lane.tax, lane.tax)
        home = f"from {lane.origin[0]}" if lane.origin else ""
        routes.append([home, lane.spot.name, lane.days[1], fee, tax, f"p{at}", money(lane.fixed)])
        for one in lane.brackets:
            low = kilos(one.above + 1 if one.above else 0, 4)
            high = "" if one.up_to is None else kilos(one.up_to + 1, 4)
            prices.append([f"p{at}", low, high, money(one.price or 0)])
    beside = {"prices": Grid(["nome", "inicial", "final", "preco"], prices), "places": zones_of(table)}
    return Grid(["origem", "destino", "prazo", "seguro", "icms", "kg", "fixa"], routes, fails_or_fills(table), beside)


def _condition(axis: Axis, number: int) -> Cell:
    return kilos(number, 4) if axis == "weight" else border(axis, number)


def _hyphened(code: str) -> str:
    return f"{code[:5]}-{code[5:]}"


def _magento(table: RandomTable) -> Grid:
    header = ["Country", "Region/State", "Zip/Postal Code", f"{_CONDITIONS[table.axis]} (and above)", "Shipping Price"]
    rows: Rows = [
        [
            *("BRA", spot.state or "*", _hyphened(spot.first) if spot.kind == "code" else "*"),
            *(_condition(table.axis, one.above + 1 if one.above else 0), money(one.price or 0)),
        ]
        for lane, one in rows_of(table)
        for spot in [lane.spot]
    ]
    return Grid(header, rows, {**fails_or_fills(table), "defaults": {"days_max": "5"}})


def _matrixrate(table: RandomTable) -> Grid:
    header = ["Country", "Region/State", "City", "Zip/Postal Code From", "Zip/Postal Code To"]
    header += [f"{_CONDITIONS[table.axis]} {end}" for end in ("From >", "To <=")]
    rows: Rows = [
        [
            *("BRA", spot.state or "*", "*", *((spot.first, spot.last) if spot.kind == "code" else ("*", "*"))),
            _condition(table.axis, one.above),
            "*" if one.up_to is None else _condition(table.axis, one.up_to),
            *(money(one.price or 0), lane.service),
        ]
        for lane, one in rows_of(table)
        for spot in [lane.spot]
    ]
    options = {**fails_or_fills(table), "defaults": {"days_max": "5"}}
    return Grid([*header, "Shipping Price", "Delivery Type"], rows, options)


_MAPPED = {
    "Serviço": '"service"',
    "Zona": '"zone"',
    "UF": '"state"',
    "Cidade": '"town"',
    "De": '"postal_from"',
    "Ate": '"postal_to"',
    "Sai de": '"origin_from"',
    "Sai ate": '"origin_to"',
    "Base": '"price"',
    "Seguro": '{ fee = "ad_valorem", percent = true }',
    "Seguro min": '{ fee = "ad_valorem", least = true }',
    "Despacho": '{ fee = "dispatch" }',
    "Manuseio": '{ fee = "handling", per = "unit" }',
    "Minimo": '"minimum"',
    "Imposto": '"tax"',
    "Cubagem": '"max_volume"',
    "Dias min": '"days_min"',
    "Dias max": '"days_max"',
}


def _mapping(table: RandomTable) -> Grid:
    axis = table.axis
    borders = {"Inicio": f'"{axis}_from"', "Fim": f'"{axis}_to"'}
    excess = {"Excedente": '"excess_weight"'} if axis == "weight" else {}
    columns = {**_MAPPED, **borders, **excess}
    rows: Rows = [
        [
            *(lane.service, *place_cells(lane), *map(Code, lane.origin or ("", ""))),
            ON_REQUEST if one.price is None else money(one.price),
            *(money(amount) for amount in (lane.share, lane.least, lane.fixed, lane.per_unit, lane.minimum)),
            *(filled(lane.tax, lane.tax), filled(lane.max_volume, lane.max_volume), *lane.days),
            *(_mapped_border(axis, one.low), _mapped_border(axis, one.up_to)),
            *([filled(lane.per_kg, money(lane.per_kg))] if excess else []),
        ]
        for lane, one in rows_of(table)
    ]
    text = 'weight_unit = "kg"\n[columns]\n' + "".join(f'"{name}" = {field}\n' for name, field in columns.items())
    beside: dict[str, Grid | bytes] = {"mapping": text.encode(), "places": zones_of(table)}
    return Grid([*columns], rows, fails_or_fills(table), beside)


def _mapped_border(axis: Axis, number: int | None) -> Cell:
    return kilos(number) if axis == "weight" and number is not None else border(axis, number)


BY_PLACE = (
    Writer(
        "frenet",
        Holds(
            step=1000, brackets="shared", excess="last", share=True, least=True, fixed=True, tax=True
        ),
        _frenet,
    ),
    Writer(
        "proposal",
        Holds(
            places=("zone", "state"), step=1000, brackets="shared", on_request=True, excess="last", share=True,
            fixed=True, tax=True,
        ),
        _proposal,
    ),
    Writer(
        "intelipost",
        Holds(places=("zone",), step=1000, brackets="shared", on_request=True, excess="last", share=True),
        _intelipost,
    ),
    Writer(
        "fees",
        Holds(
            places=("range", "town"), step=1000, brackets="shared", open_top=True, days="none"
        ),
        _fees,
    ),
    Writer(
        "axado",
        Holds(places=("zone",), origins="needed", open_top=True, excess="whole", share=True, fixed=True, tax=True),
        _axado,
    ),
    Writer(
        "magento",
        Holds(places=("country", "state", "code"), nested=True, axes=_SHOP_AXES, always_open=True, holes=False,
              days="five"),
        _magento,
    ),
    Writer(
        "matrixrate",
        Holds(places=("country", "state", "code"), nested=True, services=("Econômica",), axes=_SHOP_AXES,
              open_top=True, days="five"),
        _matrixrate,
    ),
    Writer(
        "mapping",
        Holds(
            places=("range", "zone", "state", "town"), services=("a", "b"), origins="any", step=10, open_top=True,
            axes=("weight", "value", "units", "volume"), on_request=True, excess="last", days="span",
            share=True, least=True, fixed=True, per_unit=True, minimum=True, tax=True, max_volume=True,
        ),
        _mapping,
    ),
)  # fmt: skip
