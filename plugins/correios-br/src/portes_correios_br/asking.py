"""Puts questions to Correios in batches, side by side, and finds the one that sinks a batch; it knows no shipment."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from portes.carrier import Deadline
from portes.errors import CarrierError, RejectedRequestError
from portes.toolbox import Tools
from portes_correios_br.answers import Replies
from portes_correios_br.api import Access, Api
from portes_correios_br.codes import RejectedCallError, TokenRejectedError
from portes_correios_br.quarantine import Quarantine
from portes_correios_br.questions import PriceQuestion, Question
from portes_correios_br.settings import CorreiosSettings

PROBE_SECONDS: Final = 10.0
"""How long a question may take that nobody waits for."""

Accesses = Mapping[str, Access | CarrierError]
"""By posting card: its token, or why there is none."""
Said = list[Any] | CarrierError
"""What a chunk came to: an answer for each of its questions, or why there are none."""


class CardQuestion(NamedTuple):
    """A question and the posting card that it is asked by."""

    card: str
    question: Question


class _Chunk(NamedTuple):
    """Questions of one kind for one call."""

    card: str
    questions: Sequence[Question]
    suspect: bool = False
    """Whether it is asked to find out what sank a call."""

    def parts(self) -> "Iterator[_Chunk]":
        """Smaller chunks, to find out which question sank this one: product by product, then one by one."""
        products = dict.fromkeys(question.product for question in self.questions)
        if len(products) == 1:
            yield from (_Chunk(self.card, (question,), suspect=True) for question in self.questions)
        else:
            for product in products:
                questions = tuple(each for each in self.questions if each.product == product)
                yield _Chunk(self.card, questions, suspect=True)


class Asking:
    """Asks each question once, in chunks that never hold two posting cards. Thread-safe."""

    def __init__(self, settings: CorreiosSettings, api: Api, tools: Tools) -> None:
        self._settings = settings
        self._api = api
        self._tools = tools
        self._quarantine = Quarantine(settings.leave_out, tools.clock)

    def replies(self, asked: Iterable[CardQuestion], deadline: Deadline) -> Replies:
        """What is said to every question; where a token was rejected, to a new one."""
        replies: dict[Question, Any] = {}
        open_questions: dict[CardQuestion, None] = {}
        for each in asked:
            failure = self._quarantine.failure(each.question)
            if failure is None:
                open_questions[each] = None
            else:
                replies[each.question] = failure
                self._probe_when_due(each)
        for chunk, said in self._settled(self._chunks(open_questions), deadline):
            answers = [said] * len(chunk.questions) if isinstance(said, CarrierError) else said
            replies.update(zip(chunk.questions, answers, strict=True))
        return replies

    def accesses(self, cards: Iterable[str], deadline: Deadline) -> Accesses:
        """Tokens, before anything is asked: side-by-side calls would each find out for themselves."""
        listed = tuple(dict.fromkeys(cards))
        calls = [partial(self._api.access, card, deadline) for card in listed]
        return dict(zip(listed, self._tools.gather(calls, deadline), strict=True))

    def _chunks(self, asked: Iterable[CardQuestion]) -> list[_Chunk]:
        """Prices before times, five at a time unless the settings say otherwise, each posting card by itself."""
        prices: dict[str, list[Question]] = {}
        times: dict[str, list[Question]] = {}
        for card, question in asked:
            (prices if isinstance(question, PriceQuestion) else times).setdefault(card, []).append(question)
        settings = self._settings
        return [*_chunked(prices, settings.price_batch), *_chunked(times, settings.time_batch)]

    def _settled(self, chunks: Sequence[_Chunk], deadline: Deadline) -> list[tuple[_Chunk, Said]]:
        """Chunks with what they came to; one that was called malformed as a whole is asked again in parts."""
        settled: list[tuple[_Chunk, Said]] = []
        waiting = list(chunks)
        while waiting:
            found = list(zip(waiting, self._called(waiting, deadline), strict=True))
            waiting = []
            for chunk, said in found:
                if isinstance(said, RejectedCallError) and len(chunk.questions) > 1 and not deadline.passed:
                    waiting += chunk.parts()
                else:
                    settled.append((chunk, said))
        self._learn(settled)
        return settled

    def _learn(self, settled: Sequence[tuple[_Chunk, Said]]) -> None:
        """Blame first, then clear: a product that was answered for one question is not left out for another."""
        blamed = [(chunk.questions[0], problem) for chunk, said in settled if (problem := _fault(chunk, said))]
        guilty = {question for question, _ in blamed}
        answered = [
            each
            for chunk, said in settled
            if not isinstance(said, CarrierError)
            for each in chunk.questions
            if each not in guilty
        ]
        lanes = {(type(each), each.lane) for each in answered}
        for question, problem in blamed:
            self._quarantine.blame(question, problem.hint, answered_elsewhere=(type(question), question.lane) in lanes)
        for question in answered:
            self._quarantine.clear(question)

    def _called(self, chunks: Sequence[_Chunk], deadline: Deadline) -> list[Said]:
        """What each chunk came to, all asked side by side; once more with a new token where the token was rejected."""
        accesses = self.accesses((chunk.card for chunk in chunks), deadline)
        found = self._asked(chunks, accesses, deadline)
        again = [index for index, each in enumerate(found) if isinstance(each, TokenRejectedError)]
        if again:
            retried = [chunks[index] for index in again]
            answers = self._asked(retried, self._renewed(retried, accesses, deadline), deadline)
            for index, each in zip(again, answers, strict=True):
                found[index] = each
        return found

    def _asked(self, chunks: Sequence[_Chunk], accesses: Accesses, deadline: Deadline) -> list[Said]:
        calls = [partial(self._call, chunk, accesses[chunk.card], deadline) for chunk in chunks]
        return self._tools.gather(calls, deadline)

    def _call(self, chunk: _Chunk, access: Access | CarrierError, deadline: Deadline) -> list[Any]:
        if isinstance(access, CarrierError):
            raise access
        ask: Callable[..., list[Any]] = (
            self._api.prices if isinstance(chunk.questions[0], PriceQuestion) else self._api.times
        )
        return ask(access, chunk.questions, deadline)

    def _renewed(self, chunks: Sequence[_Chunk], old: Accesses, deadline: Deadline) -> Accesses:
        """New tokens in place of rejected ones, one for each card however many of its calls were rejected."""
        cards = dict.fromkeys(chunk.card for chunk in chunks)
        for access in (old[card] for card in cards):
            if isinstance(access, Access):
                self._api.reject(access)
        return self.accesses(cards, deadline)

    def _probe_when_due(self, each: CardQuestion) -> None:
        """Have a question that is left out tried again, alone and in nobody's way, when its time is over."""
        if self._quarantine.is_due(each.question):
            key = f"probe {type(each.question).__name__} {each.question.product}"
            self._tools.background(key, partial(self._probe, each))

    def _probe(self, each: CardQuestion) -> None:
        chunk = _Chunk(each.card, (each.question,), suspect=True)
        said = self._called([chunk], Deadline(PROBE_SECONDS, self._tools.clock))[0]
        self._learn([(chunk, said)])


def _fault(chunk: _Chunk, said: Said) -> CarrierError | None:
    """What a question that was asked alone is blamed for; a suspect also where its answer is a list as documented."""
    if len(chunk.questions) > 1:
        return None
    if isinstance(said, CarrierError):
        return said if isinstance(said, RejectedCallError) else None
    return said[0] if chunk.suspect and isinstance(said[0], RejectedRequestError) else None


def _chunked(by_card: Mapping[str, Sequence[Question]], size: int) -> Iterator[_Chunk]:
    for card, questions in by_card.items():
        yield from (_Chunk(card, questions[start : start + size]) for start in range(0, len(questions), size))


__all__ = ["Accesses", "Asking", "CardQuestion"]
