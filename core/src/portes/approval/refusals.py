"""Steps of an approval in which a marketplace, or a stranger, asks wrongly: no reply may be taken for an answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from portes.approval.desk import ApprovalDesk, Judged, TakenStep
from portes.approval.fields import odd_bodies, odd_queries
from portes.approval.report import ApprovalStep, StepOutcome
from portes.approval.strangers import unknown_callers
from portes.channels.protocol import Addressed, ChannelRequest
from portes.channels.understood import ReplyEffect

_SHOWN = (ReplyEffect.PRICES, ReplyEffect.NOT_DELIVERED)


@dataclass(frozen=True, slots=True)
class RefusalStep:
    """One way to ask wrongly."""

    title: str
    take: Callable[[ApprovalDesk, str], ApprovalStep]

    def taken(self, desk: ApprovalDesk) -> ApprovalStep:
        """What came of asking so."""
        return self.take(desk, self.title)


def refusal_steps() -> Iterator[TakenStep]:
    """The steps, in order."""
    yield RefusalStep("Nobody is answered without credentials, or with wrong ones", _strangers)
    yield RefusalStep("Each field left out, and of another kind", _fields)
    yield RefusalStep("Bodies that are broken, empty or too large", _bodies)
    yield RefusalStep("Methods that the channel does not have", _methods)
    yield RefusalStep("An answer that the marketplace has kept is not sent again", _kept)


def _strangers(desk: ApprovalDesk, title: str) -> ApprovalStep:
    asked = [(words, desk.ask(call, "strangers")) for words, call in unknown_callers(desk.channel, desk.call())]
    if not asked:
        told = "no credential of the channel stands in a call where it could be left out or be another"
        return ApprovalStep("credentials", title, StepOutcome.SKIPPED, told)
    wrong = [(words, judged) for words, judged in asked if judged.status != 401]
    told = "; ".join(f"{words}: {judged.status}" for words, judged in asked)
    fix = "set the channel's credentials as the marketplace has them, and report this if they are"
    return desk.step("credentials", title, [one for _, one in asked], [one for _, one in wrong], told, fix)


def _fields(desk: ApprovalDesk, title: str) -> ApprovalStep:
    call = desk.call()
    odd = [(words, _with_body(desk, call, body)) for words, body in odd_bodies(call.body)]
    odd += [(words, _with_query(call, query)) for words, query in odd_queries(call.raw_query)]
    if not odd:
        return ApprovalStep("fields", title, StepOutcome.SKIPPED, "the marketplace sends no fields")
    asked = [(words, desk.ask(each, "fields")) for words, each in odd]
    # a field that nothing depends on may be anything; but a wrong one never means that nothing is delivered
    wrong = [(words, judged) for words, judged in asked if judged.effect is None or _is_crash_or_denial(desk, judged)]
    refused = sum([judged.effect not in _SHOWN for _, judged in asked])
    told = f"{len(asked)} calls: {refused} refused, {len(asked) - refused} answered all the same"
    told += f"; wrong: {'; '.join(f'{words}: {judged.words}' for words, judged in wrong[:5])}" if wrong else ""
    return desk.step("fields", title, [one for _, one in asked[:1]], [one for _, one in wrong], told, "report this")


def _is_crash_or_denial(desk: ApprovalDesk, judged: Judged) -> bool:
    crashed = judged.status == 500 and 500 not in desk.channel.statuses
    return crashed or judged.effect is ReplyEffect.NOT_DELIVERED


def _with_body(desk: ApprovalDesk, call: ChannelRequest, body: bytes) -> ChannelRequest:
    """The call with another body, signed anew where the platform signs."""
    sign = getattr(desk.channel, "signed", None)
    headers = {**call.headers, **(sign(body) if sign is not None else {})}
    return replace(call, body=body, headers=headers)


def _with_query(call: ChannelRequest, query: str) -> ChannelRequest:
    return replace(call, raw_query=query, query=dict(parse_qsl(query, keep_blank_values=True)))


def _bodies(desk: ApprovalDesk, title: str) -> ApprovalStep:
    call, most = desk.call(), desk.store.settings.service.max_body
    if not call.body:
        return ApprovalStep("bodies", title, StepOutcome.SKIPPED, "the marketplace sends no body")
    bodies = {
        "cut off": call.body[: len(call.body) // 2],
        "empty": b"",
        "no JSON": b"<xml/>",
        "not text": b"\xff\xfe\x00",
        f"longer than {most} bytes": call.body + b" " * most,
    }
    asked = [(words, desk.ask(_with_body(desk, call, body), "bodies")) for words, body in bodies.items()]
    wrong = [one for _, one in asked if one.effect is None or one.effect in _SHOWN or _is_crash_or_denial(desk, one)]
    told = "; ".join(f"{words}: {judged.status}" for words, judged in asked)
    return desk.step("bodies", title, [one for _, one in asked], wrong, told, "report this")


def _methods(desk: ApprovalDesk, title: str) -> ApprovalStep:
    own: Sequence[str] = desk.channel.methods if isinstance(desk.channel, Addressed) else ("POST",)
    others = [method for method in ("GET", "POST", "PUT", "DELETE") if method not in own]
    asked = [(method, desk.ask(replace(desk.call(), method=method), "methods")) for method in others]
    wrong = [one for _, one in asked if one.status != 405]
    told = "; ".join(f"{method}: {judged.status}" for method, judged in asked)
    return desk.step("methods", title, [one for _, one in asked], wrong, told, "report this")


def _kept(desk: ApprovalDesk, title: str) -> ApprovalStep:
    call = desk.call()
    reply = desk.ask(call, "kept").exchange.reply
    headers = {} if reply is None else reply.headers
    caching = "; ".join(f"{name}: {headers[name]}" for name in ("cache-control", "age", "etag") if name in headers)
    if call.method != "GET" or "etag" not in headers:
        return ApprovalStep("kept", title, StepOutcome.SKIPPED, caching or "answers have no headers for caches")
    known = replace(call, headers={**call.headers, "if-none-match": headers["etag"]})
    again = desk.ask(known, "kept").exchange
    sound = again.reply is not None and again.reply.status == 304 and not again.reply.body
    outcome = StepOutcome.PASSED if sound else StepOutcome.FAILED
    told = f"{caching}; with its tag: {'no answer' if again.reply is None else again.reply.status}"
    return ApprovalStep("kept", title, outcome, told, "" if sound else "report this", (desk.caller.evidence(again),))
