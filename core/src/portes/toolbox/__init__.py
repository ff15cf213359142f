"""All that a carrier plugin gets: session, tokens, clock, logger, side-by-side calls."""

from portes.clock import Clock, SystemClock
from portes.files import claim_folder, read_own, replace_atomically
from portes.forks.children import in_each_process
from portes.redaction import MASK, Redactor
from portes.toolbox.reading import (
    FIELDS,
    check_echo,
    check_status,
    discreet,
    json_of,
    read_json,
    read_model,
    status_error,
    validated,
)
from portes.toolbox.response import HttpResponse
from portes.toolbox.sayings import Saying
from portes.toolbox.tokens.cache import Fetch, TokenCache
from portes.toolbox.tokens.models import FetchLimit, SecretHistory, Token, TokenKey, TokenText
from portes.toolbox.tools import THREADS, StoreFacts, Tools, tools_for

__all__ = [
    "FIELDS",
    "MASK",
    "THREADS",
    "Clock",
    "Fetch",
    "FetchLimit",
    "HttpResponse",
    "Redactor",
    "Saying",
    "SecretHistory",
    "StoreFacts",
    "SystemClock",
    "Token",
    "TokenCache",
    "TokenKey",
    "TokenText",
    "Tools",
    "check_echo",
    "check_status",
    "claim_folder",
    "discreet",
    "in_each_process",
    "json_of",
    "read_json",
    "read_model",
    "read_own",
    "replace_atomically",
    "status_error",
    "tools_for",
    "validated",
]
