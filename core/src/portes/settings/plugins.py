"""The plugins' own tables of a store's file made into the plugins' models."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from portes.contract import Money, Service
from portes.contract.bounds import DEAREST_EXTRA
from portes.errors import Problem, SettingsError
from portes.rules.amounts import minor_units
from portes.settings.sections import CarrierSection
from portes.settings.source import SettingsFile, below, expand
from portes.settings.validate import fit, refuse_plain, value_words

Settings = TypeVar("Settings", bound=BaseModel)
Own = TypeVar("Own", bound=Service)

_EXTRA_COST: Final = "extra_cost"
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
_AMOUNT_FIX: Final = 'write an amount in quotes, such as "2.50"'


def plugin_settings(
    model: type[Settings],
    table: Mapping[str, Any],
    where: str,
    file: Path,
    environ: Mapping[str, str],
    *,
    follow_links: bool = False,
) -> Settings:
    """Make a plugin's model of its table of a store's file.

    `where` is the table's key path: `carriers.correios.settings`. References are replaced, secrets in
    plain text refused. Raises `SettingsError` with every problem at once.
    """
    source = SettingsFile(file, environ, follow_links=follow_links)
    settings = fit(model, table, where, source)
    if settings is None:
        raise SettingsError(source.problems.all())
    return settings


def service_settings(
    model: type[Own],
    tables: Sequence[Mapping[str, Any]],
    currency: str,
    where: str,
    file: Path,
    environ: Mapping[str, str],
    *,
    follow_links: bool = False,
) -> tuple[Own, ...]:
    """Make a plugin's `ServiceSettings` of each of its services, `extra_cost` in minor units of the currency.

    `where` is the list's key path: `carriers.correios.services`. Raises `SettingsError` with every problem
    of every service at once.
    """
    source = SettingsFile(file, environ, follow_links=follow_links)
    services = [_service(model, table, currency, below(where, index), source) for index, table in enumerate(tables)]
    source.problems.check()
    return tuple(service for service in services if service is not None)


def refuse_plain_secrets(
    settings: type[BaseModel], services: type[Service], section: CarrierSection, where: str, file: Path
) -> None:
    """Look only for secrets in plain text in a carrier's tables; no reference is followed.

    For a carrier that is switched off, whose variables nobody needs to set. Raises `SettingsError` with all of them.
    """
    source = SettingsFile(file, {})
    refuse_plain(settings, section.settings, f"{where}.settings", source)
    for index, table in enumerate(section.services):
        refuse_plain(services, table, f"{where}.services.{index}", source)
    source.problems.check()


def _service(model: type[Own], table: Mapping[str, Any], currency: str, where: str, source: SettingsFile) -> Own | None:
    written, place, own = table.get(_EXTRA_COST), below(where, _EXTRA_COST), source.afresh()
    expanded = expand(written, place, own).tree
    minor = 0
    if written is not None and not own.problems.count:
        try:
            minor = _minor(expanded, currency)
        except SettingsError as error:
            own.problems.add(place, value_words(written), error.problems[0].cause, error.problems[0].fix)
    source.problems.include(own.problems.all())
    return fit(model, {**table, _EXTRA_COST: minor}, where, source)


def _minor(amount: object, currency: str) -> int:
    cause = "is not an amount in quotes"
    if isinstance(amount, str):
        if _AMOUNT.fullmatch(amount):
            return _bounded(minor_units({_EXTRA_COST: Decimal(amount)}, currency)[_EXTRA_COST], currency)
        cause = "is not an amount with a dot before its cents"
    raise SettingsError(Problem(_EXTRA_COST, "", cause, _AMOUNT_FIX))


def _bounded(minor: int, currency: str) -> int:
    if minor > DEAREST_EXTRA:
        most = Money(minor=DEAREST_EXTRA, currency=currency).amount
        raise SettingsError(Problem(_EXTRA_COST, "", "is too large", f'write "{most}" or less'))
    return minor
