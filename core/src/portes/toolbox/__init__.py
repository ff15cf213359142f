"""All that a carrier plugin gets: session, tokens, clock, logger, side-by-side calls; it knows no engine."""

from portes.files import replace_atomically
from portes.redaction import MASK, Redactor
from portes.toolbox.response import HttpResponse
from portes.toolbox.tokens.cache import Fetch, TokenCache
from portes.toolbox.tokens.models import FetchLimit, Token, TokenKey
from portes.toolbox.tools import THREADS, StoreFacts, Tools, tools_for

__all__ = [
    "MASK",
    "THREADS",
    "Fetch",
    "FetchLimit",
    "HttpResponse",
    "Redactor",
    "StoreFacts",
    "Token",
    "TokenCache",
    "TokenKey",
    "Tools",
    "replace_atomically",
    "tools_for",
]
