"""Records a plugin's scenarios from its sandbox, its carrier or a published sample."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from portes.clock import SystemClock
from portes.errors import Problem, SettingsError
from portes.simulators.serving import serving
from portes_testing.case import Case, Scenario
from portes_testing.harness.calls import CallResult, ask
from portes_testing.harness.carrier_under_test import CarrierUnderTest, KitClock, carrier_under_test
from portes_testing.harness.errors import require_none
from portes_testing.recordings.exchange import read_cassette, write_cassette
from portes_testing.recordings.provenance import Against, Provenance, write_provenance
from portes_testing.recordings.scrubbing import EVERYWHERE, Scrubber, leaks
from portes_testing.recordings.structure import fingerprint
from portes_testing.recordings.tapes import recorded

TIMEOUT: Final = 60.0
"""Seconds that a carrier is given: a recording is in no hurry."""


@dataclass
class Credentials:
    """A real account in place of the case's canaries, taken from the environment."""

    settings: dict[str, Any]
    services: list[dict[str, Any]]
    placeholders: dict[str, str] = field(default_factory=dict)
    """Real values and what cassettes show instead: the case's own."""

    @property
    def replaced(self) -> list[str]:
        """The real values that may stand nowhere: all but the short ones, which stand everywhere."""
        return [value for value in self.placeholders if len(value) >= EVERYWHERE]


def credentials(case: Case, environ: Mapping[str, str]) -> Credentials:
    """Every setting of the case that the environment names, and all the secret ones.

    The setting `access_code` of the plugin `correios-br` is `CORREIOS_BR_ACCESS_CODE`; of its service 03298,
    `CORREIOS_BR_03298_ACCESS_CODE`. Raises `SettingsError` naming every secret that is missing.
    """
    with carrier_under_test(case) as under_test:
        secret = set(under_test.secrets())
    prefix = case.plugin.upper().replace("-", "_")
    found = Credentials({}, [])
    problems: list[Problem] = []

    def taken(keys: Mapping[str, Any], start: str) -> dict[str, Any]:
        live = dict(keys)
        for key, value in keys.items():
            name = f"{start}_{key}".upper()
            if name in environ:
                live[key] = environ[name]
                found.placeholders[environ[name]] = str(value)
            elif _plain(value) in secret:
                problems.append(Problem(name, "", "is not set", "a live recording needs the real credentials"))
        return live

    found.settings = taken(case.settings, prefix)
    found.services = [taken(service, f"{prefix}_{service['code']}") for service in case.services]
    if problems:
        raise SettingsError(problems)
    return found


def _plain(value: object) -> object:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def from_sandbox(case: Case, scenario: Scenario, path: Path) -> CallResult:
    """Record the sandbox, in the scenario's moods, at the case's moment."""
    clock = KitClock(case.moment, stands_still=True)
    with carrier_under_test(case, clock=clock, serial=True) as under_test, ExitStack() as stack:
        simulator = under_test.sandbox(scenario.moods, clock)
        ports = {name: stack.enter_context(serving(simulator)) for name in case.base_urls}
        carrier = under_test.new_carrier(under_test.at(ports))
        with recorded(path, under_test.scrubber(), _moved(under_test.at(ports), under_test)):
            return ask(carrier, scenario.shipments, TIMEOUT)


def from_carrier(case: Case, scenario: Scenario, path: Path, real: Credentials, moment: datetime) -> CallResult:
    """Record the carrier itself with a real account, now."""
    with carrier_under_test(case, clock=KitClock(moment), serial=True) as under_test:
        carrier = under_test.new_carrier(settings=real.settings, services=real.services)
        addresses = {name: str(real.settings.get(name, url)) for name, url in under_test.public().items()}
        with recorded(path, _scrubber(under_test, real), _moved(addresses, under_test)):
            return ask(carrier, scenario.shifted(moment.date() - case.moment.date()), TIMEOUT)


def _scrubber(under_test: CarrierUnderTest, real: Credentials) -> Scrubber:
    names = under_test.secrets()
    scrubber = under_test.scrubber()
    for value, shown in real.placeholders.items():
        if shown in names:
            scrubber.replace_by(value, scrubber.text(shown))
        else:
            scrubber.replace_by(value, shown)
    return scrubber


def _moved(addresses: Mapping[str, str], under_test: CarrierUnderTest) -> dict[str, str]:
    public = under_test.public()
    return {_origin(url): _origin(public[name]) for name, url in addresses.items()}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def record(
    case: Case, scenario: Scenario, against: Against, folder: Path, environ: Mapping[str, str] | None = None
) -> tuple[Path, CallResult | None]:
    """Write a scenario's cassette and its line in `PROVENANCE.toml`; the file, and what came of asking.

    Raises `SettingsError` when real credentials are missing, `BrokenContractError` when a secret got into the file,
    which is then removed.
    """
    path = folder / f"{scenario.name}.yaml"
    now = SystemClock().now()
    result, secrets, moment, day = None, _canaries(case), case.moment, now.date()
    if scenario.published is not None:
        publish(case, scenario, path)
        against, day = Against.PUBLISHED, scenario.published.on
    elif against is Against.LIVE:
        real = credentials(case, environ or {})
        secrets, moment = [*secrets, *real.replaced], now.replace(microsecond=0)
        result = from_carrier(case, scenario, path, real, moment)
    else:
        result = from_sandbox(case, scenario, path)
    _hold_back(path, secrets)
    line = Provenance(
        against,
        day,
        moment,
        fingerprint(read_cassette(path)),
        _source(case, scenario, against),
        _version(case, scenario),
    )
    write_provenance(folder, path.name, line)
    return path, result


def _canaries(case: Case) -> list[str]:
    with carrier_under_test(case) as under_test:
        return list(under_test.secrets())


def _hold_back(path: Path, secrets: Iterable[str]) -> None:
    """Remove a recording that a secret got into."""
    found = leaks(path.read_text(encoding="utf-8"), secrets)
    if found:
        path.unlink()
    require_none(
        (f"{len(secret)} characters of a secret" for secret in found), f"{path.name} was removed again, it held"
    )


def publish(case: Case, scenario: Scenario, path: Path) -> None:
    """Write the cassette of a published sample. Raises `ValueError` for a scenario that is recorded instead."""
    if scenario.published is None:
        msg = f"{scenario.name} is recorded, not published"
        raise ValueError(msg)
    with carrier_under_test(case) as under_test:
        scrubber = under_test.scrubber()
        write_cassette(path, [scrubber.exchange(exchange) for exchange in scenario.published.exchanges])


def _source(case: Case, scenario: Scenario, against: Against) -> str:
    if scenario.published is not None:
        return scenario.published.source
    if against is Against.SANDBOX:
        return " ".join(["portes", "sandbox", case.plugin, *(f"--mood {mood}" for mood in scenario.moods)])
    with carrier_under_test(case) as under_test:
        return ", ".join(under_test.public().values())


def _version(case: Case, scenario: Scenario) -> str:
    return case.api_version if scenario.published is None else scenario.published.api_version


__all__ = ["Credentials", "credentials", "from_carrier", "from_sandbox", "publish", "record"]
