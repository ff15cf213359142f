"""What the parts of a store's file demand of each other, seen on the tables as they stand; it knows no plugin."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from portes.errors import Problem, shown
from portes.settings.source import SettingsFile, below


def cross_problems(tables: Mapping[str, Any], source: SettingsFile) -> Iterator[Problem]:
    """Numbers and codes used twice, services without a code, and what a store cannot do without.

    A part of another kind than it should be is left to whoever reads that part.
    """
    origins = [(f"origins.{index}", origin) for index, origin in enumerate(_list(tables.get("origins")))]
    carriers = [(below("carriers", key), carrier) for key, carrier in _table(tables.get("carriers")).items()]
    yield from _twins(source, _column(origins, "id"), "number every origin differently")
    yield from _twins(source, _column(carriers, "id"), "number every carrier differently")
    for where, carrier in carriers:
        yield from _service_problems(source, f"{where}.services", _table(carrier))
    if not tables.get("origins"):
        yield source.problem("origins", "", "is missing", "add an [[origins]] table for the place parcels leave from")
    if not any(_is_asked(_table(carrier)) for _, carrier in carriers):
        fix = "add a [carriers.NAME] table, or write active = true in one and in one of its services"
        yield source.problem("carriers", "", "names no active carrier that is not a fallback", fix)
    yield from _fallback_problems(source, _table(tables.get("carriers")))


def _fallback_problems(source: SettingsFile, carriers: Mapping[str, Any]) -> Iterator[Problem]:
    fallbacks = [key for key, carrier in carriers.items() if _is_fallback(_table(carrier))]
    for key, carrier in carriers.items():
        named = _table(carrier).get("fallback")
        if isinstance(named, str) and named not in fallbacks:
            fix = (
                f"write one of {', '.join(fallbacks)}"
                if fallbacks
                else "write fallback_only = true in the carrier that stands in"
            )
            where = f"{below('carriers', key)}.fallback"
            yield source.problem(where, shown(named), "is no active carrier with fallback_only = true", fix)
        if named is not None and _is_fallback(_table(carrier)):
            where = f"{below('carriers', key)}.fallback"
            yield source.problem(
                where, shown(named), "stands in a fallback, which needs none", "remove one of the two keys"
            )


def _service_problems(source: SettingsFile, where: str, carrier: Mapping[str, Any]) -> Iterator[Problem]:
    services = [(f"{where}.{index}", service) for index, service in enumerate(_list(carrier.get("services")))]
    if not carrier.get("services") and carrier.get("active", True):
        yield source.problem(where, "", "is missing", f"add a [[{where}]] table for each service")
    for place, service in services:
        if isinstance(service, dict) and "code" not in service:
            yield source.problem(f"{place}.code", "", "is missing", "add the key code")
    yield from _twins(source, _column(services, "code"), "write each service once")


def _column(tables: Iterable[tuple[str, object]], key: str) -> Iterator[tuple[str, Hashable]]:
    for where, table in tables:
        value = _table(table).get(key)
        if isinstance(value, str | int):
            yield f"{where}.{key}", value


def _twins(source: SettingsFile, found: Iterable[tuple[str, Hashable]], fix: str) -> Iterator[Problem]:
    first: dict[Hashable, str] = {}
    for where, value in found:
        if value in first:
            yield source.problem(where, shown(value), f"is already taken by {first[value]}", fix)
        first.setdefault(value, where)


def _is_fallback(carrier: Mapping[str, Any]) -> bool:
    return carrier.get("fallback_only") is True and carrier.get("active", True) is not False


def _is_asked(carrier: Mapping[str, Any]) -> bool:
    services = map(_table, _list(carrier.get("services")))
    wanted = carrier.get("active", True) is not False and carrier.get("fallback_only") is not True
    return wanted and any(service.get("active", True) for service in services)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
