"""Why Jamef does not work, for `portes doctor`: the settings, the login, a price for each origin and service."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from portes.calendars import business_calendar
from portes.carrier import Deadline, Finding, Severity
from portes.errors import (
    CarrierError,
    GarbledError,
    LateError,
    RejectedCredentialsError,
    RejectedRequestError,
    ThrottledError,
)
from portes.toolbox import Tools
from portes_jamef.addresses import is_jamefs
from portes_jamef.api import Api
from portes_jamef.branches import branches
from portes_jamef.complaints import Complaint
from portes_jamef.meanings import Subject, is_unserved, subject
from portes_jamef.services import COUNTRY
from portes_jamef.settings import ROAD, JamefService, JamefSettings
from portes_jamef.wire import Price, Question
from portes_jamef.words import SAYINGS, SERVICES

_MEANINGS: Final[Mapping[Subject, str]] = {
    "branch": "branch_is_unknown",
    "payer": "payer_is_no_customer",
    "origin": "origin_is_refused",
    "question": "question_is_refused",
}
_JAMEFS: Final = frozenset(
    {
        "approval_is_pending",
        "former_password_worked",
        "password_is_wrong",
        "password_worked_before",
        "token_is_refused",
        *_MEANINGS.values(),
    }
)
"""Causes that somebody at Jamef can look into: after one of them the doctor says what to write there."""
_TRIAL: Final = "trial_origin"
"""Stands for the number of an origin where the store tells none."""


class Doctor:
    """The diagnosis of one carrier."""

    def __init__(self, settings: JamefSettings, services: Sequence[JamefService], tools: Tools) -> None:
        self._settings = settings
        self._services = services
        self._tools = tools
        self._sayings: set[str] = set()
        self._is_silenced = False  # once a question got no answer, others would get none either
        self._complaints: list[Complaint] = []
        self._api = Api(settings.url, settings.user, settings.secret, tools, self._complaints.append)

    def findings(self, deadline: Deadline) -> Iterator[Finding]:
        """Everything about the settings, then the login, then a price for each origin and service."""
        yield from self._about_settings()
        login = self._login(deadline)
        yield login
        if login.severity is Severity.OK:
            yield from self._prices(deadline)
        if _JAMEFS & self._sayings:
            yield self._for_the_account_manager()

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
        for code in sorted(set(settings.every_branch) - branches().keys()):
            yield self._told("branch", Severity.WARNING, "branch_is_not_listed", branch=code)
        if not any(doubts.values()):
            yield self._told("settings", Severity.OK, "settings_are_sound")

    def _login(self, deadline: Deadline) -> Finding:
        try:
            self._api.token(deadline)
        except ThrottledError as wait:
            seconds = "60" if wait.retry_after is None else str(wait.retry_after)
            return self._told("login", Severity.WARNING, self._why_to_wait(), self._seen(wait), seconds=seconds)
        except RejectedCredentialsError as refused:
            return self._told("login", Severity.ERROR, self._why_refused(deadline), self._seen(refused))
        except GarbledError as garbled:
            return self._told("login", Severity.ERROR, "login_is_garbled", self._seen(garbled))
        except CarrierError as problem:
            return self._told("login", Severity.ERROR, "host_is_unreachable", self._seen(problem))
        return self._told("login", Severity.OK, "login_works")

    def _why_to_wait(self) -> str:
        return "login_must_wait_after_a_refusal" if self._api.history.refused_first else "login_must_wait"

    def _why_refused(self, deadline: Deadline) -> str:
        if self._api.history.accepted_last:
            return "password_worked_before"
        if self._complaints and self._complaints[-1].status == 403:
            return "approval_is_pending"
        if self._settings.environment == "qa":
            return "qa_password_is_wrong"
        if self._is_the_portals(deadline):
            return "password_is_the_portals"
        return "former_password_worked" if self._api.history.predecessor_accepted_last else "password_is_wrong"

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

    def _prices(self, deadline: Deadline) -> Iterator[Finding]:
        """From each origin, as long as Jamef answers; an answer that is a mistake of ours ends that origin's climb."""
        for first, origin in self._questions().items():
            for service in self._services:
                finding = self._price(first._replace(transport=service.code), origin, deadline)
                yield finding
                if self._is_silenced:
                    return
                if finding.severity is Severity.ERROR:
                    break

    def _price(self, question: Question, origin: str, deadline: Deadline) -> Finding:
        asked = {
            "service": SERVICES[question.transport],
            "origin": origin,
            "cep": question.origin,
            "branch": question.branch,
        }
        try:
            said = self._api.quote(question, self._api.token(deadline), deadline)
        except CarrierError as problem:
            self._is_silenced = True
            severity = Severity.WARNING if isinstance(problem, ThrottledError) else Severity.ERROR
            return self._told("quote", severity, _trouble(problem), self._seen(problem), **asked)
        if isinstance(said, Price):
            evidence = f"{said.total}, {said.promised.isoformat()}"
            return self._told("quote", Severity.OK, "price_came", evidence, **asked)
        return self._without_offer(said.complaint, asked)

    def _without_offer(self, said: Complaint, asked: Mapping[str, str]) -> Finding:
        about, evidence = subject(said.words), self._tools.redactor.text(said.told)
        if about == "lane" or is_unserved(said, self._settings.unserved_texts, trusted=True):
            return self._told("quote", Severity.WARNING, "lane_is_not_served", evidence, **asked)
        return self._told("quote", Severity.ERROR, _MEANINGS.get(about, "question_is_refused"), evidence, **asked)

    def _questions(self) -> Mapping[Question, str]:
        """One for each origin of the store and its number, equal ones once; without origins the trial lane."""
        settings, store = self._settings, self._tools.store
        asked: dict[Question, str] = {}
        for origin in store.origins:
            if origin.place.country == COUNTRY:
                each = self._question(origin.place.postal_code, settings.branch_of(origin.id), origin.calendar)
                asked[each] = f"{asked[each]}, {origin.id}" if each in asked else str(origin.id)
        if store.origins:
            return asked
        trial = [self._question(settings.trial_origin, branch, store.calendar) for branch in settings.every_branch]
        return dict.fromkeys(trial, _TRIAL)

    def _question(self, cep: str, branch: str, calendar: str) -> Question:
        """A box of 10 kg worth R$ 500, collected on the next business day, by road."""
        settings = self._settings
        return Question(
            transport=ROAD,
            payer=settings.payer,
            shipper=settings.shipper,
            origin=cep,
            destination=settings.trial_destination,
            branch=branch,
            pieces=1,
            weight=10_000,
            volume=50_000_000,
            value=500_00,
            day=business_calendar(calendar).after(self._tools.today(), 1),
        )

    def _for_the_account_manager(self) -> Finding:
        """What to write to Jamef, with all that it needs to look the trouble up."""
        asked = self._questions()
        gaps = {
            "branches": ", ".join(dict.fromkeys(each.branch for each in asked)),
            "ceps": ", ".join(dict.fromkeys(each.origin for each in asked)),
            "payer": self._settings.payer,
            "reference": next((each.reference for each in reversed(self._complaints) if each.reference), ""),
        }
        return self._told("account_manager", Severity.WARNING, "ask_the_account_manager", **gaps)

    def _seen(self, problem: CarrierError) -> str:
        return self._tools.redactor.text(f"{problem.kind}: {problem.hint}")

    def _moment(self, moment: datetime | None) -> str:
        """A moment as the clock of the store shows it, to the minute."""
        return moment.astimezone(self._tools.store.timezone).strftime("%Y-%m-%d %H:%M") if moment else ""

    def _told(self, check: str, severity: Severity, saying: str, evidence: str = "", **gaps: str) -> Finding:
        settings, history = self._settings, self._api.history
        known = {
            "environment": settings.environment,
            "host": urlsplit(settings.url).netloc,
            "user": settings.user,
            "accepted": self._moment(history.accepted_last),
            "accepted_before": self._moment(history.predecessor_accepted_last),
            "refused": self._moment(history.refused_first),
        }
        self._sayings.add(saying)
        return SAYINGS[saying].finding(check, severity, known | gaps, evidence)


def _trouble(problem: CarrierError) -> str:
    """What a question came to that Jamef gave no answer to."""
    match problem:
        case ThrottledError():
            return "calls_are_throttled"
        case RejectedCredentialsError():
            return "token_is_refused"
        case RejectedRequestError():
            return "question_is_refused"
        case GarbledError():
            return "answer_is_garbled"
        case LateError():
            return "answer_is_late"
    return "host_is_unreachable"


__all__ = ["Doctor"]
