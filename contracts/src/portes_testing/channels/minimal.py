"""The fewest settings that a channel takes, found from its own model, with credentials made up for it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from portes.channels.protocol import Channel, ChannelSettings, Storefront
from portes.errors import SettingsError

KEY: Final = "canary-4711-that-nobody-guesses"
"""The secret in every credential that is made up here."""

_AUTHS: Final[Sequence[Mapping[str, str]]] = (
    {"kind": "url_token", "token": KEY},
    {"kind": "header", "name": "X-Key", "value": KEY},
    {"kind": "basic", "username": "shop", "password": KEY},
    {"kind": "app_key", "app_key": f"app-{KEY}", "app_token": KEY},
)
_WAYS_IN: Final[Sequence[Mapping[str, Any]]] = (
    {"secret": KEY},
    *({"auth": auth} for auth in _AUTHS),
    {"keys": KEY},
    {"token": KEY},
)
"""Settings by which some channel lets callers in; each is tried where the fewest let nobody in."""
_COUNTRIES: Final = (("BR", "BRL"), ("ES", "EUR"), ("US", "USD"))
_MOST_STEPS: Final = 20


def minimal_settings(kind: type[Channel]) -> dict[str, Any]:
    """The keys of `[channels.NAME]` without which the channel does not start, with made-up values.

    What is required beside a way in is taken from the `examples` of its field, or is the first word that it takes.
    Raises `ValueError` for a channel that takes none of what is tried.
    """
    causes = []
    for way in ({}, *_WAYS_IN):
        keys = {name: value for name, value in way.items() if name in kind.Settings.model_fields}
        if keys == way:
            filled, cause = _filled(kind.Settings, keys)
            if not cause:
                return filled
            causes.append(cause)
    msg = f"no settings of {kind.__name__} are found; give its required fields examples: {causes[-1]}"
    raise ValueError(msg)


def minimal_channel(kind: type[Channel], **more: Any) -> Channel:  # noqa: ANN401 — values of settings
    """A channel of the fewest settings, and `more` of them, for a store of the first country that it speaks for."""
    settings = kind.Settings.model_validate({**minimal_settings(kind), **more})
    refusals = []
    for country, currency in _COUNTRIES:
        try:
            return kind(settings, Storefront("shop", country, currency))
        except SettingsError as error:
            refusals.append(str(error))
    raise ValueError("; ".join(refusals))


def _filled(model: type[ChannelSettings], keys: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The keys with what is missing beside them, and why they are refused all the same; empty for nothing."""
    for _ in range(_MOST_STEPS):
        try:
            model.model_validate(keys)
        except ValidationError as error:
            found = dict(_examples(model, error.errors()))
            if not found.keys() - keys.keys():
                return keys, str(error)
            keys = {**found, **keys}
        else:
            return keys, ""
    return keys, "too many keys are missing"


def _examples(model: type[BaseModel], errors: Sequence[ErrorDetails]) -> Iterator[tuple[str, Any]]:
    """A value for each key that is missing: its field's first example, or the first of the words that it takes."""
    for each in errors:
        if each["type"] == "missing" and len(each["loc"]) == 1:
            field = model.model_fields[str(each["loc"][0])]
            words = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
            yield from ((str(each["loc"][0]), value) for value in (field.examples or words)[:1])


__all__ = ["KEY", "minimal_channel", "minimal_settings"]
