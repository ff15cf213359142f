"""A channel of a store made from its table."""

from collections.abc import Mapping
from typing import Any

from portes.channels.protocol import Channel, Storefront
from portes.errors import SettingsError
from portes.registry import CHANNELS
from portes.store.context import BuildContext
from portes.store.fingerprints import fingerprint


def build_channel(context: BuildContext, key: str, table: Mapping[str, Any]) -> tuple[str, Channel]:
    """Make one channel, with its name in the settings. Raises `SettingsError` with its problems."""
    kind = context.find(CHANNELS, key, f"channels.{key}").value
    settings = context.settings(kind.Settings, table, f"channels.{key}")
    context.versions[f"channels.{key}"] = fingerprint(key, (settings,))
    if settings.calendar is not None:
        _check_calendar(context, settings.calendar, f"channels.{key}")
    front = Storefront(context.draft.name, context.section.country, context.section.currency, settings.calendar)
    return key, kind(settings, front)


def _check_calendar(context: BuildContext, calendar: str, where: str) -> None:
    try:
        context.facts().require_calendar(calendar)
    except SettingsError as error:
        raise context.placed(error, where) from None
