"""Plays a cassette on loopback with one of its answers broken."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from portes_testing.case import Tokens
from portes_testing.faults.loopback import Loopback, Pace, Reply, loopback
from portes_testing.faults.mutations import Mutant, replied
from portes_testing.faults.table import ELSEWHERE, Fault
from portes_testing.recordings.exchange import Exchange, SentRequest
from portes_testing.recordings.scrubbing import Scrubber, secret_tokens


@dataclass(frozen=True, slots=True)
class BrokenAnswer:
    """Which answer of a cassette is broken, and how."""

    position: int
    fault: Fault
    mutant: Mutant

    @property
    def again(self) -> int:
        """How many times more than recorded the same question may be asked: a token may be to blame for 401 and 403."""
        return int(self.mutant.reply.status in {401, 403})


class ReplayServer:
    """The recorded answers to each question in their order, the last one again when it is asked more often."""

    def __init__(
        self,
        exchanges: Sequence[Exchange],
        scrubber: Scrubber,
        broken: BrokenAnswer | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        self.exchanges = exchanges
        self.tokens_given: set[str] = set()
        """Tokens in the answers: secrets, too."""
        self.unknown: list[str] = []
        """Questions that were never recorded."""
        self.followed = False
        """Whether somebody followed a redirect."""
        self.counts: Counter[tuple[object, ...]] = Counter()
        """How often each question came."""
        self._scrubber = scrubber
        self._broken = broken
        self._again = broken.again if broken else 0
        self._token_fields = {name.lower() for name in tokens.fields} if tokens else set()
        self._token_path = tokens.path if tokens else None
        self._played: Counter[int] = Counter()
        self._lock = threading.Lock()

    def respond(self, sent: SentRequest) -> Reply:
        """The answer to one question, called from several threads at once."""
        with self._lock:
            if sent.path == ELSEWHERE:
                self.followed = True
                return Reply(404)
            position = self._position(self._scrubber.sent(sent))
            return self._unrecorded(sent) if position is None else self._reply(position)

    def too_often(self) -> Iterator[str]:
        """Questions that came more often than recorded and the fault allows.

        Each call that finds no token may ask for one, and side-by-side calls each find out for themselves.
        """
        recorded = Counter(exchange.request.question for exchange in self.exchanges)
        calls = sum(exchange.request.path != self._token_path for exchange in self.exchanges)
        for question, times in self.counts.items():
            again = calls if question[1] == self._token_path else self._again
            if times > recorded[question] + again:
                yield f"{question[0]} {question[1]} was asked {times} times, recorded {recorded[question]}"

    def _position(self, sent: SentRequest) -> int | None:
        same = [index for index, each in enumerate(self.exchanges) if each.request.question == sent.question]
        self.counts[sent.question] += 1
        position = next((index for index in same if index not in self._played), same[-1] if same else None)
        if position is not None:
            self._played[position] += 1
        return position

    def _unrecorded(self, sent: SentRequest) -> Reply:
        self.unknown.append(str(sent))
        return Reply(599)

    def _reply(self, position: int) -> Reply:
        broken = self._broken
        if broken is not None and broken.position == position:
            self._broken = None if broken.fault.once else broken
            return broken.mutant.reply
        last = broken is not None and broken.fault.refused and broken.position == position + 1
        reply = replied(self.exchanges[position].response)
        return Reply(reply.status, reply.headers, self._renewed(reply.body, position), Pace.PROMPT, last=last)

    def _renewed(self, body: bytes, position: int) -> bytes:
        """The body; a token that is asked for again is another one than before."""
        tokens = secret_tokens(body, self._token_fields)
        again = "A" * (self._played[position] - 1)
        for token in tokens:
            body = body.replace(token.encode(), f"{token}{again}".encode())
        self.tokens_given |= {f"{token}{again}" for token in tokens}
        return body


@contextmanager
def served_replay(replay: ReplayServer) -> Iterator[Loopback]:
    """The replay server on a port of loopback, while the block runs."""
    with loopback(replay.respond) as server:
        broken = replay._broken  # noqa: SLF001 — the server's own other half
        if broken is not None and broken.fault.refused and broken.position == 0:
            server.refuse()
        yield server


__all__ = ["BrokenAnswer", "ReplayServer", "served_replay"]
