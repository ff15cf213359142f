"""The simulator: as strict as the documents, one login a minute, and a tax that is part of its own base."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes_jamef.sandbox import Sandbox
from portes_jamef.sandbox.tariff import Load, arrival, price, tax_of, tax_rate

SAMPLES = Path(__file__).parent / "samples"
QUESTION: dict[str, Any] = {
    "tipoTransporte": "1",
    "documentoDevedor": "11222333000181",
    "cepOrigem": "31030370",
    "cepDestino": "20040020",
    "quantidadeVolume": 10,
    "pesoMercadoria": 50,
    "valorNotaFiscal": 1500,
    "metragemCubica": 0.42,
    "filialOrigem": "02",
    "dataColeta": "25/12/2024",
}
BOX = Load("1", "31030370", "20040020", Decimal(50), Decimal("0.42"), Decimal(1500))


@dataclass
class Clock:
    """Stands still until it is moved."""

    moment: datetime = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()


class Client:
    """Asks a simulator as a program at one address would."""

    def __init__(self, *moods: str, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self._sandbox = Sandbox(moods, self.clock)

    def post(self, path: str, body: object, token: str = "", address: str = "192.0.2.1") -> tuple[int, Any]:
        content = json.dumps(body).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "REMOTE_ADDR": address,
            "HTTP_AUTHORIZATION": f"Bearer {token}" if token else "",
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": BytesIO(content),
        }
        told: list[str] = []
        body = b"".join(self._sandbox(environ, lambda status, _headers: told.append(status)))
        return int(told[0].partition(" ")[0]), json.loads(body)

    def login(self, address: str = "192.0.2.1", **login: str) -> tuple[int, Any]:
        return self.post("/auth/v1/login", {"username": "a@example.com", "password": "p"} | login, address=address)

    def ask(self, **fields: Any) -> tuple[int, Any]:
        """A question with some fields replaced, or left out where they are None."""
        token = self.login()[1]["dado"][0]["accessToken"]
        asked = {name: value for name, value in (QUESTION | fields).items() if value is not None}
        return self.post("/calculo-frete/v1/cotacao", asked, token)


def test_a_login_is_answered_in_the_documented_shape() -> None:
    documented = json.loads((SAMPLES / "current-login-response-200.json").read_text(encoding="utf-8"))

    status, answer = Client().login()

    assert (status, answer.keys()) == (200, documented.keys())
    assert answer["dado"][0].keys() == documented["dado"][0].keys()
    assert answer["dado"][0]["expiresIn"] == 3600


def test_one_login_a_minute_from_each_address_and_no_more() -> None:
    client = Client()
    statuses = [client.login()[0], client.login()[0], client.login("192.0.2.2", username="b@example.com")[0]]
    client.clock.moment += timedelta(seconds=59)
    statuses += [client.login(username="b@example.com")[0]]
    client.clock.moment += timedelta(seconds=1)
    statuses += [client.login()[0]]

    assert statuses == [200, 429, 200, 429, 200]


def test_a_refused_login_counts_as_well() -> None:
    client = Client("wrong_password")

    assert [client.login(), client.login()] == [
        (401, client_error(client)),
        (429, {"error": "Quota has been exceeded"}),
    ]


def client_error(client: Client) -> Any:
    """The refusal of the next minute, which is the same but for its moment."""
    error = Client("wrong_password", clock=client.clock).login()[1]
    assert error["mensagem"] == "Usuário ou senha inválidos."
    return error


def test_a_token_opens_prices_for_an_hour() -> None:
    client = Client()
    token = client.login()[1]["dado"][0]["accessToken"]
    client.clock.moment += timedelta(minutes=59)
    before = client.post("/calculo-frete/v1/cotacao", QUESTION, token)[0]
    client.clock.moment += timedelta(minutes=1)

    assert (before, client.post("/calculo-frete/v1/cotacao", QUESTION, token)[0]) == (200, 401)
    assert client.post("/calculo-frete/v1/cotacao", QUESTION)[0] == 401


def test_a_question_is_answered_in_the_recorded_shape() -> None:
    recorded = json.loads((SAMPLES / "current-quote-response-200.json").read_text(encoding="utf-8"))

    status, answer = Client().ask()

    assert (status, answer.keys()) == (200, recorded.keys())
    assert answer["dado"][0].keys() == recorded["dado"][0].keys()
    assert answer["dado"][0]["previsaoEntrega"] == "30/12/2024"


@pytest.mark.parametrize(
    "fields",
    [
        *({name: None} for name in QUESTION if name not in {"quantidadeVolume", "dataColeta"}),
        {"tipoTransporte": "3"},
        {"tipoTransporte": 1},
        {"documentoDevedor": "11222333000182"},
        {"documentoDevedor": "11.222.333/0001-81"},
        {"documentoDestino": "34567890000123"},
        {"cepOrigem": "00000000"},
        {"cepDestino": "2004002"},
        {"cepDestino": 20040020},
        {"quantidadeVolume": 0},
        {"quantidadeVolume": "10"},
        {"pesoMercadoria": 0},
        {"pesoMercadoria": "50"},
        {"valorNotaFiscal": -1},
        {"metragemCubica": True},
        {"filialOrigem": "01"},
        {"filialOrigem": "2"},
        {"dataColeta": "2024-12-25"},
        {"dataColeta": "31/02/2025"},
    ],
    ids=str,
)
def test_a_field_that_is_not_as_documented_is_refused_by_name(fields: dict[str, Any]) -> None:
    status, answer = Client().ask(**fields)

    assert (status, answer["situacao"], "dado" in answer) == (400, 400, False)
    assert next(iter(fields)) in answer["erros"][0]["detalhes"]


def test_what_clients_leave_out_may_be_left_out() -> None:
    assert Client().ask(quantidadeVolume=None, dataColeta=None)[0] == 200


def test_a_question_without_a_day_is_for_today() -> None:
    """Monday 23 November 2026, and three weekdays."""
    assert Client().ask(dataColeta=None)[1]["dado"][0]["previsaoEntrega"] == "26/11/2026"


def test_the_same_question_gets_the_same_bytes() -> None:
    assert Client().ask() == Client().ask()
    assert Client().ask(pesoMercadoria=51)[1]["idCorrelacao"] != Client().ask()[1]["idCorrelacao"]


@pytest.mark.parametrize(
    ("origin", "destination", "transport", "rate"),
    [
        ("31030370", "20040020", "1", "0.12"),
        ("01001000", "50720135", "1", "0.07"),
        ("01001000", "29010000", "1", "0.07"),
        ("50720135", "01001000", "1", "0.12"),
        ("01001000", "13010000", "1", "0.18"),
        ("01001000", "50720135", "2", "0.04"),
        ("01001000", "13010000", "2", "0.18"),
    ],
)
def test_the_rate_of_tax_is_the_one_between_the_states(
    origin: str, destination: str, transport: str, rate: str
) -> None:
    load = BOX._replace(origin=origin, destination=destination, transport=transport)

    assert tax_rate(load) == Decimal(rate)


def test_the_tax_is_a_share_of_the_price_that_holds_it_as_in_the_recorded_quote() -> None:
    """R$ 372,93 at 12 %: exactly 50,8540…, and Jamef says 50,86, because it rounds each part."""
    whole = tax_of(Decimal("372.93"), Decimal("0.12"))

    assert whole == Decimal("50.85")
    assert abs(Decimal("50.86") - whole) <= Decimal("0.05")
    assert round(Decimal("50.86") / Decimal("423.79"), 4) == Decimal("0.1200")


def test_the_tax_of_each_part_is_the_one_of_the_recorded_breakdown() -> None:
    """The SOAP service of old answered with every part, at 7 %."""
    rows = [
        {child.tag.rpartition("}")[2]: child.text or "" for child in row}
        for row in ET.parse(SAMPLES / "soap05-response-ok.xml").iter("{http://www.jamef.com.br/}AVALFRE")  # noqa: S314 — a sample of ours
    ]
    *parts, total = rows

    assert len(parts) == 9
    for part in parts:
        assert tax_of(Decimal(part["VALOR"]), Decimal("0.07")) == round(Decimal(part["IMPOSTO"]), 2)
    assert (total["VALOR"], total["IMPOSTO"], total["TOTAL"]) == ("207.62000000", "15.63000000", "223.25000000")


@given(
    st.sampled_from("12"),
    st.decimals("0.001", "30000", places=3),
    st.decimals("0.0001", "90", places=4),
    st.decimals("0.01", "900000", places=2),
    st.sampled_from(["01001000", "20040020", "50720135", "69010000", "90010000"]),
)
def test_freight_and_tax_add_up_and_the_tax_is_its_rate_of_the_total(
    transport: str, weight: Decimal, volume: Decimal, value: Decimal, destination: str
) -> None:
    load = Load(transport, "01001000", destination, weight, volume, value)
    priced = price(load)

    assert priced.freight + priced.tax == priced.total
    assert abs(priced.total * tax_rate(load) - priced.tax) <= Decimal("0.05")


def test_a_light_and_large_load_is_charged_by_its_volume() -> None:
    light, heavy = BOX._replace(weight=Decimal(1)), BOX._replace(weight=Decimal(126))

    assert price(light) == price(heavy)
    assert price(BOX._replace(weight=Decimal(127))).total > price(heavy).total


def test_days_are_counted_from_monday_to_friday() -> None:
    """One region apart by road takes three days: from Christmas to the recorded 30 December."""
    assert arrival(BOX, date(2024, 12, 25)) == date(2024, 12, 30)
    assert arrival(BOX._replace(transport="2"), date(2024, 12, 27)) == date(2024, 12, 30)


def seen(*moods: str) -> list[tuple[int, Any]]:
    """A login, and prices: of a lane that is served, of one that is not, and by air."""
    client = Client(*moods)
    status, answer = client.login()
    token = answer["dado"][0]["accessToken"] if status == 200 else ""
    lanes = (QUESTION, QUESTION | {"cepDestino": "69930000"}, QUESTION | {"tipoTransporte": "2"})
    return [(status, answer), *(client.post("/calculo-frete/v1/cotacao", lane, token) for lane in lanes)]


@pytest.mark.parametrize("mood", sorted(Sandbox.moods.keys() - {"slow", "dripping", "down", "html"}))
def test_every_mood_changes_an_answer(mood: str) -> None:
    """Beside those that every call feels, whatever it asks."""
    assert seen(mood) != seen()
