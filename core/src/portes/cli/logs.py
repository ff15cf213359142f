"""Where commands that open a store send its log; it knows no event."""

import logging
import sys


def log_to_stderr() -> None:
    """Send warnings and worse to standard error, so that standard output holds the command's answer alone."""
    import structlog

    # plain tracebacks: the default prints the frames' variables, and those may hold credentials
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
