"""Scenarios recorded again: from the sandbox, from a carrier with a real account, from a published sample."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from gallery.case import CASE
from gallery.parcelpost.carrier import Parcelpost
from gallery.parcelpost.sandbox import Sandbox

from portes.carrier import Deadline
from portes.contract import Answer, RefusalKind, Shipment
from portes.errors import SettingsError
from portes.simulators.serving import serving
from portes.toolbox import HttpResponse
from portes.toolbox.tokens.models import Token
from portes_testing import (
    RATE,
    BrokenContractError,
    Case,
    Exchange,
    Published,
    Scenario,
    SentRequest,
    carrier_under_test,
    read_cassette,
)
from portes_testing.checks.recordings import (
    a_recording_replays_to_its_end,
    replay,
    simulated_scenarios,
    the_sandbox_answers_as_it_was_recorded,
)
from portes_testing.recordings.provenance import Against, read_provenance
from portes_testing.recordings.record import credentials, record

REAL_PASSWORD = "the-real-password-of-somebody"
LANE = b'{"from":"01001000","to":"70002900","parcels":[{"grams":1000,"size_mm":[200,150,100],"pieces":1,"value_cents":10000}],"services":[{"code":"STD","insured":true},{"code":"EXP","insured":false}]}'  # noqa: E501 — word for word
SAMPLE = Published(
    source="Parcelpost, Integration Manual 2.2, page 14",
    on=date(2023, 9, 1),
    exchanges=(
        Exchange(
            SentRequest(
                "POST", "https://api.parcelpost.example/v2/token", {"Authorization": "Basic c2hvcDpwYXNzd29yZA=="}
            ),
            HttpResponse(201, {"Date": "Fri, 01 Sep 2023"}, b'{"token": "printed-in-the-manual", "expires_in": 3600}'),
        ),
        Exchange(
            SentRequest("POST", "https://api.parcelpost.example/v2/quotes", {}, LANE),
            HttpResponse(
                200,
                {},
                b'{"quotes": [{"service": "STD", "price": "20.00", "days": [2, 4]},'
                b' {"service": "EXP", "error": "P409"}]}',
            ),
        ),
    ),
    api_version="2.2",
)
PRINTED = Scenario(
    "manual_page_14", CASE.served.shipments, {"STD": RATE, "EXP": RefusalKind.SERVICE_UNAVAILABLE}, published=SAMPLE
)


@pytest.fixture
def carrier_itself() -> Iterator[dict[str, str]]:
    """Somebody who answers on an address of his own, and the environment for an account with him."""
    with serving(Sandbox()) as port:
        yield {
            "PARCELPOST_PASSWORD": REAL_PASSWORD,
            "PARCELPOST_BASE_URL": f"http://127.0.0.1:{port}/v2",
            "PARCELPOST_STD_INSURED": "0",
        }


def addressed() -> Case:
    """The case with its addresses spelled out, so that the environment can name others."""
    return replace(CASE, settings={**CASE.settings, "base_url": "https://api.parcelpost.example/v2"})


@pytest.mark.parametrize("scenario", CASE.scenarios, ids=lambda each: each.name)
def test_a_recording_made_again_is_the_same_file(tmp_path: Path, scenario: Scenario) -> None:
    path, _ = record(CASE, scenario, Against.SANDBOX, tmp_path)

    assert CASE.cassettes is not None
    assert path.read_text() == (CASE.cassettes / path.name).read_text()


def test_a_recording_says_where_it_is_from(tmp_path: Path) -> None:
    record(CASE, CASE.scenario("no_express_on_this_lane"), Against.SANDBOX, tmp_path)

    line = read_provenance(tmp_path)["no_express_on_this_lane.yaml"]
    assert (line.provenance, line.api_version) == (Against.SANDBOX, "2")
    assert line.source == "portes sandbox parcelpost --mood partial"
    assert line.moment == CASE.moment


def test_a_live_recording_shows_the_case_in_place_of_the_account(
    tmp_path: Path, carrier_itself: dict[str, str]
) -> None:
    case = addressed()

    path, said = record(case, case.served, Against.LIVE, tmp_path, carrier_itself)

    text = path.read_text()
    line = read_provenance(tmp_path)[path.name]
    assert said is not None
    assert said.kinds() == [{"STD": [RATE], "EXP": [RATE]}]
    assert REAL_PASSWORD not in text
    assert "127.0.0.1" not in text
    assert [exchange.request.url for exchange in read_cassette(path)] == [
        "https://api.parcelpost.example/v2/token",
        "https://api.parcelpost.example/v2/quotes",
    ]
    assert (line.provenance, line.source) == (Against.LIVE, "https://api.parcelpost.example/v2")
    assert datetime.now(UTC) - line.moment < timedelta(minutes=5)


class Dated(Parcelpost):
    """Parcelpost, were it to ask for the day."""

    def _answer(self, shipment: Shipment, deadline: Deadline) -> Answer:
        self._day = shipment.dispatch_date.isoformat()
        return super()._answer(shipment, deadline)

    def _post(self, question: dict[str, object], token: Token, deadline: Deadline) -> HttpResponse:
        return super()._post({**question, "on": self._day}, token, deadline)


def test_a_live_recording_is_made_today_and_replays_as_if_it_were_that_day(
    tmp_path: Path, carrier_itself: dict[str, str]
) -> None:
    eleven_days_before = CASE.moment - timedelta(days=10)
    case = replace(addressed(), cassettes=tmp_path, carrier=Dated, sandbox=Sandbox, moment=eleven_days_before)
    del carrier_itself["PARCELPOST_STD_INSURED"]

    path, _ = record(case, case.served, Against.LIVE, tmp_path, carrier_itself)

    moment = read_provenance(tmp_path)[path.name].moment
    assert read_cassette(path)[-1].request.json["on"] == (moment.date() + timedelta(days=11)).isoformat()
    with carrier_under_test(case) as under_test:
        a_recording_replays_to_its_end(under_test, case.served)


def test_a_live_recording_without_credentials_names_each_that_is_missing() -> None:
    with pytest.raises(SettingsError, match="PARCELPOST_PASSWORD: is not set"):
        credentials(CASE, {})


def test_settings_that_are_no_secrets_may_stay_as_the_case_has_them() -> None:
    real = credentials(CASE, {"PARCELPOST_PASSWORD": REAL_PASSWORD, "PARCELPOST_EXP_CODE": "EXP-2"})

    assert real.settings == {"user": "shop", "password": REAL_PASSWORD}
    assert [service["code"] for service in real.services] == ["STD", "EXP-2", "OLD"]


def test_a_recording_that_a_secret_got_into_is_removed_again(tmp_path: Path) -> None:
    case = replace(CASE, secrets=("01001000",))

    class Careless(Sandbox):
        """Answers with what nobody may see, in a form that no scrubber knows."""

        def _error(self, code: str, asked: dict[str, object]) -> str:
            return "P404" + "MDEwMDEwMDA=" * 2

    with pytest.raises(BrokenContractError, match=r"served\.yaml was removed again"):
        record(replace(case, sandbox=Careless), case.served, Against.SANDBOX, tmp_path)

    assert not list(tmp_path.glob("*.yaml"))


def test_a_published_sample_becomes_a_cassette_that_says_so_and_replays(tmp_path: Path) -> None:
    case = replace(CASE, more=(PRINTED,), cassettes=tmp_path)

    path, said = record(case, PRINTED, Against.PUBLISHED, tmp_path)

    line = read_provenance(tmp_path)["manual_page_14.yaml"]
    assert said is None
    assert (line.provenance, line.date, line.api_version) == (Against.PUBLISHED, date(2023, 9, 1), "2.2")
    assert line.source == "Parcelpost, Integration Manual 2.2, page 14"
    assert "printed-in-the-manual" not in path.read_text()
    with carrier_under_test(case) as under_test:
        a_recording_replays_to_its_end(under_test, PRINTED)


def test_a_published_scenario_is_published_whoever_is_asked(tmp_path: Path) -> None:
    record(replace(CASE, more=(PRINTED,)), PRINTED, Against.SANDBOX, tmp_path)

    assert read_provenance(tmp_path)["manual_page_14.yaml"].provenance is Against.PUBLISHED


def test_what_left_during_a_replay_can_be_looked_at() -> None:
    with carrier_under_test(CASE) as under_test:
        replay(under_test, CASE.served)

    login, question = under_test.sent
    assert (login.method, login.path, login.header("authorization")[:6]) == ("POST", "/v2/token", "Basic ")
    assert question.json["parcels"] == [{"grams": 1000, "size_mm": [200, 150, 100], "pieces": 1, "value_cents": 10000}]


def test_a_sandbox_that_was_never_recorded_is_no_pass() -> None:
    with (
        carrier_under_test(CASE) as under_test,
        pytest.raises(BrokenContractError, match="the sandbox was recorded after all"),
    ):
        the_sandbox_answers_as_it_was_recorded(under_test, None)


def test_published_samples_are_not_compared_with_the_sandbox(tmp_path: Path) -> None:
    case = replace(CASE, more=(PRINTED,), cassettes=tmp_path)
    for scenario in case.scenarios:
        record(case, scenario, Against.SANDBOX, tmp_path)

    assert PRINTED not in simulated_scenarios(case)
    assert case.served in simulated_scenarios(case)
