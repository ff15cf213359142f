"""What the parts of a store's file demand of each other, seen on the tables as they stand."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

from portes.errors import Problems
from portes.settings.source import below


def check_parts(tables: Mapping[str, Any], problems: Problems) -> None:
    """Refuse numbers and codes used twice, services without a code, and what a store cannot do without.

    A part of another kind than it should be is left to whoever reads that part.
    """
    origins = [(f"origins.{index}", origin) for index, origin in enumerate(_list(tables.get("origins")))]
    carriers = [(below("carriers", key), carrier) for key, carrier in _table(tables.get("carriers")).items()]
    _refuse_twins(problems, _column(origins, "id"), "number every origin differently")
    _refuse_twins(problems, _column(carriers, "id"), "number every carrier differently")
    boxes = [(f"boxes.{index}", box) for index, box in enumerate(_list(tables.get("boxes")))]
    _refuse_twins(problems, _column(boxes, "code"), "write a code of its own for every carton")
    for where, carrier in carriers:
        _check_services(problems, f"{where}.services", _table(carrier))
    if not tables.get("origins"):
        problems.add("origins", "", "is missing", "add an [[origins]] table for the place parcels leave from")
    if not any(_is_asked(_table(carrier)) for _, carrier in carriers):
        fix = "add a [carriers.NAME] table, or write active = true in one and in one of its services"
        problems.add("carriers", "", "names no active carrier that is not a fallback", fix)
    _check_fallbacks(problems, _table(tables.get("carriers")))
    _check_catalogue(problems, _table(tables.get("store")), tables.get("catalogue"))


def is_fallback(carrier: object) -> bool:
    """Whether a carrier's table, as it stands, says that it is asked only in place of another."""
    return _table(carrier).get("fallback_only") is True


def _check_catalogue(problems: Problems, store: Mapping[str, Any], catalogue: object) -> None:
    if catalogue is None:
        return
    for key in ("catalogue", "catalogue_decimal"):
        if key in store:
            cause = "stands beside the table [catalogue], and a store has one catalogue"
            fix = 'remove it, or the table; in [catalogue] with use = "file" it is '
            problems.add(f"store.{key}", store[key], cause, fix + ("path" if key == "catalogue" else "decimal"))


def _check_fallbacks(problems: Problems, carriers: Mapping[str, Any]) -> None:
    fallbacks = [key for key, carrier in carriers.items() if _is_fallback(_table(carrier))]
    for key, carrier in carriers.items():
        fallback = _table(carrier).get("fallback")
        if isinstance(fallback, str) and fallback not in fallbacks:
            fix = (
                f"write one of {', '.join(fallbacks)}"
                if fallbacks
                else "write fallback_only = true in the carrier that stands in"
            )
            where = f"{below('carriers', key)}.fallback"
            problems.add(where, fallback, "is no active carrier with fallback_only = true", fix)
        if fallback is not None and _is_fallback(_table(carrier)):
            where = f"{below('carriers', key)}.fallback"
            problems.add(where, fallback, "stands in a fallback, which needs none", "remove one of the two keys")


def _check_services(problems: Problems, where: str, carrier: Mapping[str, Any]) -> None:
    services = [(f"{where}.{index}", service) for index, service in enumerate(_list(carrier.get("services")))]
    if not carrier.get("services") and carrier.get("active", True):
        problems.add(where, "", "is missing", f"add a [[{where}]] table for each service")
    for place, service in services:
        if isinstance(service, dict) and "code" not in service:
            problems.add(f"{place}.code", "", "is missing", "add the key code")
    _refuse_twins(problems, _column(services, "code"), "write each service once")


def _column(tables: Iterable[tuple[str, object]], key: str) -> Iterator[tuple[str, Hashable]]:
    for where, table in tables:
        value = _table(table).get(key)
        if isinstance(value, str | int):
            yield f"{where}.{key}", value


def _refuse_twins(problems: Problems, found: Iterable[tuple[str, Hashable]], fix: str) -> None:
    first: dict[Hashable, str] = {}
    for where, value in found:
        if value in first:
            problems.add(where, value, f"is already taken by {first[value]}", fix)
        first.setdefault(value, where)


def _is_fallback(carrier: Mapping[str, Any]) -> bool:
    return is_fallback(carrier) and carrier.get("active", True) is not False


def _is_asked(carrier: Mapping[str, Any]) -> bool:
    services = map(_table, _list(carrier.get("services")))
    wanted = carrier.get("active", True) is not False and carrier.get("fallback_only") is not True
    return wanted and any(service.get("active", True) for service in services)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
