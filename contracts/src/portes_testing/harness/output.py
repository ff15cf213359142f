"""Everything that leaves a carrier in words: log lines, output, warnings, errors; it knows no secret."""

import io
import logging
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger


class Output(logging.Handler):
    """A collector of words, from any thread."""

    def __init__(self) -> None:
        super().__init__(level=logging.NOTSET)
        self.lines: list[str] = []
        self.printed = io.StringIO()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line of the standard library's logging, with its traceback."""
        self.lines.append(logging.Formatter("%(name)s %(message)s").format(record))

    def add(self, *things: object) -> None:
        """Keep what things look like to whoever prints them, and an error with all that it was caused by."""
        for thing in things:
            shown = "".join(traceback.format_exception(thing)) if isinstance(thing, BaseException) else str(thing)
            self.lines += [shown, repr(thing)]

    @property
    def text(self) -> str:
        """All that was collected, one thing a line."""
        return "\n".join([*self.lines, self.printed.getvalue()])

    def logger(self) -> FilteringBoundLogger:
        """The logger that a carrier gets: every level is kept, with tracebacks."""

        def keep(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
            self.lines.append(f"{method} {event}")
            raise structlog.DropEvent

        bound: FilteringBoundLogger = structlog.wrap_logger(
            None,
            processors=[structlog.processors.format_exc_info, keep],
            wrapper_class=structlog.make_filtering_bound_logger(logging.NOTSET),
        )
        return bound


@contextmanager
def captured(output: Output) -> Iterator[Output]:
    """Collect what is logged, printed and warned of while the block runs."""
    root = logging.getLogger()
    level = root.level
    root.addHandler(output)
    root.setLevel(logging.DEBUG)
    try:
        with (
            redirect_stdout(output.printed),
            redirect_stderr(output.printed),
            warnings.catch_warnings(record=True) as warned,
        ):
            warnings.simplefilter("always")
            yield output
            output.add(*(warning.message for warning in warned))
    finally:
        root.removeHandler(output)
        root.setLevel(level)


__all__ = ["Output", "captured"]
