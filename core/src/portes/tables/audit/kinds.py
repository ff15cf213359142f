"""Everything that an audit can find, by code."""

from typing import Final

from portes.tables.audit.finding_kind import SEVERITIES, FindingKind, MendKind, Severity
from portes.tables.audit.row_kinds import ROW_KINDS
from portes.tables.audit.value_kinds import VALUE_KINDS

KINDS: Final = {kind.code: kind for kind in (*ROW_KINDS, *VALUE_KINDS)}
"""By code, in the order in which they are told."""

__all__ = ["KINDS", "SEVERITIES", "FindingKind", "MendKind", "Severity"]
