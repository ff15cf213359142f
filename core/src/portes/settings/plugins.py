"""The plugins' own tables of a store's file made into the plugins' models; it knows no plugin by name."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from portes.contract import Money, Service
from portes.errors import Problem, RequestError, SettingsError
from portes.settings.sections import CarrierSection
from portes.settings.source import SettingsFile, below, expand
from portes.settings.validate import fit, plain_secrets, value_words

Settings = TypeVar("Settings", bound=BaseModel)
Own = TypeVar("Own", bound=Service)

_EXTRA_COST: Final = "extra_cost"
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
_AMOUNT_FIX: Final = 'write an amount in quotes, such as "2.50"'


def plugin_settings(
    model: type[Settings], table: Mapping[str, Any], where: str, file: Path, environ: Mapping[str, str]
) -> Settings:
    """Make a plugin's model of its table of a store's file.

    `where` is the table's key path: `carriers.correios.settings`. References are replaced, secrets in
    plain text refused. Raises `SettingsError` with every problem at once.
    """
    fitted = fit(model, table, where, SettingsFile(file, environ))
    if fitted.model is None:
        raise SettingsError(fitted.problems)
    return fitted.model


def service_settings(
    model: type[Own],
    tables: Sequence[Mapping[str, Any]],
    currency: str,
    where: str,
    file: Path,
    environ: Mapping[str, str],
) -> tuple[Own, ...]:
    """Make a plugin's `ServiceSettings` of each of its services, `extra_cost` in minor units of the currency.

    `where` is the list's key path: `carriers.correios.services`. Raises `SettingsError` with every problem
    of every service at once.
    """
    source = SettingsFile(file, environ)
    problems: list[Problem] = []
    services: list[Own] = []
    for index, table in enumerate(tables):
        place = below(where, index)
        cost = _ExtraCost(table.get(_EXTRA_COST), currency, below(place, _EXTRA_COST), source)
        fitted = fit(model, {**table, _EXTRA_COST: cost.minor}, place, source)
        problems += (*cost.problems, *fitted.problems)
        services += [fitted.model] if fitted.model is not None else []
    if problems:
        raise SettingsError(problems)
    return tuple(services)


def refuse_plain_secrets(
    settings: type[BaseModel], services: type[Service], section: CarrierSection, where: str, file: Path
) -> None:
    """Look only for secrets in plain text in a carrier's tables; no reference is followed.

    For a carrier that is switched off, whose variables nobody needs to set. Raises `SettingsError` with all of them.
    """
    source = SettingsFile(file, {})
    problems = list(plain_secrets(settings, section.settings, f"{where}.settings", source))
    for index, table in enumerate(section.services):
        problems += plain_secrets(services, table, f"{where}.services.{index}", source)
    if problems:
        raise SettingsError(problems)


class _ExtraCost:
    """`"2.50"` as minor units; zero, and a problem, when it is no amount."""

    def __init__(self, written: object, currency: str, where: str, source: SettingsFile) -> None:
        expanded = expand(written, where, source)
        self.minor = 0
        self.problems = list(expanded.problems)
        if written is not None and not self.problems:
            try:
                self.minor = _minor(expanded.tree, currency)
            except ValueError as error:
                self.problems = [source.problem(where, value_words(written), str(error), _AMOUNT_FIX)]


def _minor(amount: object, currency: str) -> int:
    if not isinstance(amount, str):
        msg = "is not an amount in quotes"
        raise ValueError(msg)  # noqa: TRY004 — one kind of error for one kind of problem
    if not _AMOUNT.fullmatch(amount):
        msg = "is not an amount with a dot before its cents"
        raise ValueError(msg)
    try:
        return Money.of(Decimal(amount), currency).minor
    except RequestError as error:
        raise ValueError(error.problems[0].cause) from None
