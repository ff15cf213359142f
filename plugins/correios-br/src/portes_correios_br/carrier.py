"""Correios as a carrier: it asks for prices and times side by side and answers shipments; it knows no wire word."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Final, NamedTuple

from portes.carrier import Abilities, CarrierSettings, Deadline, Finding
from portes.contract import Answer, Service, Shipment
from portes.errors import CarrierError
from portes.toolbox import Tools
from portes_correios_br.answers import COUNTRY, CURRENCY, Days, ProductPlan, Replies, answer, product_plan
from portes_correios_br.api import Access, Api
from portes_correios_br.codes import TokenRejectedError
from portes_correios_br.diagnose import Diagnosis
from portes_correios_br.services import products, widest
from portes_correios_br.settings import CorreiosService, CorreiosSettings

SHIPMENTS_A_CALL: Final = 10
"""So few that one slow call of Correios does not hold many shipments up, so many that their questions fill batches."""

Question = Any
"""A `PriceQuestion` or a `TimeQuestion`; those of one chunk are of one kind."""
Ask = Callable[[Access, Sequence[Question], Deadline], list[Any]]
Accesses = Mapping[str, Access | CarrierError]
"""By posting card: its token, or why there is none."""


class _Chunk(NamedTuple):
    """Questions of one kind for one call."""

    ask: Ask
    card: str
    questions: Sequence[Question]


class Correios:
    """Asks prices and times in batches, each question once however many parcels and shipments share it."""

    Settings: ClassVar[type[CarrierSettings]] = CorreiosSettings
    ServiceSettings: ClassVar[type[Service]] = CorreiosService

    def __init__(self, settings: CorreiosSettings, services: Sequence[CorreiosService], tools: Tools) -> None:
        fix = f'write currency = "{CURRENCY}" under [store], or ask Correios for another store'
        tools.store.require_currency(CURRENCY, f"Correios counts in {CURRENCY}, not as the store does", fix, where="")
        self._settings = settings
        self._tools = tools
        self._products = products(settings, services)
        self._api = Api(settings, tools)
        self._days = Days(settings.prazo_unit, settings.calendar or tools.store.calendar)
        self._dated = settings.event_date != "none"
        self.abilities = Abilities(
            services=tuple(services),
            countries=frozenset({COUNTRY}),
            batch=SHIPMENTS_A_CALL,
            dated=self._dated,
            limits=widest([product.limits for product in self._products]),
        )

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        """Answer each shipment with every active service."""
        plans = [[product_plan(shipment, each, dated=self._dated) for each in self._products] for shipment in shipments]
        replies = self._replies([line for plan in plans for line in plan if line.settled is None], deadline)
        return [answer(shipment, plan, replies, self._days) for shipment, plan in zip(shipments, plans, strict=True)]

    def warm(self, deadline: Deadline) -> None:
        """Fetch the token of every posting card. Raises a `CarrierError` when one cannot be had."""
        cards = dict.fromkeys(product.card for product in self._products)
        for access in self._accesses(cards, deadline).values():
            if isinstance(access, CarrierError):
                raise access

    def diagnose(self, deadline: Deadline) -> Sequence[Finding]:
        """Climb from the host to a quote of each service; stop at the first rung that breaks."""
        climb = Diagnosis(self._api, self._products, self._settings.contract_number, self.quote).climb
        return climb(self._tools.today(), deadline)

    def _replies(self, lines: Sequence[ProductPlan], deadline: Deadline) -> Replies:
        """What is said to every question of some lines; where a token was rejected, to a new one."""
        chunks = self._chunks(lines)
        accesses = self._accesses(dict.fromkeys(chunk.card for chunk in chunks), deadline)
        found = self._called(chunks, accesses, deadline)
        again = [index for index, each in enumerate(found) if isinstance(each, TokenRejectedError)]
        if again:
            retried = [chunks[index] for index in again]
            answers = self._called(retried, self._renewed(retried, accesses, deadline), deadline)
            for index, each in zip(again, answers, strict=True):
                found[index] = each
        return _by_question(chunks, found)

    def _chunks(self, lines: Sequence[ProductPlan]) -> Sequence[_Chunk]:
        settings = self._settings
        prices = ((line.product.card, question) for line in lines for question in line.prices)
        times = ((line.product.card, line.time) for line in lines)
        return [
            *_chunked(self._api.prices, prices, settings.price_batch),
            *_chunked(self._api.times, times, settings.time_batch),
        ]

    def _called(
        self, chunks: Sequence[_Chunk], accesses: Accesses, deadline: Deadline
    ) -> list[list[Any] | CarrierError]:
        """What each chunk came to, all asked side by side."""
        calls = [partial(_call, chunk, accesses[chunk.card], deadline) for chunk in chunks]
        return self._tools.gather(calls, deadline)

    def _renewed(self, chunks: Sequence[_Chunk], old: Accesses, deadline: Deadline) -> Accesses:
        """New tokens in place of rejected ones, one for each card however many of its calls were rejected."""
        cards = dict.fromkeys(chunk.card for chunk in chunks)
        for access in (old[card] for card in cards):
            if isinstance(access, Access):
                self._api.reject(access)
        return self._accesses(cards, deadline)

    def _accesses(self, cards: Iterable[str], deadline: Deadline) -> Accesses:
        """Tokens, before anything is asked: side-by-side calls would each find out for themselves."""
        listed = tuple(cards)
        calls = [partial(self._api.access, card, deadline) for card in listed]
        return dict(zip(listed, self._tools.gather(calls, deadline), strict=True))


def _chunked(ask: Ask, questions: Iterable[tuple[str, Question]], size: int) -> Iterator[_Chunk]:
    """Each question once, in chunks that never hold two posting cards: Correios prices a chunk by one contract."""
    by_card: dict[str, dict[Question, None]] = {}
    for card, question in questions:
        by_card.setdefault(card, {})[question] = None
    for card, wanted in by_card.items():
        listed = tuple(wanted)
        yield from (_Chunk(ask, card, listed[start : start + size]) for start in range(0, len(listed), size))


def _call(chunk: _Chunk, access: Access | CarrierError, deadline: Deadline) -> list[Any]:
    if isinstance(access, CarrierError):
        raise access
    return chunk.ask(access, chunk.questions, deadline)


def _by_question(chunks: Sequence[_Chunk], found: Sequence[list[Any] | CarrierError]) -> Replies:
    replies: dict[Question, Any] = {}
    for chunk, each in zip(chunks, found, strict=True):
        answers = [each] * len(chunk.questions) if isinstance(each, CarrierError) else each
        replies.update(zip(chunk.questions, answers, strict=True))
    return replies


__all__ = ["Correios"]
