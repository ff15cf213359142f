"""Jamef held to the suite that every carrier plugin passes, on the simulator, on recordings and on samples."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from portes.carrier import Deadline, Warmable
from portes.contract import FailureKind, Origin, Parcel, Place, RefusalKind, Shipment
from portes.errors import CarrierError
from portes.toolbox import HttpResponse
from portes_testing import (
    RATE,
    Absent,
    AllowedOutcomes,
    CarrierContract,
    CarrierUnderTest,
    Case,
    Exchange,
    OwnFault,
    Published,
    Scenario,
    SentRequest,
    StoreProfile,
    Tokens,
    ask,
    parcel,
    replaces,
    served_sandbox,
    shipment,
)

API = "https://api.jamef.com.br"
LOGIN, QUOTE = "/auth/v1/login", "/calculo-frete/v1/cotacao"
SAMPLES = Path(__file__).parent / "samples"
MINUTE = timedelta(seconds=61)
BOX = parcel(7500, 400, 300, 250, value="899.90 BRL")
CRATE = parcel(31_000, 800, 600, 500, value="1250.00 BRL")
TEN = parcel(5000, 420, 250, 400, value="150.00 BRL", count=10)
BOTH = ("1", "2")


def to(name: str, cep: str, *parcels: Parcel, country: str = "BR") -> Shipment:
    here = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
    place = Place(country=country, postal_code=cep)
    return shipment(name, *parcels, origin=here, to=place, on=date(2026, 11, 24))


def failing(kind: FailureKind, *moods: str) -> Scenario:
    """A lane that would be served, but for the moods."""
    return Scenario(moods[-1], to("there", "20040020", BOX), dict.fromkeys(BOTH, kind), moods=moods)


def sent(path: str, body: str, **headers: str) -> SentRequest:
    return SentRequest("POST", f"{API}{path}", {"Content-Type": "application/json", **headers}, body.encode())


def sample(name: str, status: int) -> HttpResponse:
    return HttpResponse(status, {"Content-Type": "application/json"}, (SAMPLES / name).read_bytes())


def asked(transport: str) -> SentRequest:
    """The plugin's own words for the question that was answered in public."""
    bearer = "Bearer eyJhbGciOiJSUzI1NiJ9.EXAMPLE-PAYLOAD.EXAMPLE-SIGNATURE"
    body = (
        f'{{"tipoTransporte":"{transport}","documentoDevedor":"11222333000181","cepOrigem":"31030370",'
        '"cepDestino":"20040020","quantidadeVolume":10,"pesoMercadoria":50.000,"valorNotaFiscal":1500.00,'
        '"metragemCubica":0.4200,"filialOrigem":"01","dataColeta":"25/12/2024"}'
    )
    return sent(QUOTE, body, Authorization=bearer)


PUBLISHED = Published(
    source=(
        "JPXRL/Motor-de-cota-o, docs/especificacao-api-jamef.md: login as documented, road as answered by homologation "
        "in August 2026; tr4ctor-io/jamef-php: the documented error, here in answer to air"
    ),
    on=date(2026, 8, 28),
    exchanges=(
        Exchange(
            sent(LOGIN, '{"username":"integracao@example.com","password":"canary-password-4711"}'),
            sample("current-login-response-200.json", 200),
        ),
        Exchange(asked("1"), sample("current-quote-response-200.json", 200)),
        Exchange(asked("2"), sample("current-error-envelope.json", 400)),
    ),
    api_version="auth v1, calculo-frete v1",
)
MINAS = Origin(id=2, place=Place(country="BR", postal_code="31030370"), calendar="BR-MG")
RIO = Place(country="BR", postal_code="20040020")
CHRISTMAS = shipment("published", TEN, origin=MINAS, to=RIO, on=date(2024, 12, 25))

SURE = {"unserved": "not_served"}
"""An empty list and a 404 may mean the lane: where they speak of us they are failures all the same."""
FAR = Origin(id=3, place=Place(country="BR", postal_code="69930000"), calendar="BR-AC")
"""Where the simulator collects nothing."""
FROM_FAR = shipment("from_far", BOX, origin=FAR, to=RIO, on=date(2026, 11, 24))

ONE_A_MINUTE = "Jamef gives one token a minute to an address: a new one has to wait, and the failure says how long"
REJECTED = AllowedOutcomes.one_of(FailureKind.THROTTLED, because=ONE_A_MINUTE)

