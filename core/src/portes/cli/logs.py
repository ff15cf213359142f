"""Where commands that open a store send its log."""

import logging
import sys
from typing import TYPE_CHECKING

from portes.errors import escaped

if TYPE_CHECKING:
    from structlog.typing import EventDict


def _printable(_logger: object, _method: str, event: "EventDict") -> "EventDict":
    """Escape what cannot be printed in the texts of an event; the lines of a traceback stay lines."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = "\n".join(map(escaped, value.split("\n"))) if key == "exception" else escaped(value)
    return event


def log_to_stderr() -> None:
    """Send warnings and worse to standard error, so that standard output holds the command's answer alone.

    They are masked as in the service's log, those of libraries too, and coloured for a terminal only.
    """
    import structlog

    from portes.web.logs import STAMP, of_libraries

    # plain tracebacks: they are texts by now, and the default would complain that it cannot colour them
    render = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, timestamp_key="at"
    )
    structlog.configure(
        processors=[*STAMP, _printable, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    if logging.lastResort:  # it writes warnings to standard error for programs that hand logging no handler
        logging.lastResort.setFormatter(of_libraries(render))
