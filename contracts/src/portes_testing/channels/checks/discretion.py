"""Checks that no secret leaves a channel: in words, in replies, in the OpenAPI document."""

import json
from collections.abc import Collection, Iterator
from dataclasses import replace

from portes.channels.protocol import ChannelReply
from portes.errors import RequestError
from portes_testing.channels.channel_under_test import ChannelUnderTest, secret_settings
from portes_testing.channels.hostile import spoiled
from portes_testing.channels.serving import document_of
from portes_testing.channels.tellings import all_tellings, other_replies
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.output import Output, captured
from portes_testing.recordings.scrubbing import leaks

_SPOILED = 40


def secrets_are_discreet(under_test: ChannelUnderTest) -> None:
    """Log lines, reprs, errors, refusals and replies hold no secret of the settings, nor does the document."""
    secrets = under_test.secrets
    require(secrets, "its settings hold no secret; make what callers show a SecretStr")
    output, told = Output(), _told_back(under_test)
    with captured(output):
        output.add(under_test.channel, under_test.settings(under_test.table))
        output.add(under_test.settings(under_test.table).model_dump_json())
        for words, reply in _replies(under_test):
            output.add(words, reply.alarm, reply.headers, *_bodies(reply, told))
        output.add(*_refusals(under_test))
        output.add(json.dumps(document_of(under_test)))
    found = leaks(output.text, secrets)
    require_none((secrets[secret] for secret in found), "these secrets can be read in words, replies or documents")


def _told_back(under_test: ChannelUnderTest) -> Collection[str]:
    """The secrets that answers repeat by the case's word; each of them stands in some answer."""
    known = dict(secret_settings(under_test.settings(under_test.table)))
    strange = [path for path in under_test.case.tells if path not in known]
    require_none(strange, "the case says that answers tell these settings, which are no secrets")
    told = {path: known[path] for path in under_test.case.tells}
    bodies = b"".join(reply.body for _, reply in _replies(under_test)) if told else b""
    never = [path for path, secret in told.items() if secret.encode() not in bodies]
    require_none(never, "the case says that answers tell these settings, and none does")
    return told.values()


def _bodies(reply: ChannelReply, told: Collection[str]) -> Iterator[str]:
    """A body, and the one that receipts keep in its place; only with such a one may it hold what is told back."""
    body = reply.body.decode(errors="replace")
    if reply.kept is not None:
        yield reply.kept.decode(errors="replace")
        for secret in told:
            body = body.replace(secret, "")
    yield body


def _replies(under_test: ChannelUnderTest) -> Iterator[tuple[str, ChannelReply]]:
    yield from ((telling.words, telling.reply) for telling in all_tellings(under_test))
    yield from other_replies(under_test)


def _refusals(under_test: ChannelUnderTest) -> Iterator[object]:
    """The errors of calls that are not let in, or not understood, and what is replied to them."""
    call = under_test.example
    calls = [replace(call, headers={}, token="", query={}, raw_query="", body=b""), replace(call, body=b"{")]
    calls += [replace(call, body=hostile.body) for hostile in [*spoiled(call)][:_SPOILED]]
    for asked in calls:
        for step in (under_test.knock, lambda asked: under_test.read("a call", asked)):
            try:
                step(asked)
            except RequestError as error:
                yield error
                yield under_test.refuse(error).body.decode(errors="replace")


__all__ = ["secrets_are_discreet"]
