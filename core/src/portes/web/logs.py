"""How the service writes its log: one JSON line per event on standard output."""

import json
import logging
import sys
from typing import Any, Final

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from portes.errors import escaped_json
from portes.redaction import LOGGED

LEVELS: Final = ("debug", "info", "warning", "error")


class _OwnLine(str):
    """A name of an event that nobody else can log, as strangers may take the same word."""

    __slots__ = ()


REPLIED: Final = _OwnLine("replied")
"""The event of every call. All its values are our own words and numbers, so nothing in it needs to be masked."""


def _discreet(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask every secret of every store, wherever in an event it stands."""
    return event if event.get("event") is REPLIED else LOGGED.event(event)


def _strange(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask short secrets in the text of a library's event, too: it is a stranger's."""
    return LOGGED.event(event, ours=False)


STAMP: Final[tuple[Processor, ...]] = (
    structlog.processors.format_exc_info,
    _discreet,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
)
"""What every log of ours does before it writes: no secret is left in an event or its traceback.

Level and moment come after, so that no secret that reads like `error` blots them out.
"""


def configure_logs(level: str) -> None:
    """Send our own events and those of the libraries to standard output, from `level` up."""
    threshold = logging.getLevelName(level.upper())
    structlog.configure(
        processors=[*STAMP, structlog.processors.JSONRenderer(serializer=_line)],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(of_libraries(structlog.processors.JSONRenderer(serializer=_text)))
    # What libraries tell about themselves is interesting to whoever debugs.
    theirs = threshold if level == "debug" else max(threshold, logging.WARNING)
    logging.basicConfig(level=theirs, handlers=[handler], force=True)


def of_libraries(render: Processor) -> logging.Formatter:
    """The formatter that writes what libraries log as our own events are written."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[_drop_meta, render], foreign_pre_chain=[_strange, *STAMP, structlog.stdlib.add_logger_name]
    )


def _drop_meta(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, name, event)


def _text(event: EventDict, **options: Any) -> str:  # noqa: ANN401 — passed on to orjson as they are
    return _line(event, **options).decode()


def _line(event: EventDict, **options: Any) -> bytes:  # noqa: ANN401 — the same
    """An event as JSON, in which foreign texts cannot command a terminal, turn or hide anything."""
    try:
        line = orjson.dumps(event, **options)
    except TypeError:  # a lone surrogate, which is no text to orjson
        line = json.dumps(event, **options).encode()
    return line if line.isascii() and b"\x7f" not in line else escaped_json(line.decode()).encode()
