"""Checks over HTTP: the channel in the service, asked what its OpenAPI document says, by schemathesis and by hand."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

import requests

from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.channels.understood import ReplyEffect
from portes_testing.channels.calls import make_call, without_secrets
from portes_testing.channels.channel_under_test import ChannelUnderTest, excuse
from portes_testing.channels.serving import document_of, served_on_loopback
from portes_testing.harness.errors import BrokenContractError, require

_WAIT: Final = 30.0


def its_example_is_answered_over_http(under_test: ChannelUnderTest) -> None:
    """The example is priced by the service, and without its credentials it is 401."""
    call = under_test.example
    with served_on_loopback(under_test) as address, _browser() as web:
        told = _sent(web, address, call)
        headers = {name.lower(): value for name, value in told.headers.items()}
        effect = under_test.understood(call, ChannelReply(told.status_code, headers, told.content)).effect
        words = f"over HTTP its example comes to {effect}: {told.status_code} {told.text}"
        require(effect is ReplyEffect.PRICES, words)
        body = without_secrets(call.body, under_test.case)
        stranger = web.request(call.method, f"{address}{call.path}{call.tail}", data=body, timeout=_WAIT)
        require(stranger.status_code == 401, f"without credentials it has status {stranger.status_code}")


def every_question_gets_what_the_document_says(under_test: ChannelUnderTest, examples: int = 20) -> None:
    """What schemathesis makes of the document ends as that says: in a status and a body of it, and in no crash."""
    import schemathesis
    from hypothesis import given

    from portes_testing.channels.hostile import trials

    example, document = under_test.example, dict(document_of(under_test))
    path, method = _place(document["paths"], example)
    operation = schemathesis.openapi.from_dict(document)[path][method.upper()]
    known = {int(status) for status in document["paths"][path][method]["responses"]}
    crash = excuse(under_test.channel, 500, {}, "the service failed; its log says why")
    crashed = (crash.status, crash.body)
    with served_on_loopback(under_test) as address, _browser() as web:

        @trials(examples, shrinks=False)  # a smaller one takes minutes over HTTP
        @given(operation.as_strategy())
        def tried(case: Any) -> None:  # noqa: ANN401 — schemathesis' own
            body, query, tail = _bytes(case.body), _query(case.query) or example.raw_query, example.tail
            asked = make_call(under_test.channel, under_test.case, body, query=query, tail=tail)
            done = _sent(web, address, asked)
            words = f"{(body or query.encode())[:300]!r} has status {done.status_code}"
            require(done.status_code in known, f"{words}, and the document has {sorted(known)}")
            require((done.status_code, done.content) != crashed, f"{words}, since the channel crashed")
            try:
                operation.validate_response(done)
            except (AssertionError, BaseExceptionGroup) as error:
                raise BrokenContractError(f"{words} and a body that is not of the document: {error}") from None

        tried()


def _place(paths: Mapping[str, Mapping[str, Any]], example: ChannelRequest) -> tuple[str, str]:
    """The path and the method of the channel in the document; a path may name its token and what follows."""
    for path, methods in paths.items():
        if path == example.path or path.startswith(f"{example.path}/"):
            return path, example.method.lower() if example.method.lower() in methods else next(iter(methods))
    raise BrokenContractError(f"the document has no address of the channel: {', '.join(paths)}")


def _bytes(body: object) -> bytes:
    """What schemathesis made, as JSON; nothing where it made no body."""
    return json.dumps(body).encode() if isinstance(body, dict | list | str | int | float | bool | None) else b""


def _query(told: Mapping[str, Any] | None) -> str:
    """What schemathesis made for an address, percent-encoded; empty for a channel whose questions are bodies."""
    return urlencode(told or {}, doseq=True, quote_via=quote)


def _sent(web: requests.Session, address: str, call: ChannelRequest) -> requests.Response:
    """The answer to a call; a connection that breaks instead breaks the contract."""
    url = f"{address}{call.address}"
    try:
        return web.request(call.method, url, data=call.body, headers=call.headers, timeout=_WAIT)
    except requests.RequestException as error:
        raise BrokenContractError(f"over HTTP {call.body[:300]!r} is not answered: {type(error).__name__}") from error


def _browser() -> requests.Session:
    """A client that no proxy of the environment comes between."""
    session = requests.Session()
    session.trust_env = False
    return session


__all__ = ["every_question_gets_what_the_document_says", "its_example_is_answered_over_http"]
