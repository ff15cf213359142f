"""Checks of what an operator meets first: the channel's name and its keys."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from portes.channels.protocol import ChannelSettings
from portes.registry import CHANNELS
from portes.store.plugin_checks import lacks_of_plugin
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.harness.errors import require, require_none


def found_by_its_entry_point(under_test: ChannelUnderTest) -> None:
    """A store that names the channel finds it, with all that a store looks for."""
    lacking = lacks_of_plugin(CHANNELS, under_test.plugin)
    require(not lacking, f"no store can use the channel: {lacking}")


def every_setting_is_described(under_test: ChannelUnderTest) -> None:
    """Each key has a sentence for the reference page, those of inner tables as well."""
    found = _undescribed(under_test.plugin.Settings)
    require_none(found, "an operator cannot know what these keys mean; give each a description")


def _undescribed(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        tells_kind = get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1
        if not tells_kind and not (field.description or "").strip():
            yield f"{model.__name__}.{name}"
        for inner in _models(field.annotation):
            yield from _undescribed(inner)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 — any annotation
    """The models of tables that a setting may hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def settings_are_strict(under_test: ChannelUnderTest) -> None:
    """A key that nobody knows is an error, and settings never change under the channel."""
    model = under_test.plugin.Settings
    require(issubclass(model, ChannelSettings), f"{model.__name__} does not derive from ChannelSettings")
    keys = {**under_test.table, "no_such_key": 1}
    require(not under_test.takes(keys), f"{model.__name__} takes a misspelled key in silence")
    require(model.model_config.get("frozen"), f"{model.__name__} is not frozen")


__all__ = ["every_setting_is_described", "found_by_its_entry_point", "settings_are_strict"]
