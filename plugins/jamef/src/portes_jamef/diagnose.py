"""Why Jamef does not work, for `portes doctor`: the settings, the login, then a price for each service.

It knows no wire word but those that tell one refusal from another.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from portes.calendars import business_calendar
from portes.carrier import Deadline, Finding, Severity
from portes.errors import (
    CarrierError,
    GarbledError,
    RejectedCredentialsError,
    RejectedRequestError,
    ThrottledError,
)
from portes.toolbox import Tools
from portes_jamef.addresses import is_jamefs
from portes_jamef.api import Api
from portes_jamef.branches import branches
from portes_jamef.complaints import Complaint
from portes_jamef.settings import JamefService, JamefSettings
from portes_jamef.wire import NoOffer, Question
from portes_jamef.words import SAYINGS, SERVICES

_MEANINGS: Final = (
    (re.compile(r"filial", re.IGNORECASE), "branch_is_unknown"),
    (re.compile(r"devedor|pagador|cliente|contrato|tabela|cnpj|cpf", re.IGNORECASE), "payer_is_no_customer"),
    (re.compile(r"cep|rota|trecho|atendid", re.IGNORECASE), "lane_is_not_served"),
)
"""What a refusal is about, by the words in it. Jamef publishes no list; the names of its fields stand in its texts."""


class Doctor:
    """The diagnosis of one carrier."""

    def __init__(self, settings: JamefSettings, services: Sequence[JamefService], tools: Tools) -> None:
        self._settings = settings
        self._services = services
        self._tools = tools
        self._complaints: list[Complaint] = []
        self._api = Api(settings.url, settings.user, settings.secret, tools, self._complaints.append)

    def findings(self, deadline: Deadline) -> list[Finding]:
        """Everything about the settings, then the ladder up to the first rung that breaks."""
        return [*self._about_settings(), *self._climbed(deadline)]

    def _about_settings(self) -> Iterator[Finding]:
        settings = self._settings
        doubts = {
            "homologation_is_asked": settings.environment == "qa",
            "state_is_not_kept": self._tools.store.state is None,
            "passwords_are_equal": settings.password is not None and settings.password == settings.qa_password,
        }
        for saying, holds in doubts.items():
            if holds:
                yield self._told("settings", Severity.WARNING, saying)
        unknown = sorted({settings.branch, *settings.branches.values()} - set(branches()))
        for code in unknown:
            yield self._told("branch", Severity.WARNING, "branch_is_not_listed", branch=code)
        if not any(doubts.values()):
            yield self._told("settings", Severity.OK, "settings_are_sound")

    def _climbed(self, deadline: Deadline) -> Iterator[Finding]:
        finding = self._login(deadline)
        yield finding
        for service in self._services if finding.severity is Severity.OK else ():
            finding = self._price(service, deadline)
            yield finding
            if finding.severity is Severity.ERROR:
                return

    def _login(self, deadline: Deadline) -> Finding:
        try:
            self._api.token(deadline)
        except ThrottledError as wait:
            seconds = "60" if wait.retry_after is None else str(wait.retry_after)
            return self._told("login", Severity.WARNING, "login_must_wait", self._seen(wait), seconds=seconds)
        except RejectedCredentialsError as refused:
            return self._told("login", Severity.ERROR, self._why_refused(deadline), self._seen(refused))
        except GarbledError as garbled:
            return self._told("login", Severity.ERROR, "answer_is_garbled", self._seen(garbled), service="login")
        except CarrierError as problem:
            return self._told("login", Severity.ERROR, "host_is_unreachable", self._seen(problem))
        return self._told("login", Severity.OK, "login_works")

    def _why_refused(self, deadline: Deadline) -> str:
        if self._complaints and self._complaints[-1].status == 403:
            return "approval_is_pending"
        if self._settings.environment == "qa":
            return "qa_password_is_wrong"
        return "password_is_the_portals" if self._is_the_portals(deadline) else "password_is_wrong"

    def _is_the_portals(self, deadline: Deadline) -> bool:
        """Whether homologation accepts the password; it is shown to no host but Jamef's, or the one just asked."""
        hosts = {urlsplit(url).hostname or "" for url in (self._settings.base_url, self._settings.qa_url)}
        if len(hosts) > 1 and not all(map(is_jamefs, hosts)):
            return False
        try:
            Api(self._settings.qa_url, self._settings.user, self._settings.secret, self._tools).token(deadline)
        except CarrierError:
            return False
        return True

    def _price(self, service: JamefService, deadline: Deadline) -> Finding:
        try:
            said = self._api.quote(self._question(service), self._api.token(deadline), deadline)
        except CarrierError as problem:
            severity = Severity.WARNING if isinstance(problem, ThrottledError) else Severity.ERROR
            return self._told("quote", severity, self._meant(problem), self._seen(problem), service.code)
        if isinstance(said, NoOffer):
            return self._told("quote", Severity.WARNING, "lane_is_not_served", said.text, service.code)
        evidence = f"{said.total}, {said.promised.isoformat()}"
        return self._told("quote", Severity.OK, "price_came", evidence, service.code)

    def _question(self, service: JamefService) -> Question:
        """A box of 10 kg worth R$ 500, collected on the next business day."""
        settings = self._settings
        return Question(
            transport=service.code,
            payer=settings.payer,
            shipper=settings.shipper,
            origin=settings.trial_origin,
            destination=settings.trial_destination,
            branch=settings.branch,
            pieces=1,
            weight=10_000,
            volume=50_000_000,
            value=500_00,
            day=self._tomorrow(),
        )

    def _tomorrow(self) -> date:
        return business_calendar(self._tools.store.calendar).after(self._tools.today(), 1)

    def _meant(self, problem: CarrierError) -> str:
        match problem:
            case ThrottledError():
                return "calls_are_throttled"
            case RejectedCredentialsError():
                return "token_is_refused"
            case RejectedRequestError():
                words = self._complaints[-1].words if self._complaints else ""
                return next((saying for form, saying in _MEANINGS if form.search(words)), "question_is_refused")
            case GarbledError():
                return "answer_is_garbled"
        return "host_is_unreachable"

    def _seen(self, problem: CarrierError) -> str:
        return self._tools.redactor.text(f"{problem.kind}: {problem.hint}")

    def _told(
        self, check: str, severity: Severity, saying: str, evidence: str = "", transport: str = "", **gaps: str
    ) -> Finding:
        settings = self._settings
        known = {
            "branch": settings.branch,
            "environment": settings.environment,
            "host": urlsplit(settings.url).netloc,
            "lane": f"{settings.trial_origin} → {settings.trial_destination}",
            "service": SERVICES.get(transport, ""),
            "user": settings.user,
            **gaps,
        }
        return SAYINGS[saying].finding(check, severity, known, evidence)


__all__ = ["Doctor"]
