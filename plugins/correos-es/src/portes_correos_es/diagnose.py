"""Why Correos does not work, for `portes doctor`: files first, then rung by rung to the lists; it registers nothing."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from portes.carrier import Deadline, Finding, Severity
from portes.contract import Origin, PickupKind
from portes.errors import CarrierError, RejectedRequestError
from portes.toolbox import Tools
from portes_correos_es import wire
from portes_correos_es.coverage import Coverage, Surveyor, listed
from portes_correos_es.live import Live
from portes_correos_es.settings import CorreosSettings
from portes_correos_es.territories import NATIONAL, territory
from portes_correos_es.words import SAYINGS

PROBE: Final = "28013"
"""The postal code that lists are asked about: the middle of Madrid."""


class _Form(NamedTuple):
    pattern: re.Pattern[str]
    en: str
    es: str


_FORMS: Final = {
    "contract_number": _Form(re.compile(r"[0-9]{1,8}"), "at most 8 digits", "8 cifras como máximo"),
    "client_number": _Form(
        re.compile(r"[0-9]{8}|99[0-9]{8}"), "8 digits, or 99 and 8 digits", "8 cifras, o 99 y 8 cifras"
    ),
    "labeller_code": _Form(
        re.compile(r"[0-9A-Za-z]{1,4}"), "at most 4 letters or digits", "4 letras o cifras como máximo"
    ),
}


def _meant(problem: CarrierError) -> str:
    """The saying that an error stands for."""
    meanings = {
        wire.TokenUnseenError: "token_is_not_seen",
        wire.WrongScopeError: "scope_is_wrong",
        wire.NotActivatedError: "not_activated",
        wire.NotSubscribedError: "not_subscribed",
        wire.BlockedError: "blocked",
        RejectedRequestError: "request_is_refused",
    }
    return meanings.get(type(problem), "unreachable")


def _unknown(seen: Coverage) -> str:
    return f"the zone map knows no zone to {listed(seen.unknown)}" if seen.unknown else ""


class Doctor:
    """The diagnosis of one carrier."""

    def __init__(self, settings: CorreosSettings, surveyor: Surveyor, live: Live, tools: Tools) -> None:
        self._settings = settings
        self._surveyor = surveyor
        self._live = live
        self._tools = tools

    def findings(self, deadline: Deadline) -> Iterator[Finding]:
        """Everything about files, origins and codes, then the ladder of calls up to the first rung that breaks."""
        yield from self._tariff_findings()
        for origin in self._tools.store.origins:
            yield from self._origin_findings(origin)
        yield from self._code_findings()
        yield from self._live_findings(deadline)

    def _tariff_findings(self) -> Iterator[Finding]:
        tariff = self._surveyor.files.tariff
        editions = "; ".join(map(str, tariff.validities()))
        if tariff.dateless:
            yield self._told("tariff", Severity.WARNING, "tariff_is_sample", editions)
            return
        if tariff.holds_on(self._tools.today()):
            yield self._told("tariff", Severity.OK, "tariff_holds", editions=editions)
        else:
            yield self._told("tariff", Severity.ERROR, "tariff_is_stale", editions=editions, file=tariff.name)
        if tariff.doubts:
            count, first = str(len(tariff.doubts)), str(tariff.doubts[0])
            yield self._told("tariff", Severity.WARNING, "tariff_is_odd", count=count, first=first)

    def _origin_findings(self, origin: Origin) -> Iterator[Finding]:
        """What is priced today from one origin of the store, and what is missing."""
        tariff = self._surveyor.files.tariff
        # nobody adds rows to a sample: a file of the shop's own takes its place
        file = "tariff.csv" if tariff.dateless else tariff.name
        here = {"origin": str(origin.id), "code": origin.place.postal_code, "file": file}
        if origin.place.country not in NATIONAL:
            yield self._told("origin", Severity.ERROR, "origin_is_abroad", origin.place.country, **here)
            return
        seen = self._surveyor.coverage(territory(origin.place), self._tools.today())
        lacks = "; ".join(f"{each.service} in zone {each.zone}: {each.why}" for each in seen.lacks)
        if not seen.served:
            yield self._told("origin", Severity.ERROR, "origin_has_no_price", lacks or _unknown(seen), **here)
            return
        if seen.priced:
            zones = listed(seen.priced)
            yield self._told("origin", Severity.OK, "origin_is_priced", _unknown(seen), zones=zones, **here)
        if seen.lacks:
            zones = listed(dict.fromkeys(each.zone for each in seen.lacks))
            areas = listed(dict.fromkeys(chain.from_iterable(seen.lacks.values())))
            yield self._told("origin", Severity.WARNING, "origin_lacks_prices", lacks, zones=zones, areas=areas, **here)
        for product, without in seen.timeless.items():
            gaps = {"product": product, "areas": listed(without), **here}
            yield self._told("times", Severity.WARNING, "times_are_missing", **gaps)

    def _code_findings(self) -> Iterator[Finding]:
        right: list[str] = []
        for key, form in _FORMS.items():
            value: str = getattr(self._settings, key)
            if not value:
                yield self._told("codes", Severity.WARNING, "code_is_missing", key=key)
            elif form.pattern.fullmatch(value):
                right.append(key)
            else:
                gaps = {"key": key, "form_en": form.en, "form_es": form.es}
                yield self._told("codes", Severity.ERROR, "code_is_malformed", f"{len(value)} characters", **gaps)
        if right:
            yield self._told("codes", Severity.OK, "codes_are_well_formed", keys=", ".join(right))

    def _live_findings(self, deadline: Deadline) -> Iterator[Finding]:
        missing = self._settings.missing_credentials
        if missing:
            yield self._told("credentials", Severity.WARNING, "credentials_are_missing", keys=", ".join(missing))
        rungs: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("login", "login_works", lambda: self._live.fetch_token(deadline)),
            ("citypaq", "citypaq_is_listed", lambda: self._live.points(PickupKind.LOCKER, PROBE, deadline)),
            ("offices", "offices_are_listed", lambda: self._live.points(PickupKind.OFFICE, PROBE, deadline)),
        )
        # Correos ID can be tried before the developer portal has given its pair
        able = rungs if not missing else rungs[:1] if not {"client_id", "client_secret"} & {*missing} else ()
        for check, saying, climb in able:
            finding = self._climbed(check, saying, climb)
            yield finding
            if finding.severity is not Severity.OK:
                return

    def _climbed(self, check: str, saying: str, climb: Callable[[], object]) -> Finding:
        try:
            climb()
        except CarrierError as problem:
            evidence = self._tools.redactor.text(f"{problem.kind}: {problem.hint}")
            if isinstance(problem, wire.WrongSecretError):
                return self._wrong_secret(check, evidence)
            return self._told(check, Severity.ERROR, _meant(problem), evidence)
        return self._told(check, Severity.OK, saying)

    def _wrong_secret(self, check: str, evidence: str) -> Finding:
        """A refused secret: dead if it was good before, mistaken if it never was, either if nothing is remembered."""
        history = self._live.history()
        if history.accepted_last:
            until = self._local(history.accepted_last)
            return self._told(check, Severity.ERROR, "secret_was_reset", evidence, until=until)
        if history.first_tried:
            since = self._local(history.first_tried)
            return self._told(check, Severity.ERROR, "secret_never_worked", evidence, since=since)
        return self._told(check, Severity.ERROR, "secret_is_wrong", evidence)

    def _local(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._tools.store.timezone):%Y-%m-%d %H:%M}"

    def _told(self, check: str, severity: Severity, saying: str, evidence: str = "", **gaps: str) -> Finding:
        settings = self._settings
        login = urlsplit(settings.login_url).netloc if check == "login" else self._live.host
        known = {
            "client_id": settings.client_id,
            "contract": settings.contract_number or "…",
            "host": login,
            "scope": settings.scope,
            "probe": PROBE,
        }
        return SAYINGS[saying].finding(check, severity, known | gaps, evidence)


__all__ = ["PROBE", "Doctor"]
