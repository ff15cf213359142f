"""Calls to Correos over real HTTP: what leaves, which token, and what becomes of a secret that was reset."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from portes.carrier import Deadline
from portes.contract import PickupKind
from portes.errors import GarbledError, RejectedRequestError
from portes.simulators.serving import serving
from portes.toolbox import Tools
from portes_correos_es import wire
from portes_correos_es.live import Live
from portes_correos_es.settings import CorreosSettings

MADRID = "28013"


def live(tools: Tools, simulated: Any, **settings: Any) -> Live:
    keys = {"sample_tariff": "canarias-2023", **simulated.settings, **settings}
    return Live(CorreosSettings.model_validate(keys), tools)


def lockers(calls: Live) -> list[str]:
    return [point.id for point in calls.points(PickupKind.LOCKER, MADRID, Deadline(5))]


def forms(simulated: Any, tools: Tools, **settings: Any) -> dict[str, str]:
    """The fields of the token call, as they left."""
    seen: list[bytes] = []
    sandbox = simulated.sandbox

    def heard(environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"].read()
        seen.append(body)
        environ["wsgi.input"].seek(0)
        return sandbox(environ, start_response)

    simulated.sandbox = heard
    live(tools, simulated, **settings).token(Deadline(5))
    simulated.sandbox = sandbox
    return {name: values[0] for name, values in parse_qs(seen[0].decode()).items()}


def test_the_token_call_is_a_form_with_four_fields(desk: Any, simulated: Any) -> None:
    assert forms(simulated, desk.tools(), scope="AP3 TRM") == {
        "grant_type": "client_credentials",
        "client_id": "01234567-89ab-cdef-0123-456789abcdef",
        "client_secret": "canary-correos-id-4711",
        "scope": "AP3 TRM",
    }
    (call,) = simulated.calls
    assert call["CONTENT_TYPE"] == "application/x-www-form-urlencoded"
    assert call["HTTP_ACCEPT_LANGUAGE"] == "es"


def test_the_list_of_lockers_is_asked_with_token_and_pair(desk: Any, simulated: Any) -> None:
    calls = live(desk.tools(), simulated)

    assert lockers(calls) == ["CT280131P", "CT280132P"]

    asked = simulated.calls[-1]
    assert asked["PATH_INFO"] == "/logistics/terminals/api/v1/homepaqs"
    assert asked["QUERY_STRING"] == "postalCode=28013&visible=S&terminalStates=ACTIVO"
    assert asked["HTTP_AUTHORIZATION"] == f"Bearer {calls.token(Deadline(5)).value.get_secret_value()}"
    assert asked["HTTP_CLIENT_ID"] == "0123456789abcdef0123456789abcdef"
    assert asked["HTTP_CLIENT_SECRET"] == "canary-gateway-0815"


def test_the_public_locator_gets_neither_token_nor_pair(desk: Any, simulated: Any) -> None:
    live(desk.tools(), simulated).offices(MADRID, Deadline(5))

    assert simulated.paths == ["suggestions", "offices"]
    for call in simulated.calls:
        assert not {"HTTP_AUTHORIZATION", "HTTP_CLIENT_ID", "HTTP_CLIENT_SECRET"} & call.keys()


@pytest.mark.parametrize(("user_agent", "sent"), [("", "portes/"), ("tienda/1.0", "tienda/1.0")])
def test_every_call_introduces_itself(desk: Any, simulated: Any, user_agent: str, sent: str) -> None:
    calls = live(desk.tools(), simulated, user_agent=user_agent)

    lockers(calls)
    calls.offices(MADRID, Deadline(5))

    assert len(simulated.calls) == 4
    assert all(call["HTTP_USER_AGENT"].startswith(sent) for call in simulated.calls)


def test_one_token_serves_many_calls_until_a_minute_before_its_end(desk: Any, simulated: Any) -> None:
    tools = desk.tools()
    calls = live(tools, simulated)
    for _ in range(3):
        lockers(calls)
    assert simulated.paths.count("Token") == 1

    desk.clock.advance(timedelta(minutes=31))
    lockers(calls)
    assert simulated.paths.count("Token") == 2


def test_a_token_taken_back_is_replaced_once(desk: Any, simulated: Any) -> None:
    calls = live(desk.tools(), simulated)
    lockers(calls)
    simulated.sandbox._tokens.clear()

    assert lockers(calls)

    assert simulated.paths == ["Token", "homepaqs", "homepaqs", "Token", "homepaqs"]


def test_a_scope_that_is_refused_costs_one_more_token_and_no_more(desk: Any, simulated: Any) -> None:
    simulated.feel("wrong_scope")

    with pytest.raises(wire.WrongScopeError):
        lockers(live(desk.tools(), simulated))

    assert simulated.paths == ["Token", "homepaqs", "Token", "homepaqs"]


def test_a_portal_application_without_access_costs_no_second_token(desk: Any, simulated: Any) -> None:
    simulated.feel("not_subscribed")

    with pytest.raises(wire.NotSubscribedError):
        lockers(live(desk.tools(), simulated))

    assert simulated.paths == ["Token", "homepaqs"]


def test_a_new_secret_leads_to_a_new_token_at_once(desk: Any, simulated: Any, tmp_path: Path) -> None:
    """The token_cache still holds a token of the old secret, and that one must never be used for the new."""
    state = tmp_path / "state"
    old = live(desk.tools(state=state), simulated)
    before = old.token(Deadline(5))
    simulated.feel("secret_reset")

    new = live(desk.tools(state=state), simulated, client_secret="new-secret-1234")
    after = new.token(Deadline(5))

    assert after.value != before.value
    assert lockers(new)
    assert simulated.paths == ["Token", "Token", "homepaqs"]


def test_a_wrong_secret_borrows_no_token(desk: Any, simulated: Any, tmp_path: Path) -> None:
    state = tmp_path / "state"
    live(desk.tools(state=state), simulated).token(Deadline(5))

    with pytest.raises(wire.WrongSecretError):
        live(desk.tools(state=state), simulated, client_secret="short").token(Deadline(5))


def test_two_scopes_have_two_tokens(desk: Any, simulated: Any, tmp_path: Path) -> None:
    state = tmp_path / "state"
    one, other = (live(desk.tools(state=state), simulated, scope=scope).token(Deadline(5)) for scope in ("AP3", "TPB"))

    assert one.value != other.value


@pytest.mark.parametrize("path", ["/Api/Authorize/Token", "/logistics/terminals/api/v1/homepaqs"])
def test_no_redirect_carries_the_keys_away(desk: Any, simulated: Any, path: str) -> None:
    elsewhere: list[dict[str, Any]] = []

    def stranger(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        elsewhere.append(environ)
        start_response("200 OK", [])
        return [b"{}"]

    with serving(stranger) as port:
        sandbox = simulated.sandbox

        def redirecting(environ: dict[str, Any], start_response: Any) -> Any:
            if environ["PATH_INFO"] != path:
                return sandbox(environ, start_response)
            start_response("307 Temporary Redirect", [("Location", f"http://127.0.0.1:{port}{path}")])
            return [b""]

        simulated.sandbox = redirecting
        with pytest.raises((RejectedRequestError, GarbledError)):
            lockers(live(desk.tools(), simulated))

    assert elsewhere == []
