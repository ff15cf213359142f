"""Loggers that mask by themselves whatever is logged."""

from functools import partial
from typing import Any, cast

import structlog
from structlog.typing import FilteringBoundLogger

from portes.redaction.redactor import Redactor
from portes.redaction.shapes import SURE


class MaskedError(Exception):
    """Stands in a log for an exception: its whole traceback as a text, masked.

    It has no frames of its own, for their variables may hold secrets, and a log that prints them breaks long lines.
    """


def masked_logger(redactor: Redactor, name: str, *, ours: bool = False, **bound: Any) -> FilteringBoundLogger:  # noqa: ANN401 — as structlog
    """A logger that masks by itself whatever is logged, however the program around it has configured its log.

    Of events whose texts are `ours` these keep words that a short secret is like.
    """
    steps: list[Any] = [partial(_masked, redactor, ours=ours), _as_configured, partial(_masked_again, redactor)]
    return cast(FilteringBoundLogger, structlog.wrap_logger(None, steps, logger_factory_args=[name], **bound))


def _masked(redactor: Redactor, logger: Any, method: str, event: Any, *, ours: bool) -> Any:  # noqa: ANN401 — structlog's signature
    crashed = event.get("exc_info")
    told = redactor.event(structlog.processors.format_exc_info(logger, method, event), ours=ours)
    if crashed and (traceback := told.pop("exception", "")):
        told["exc_info"] = MaskedError(traceback)
    return told


def _as_configured(logger: Any, method: str, event: Any) -> Any:  # noqa: ANN401 — structlog's own signature
    """Let the processors of the moment work, whenever logging is configured."""
    for process in structlog.get_config()["processors"]:
        event = process(logger, method, event)
    return event


def _masked_again(redactor: Redactor, _logger: object, _method: str, event: Any) -> Any:  # noqa: ANN401 — as structlog
    """Mask what the processors put together, where it can be neither a key nor a name that they added."""
    return redactor._clean(event, SURE)  # noqa: SLF001 — its own module
