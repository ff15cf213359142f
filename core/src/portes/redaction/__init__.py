"""Hides known secrets in texts, structures and logs, in the shapes they travel in."""

from portes.redaction.masked_log import MaskedError, masked_logger
from portes.redaction.redactor import LOGGED, Redactor
from portes.redaction.settings import FoundSecret, is_short, secrets_in
from portes.redaction.shapes import MASK

__all__ = ["LOGGED", "MASK", "FoundSecret", "MaskedError", "Redactor", "is_short", "masked_logger", "secrets_in"]
