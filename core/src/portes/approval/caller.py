"""Calls a running service as a marketplace does, and keeps what came back without its secrets."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from types import TracebackType
from typing import Final, Self

import requests

from portes.approval.report import StepEvidence
from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.errors import cut

_MOST_SHOWN: Final = 2000
"""Characters of a body in a report."""
_GIVE_UP: Final = 60.0
"""Seconds after which no answer is waited for any more, however long the marketplace would."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call and what came of it."""

    call: ChannelRequest
    reply: ChannelReply | None
    """None where no answer came."""
    seconds: float
    trouble: str = ""
    """Why no answer came, in words."""


class MarketplaceCaller:
    """A marketplace's end of the line. Use it as a context manager; each thread needs one of its own."""

    def __init__(self, address: str, mask: Callable[[str], str]) -> None:
        self._address = address.rstrip("/")
        self._mask = mask
        self._session = requests.Session()
        self._session.trust_env = False  # the proxy of an operator's desk has no business before the own service

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def ask(self, call: ChannelRequest) -> Exchange:
        """Send a call and read the whole answer; redirects are not followed."""
        started = perf_counter()
        try:
            answer = self._session.request(
                call.method,
                self._address + call.address,
                data=call.body,
                headers=dict(call.headers),
                timeout=_GIVE_UP,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return Exchange(call, None, perf_counter() - started, self._mask(type(error).__name__))
        seconds = perf_counter() - started
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Exchange(call, ChannelReply(answer.status_code, headers, answer.content), seconds)

    def evidence(self, exchange: Exchange) -> StepEvidence:
        """An exchange for a report."""
        call, reply = exchange.call, exchange.reply
        return StepEvidence(
            call=self._mask(f"{call.method} {call.address}"),
            question=self._shown(call.body),
            status=0 if reply is None else reply.status,
            answer=exchange.trouble if reply is None else self._shown(reply.body),
            milliseconds=round(exchange.seconds * 1000, 1),
        )

    def _shown(self, body: bytes) -> str:
        return cut(self._mask(body.decode("utf-8", "replace")), _MOST_SHOWN)
