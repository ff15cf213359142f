"""Random tariffs, written in each format by a writer that knows no reader, come back with the same prices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from portes.tables import FoundRow, NoRow, PricedLoad, RateTable, ReadOptions, Tariff, TariffPricer, open_table

BRAZIL = ReadOptions(country="BR", currency="BRL")
ORIGIN = "88010000"
PLACES = "zone,state,town,postal_from,postal_to\nhome,,,88000000,88099999\n"


@dataclass(frozen=True)
class Lane:
    """What one place is charged: cents for each bracket and for each kg, hundredths of a percent, days."""

    prices: Sequence[int]
    per_kg: int
    share: int
    days: int


@dataclass(frozen=True)
class Drawn:
    """A tariff as it was drawn: upper weights in kg, and lanes whose places are blocks of a million codes."""

    limits: Sequence[int]
    lanes: Sequence[Lane]
    sign: str
    encoding: str
    title: bool
    backwards: bool

    def written(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
        """The cells as a text file in the drawn style."""
        lines = [header, *rows]
        if self.backwards:
            lines = [line[::-1] for line in lines]
        text = "".join(";".join(line) + "\r\n" for line in lines)
        return (f"Tabela de preços\r\n\r\n{text}" if self.title else text).encode(self.encoding)

    def number(self, hundredths: int) -> str:
        """A number with two decimals and the drawn sign."""
        return f"{hundredths // 100}{self.sign}{hundredths % 100:02}"


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    limits = sorted(draw(st.sets(st.integers(1, 200), min_size=2, max_size=6)))
    amounts = st.integers(1, 99_999)
    prices = st.lists(amounts, min_size=len(limits), max_size=len(limits))
    lane = st.builds(Lane, prices, st.integers(1, 999), st.integers(0, 200), st.integers(0, 30))
    lanes = draw(st.lists(lane, min_size=1, max_size=5))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "windows-1252"]))
    return Drawn(limits, lanes, draw(st.sampled_from(",.")), encoding, draw(st.booleans()), draw(st.booleans()))


def ends(at: int) -> tuple[str, str]:
    """The first and the last code of a lane."""
    return f"{at + 1:02}000000", f"{at + 1:02}999999"


def opened(name: str, source: bytes, **beside: bytes) -> RateTable:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(source)
        return open_table(path, name, replace(BRAZIL, beside=beside))


def weights(tariff: Drawn) -> Sequence[int]:
    """Grams at every border and right above it, and within and above all."""
    borders = [limit * 1000 for limit in tariff.limits]
    return [1, *borders, *(border + 1 for border in borders), borders[-1] + 12_345]


def expected(tariff: Drawn, lane: Lane, grams: int, value: int) -> int:
    """The price by hand, in cents: bracket, each kg above the last, share of the value; each rounded half up."""
    held = [price for limit, price in zip(tariff.limits, lane.prices, strict=True) if grams <= limit * 1000]
    over = max(0, grams - tariff.limits[-1] * 1000)
    base = held[0] if held else lane.prices[-1]
    return base + (over * lane.per_kg * 2 + 1000) // 2000 + (value * lane.share * 2 + 10_000) // 20_000


def compare(table: RateTable, tariff: Drawn, hand: Callable[[Drawn, Lane, int, int], int], value: int = 12_345) -> None:
    """Every weight of every lane costs what it costs by hand, in the days that were drawn."""
    for at, lane in enumerate(tariff.lanes):
        for grams in weights(tariff):
            row = table.find("", ends(at)[1], grams, ORIGIN)
            assert isinstance(row, FoundRow), (at, grams, row)
            told = TariffPricer(Tariff()).charge(row, PricedLoad(grams * 1000, value)).cost
            assert (told, row.terms.days_max) == (hand(tariff, lane, grams, value), lane.days), (at, grams)
    assert table.find("", "99000000", 1000, ORIGIN) is NoRow.RANGE


@given(drawn())
def test_a_random_tariff_comes_back_from_a_frenet_sheet(tariff: Drawn) -> None:
    header = ["CEP de", "CEP até", "Prazo", *(f"até {limit}kg" for limit in tariff.limits)]
    header += [f"R$/kg acima de {tariff.limits[-1]}kg", "ADV %"]
    rows = [
        [
            *(*ends(at), str(lane.days)),
            *(f"R${tariff.number(price)}" for price in lane.prices),
            *(tariff.number(lane.per_kg), f"{tariff.number(lane.share)}%"),
        ]
        for at, lane in enumerate(tariff.lanes)
    ]

    compare(opened("frenet", tariff.written(header, rows)), tariff, expected)


@given(drawn())
def test_a_random_tariff_comes_back_from_a_proposal_with_its_list_of_places(tariff: Drawn) -> None:
    spans = zip([0, *tariff.limits], tariff.limits, strict=False)
    header = ["sigla", *(f"{low}{tariff.sign}01 a {high}" if low else f"0 a {high}" for low, high in spans)]
    rows = [
        [f"Z{at}", *map(tariff.number, lane.prices), tariff.number(lane.per_kg), f"{tariff.number(lane.share)}%"]
        for at, lane in enumerate(tariff.lanes)
    ]
    listed = [[f"z{at}", *ends(at), str(lane.days)] for at, lane in enumerate(tariff.lanes)]
    places = tariff.written(["sigla", "cep_inicial", "cep_final", "prazo_dias_uteis"], listed)

    source = tariff.written([*header, "exc./kg", "F. valor"], rows)
    compare(opened("proposal", source, places=places), tariff, expected)


@given(drawn())
def test_a_random_tariff_comes_back_from_the_sections_of_intelipost(tariff: Drawn) -> None:
    spans = zip([0, *tariff.limits], tariff.limits, strict=False)
    header = ["Zona", *(f"{low}{tariff.sign}01 a {high}" if low else f"até {high}" for low, high in spans)]
    rows = [
        [f"Z{at}", *map(tariff.number, lane.prices), tariff.number(lane.per_kg), f"{tariff.number(lane.share)}%"]
        for at, lane in enumerate(tariff.lanes)
    ]
    listed = [[f"z{at}", *ends(at), str(lane.days)] for at, lane in enumerate(tariff.lanes)]
    whole = replace(tariff, encoding="utf-8")
    coverage = whole.written(["Zona", "CEP inicial", "CEP final", "Prazo"], listed)
    prices = whole.written([*header, "Excedente", "Frete valor"], rows)

    text = "Abrangência\n" + coverage.decode() + "Tarifas\n" + prices.decode()
    compare(opened("intelipost", text.encode(tariff.encoding)), tariff, expected)


@given(drawn())
def test_random_comparisons_come_back_from_the_sections_of_intelipost(tariff: Drawn) -> None:
    header = ["Zona", "Frete mínimo", "Valor por quilo", "% sobre a nota fiscal"]
    rows = [
        [f"Z{at}", tariff.number(lane.prices[0]), tariff.number(lane.per_kg), f"{tariff.number(lane.share)}%"]
        for at, lane in enumerate(tariff.lanes)
    ]
    listed = [[f"z{at}", *ends(at), str(lane.days)] for at, lane in enumerate(tariff.lanes)]
    whole = replace(tariff, encoding="utf-8")
    coverage = whole.written(["Zona", "CEP inicial", "CEP final", "Prazo"], listed)

    def by_hand(_drawn: Drawn, lane: Lane, grams: int, value: int) -> int:
        by_weight, by_value = (grams * lane.per_kg * 2 + 1000) // 2000, (value * lane.share * 2 + 10_000) // 20_000
        return max(lane.prices[0], by_weight, by_value)

    text = "Abrangência\n" + coverage.decode() + "Tarifas\n" + whole.written(header, rows).decode()
    compare(opened("intelipost", text.encode(tariff.encoding)), tariff, by_hand)


@given(drawn())
def test_random_fees_come_back_from_a_file_of_fees(tariff: Drawn) -> None:
    flat = replace(tariff, lanes=[replace(lane, days=0) for lane in tariff.lanes])
    header = ["Cep Inicial", "Cep Final", *(f"Até {limit}kgs" for limit in flat.limits), f"Acima {flat.limits[-1]}kgs"]
    rows = [[*ends(at), *map(flat.number, [*lane.prices, lane.per_kg])] for at, lane in enumerate(flat.lanes)]

    def by_hand(drawn: Drawn, lane: Lane, grams: int, _value: int) -> int:
        held = [price for limit, price in zip(drawn.limits, lane.prices, strict=True) if grams <= limit * 1000]
        return held[0] if held else lane.per_kg

    compare(opened("fees", flat.written(header, rows)), flat, by_hand)


@given(drawn())
def test_random_routes_come_back_from_routes_and_prices(tariff: Drawn) -> None:
    header = ["origem", "destino", "prazo", "seguro", "kg", "fixa"]
    rows = [
        ["home", f"place {at}", str(lane.days), tariff.number(lane.share), f"p{at}", tariff.number(lane.per_kg)]
        for at, lane in enumerate(tariff.lanes)
    ]
    borders = [0, *tariff.limits]
    prices = [
        [f"p{at}", str(low), str(high), tariff.number(price)]
        for at, lane in enumerate(tariff.lanes)
        for low, high, price in zip(borders, [*tariff.limits, ""], [*lane.prices, lane.prices[0]], strict=True)
    ]
    places = PLACES + "".join(f"place {at},,,{','.join(ends(at))}\n" for at, _ in enumerate(tariff.lanes))

    def by_hand(drawn: Drawn, lane: Lane, grams: int, value: int) -> int:
        held = [price for limit, price in zip(drawn.limits, lane.prices, strict=True) if grams < limit * 1000]
        rate = held[0] if held else lane.prices[0]
        return lane.per_kg + (grams * rate * 2 + 1000) // 2000 + (value * lane.share * 2 + 10_000) // 20_000

    source, beside = tariff.written(header, rows), tariff.written(["nome", "inicial", "final", "preco"], prices)
    compare(opened("axado", source, prices=beside, places=places.encode()), tariff, by_hand)
