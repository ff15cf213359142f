"""A channel of a store made from its table."""

from collections.abc import Mapping
from typing import Any

from portes.channels.protocol import Channel, Storefront
from portes.registry import CHANNELS
from portes.store.context import BuildContext
from portes.store.fingerprints import fingerprint


def build_channel(context: BuildContext, key: str, table: Mapping[str, Any]) -> tuple[str, Channel]:
    """Make one channel, with its name in the settings. Raises `SettingsError` with its problems."""
    kind = context.find(CHANNELS, key, f"channels.{key}").value
    settings = context.settings(kind.Settings, table, f"channels.{key}")
    context.versions[f"channels.{key}"] = fingerprint(key, (settings,))
    front = Storefront(context.draft.name, context.section.country, context.section.currency)
    return key, kind(settings, front)
