"""The settings of a store: every key, its default and its sentence, and every problem at once."""

from portes.contract.durations import Duration
from portes.settings.box_section import BoxSection, minor_amount
from portes.settings.hours import HourSpan
from portes.settings.key_reference import KeyReference, reference, service_reference
from portes.settings.load import StoreDraft, draft_store, load_store
from portes.settings.origin_section import OriginSection
from portes.settings.plugins import plugin_settings, refuse_plain_secrets, service_settings
from portes.settings.referenced_files import find_referenced_files
from portes.settings.sections import (
    BreakerSettings,
    BulkSection,
    CacheTtl,
    CarrierSection,
    ReceiptsSection,
    RuleEntry,
    ServiceSection,
    StoreFile,
    StoreSection,
)
from portes.settings.store_files import find_store_files, name_from_path
from portes.settings.validate import CrashedModelError

__all__ = [
    "BoxSection",
    "BreakerSettings",
    "BulkSection",
    "CacheTtl",
    "CarrierSection",
    "CrashedModelError",
    "Duration",
    "HourSpan",
    "KeyReference",
    "OriginSection",
    "ReceiptsSection",
    "RuleEntry",
    "ServiceSection",
    "StoreDraft",
    "StoreFile",
    "StoreSection",
    "draft_store",
    "find_referenced_files",
    "find_store_files",
    "load_store",
    "minor_amount",
    "name_from_path",
    "plugin_settings",
    "reference",
    "refuse_plain_secrets",
    "service_reference",
    "service_settings",
]
