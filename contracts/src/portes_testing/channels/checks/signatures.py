"""Checks of signed calls: the signature is over the bytes as they came, and over nothing that was parsed."""

import json
from collections.abc import Iterator
from dataclasses import replace

from portes.channels.protocol import ChannelRequest, Signed
from portes.errors import UnauthorizedError
from portes_testing.channels.calls import make_call
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.harness.errors import BrokenContractError, require


def a_signature_is_over_the_raw_bytes(under_test: ChannelUnderTest) -> None:
    """A signed body is let in byte for byte, and no other body with its signature, not even equal JSON."""
    secret = getattr(under_test.settings(under_test.table), "secret", None)
    signs = under_test.case.signature is not None
    require(signs or secret is None, "its settings hold a secret of signatures; give the case the marketplace's way")
    if not signs:
        return
    require(isinstance(under_test.channel, Signed), "its calls are signed, and it has no verify()")
    for body in _bodies(under_test):
        call = make_call(under_test.channel, under_test.case, body)
        try:
            under_test.knock(call)
        except UnauthorizedError as error:
            raise BrokenContractError(f"a body that is signed as it is, {body[:60]!r}, is refused: {error}") from None
        for other in set(_others(call.body)) - {call.body}:
            refused = _refused(under_test, replace(call, body=other))
            require(refused, f"the signature over {call.body[:60]!r} opens for {other[:60]!r}")


def _bodies(under_test: ChannelUnderTest) -> Iterator[bytes]:
    example = under_test.example.body
    yield from (example, b" " + example + b"\r\n", json.dumps(json.loads(example), indent=1).encode())
    if not under_test.case.body_secrets:
        yield b"\xff\x00no JSON"


def _others(body: bytes) -> Iterator[bytes]:
    yield from (body[:-1] + bytes([body[-1] ^ 1]), body + b" ", body[:-1], b"")
    try:
        told = json.loads(body)
    except ValueError:
        return
    yield from (json.dumps(told, separators=(",", ":")).encode(), json.dumps(told, indent=3).encode())


def _refused(under_test: ChannelUnderTest, call: ChannelRequest) -> bool:
    try:
        under_test.knock(call)
    except UnauthorizedError:
        return True
    return False


__all__ = ["a_signature_is_over_the_raw_bytes"]