CASE = Case(
    plugin="jamef",
    settings={
        "user": "integracao@example.com",
        "password": "canary-password-4711",
        "qa_password": "canary-portal-0815",
        "payer": "11222333000181",
        "branch": "07",
        "branches": {"2": "01"},
    },
    services=({"code": "1", "delivery": "normal"}, {"code": "2", "delivery": "express"}),
    store=StoreProfile(country="BR", currency="BRL", timezone="America/Sao_Paulo", calendar="BR-SP"),
    moment=datetime(2026, 11, 23, 13, 0, tzinfo=UTC),
    served=Scenario("served", to("served", "20040020", BOX), dict.fromkeys(BOTH, RATE)),
    unserved=Scenario(
        "unserved", to("unserved", "11000", BOX, country="UY"), dict.fromkeys(BOTH, RefusalKind.NOT_SERVED)
    ),
    too_heavy=Absent("Jamef publishes no largest weight, size or value: it carries whole lorries"),
    several=Scenario("several", to("several", "69010000", BOX, CRATE), dict.fromkeys(BOTH, RATE)),
    more=(
        Scenario("published_samples", CHRISTMAS, {"1": RATE, "2": FailureKind.REJECTED_REQUEST}, published=PUBLISHED),
        Scenario("created", to("created", "20040020", BOX), dict.fromkeys(BOTH, RATE), moods=("created",)),
        Scenario(
            "no_value",
            to("no_value", "20040020", parcel(1000, 200, 150, 100)),
            dict.fromkeys(BOTH, FailureKind.INCOMPLETE),
        ),
        Scenario(
            "road_only",
            to("road_only", "20040020", BOX),
            {"1": RATE, "2": FailureKind.REJECTED_REQUEST},
            moods=("road_only",),
        ),
        failing(FailureKind.REJECTED_REQUEST, "no_lanes"),
        failing(FailureKind.REJECTED_REQUEST, "no_lanes", "lanes_404"),
        failing(FailureKind.REJECTED_REQUEST, "payer_unknown"),
        failing(FailureKind.REJECTED_REQUEST, "branch_unknown"),
        failing(FailureKind.GARBLED, "dateless"),
        failing(FailureKind.UNREACHABLE, "ill"),
        failing(FailureKind.THROTTLED, "throttled"),
        failing(FailureKind.REJECTED_CREDENTIALS, "wrong_password"),
        failing(FailureKind.REJECTED_CREDENTIALS, "approval_pending"),
        failing(FailureKind.THROTTLED, "token_expired_early"),
    ),
    tokens=Tokens(path=LOGIN, fields=("accessToken", "refreshToken"), lifetime=timedelta(hours=1)),
    base_urls=("base_url", "qa_url"),
    cassettes=Path(__file__).parents[3] / "cassettes" / "jamef",
    faults={
        f"unauthorized_once {QUOTE}": REJECTED,
        f"unauthorized_always {QUOTE}": REJECTED,
        f"missing_entry {QUOTE}": AllowedOutcomes.one_of(
            FailureKind.REJECTED_REQUEST,
            because="an empty list may be how Jamef says that it does not serve a lane: `unserved` decides",
        ),
    },
    api_version="auth v1, calculo-frete v1",
    own_faults=(
        OwnFault("origin_not_collected", "origin", "quote", shipments=(FROM_FAR,)),
        OwnFault("password_withdrawn", "credentials", "login", moods=("wrong_password",)),
        OwnFault("payer_without_a_table", "contract", "quote", moods=("payer_unpriced",), settings=SURE),
        OwnFault("branch_not_found", "contract", "quote", moods=("branch_404",), settings=SURE),
        OwnFault("field_missing", "request", "quote", moods=("request_refused",), settings=SURE),
        OwnFault("not_worked_out", "request", "quote", moods=("calculation_failed",), settings=SURE),
    ),
)


class TestJamef(CarrierContract):
    case = CASE

    @replaces(f"{ONE_A_MINUTE}; after that minute the question is asked with a new token")
    def test_a_rejected_token_is_dropped(self, under_test: CarrierUnderTest) -> None:
        with served_sandbox(under_test) as sandbox:
            assert sandbox.tap is not None
            carrier = sandbox.new_carrier()
            ask(carrier, CASE.served.shipments)
            sandbox.tap.rejections = 1
            rejected = ask(carrier, CASE.served.shipments)
            under_test.clock.advance(MINUTE)
            after = ask(carrier, CASE.served.shipments)

        (failed,) = [
            part
            for part in rejected.outcomes()
            if part.service not in {rate.service for rate in rejected.answers[0].rates}
        ]
        assert getattr(failed, "kind", None) is FailureKind.THROTTLED
        assert 0 < getattr(failed, "retry_after", 0) <= 61
        assert len(after.answers[0].rates) == 2
        assert sandbox.tap.fetches == 2

    @replaces("two processes that share no state folder log in twice, and Jamef gives one token a minute")
    def test_the_same_question_gets_the_same_answer(self, under_test: CarrierUnderTest) -> None:
        with served_sandbox(under_test) as sandbox:
            first, second = sandbox.new_carrier(), sandbox.new_carrier()
            said = [ask(first, CASE.served.shipments).answers for _ in range(2)]
            under_test.clock.advance(MINUTE)
            said.append(ask(second, CASE.served.shipments).answers)

        assert said[0] == said[1] == said[2]

    @replaces("a login that fails while it warms up is not tried again within the minute")
    def test_warming_up_changes_no_answer(self, under_test: CarrierUnderTest) -> None:
        for weather in (None, (500, b"error"), (401, b""), (200, b"<html>")):
            with served_sandbox(under_test) as sandbox:
                assert sandbox.tap is not None
                cold = ask(sandbox.new_carrier(), CASE.served.shipments)
                under_test.clock.advance(MINUTE)
                carrier = sandbox.new_carrier()
                assert isinstance(carrier, Warmable)
                sandbox.tap.forced_reply = weather
                warmed = _warmed(carrier)
                sandbox.tap.forced_reply = None
                under_test.clock.advance(MINUTE)
                warm = ask(carrier, CASE.served.shipments)

            assert warmed is (weather is None)
            assert cold.answers == warm.answers


def _warmed(carrier: Warmable) -> bool:
    try:
        carrier.warm(Deadline(20))
    except CarrierError:
        return False
    return True
