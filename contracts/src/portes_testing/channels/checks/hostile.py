"""Checks of calls that nobody should make: each ends in a refusal that its sender can mend, and none in a crash."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any, Final
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.channels.understood import ReplyEffect
from portes.contract import Verdict
from portes.errors import RequestError, UnauthorizedError, escaped
from portes_testing.channels.calls import signed
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.channels.hostile import Hostile, hostile_calls, paths, spoiled, trials
from portes_testing.channels.quotes import not_served_quotes, served_quotes
from portes_testing.harness.errors import require

_LONGEST: Final = 500
"""Characters of a problem's text, whatever was sent."""
_DEEPEST: Final = 8
"""Objects and lists inside each other in which fields are looked for: a model may hold itself."""
_EVERYWHERE: Final = frozenset({"body", "headers", "query"})
"""What a problem may name that is no field."""
_SHOWN: Final = frozenset({ReplyEffect.PRICES, ReplyEffect.NOT_DELIVERED})


def a_sample_with_one_thing_wrong_is_refused_or_read(under_test: ChannelUnderTest, most: int | None = None) -> None:
    """Wrong types, huge numbers, NaN, deep nesting, lone surrogates, missing and doubled fields, place by place.

    `most` of them are tried, the same in every run; all where it is None.
    """
    fields = known_fields(under_test)
    every = [(asked.call, hostile) for asked in under_test.asked for hostile in spoiled(asked.call)]
    chosen = every if most is None else Random(4711).sample(every, min(most, len(every)))  # noqa: S311 — no secret
    for call, hostile in chosen:
        _survives(under_test, call, hostile, fields)


def anything_is_refused_or_read(under_test: ChannelUnderTest, examples: int = 60) -> None:
    """Whatever Hypothesis comes upon, the same in every run: random bytes, random JSON, any value at any place."""
    fields, calls = known_fields(under_test), [asked.call for asked in under_test.asked]

    @trials(examples)
    @given(
        st.sampled_from(range(len(calls))).flatmap(lambda place: st.tuples(st.just(place), hostile_calls(calls[place])))
    )
    def tried(drawn: tuple[int, Hostile]) -> None:
        _survives(under_test, calls[drawn[0]], drawn[1], fields)

    tried()


def _survives(under_test: ChannelUnderTest, call: ChannelRequest, hostile: Hostile, fields: frozenset[str]) -> None:
    query = call.raw_query if hostile.query is None else hostile.query
    told = dict(parse_qsl(query, keep_blank_values=True))
    asked = signed(replace(call, body=hostile.body, raw_query=query, query=told), under_test.case)
    words = hostile.words[:200]
    try:
        under_test.knock(asked)
        read = under_test.read(words, asked)
    except RequestError as error:
        _mendable(under_test, asked, error, fields, words)
        return
    if isinstance(read.question, ChannelReply):
        return
    if read.request is None:
        under_test.tell(read, None)
        return
    for _, quote in (next(served_quotes(read.request)), next(not_served_quotes(read.request))):
        reply = under_test.tell(read, quote)
        found = under_test.understood(asked, reply)
        opposite = ReplyEffect.NOT_DELIVERED if quote.verdict is Verdict.SERVED else ReplyEffect.PRICES
        require(
            found.effect is not opposite, f"{words}: the reply to a quote that is {quote.verdict} comes to {opposite}"
        )


def _mendable(
    under_test: ChannelUnderTest, asked: ChannelRequest, error: RequestError, fields: frozenset[str], words: str
) -> None:
    """The sender is told which field of its own is wrong, in few words, and by no answer."""
    require(error.problems, f"{words}: it is refused, and nothing is called wrong")
    for problem in error.problems:
        if not isinstance(error, UnauthorizedError):
            known = without_positions(problem.where) in fields or problem.where in sent_fields(asked.body)
            require(known, f"{words}: {problem.where!r} is called wrong, which its sender does not have")
        require(problem.cause, f"{words}: {problem.where} is called wrong, and not why")
        long = max(map(len, (problem.where, problem.value, problem.cause, problem.fix)))
        require(long <= _LONGEST, f"{words}: a problem of {long} characters goes back to the sender")
    reply = under_test.refuse(error)
    found = under_test.understood(asked, reply)
    require(found.effect not in _SHOWN, f"{words}: its refusal, status {reply.status}, comes to {found.effect}")


def known_fields(under_test: ChannelUnderTest) -> frozenset[str]:
    """Every field that a sender has, without positions: of the model that is read, and of the calls of the case."""
    schema = under_test.plugin.request_model.model_json_schema(by_alias=True, mode="validation")
    found = set(_EVERYWHERE)
    found.update(_named(schema, schema.get("$defs", {}), ""))
    found.update(without_positions(path.replace("*", "0")) for path in under_test.plugin.fields.values())
    for asked in under_test.asked:
        found.update(name for name, _ in parse_qsl(asked.call.raw_query, keep_blank_values=True))
        found.update(map(without_positions, sent_fields(asked.call.body)))
    return frozenset(found)


def sent_fields(body: bytes) -> Iterator[str]:
    """Every field that stands in a body, as a problem names it; none of a body that is no JSON."""
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError):
        return
    yield from (escaped(".".join(map(str, path))) for path in paths(tree, whole=True))


def _named(schema: Mapping[str, Any], models: Mapping[str, Any], path: str, depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if "$ref" in schema:
        yield from _named(models[schema["$ref"].rpartition("/")[2]], models, path, depth)
    for kind in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for one in schema.get(kind, ()):
            yield from _named(one, models, path, depth)
    if isinstance(schema.get("items"), Mapping):
        yield from _named(schema["items"], models, path, depth + 1)
    for name, one in schema.get("properties", {}).items():
        inner = f"{path}.{name}".lstrip(".")
        yield inner
        yield from _named(one, models, inner, depth + 1)


def without_positions(path: str) -> str:
    """A path of names alone: `products.weight` for `products.0.weight`; `body` for a position alone."""
    return ".".join(part for part in path.split(".") if not part.isdigit()) or "body"


__all__ = ["a_sample_with_one_thing_wrong_is_refused_or_read", "anything_is_refused_or_read", "known_fields"]
