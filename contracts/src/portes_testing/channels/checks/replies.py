"""Checks of the form of replies: statuses, models, numbers."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, cast

from pydantic import BaseModel, ValidationError

from portes.channels.problems import PROBLEM_JSON, ProblemBody
from portes.channels.protocol import Addressed, ChannelReply
from portes.contract.money import exponent
from portes_testing.channels.channel_under_test import ChannelUnderTest, told_json
from portes_testing.channels.tellings import Telling, all_tellings, other_replies
from portes_testing.harness.errors import BrokenContractError, require, require_none

_CRASH: Final = 500
"""The status of a crash, which the service has for every channel."""
_DECIMALS: Final = re.compile(r"-?\d+\.\d+")


def every_status_is_declared_and_written(under_test: ChannelUnderTest) -> None:
    """The statuses of its page are those that it answers with, no other and none less."""
    written = dict([*_statuses(under_test)])
    declared, elsewhere = set(under_test.plugin.statuses), set(under_test.case.elsewhere)
    strange = [f"{status}: {written[status]}" for status in sorted(written.keys() - declared - {_CRASH})]
    require_none(strange, "statuses that its page does not have")
    never = sorted(declared - written.keys() - elsewhere)
    require(not never, f"its page has the statuses {never}, and nothing came to them")


def _statuses(under_test: ChannelUnderTest) -> Iterator[tuple[int, str]]:
    for telling in all_tellings(under_test):
        yield telling.reply.status, telling.words
    for words, reply in other_replies(under_test):
        yield reply.status, words
    for asked in under_test.asked:
        if isinstance(asked.question, ChannelReply):
            yield asked.question.status, asked.words
        elif asked.request is None:
            yield under_test.tell(asked, None).status, asked.words


def answers_are_of_their_model(under_test: ChannelUnderTest) -> None:
    """What the OpenAPI document promises of an answer holds, and what it promises of a refusal and of an excuse."""
    model = under_test.plugin.response_model
    for telling in _answers(under_test):
        if told_json(telling.reply) is not None:
            _validate(model, telling.reply, telling.words)
    form, excuse = _excuses(under_test)
    for words, reply in other_replies(under_test):
        kind = reply.headers.get("content-type", "")
        require(kind == form, f"{words} is {kind or 'of no type'}, and the document promises {form}")
        if told_json(reply) is not None:
            _validate(excuse, reply, words)


def _excuses(under_test: ChannelUnderTest) -> tuple[str, type[BaseModel]]:
    """The media type and the model that the document has for replies that are no answer."""
    channel = under_test.channel
    own = channel.excuse_model if isinstance(channel, Addressed) else None
    return (PROBLEM_JSON, ProblemBody) if own is None else (cast("Addressed", channel).media_type, own)


def _validate(model: type[BaseModel], reply: ChannelReply, words: str) -> None:
    try:
        model.model_validate_json(reply.body)
    except ValidationError as error:
        raise BrokenContractError(f"{words}: its body is no {model.__name__}: {error}") from None


def _answers(under_test: ChannelUnderTest) -> Iterator[Telling]:
    return (telling for telling in all_tellings(under_test) if telling.reply.status < 300 and not telling.reply.alarm)


def amounts_are_exact(under_test: ChannelUnderTest) -> None:
    """No number has more decimals than the currency: 0.1 + 0.2 is 0.3, and not 0.30000000000000004."""
    decimals = exponent(under_test.case.currency)
    for telling in _answers(under_test):
        if told_json(telling.reply) is not None:
            found = _inexact(_parsed(telling.reply.body), "", under_test, decimals)
            require_none(found, f"{telling.words}: numbers with more decimals than {under_test.case.currency}")


def _parsed(body: bytes) -> Any:  # noqa: ANN401 — any JSON
    return json.loads(body, parse_float=Decimal)


def _inexact(tree: Any, name: str, under_test: ChannelUnderTest, most: int) -> Iterator[str]:  # noqa: ANN401 — any JSON
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _inexact(value, key, under_test, most)
    elif isinstance(tree, list):
        for value in tree:
            yield from _inexact(value, name, under_test, most)
    elif name not in under_test.case.other_numbers and _decimals(tree) > most:
        yield f"{name}: {tree}"


def _decimals(value: object) -> int:
    """How many decimals a number has, or a text that is one; 0 for everything else."""
    if isinstance(value, str) and _DECIMALS.fullmatch(value):
        value = Decimal(value)
    if not isinstance(value, Decimal):
        return 0
    return -int(value.as_tuple().exponent)


__all__ = ["amounts_are_exact", "answers_are_of_their_model", "every_status_is_declared_and_written"]
