"""The settings of a store: every key, its default and its sentence, and every problem at once; it knows no plugin."""

from portes.contract.durations import Duration
from portes.settings._draft import StoreDraft, draft_store, load_store
from portes.settings._files import find_store_files
from portes.settings._named import named_files
from portes.settings._plugins import plugin_settings, refuse_plain_secrets, service_settings
from portes.settings._reference import KeyReference, reference, service_reference
from portes.settings._sections import (
    CarrierSection,
    OriginSection,
    ReceiptsSection,
    RuleEntry,
    ServiceSection,
    StoreFile,
    StoreSection,
)

__all__ = [
    "CarrierSection",
    "Duration",
    "KeyReference",
    "OriginSection",
    "ReceiptsSection",
    "RuleEntry",
    "ServiceSection",
    "StoreDraft",
    "StoreFile",
    "StoreSection",
    "draft_store",
    "find_store_files",
    "load_store",
    "named_files",
    "plugin_settings",
    "reference",
    "refuse_plain_secrets",
    "service_reference",
    "service_settings",
]
