"""A channel of a store made from its table."""

from collections.abc import Mapping
from typing import Any

from portes.channels.protocol import Channel, GoodsAsking, Storefront
from portes.registry import CHANNELS
from portes.store.context import BuildContext
from portes.store.fingerprints import fingerprint
from portes.store.plugin_checks import lacks_of_made_channel


def build_channel(context: BuildContext, key: str, table: Mapping[str, Any]) -> tuple[str, Channel]:
    """Make one channel, with its name in the settings. Raises `SettingsError` with its problems."""
    where = f"channels.{key}"
    plugin = context.find(CHANNELS, key, where)
    with context.blaming(plugin, where):
        settings = context.settings(plugin.value.Settings, table, where)
        context.versions[where] = fingerprint(key, (settings,))
        if settings.calendar is not None:
            with context.placing(where):
                context.facts().require_calendar(settings.calendar)
        section = context.section
        front = Storefront(
            context.draft.name,
            section.country,
            section.currency,
            settings.calendar,
            settings.lines,
            section.split_lines,
        )
        channel = plugin.value(settings, front)
        context.refuse_incomplete(plugin, where, lacks_of_made_channel(channel))
        if isinstance(channel, GoodsAsking) and section.catalogue is None and context.draft.catalogue is None:
            cause = "tells prices and stock, and the store has no catalogue that says them"
            raise context.refusal(where, "", cause, 'write catalogue = "catalogue.csv" in [store]')
        return key, channel
