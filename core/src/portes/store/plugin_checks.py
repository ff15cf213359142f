"""What a carrier plugin must bring before a store relies on it, and what none may hold at rest; it makes no carrier."""

from collections.abc import Sequence
from inspect import isasyncgenfunction, iscoroutinefunction
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from portes.carrier import Abilities, Carrier
from portes.contract import Service
from portes.errors import SettingsError
from portes.registry import CARRIERS, Registry
from portes.settings import CarrierSection, refuse_plain_secrets

_MODELS: Final = {"Settings": BaseModel, "ServiceSettings": Service}


def lacks_of_class(kind: Any) -> str:  # noqa: ANN401 — whatever a stranger's entry point names
    """What is missing before a carrier can be made, in words; empty when nothing is."""
    lacking = [name for name, base in _MODELS.items() if not _derives(getattr(kind, name, None), base)]
    return f"it has no {' and no '.join(lacking)}" if lacking else ""


def lacks_of(carrier: object, services: Sequence[Service]) -> str:
    """What is missing before a carrier can be asked, in words; empty when nothing is.

    A configured service that its abilities leave out would be neither offered nor refused, and nobody would notice.
    """
    if not isinstance(getattr(carrier, "abilities", None), Abilities):
        return "it has no abilities"
    if not isinstance(carrier, Carrier) or not callable(carrier.quote):
        return "it has no method quote"
    for name in ("quote", "diagnose", "warm"):
        if _is_async(getattr(carrier, name, None)):
            return f"its {name} is async, and nobody awaits it: write def in place of async def"
    declared, configured = _codes(carrier.abilities.services), _codes(services)
    if declared != configured:
        return f"its abilities name {_listed(declared)} where {_listed(configured)} are configured"
    return ""


def refuse_secrets_at_rest(registry: Registry, section: CarrierSection, where: str, file: Path) -> None:
    """Raise `SettingsError` for secrets in plain text of a carrier that is switched off.

    Nothing else is asked of it: neither its plugin nor the variables of its secrets need to be there.
    """
    try:
        kind = registry.find(CARRIERS, section.use).value
    except SettingsError:
        return
    if not lacks_of_class(kind):
        refuse_plain_secrets(kind.Settings, kind.ServiceSettings, section, where, file)


def _is_async(method: object) -> bool:
    """Whether calling it only makes something to be awaited, of a function or of an object that is called like one."""
    called = (method, getattr(method, "__call__", None))  # noqa: B004 — its type tells more than that it can be called
    return any(iscoroutinefunction(one) or isasyncgenfunction(one) for one in called)


def _derives(found: object, base: type) -> bool:
    return isinstance(found, type) and issubclass(found, base)


def _codes(services: Sequence[Service]) -> list[str]:
    return sorted(service.code for service in services)


def _listed(codes: Sequence[str]) -> str:
    return f"the services {', '.join(codes)}" if codes else "no services"
