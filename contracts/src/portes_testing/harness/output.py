"""Everything that leaves a carrier in words: log lines, output, warnings, errors; it knows no secret."""

import io
import logging
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger


class Evidence(logging.Handler):
    """Collects words, from any thread."""

    def __init__(self) -> None:
        super().__init__(level=logging.NOTSET)
        self.words: list[str] = []
        self.output = io.StringIO()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line of the standard library's logging, with its traceback."""
        self.words.append(logging.Formatter("%(name)s %(message)s").format(record))

    def add(self, *things: object) -> None:
        """Keep what things look like to whoever prints them, and an error with all that it was caused by."""
        for thing in things:
            shown = "".join(traceback.format_exception(thing)) if isinstance(thing, BaseException) else str(thing)
            self.words += [shown, repr(thing)]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join([*self.words, self.output.getvalue()])

    def logger(self) -> FilteringBoundLogger:
        """The logger that a carrier gets: every level is kept, with tracebacks."""

        def keep(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
            self.words.append(f"{method} {event}")
            raise structlog.DropEvent

        bound: FilteringBoundLogger = structlog.wrap_logger(
            None,
            processors=[structlog.processors.format_exc_info, keep],
            wrapper_class=structlog.make_filtering_bound_logger(logging.NOTSET),
        )
        return bound


@contextmanager
def collected(evidence: Evidence) -> Iterator[Evidence]:
    """Collect what is logged, printed and warned of while the block runs."""
    root = logging.getLogger()
    level = root.level
    root.addHandler(evidence)
    root.setLevel(logging.DEBUG)
    try:
        with (
            redirect_stdout(evidence.output),
            redirect_stderr(evidence.output),
            warnings.catch_warnings(record=True) as warned,
        ):
            warnings.simplefilter("always")
            yield evidence
            evidence.add(*(warning.message for warning in warned))
    finally:
        root.removeHandler(evidence)
        root.setLevel(level)


__all__ = ["Evidence", "collected"]
