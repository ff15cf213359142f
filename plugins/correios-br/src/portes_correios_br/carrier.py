"""Correios as a carrier: it asks for prices and times side by side and answers shipments; it knows no wire word."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, ClassVar, Final

from portes.carrier import Abilities, CarrierSettings, Deadline
from portes.contract import Answer, Service, Shipment
from portes.errors import CarrierError, Problem, SettingsError
from portes.toolbox import StoreFacts, Tools
from portes_correios_br.answers import COUNTRY, CURRENCY, Asked, Days, Known, answer, asked
from portes_correios_br.api import Api
from portes_correios_br.services import products, widest
from portes_correios_br.settings import CorreiosService, CorreiosSettings

SHIPMENTS_A_CALL: Final = 10
"""So few that one slow call of Correios does not hold many shipments up, so many that their questions fill batches."""

Question = Any
"""A `PriceQuestion` or a `TimeQuestion`; those of one chunk are of one kind."""
Ask = Callable[[str, Sequence[Question], Deadline], list[Any]]


class Correios:
    """Asks prices and times in batches, each question once however many parcels and shipments share it."""

    Settings: ClassVar[type[CarrierSettings]] = CorreiosSettings
    ServiceSettings: ClassVar[type[Service]] = CorreiosService

    def __init__(self, settings: CorreiosSettings, services: Sequence[CorreiosService], tools: Tools) -> None:
        _require_brazil(tools.store)
        self._settings = settings
        self._tools = tools
        self._products = products(settings, services)
        self._cards = tuple(dict.fromkeys(product.card for product in self._products))
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
        plans = [[asked(shipment, each, dated=self._dated) for each in self._products] for shipment in shipments]
        said = self._asked([line for plan in plans for line in plan if line.verdict is None], deadline)
        return [answer(shipment, plan, said, self._days) for shipment, plan in zip(shipments, plans, strict=True)]

    def warm(self, deadline: Deadline) -> None:
        """Fetch the token of every posting card. Raises a `CarrierError` when one cannot be had."""
        fetched = self._tools.gather([partial(self._api.token, card, deadline) for card in self._cards], deadline)
        for each in fetched:
            if isinstance(each, CarrierError):
                raise each

    def _asked(self, lines: Sequence[Asked], deadline: Deadline) -> Known:
        """What is said to every question of some lines, asked side by side."""
        settings = self._settings
        prices = ((line.product.card, question) for line in lines for question in line.prices)
        times = ((line.product.card, line.time) for line in lines)
        chunks = [
            *_chunks(self._api.prices, prices, settings.price_batch),
            *_chunks(self._api.times, times, settings.time_batch),
        ]
        calls = [partial(ask, card, questions, deadline) for ask, card, questions in chunks]
        said: dict[Question, Any] = {}
        for (_, _, questions), found in zip(chunks, self._tools.gather(calls, deadline), strict=True):
            each = [found] * len(questions) if isinstance(found, CarrierError) else found
            said.update(zip(questions, each, strict=True))
        return said


def _chunks(
    ask: Ask, questions: Iterable[tuple[str, Question]], size: int
) -> Iterator[tuple[Ask, str, Sequence[Question]]]:
    """Each question once, in chunks that never hold two posting cards: Correios prices a chunk by one contract."""
    by_card: dict[str, dict[Question, None]] = {}
    for card, question in questions:
        by_card.setdefault(card, {})[question] = None
    for card, wanted in by_card.items():
        listed = tuple(wanted)
        yield from ((ask, card, listed[start : start + size]) for start in range(0, len(listed), size))


def _require_brazil(store: StoreFacts) -> None:
    if store.currency != CURRENCY:
        fix = f'write currency = "{CURRENCY}", or ask Correios for another store'
        raise SettingsError(Problem("store.currency", store.currency, f"Correios counts in {CURRENCY}", fix))


__all__ = ["Correios"]
