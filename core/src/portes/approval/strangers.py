"""Calls of somebody who knows no credential, or a wrong one; made from a call that is let in."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote as url_quote

from portes.channels.credentials import Guarded, without_credentials
from portes.channels.protocol import Channel, ChannelRequest, Masked


def unknown_callers(channel: Channel, call: ChannelRequest) -> Iterator[tuple[str, ChannelRequest]]:
    """The call without credentials, and with each of them wrong, by what is wrong about it."""
    bare = without_credentials(channel, call)
    if bare != call:
        yield "no credentials", bare
    for name, value in call.headers.items():
        if name not in bare.headers:
            yield f"another {name}", replace(call, headers={**call.headers, name: _other(value)})
    for name, value in call.query.items():
        if name not in bare.query:
            yield f"another {name}", _with_parameter(call, name, _other(value))
    if call.token:
        yield "another address", replace(call, token=_other(call.token))
    if isinstance(channel, Masked) and (masked := channel.masked(call.body)) != call.body:
        yield "another key in the body", replace(call, body=masked)
    if call.body and _is_signed(channel):
        yield "another body under the same signature", replace(call, body=call.body + b" ")


def _other(value: str) -> str:
    """The same length and form, and another: its last letter or digit changed."""
    for at in range(len(value) - 1, -1, -1):
        if value[at].isalnum():
            changed = "a" if value[at] != "a" else "b"
            return f"{value[:at]}{changed}{value[at + 1 :]}"
    return f"{value}x"


def _with_parameter(call: ChannelRequest, name: str, value: str) -> ChannelRequest:
    pairs = [
        f"{name}={url_quote(value, safe='')}" if pair.partition("=")[0] == name else pair
        for pair in call.raw_query.split("&")
    ]
    return replace(call, query={**call.query, name: value}, raw_query="&".join(pairs))


def _is_signed(channel: Channel) -> bool:
    shown = channel.credentials if isinstance(channel, Guarded) else ()
    return any(not value.forms for credential in shown for value in credential.expected())
