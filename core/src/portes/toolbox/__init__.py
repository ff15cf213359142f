"""All that a carrier plugin gets: session, tokens, clock, logger, side-by-side calls; it knows no engine."""

from portes.redaction import MASK, Redactor
from portes.toolbox.response import Received
from portes.toolbox.tokens.cache import Fetch, Vault
from portes.toolbox.tokens.models import FetchLimit, Token, TokenKey
from portes.toolbox.tools import THREADS, StoreFacts, Tools, tools_for

__all__ = [
    "MASK",
    "THREADS",
    "Fetch",
    "FetchLimit",
    "Received",
    "Redactor",
    "StoreFacts",
    "Token",
    "TokenKey",
    "Tools",
    "Vault",
    "tools_for",
]
