"""Correios as a carrier: it asks for prices and times side by side and answers shipments; it knows no wire word."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from portes.calendars import business_calendar
from portes.carrier import Abilities, CarrierSettings, Deadline, Finding
from portes.contract import Answer, CubicRule, Service, Shipment
from portes.errors import CarrierError
from portes.toolbox import Tools
from portes_correios_br.answers import COUNTRY, CURRENCY, ProductPlan, Reading, answer, product_plan
from portes_correios_br.api import Api
from portes_correios_br.asking import Asking, CardQuestion
from portes_correios_br.diagnose import Diagnosis
from portes_correios_br.questions import Question
from portes_correios_br.services import Product, products
from portes_correios_br.settings import CorreiosService, CorreiosSettings
from portes_correios_br.times import Days

SHIPMENTS_A_CALL: Final = 10
"""So few that one slow call of Correios does not hold many shipments up, so many that their questions fill batches."""

CUBIC: Final = CubicRule(6000, exempt=5_000)
"""As published: a cubic weight of up to 5 kg is not charged. Contracts with another threshold are told of, unproven."""

TIMEZONE: Final = ZoneInfo("America/Sao_Paulo")
"""Where it is today for Correios, whatever the time is at the store."""


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
        self._asking = Asking(settings, self._api, tools)
        own = tools.store.calendar if tools.store.country == COUNTRY else COUNTRY
        self._days = Days(settings.prazo_unit, business_calendar(settings.calendar or own))
        self._dated = settings.event_date != "none"
        self.abilities = Abilities(
            services=tuple(services),
            countries=frozenset({COUNTRY}),
            batch=SHIPMENTS_A_CALL,
            dated=self._dated,
            service_limits={product.code: product.declared_limits for product in self._products},
            cubic=CUBIC,
        )

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        """Answer each shipment with the services that it asks about."""
        return self._answers(self._asking, shipments, self._products, deadline)

    def warm(self, deadline: Deadline) -> None:
        """Fetch the token of every posting card. Raises a `CarrierError` when one cannot be had."""
        cards = (product.card for product in self._products)
        for access in self._asking.accesses(cards, deadline).values():
            if isinstance(access, CarrierError):
                raise access

    def diagnose(self, deadline: Deadline) -> Iterator[Finding]:
        """Climb from the host to a quote of each service from each origin, finding by finding."""
        asking = Asking(self._settings.model_copy(update={"leave_out": 0.0}), self._api, self._tools)
        quote = partial(self._answers, asking)  # whatever quotes leave out, every origin is asked from
        return Diagnosis(self._settings, self._api, self._products, quote, self._tools).climb(deadline)

    def _answers(
        self, asking: Asking, shipments: Sequence[Shipment], products: Sequence[Product], deadline: Deadline
    ) -> Sequence[Answer]:
        plans = [
            [product_plan(shipment, each, dated=self._dated) for each in products if shipment.asks(each.code)]
            for shipment in shipments
        ]
        reading = Reading(self._days, self._settings.collect_at_office, self._today())
        replies = asking.replies(_questions(line for plan in plans for line in plan), deadline)
        return [answer(shipment, plan, replies, reading) for shipment, plan in zip(shipments, plans, strict=True)]

    def _today(self) -> date:
        return self._tools.clock.now().astimezone(TIMEZONE).date()


def _questions(lines: Iterable[ProductPlan]) -> Iterator[CardQuestion]:
    """What has to be asked, prices and times, each with its posting card."""
    for line in lines:
        if line.settled is None:
            questions: list[Question] = [*line.prices, line.time]
            yield from (CardQuestion(line.product.card, question) for question in questions)


__all__ = ["Correios"]
