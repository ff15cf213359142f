"""Checks of who is let in. That a comparison takes constant time cannot be seen from outside, and is not tried."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from portes.channels.credentials import Expected
from portes.channels.protocol import ChannelRequest
from portes.errors import UnauthorizedError
from portes_testing.channels.calls import expected_of, signed, value_at, with_value
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.harness.errors import BrokenContractError, require

Changed = tuple[str, ChannelRequest]


def the_right_credentials_open(under_test: ChannelUnderTest) -> None:
    """Whoever shows what was agreed is let in: the example, and every call of the case."""
    for asked in under_test.asked:
        try:
            under_test.knock(asked.call)
        except UnauthorizedError as error:
            raise BrokenContractError(f"{asked.words} is not let in: {error}") from None


def wrong_credentials_are_refused(under_test: ChannelUnderTest) -> None:
    """Each value that a call shows counts: another one in its place, however near, is refused."""
    changes = [*_changes(under_test, _near_misses)]
    require(changes, "its example shows no credential, so anybody could ask")
    _all_are_refused(under_test, changes)


def absent_credentials_are_refused(under_test: ChannelUnderTest) -> None:
    """Each value that a call shows is needed."""
    _all_are_refused(under_test, [*_changes(under_test, lambda _: [None])])


def another_stores_credentials_are_refused(under_test: ChannelUnderTest) -> None:
    """What opens one store opens no other."""
    known = under_test.secrets.keys()
    table = _with_other_secrets(dict(under_test.table), known)
    require(table != under_test.table, "its settings hold no secret, so every store would be open to every caller")
    other = under_test.make("other", table)
    call = under_test.example_of(other)
    under_test.knock(call, other)
    _all_are_refused(under_test, [("the credentials of another store", call)])


def two_credentials_open_while_one_replaces_the_other(under_test: ChannelUnderTest) -> None:
    """Where a setting takes a list, both of it open: a key is replaced without a call that is refused."""
    other = _with_other_secrets(dict(under_test.table), under_test.secrets.keys())
    for key in (key for key, value in other.items() if value != under_test.table[key]):
        both = {**under_test.table, key: [*_listed(under_test.table[key]), *_listed(other[key])]}
        if not under_test.takes(both):
            continue
        channel = under_test.make(table=both)
        for table in (under_test.table, {**under_test.table, key: other[key]}):
            example = under_test.make(table=table).example()
            call = signed(example, under_test.case) if under_test.case.unsigned_example else example
            try:
                under_test.knock(call, channel)
            except UnauthorizedError as error:
                raise BrokenContractError(f"of two values of {key} one alone opens: {error}") from None


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 — a value of a settings file
    return [*value] if isinstance(value, list | tuple) else [value]


def _all_are_refused(under_test: ChannelUnderTest, changes: list[Changed]) -> None:
    for words, call in changes:
        try:
            under_test.knock(call)
        except UnauthorizedError as error:
            status = under_test.refuse(error).status
            require(status == 401, f"a call with {words} is refused with status {status} in place of 401")
        else:
            raise BrokenContractError(f"a call with {words} is let in")


def _near_misses(value: str) -> list[str | None]:
    last = "a" if value[-1:] != "a" else "b"
    return [f"{value[:-1]}{last}", value[:-1], f"{value}x", "", "é"]


def _changes(under_test: ChannelUnderTest, others: Any) -> Iterator[Changed]:  # noqa: ANN401 — one text → several
    call = under_test.example
    for value in expected_of(under_test.channel):
        yield from _changed_value(call, value, others)
    for path in under_test.case.body_secrets:
        body = json.loads(call.body)
        for other in others(str(value_at(body, path.split(".")))):
            changed = json.dumps(with_value(body, path.split("."), other)).encode()
            yield f"{other!r} as {path}", signed(replace(call, body=changed), under_test.case)


def _changed_value(call: ChannelRequest, value: Expected, others: Any) -> Iterator[Changed]:  # noqa: ANN401 — as above
    if value.place == "path":
        for other in others(call.token):
            yield f"{other!r} in its address", replace(call, token=other or "")
        return
    shown = call.headers if value.place == "header" else call.query
    for name in (name for name in value.names if name in shown):
        for other in others(shown[name]):
            left = {key: text for key, text in shown.items() if key != name}
            told = left if other is None else {**left, name: other}
            yield f"{other!r} as {name}", _with(call, value, told)


def _with(call: ChannelRequest, value: Expected, told: Mapping[str, str]) -> ChannelRequest:
    if value.place == "header":
        return replace(call, headers=told)
    return replace(call, query=told, raw_query=urlencode(told, quote_via=quote))


def _with_other_secrets(tree: Any, secrets: Any) -> Any:  # noqa: ANN401 — a table of a settings file
    if isinstance(tree, Mapping):
        return {name: _with_other_secrets(one, secrets) for name, one in tree.items()}
    if isinstance(tree, list | tuple):
        return [_with_other_secrets(one, secrets) for one in tree]
    return _shifted(tree) if isinstance(tree, str) and tree in secrets else tree


def _shifted(secret: str) -> str:
    """A secret of the same form: each letter and digit is the next one."""
    return "".join(_NEXT.get(sign, sign) for sign in secret)


_NEXT = {
    sign: signs[(place + 1) % len(signs)]
    for signs in ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789")
    for place, sign in enumerate(signs)
}

__all__ = [
    "absent_credentials_are_refused",
    "another_stores_credentials_are_refused",
    "the_right_credentials_open",
    "two_credentials_open_while_one_replaces_the_other",
    "wrong_credentials_are_refused",
]
