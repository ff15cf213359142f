"""Cassettes put together from published samples: what Correios itself, or those who tested against it, wrote.

`python plugins/correios-br/tests/support/correios_published.py` writes them again.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from portes.contract import FailureKind, Origin, Parcel, Place, RefusalKind, Shipment
from portes.toolbox import HttpResponse
from portes_testing import (
    RATE,
    Absent,
    AllowedOutcomes,
    Case,
    Exchange,
    Published,
    Scenario,
    SentRequest,
    StoreProfile,
    Tokens,
    parcel,
    shipment,
)
from portes_testing.recordings.provenance import Against
from portes_testing.recordings.record import record

CASSETTES = Path(__file__).parents[4] / "cassettes" / "correios-br"
SAMPLES = Path(__file__).parents[1] / "samples"
HOST = "https://api.correios.com.br"
TOKEN = "/token/v1/autentica/cartaopostagem"
PRICES = "/preco/v1/nacional"
TIMES = "/prazo/v1/nacional"
MANUAL = "Correios, Manual de Integração V2.2 (09/2023)"
CLIENT = "recordings of July 2026 in public client code"
CUBE = (200, 200, 200)

Body = dict[str, Any] | list[dict[str, Any]]


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def numbered(entry: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {**entry, "nuRequisicao": str(number)}


def said(path: str, asked: Body, answer: Body, status: int = 200) -> Exchange:
    sent = SentRequest("POST", f"{HOST}{path}", {"Content-Type": "application/json"}, json.dumps(asked).encode())
    body = json.dumps(answer, ensure_ascii=False).encode()
    return Exchange(sent, HttpResponse(status, {"Content-Type": "application/json"}, body))


def token(name: str) -> Exchange:
    return said(TOKEN, {"numero": "0000000000"}, sample(name), 201)


def priced(entries: Sequence[dict[str, Any]], answer: Body, status: int = 200) -> Exchange:
    listed = [numbered(entry, number) for number, entry in enumerate(entries, start=1)]
    return said(PRICES, {"idLote": "1", "parametrosProduto": listed}, answer, status)


def timed(entries: Sequence[dict[str, Any]], answer: Body, status: int = 200) -> Exchange:
    listed = [numbered(entry, number) for number, entry in enumerate(entries, start=1)]
    return said(TIMES, {"idLote": "1", "parametrosPrazo": listed}, answer, status)


def lane(product: str, origin: str, destination: str, **more: Any) -> dict[str, Any]:
    return {"coProduto": product, "cepOrigem": origin, "cepDestino": destination, **more}


def boxed(entry: dict[str, Any], region: int, grams: int, side: int, **more: Any) -> dict[str, Any]:
    sides = dict.fromkeys(("comprimento", "largura", "altura"), str(side))
    account = {"nuContrato": "9900000000", "nuDR": region}
    return {**entry, **account, "psObjeto": str(grams), "tpObjeto": "2", **sides, **more}


def valued(extra: str, value: str) -> dict[str, Any]:
    return {"servicosAdicionais": [{"coServAdicional": extra}, {"coServAdicional": "001"}], "vlDeclarado": value}


def sent(origin: str, destination: str, day: date, *parcels: Parcel) -> Shipment:
    here = Origin(id=1, place=Place(country="BR", postal_code=origin), calendar="BR")
    return shipment("published", *parcels, origin=here, to=Place(country="BR", postal_code=destination), on=day)


def case(
    services: Sequence[Mapping[str, Any]],
    moment: datetime,
    *scenarios: Scenario,
    faults: Mapping[str, AllowedOutcomes] = MappingProxyType({}),
    **settings: Any,
) -> Case:
    secrets = {"user": "usuario-exemplo", "access_code": "canary-access-code-4711", "posting_card": "0000000000"}
    return Case(
        plugin="correios-br",
        settings={**secrets, **settings},
        services=services,
        store=StoreProfile(country="BR", currency="BRL", timezone="America/Sao_Paulo", calendar="BR"),
        moment=moment,
        served=scenarios[0],
        unserved=Absent("a sample proves how it is read, not where Correios goes"),
        too_heavy=Absent("a sample proves how it is read, not what Correios carries"),
        several=Absent("no sample has several parcels"),
        more=scenarios[1:],
        tokens=Tokens(path=TOKEN, fields=("token",), lifetime=timedelta(hours=24)),
        cassettes=CASSETTES,
        faults=faults,
    )


def published(source: str, on: date, *exchanges: Exchange) -> Published:
    return Published(source, on, exchanges, "v1")


def manual() -> Case:
    """SEDEX with receipt and declared value, as the manual prints it; the time is printed for another lane."""
    day = date(2022, 3, 18)
    there = sent("70902000", "71930000", day, parcel(300, *CUBE, value="200.00 BRL"))
    question = lane("03220", "70902000", "71930000")
    asked = [boxed(question, 10, 300, 20, **valued("019", "200.00"))]
    price = [numbered(sample("preco-get-03220-manual"), 1)]
    time = [numbered(sample("prazo-get-03220-manual"), 1)]
    login, expired = "token-cartao-homolog-manual", priced(asked, sample("error-gtw-008"), 403)
    source = f"{MANUAL}: token, price and time of SEDEX (R), the last two from GET answers, numbered here"
    again = "devaguia/correios-php, issue 54 (R, status inferred): GTW-008"
    alone = "garu/Net-Correios, t/02-token.t (R): the token of a login alone"
    return case(
        [{"code": "03220", "delivery": "express", "receipt": True, "declare_value": True}],
        datetime(2022, 3, 18, 13, 26, 51, tzinfo=UTC),
        Scenario(
            "published_sedex_of_the_manual",
            there,
            {"03220": RATE},
            published=published(source, day, token(login), priced(asked, price), timed([question], time)),
        ),
        Scenario(
            "published_expired_token",
            there,
            {"03220": RATE},
            published=published(
                f"{again}, then a new token; {source}",
                date(2024, 11, 8),
                *(token(login), expired, timed([question], time), token(login), priced(asked, price)),
            ),
        ),
        Scenario(
            "published_token_of_a_login_alone",
            there,
            {"03220": FailureKind.GARBLED},
            published=published(alone, date(2023, 9, 21), token("token-simples-2023")),
        ),
    )


def pac_of_2026() -> Case:
    """PAC without a time: no answer for its time is published, so the question fails as one without a CEP does."""
    day = date(2026, 7, 1)
    there = sent("82600000", "09185670", day, parcel(19_600, 400, 400, 400))
    question = lane("03298", "82600000", "09185670")
    price = [numbered(sample("preco-get-03298-2026"), 1)]
    source = (
        f"{CLIENT}: token, and price from a GET answer, numbered here and asked as an envelope (R); "
        "wesleyaoyama/java, PrazoClientIntegrationTest (P, status inferred): PRZ-116"
    )
    exchanges = (
        token("token-cartao-2026"),
        priced([boxed(question, 36, 19_600, 40)], price),
        timed([question], sample("error-prz-116"), 400),
    )
    return case(
        [{"code": "03298", "delivery": "normal"}],
        datetime(2026, 7, 1, 14, 50, 58, tzinfo=UTC),
        Scenario(
            "published_price_without_a_time",
            there,
            {"03298": FailureKind.REJECTED_REQUEST},
            published=published(source, day, *exchanges),
        ),
    )


def batch(name: str, prices: Body, expect: Mapping[str, Any], more: str = "", **faults: AllowedOutcomes) -> Case:
    """Two products of older contracts, both timed; of the first the manual prints one price, twice."""
    day = date(2022, 3, 18)
    questions = [lane(code, "70002900", "05311900", dtEvento="18/03/2022") for code in ("04162", "04669")]
    asked = [boxed(questions[0], 10, 300, 20, **valued("019", "100.00")), boxed(questions[1], 10, 300, 20)]
    exchanges = (
        token("token-cartao-homolog-manual"),
        priced(asked, prices),
        timed(questions, sample("prazo-post-manual")),
    )
    source = f"{MANUAL}: token, prices of two equal entries and times of two products (R){more}"
    there = sent("70002900", "05311900", day, parcel(300, *CUBE, value="100.00 BRL"))
    return case(
        [
            {"code": "04162", "delivery": "express", "receipt": True, "declare_value": True},
            {"code": "04669", "delivery": "normal"},
        ],
        datetime(2022, 3, 18, 13, 26, 51, tzinfo=UTC),
        Scenario(name, there, expect, published=published(source, day, *exchanges)),
        faults=faults,
        event_date="slash",
    )


def batch_of_the_manual() -> Case:
    """One product is timed and priced, the other timed only."""
    expect = {"04162": RATE, "04669": FailureKind.GARBLED}
    prices = sample("preco-post-04162x2-manual")[:1]
    return batch("published_batch_of_the_manual", prices, expect, "; the second price left out")


def entry_printed_twice() -> Case:
    """Two entries with one number; without one of them there is a price."""
    expect = dict.fromkeys(("04162", "04669"), FailureKind.GARBLED)
    told = AllowedOutcomes.one_of(RATE, FailureKind.GARBLED, because="one entry less is just what it takes")
    prices = sample("preco-post-04162x2-manual")
    return batch("published_entry_printed_twice", prices, expect, missing_entry=told)


def swap() -> Case:
    """Mini Envios priced as another, dearer product."""
    day = date(2026, 7, 1)
    question = lane("04227", "82600000", "09185670")
    asked = [boxed(question, 36, 300, 0, comprimento="20", largura="15", altura="4")]
    price = [numbered(entry, 1) for entry in sample("preco-post-swap-04960")]
    source = (
        f"erick-tmr/prisma_engine, tests (T): 04960 for 04227, numbered here; {CLIENT} (R): token; "
        "wesleyaoyama/java, PrazoClientIntegrationTest (P, status inferred): PRZ-116"
    )
    exchanges = (
        token("token-cartao-2026"),
        priced(asked, price),
        timed([question], sample("error-prz-116"), 400),
    )
    return case(
        [{"code": "04227", "delivery": "normal"}],
        datetime(2026, 7, 1, 14, 50, 58, tzinfo=UTC),
        Scenario(
            "published_swapped_product",
            sent("82600000", "09185670", day, parcel(300, 200, 150, 40)),
            {"04227": RefusalKind.SERVICE_UNAVAILABLE},
            published=published(source, day, *exchanges),
        ),
    )


def unknown_cep() -> Case:
    """Three products to a CEP that does not exist; two of the texts do not say which CEP that is."""
    day = date(2026, 7, 1)
    codes = ("03220", "03298", "04227")
    questions = [lane(code, "82600000", "00000000") for code in codes]
    sides = {"comprimento": "20", "largura": "15", "altura": "4"}
    asked = [boxed(question, 36, 300, 0, **sides) for question in questions]
    prices = [numbered(entry, number) for number, entry in enumerate(sample("preco-post-erp005"), start=1)]
    source = (
        f"erick-tmr/prisma_engine, tests (T, status inferred): ERP-005, numbered here; {CLIENT} (R): token; "
        "wesleyaoyama/java, PrazoClientIntegrationTest (P, status inferred): PRZ-116, to all questions and to each"
    )
    exchanges = (
        token("token-cartao-2026"),
        priced(asked, prices, 400),
        timed(questions, sample("error-prz-116"), 400),
        *(timed([question], sample("error-prz-116"), 400) for question in questions),
    )
    return case(
        [{"code": code, "delivery": "normal"} for code in codes],
        datetime(2026, 7, 1, 14, 50, 58, tzinfo=UTC),
        Scenario(
            "published_unknown_cep",
            sent("82600000", "00000000", day, parcel(300, 200, 150, 40)),
            {
                "03220": RefusalKind.NOT_SERVED,
                "03298": FailureKind.REJECTED_REQUEST,
                "04227": FailureKind.REJECTED_REQUEST,
            },
            published=published(source, day, *exchanges),
        ),
    )


def time_alone() -> Case:
    """A product without a contract that has a time and, the token being refused twice, no price."""
    day = date(2023, 9, 26)
    question = lane("04014", "70002900", "05311900")
    refused = priced([boxed(question, 36, 300, 20)], sample("error-gtw-008"), 403)
    time = timed([question], [numbered(sample("prazo-get-04014-2023"), 1)])
    login = token("token-cartao-2026")
    source = (
        "rubenscordeirobr/correios-api-client, src/schemas (R): time from a GET answer, numbered here, the lane ours; "
        f"devaguia/correios-php, issue 54 (R, status inferred): GTW-008; {CLIENT} (R): token"
    )
    return case(
        [{"code": "04014", "delivery": "express"}],
        datetime(2023, 9, 26, 12, 0, tzinfo=UTC),
        Scenario(
            "published_time_without_a_price",
            sent("70002900", "05311900", day, parcel(300, *CUBE)),
            {"04014": FailureKind.REJECTED_CREDENTIALS},
            published=published(source, day, login, refused, time, login, refused),
        ),
    )


CASES = (manual(), pac_of_2026(), batch_of_the_manual(), entry_printed_twice(), swap(), unknown_cep(), time_alone())


if __name__ == "__main__":
    for _case in CASES:
        for _scenario in _case.scenarios:
            record(_case, _scenario, Against.PUBLISHED, CASSETTES)
