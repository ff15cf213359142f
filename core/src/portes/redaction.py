"""Hides known secrets in texts, structures and logs, in the shapes they travel in."""

import base64
import itertools
import json
import re
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum
from functools import partial
from typing import Any, Final, NamedTuple, cast
from urllib.parse import quote, quote_plus

import structlog
from pydantic import BaseModel, Secret, SecretBytes, SecretStr
from structlog.typing import FilteringBoundLogger

MASK: Final = "•••"
"""What stands where a secret stood."""

_SHORTEST: Final = 8
"""Characters of a secret that is masked wherever it stands; a shorter one reads like a word or a part of one.

It is masked where it stands alone, and never as a key; a token as short is left.
"""
_LEAST: Final = 4
"""Characters of a secret that is masked at all: to blot out every `a` would hide the text and tell the secret."""
_ALONE: Final = r"(?:(?<![\w-])|(?<=\\[nrt]))(?:{})(?![\w-])(?!\\?\"\s*:)"
"""A pattern for a word that is no part of another, and no key of JSON; the letter of an escaped line end is no part."""
_MOST_HELD: Final = 256


def _any_of(shapes: Iterable[str], pattern: str) -> re.Pattern[str] | None:
    longest_first = sorted(shapes, key=lambda shape: (-len(shape), shape))
    return re.compile(pattern.format("|".join(map(re.escape, longest_first)))) if longest_first else None


class Redactor:
    """Knows secrets and masks each of them: as it is, quoted for an address or JSON, in base64, in a Basic header.

    `secrets` are texts; `pairs` are users with their passwords, whose base64 makes a Basic header.
    """

    def __init__(self, secrets: Iterable[str] = (), pairs: Iterable[tuple[str, str]] = ()) -> None:
        pairs = tuple(pairs)
        plain = {*secrets, *(password for _, password in pairs)}
        shapes = {shape for secret in plain for shape in _shapes(secret)}
        shapes |= {shape for user, password in pairs for shape in _encoded(f"{user}:{password}")}
        self._know(frozenset(shapes - {""}))
        self._lock = threading.Lock()
        self._held: dict[str, tuple[str, ...]] = {}
        self._passing: tuple[str, ...] = ()
        self._others: tuple[Redactor, ...] = ()

    def _know(self, shapes: frozenset[str]) -> None:
        self.shapes = shapes
        self._pattern = _any_of((shape for shape in shapes if len(shape) >= _SHORTEST), "{}")
        self._alone = _any_of((shape for shape in shapes if _LEAST <= len(shape) < _SHORTEST), _ALONE)

    @classmethod
    def of(cls, *models: BaseModel) -> "Redactor":
        """Collect every secret of some settings, each also as the password of every text beside it."""
        found = list(secrets_in(models))
        return cls(
            (secret.text for secret in found), ((user, secret.text) for secret in found for user in secret.beside)
        )

    def __bool__(self) -> bool:
        """Whether it knows any secret that stays."""
        return bool(self.shapes)

    def learn(self, *models: BaseModel) -> None:
        """Mask the secrets of these settings from now on, beside those it knows."""
        shapes = self.shapes | Redactor.of(*models).shapes
        if shapes != self.shapes:
            self._know(shapes)

    def hold(self, name: str, secret: str) -> None:
        """Mask a secret that replaces the one before it of this name, which may be under way still and stays masked.

        Those before these two are forgotten, as is a name when 256 others were heard of since.
        """
        with self._lock:
            before = [one for one in self._held.pop(name, ()) if one != secret]
            self._held[name] = (*before[-1:], secret)
            if len(self._held) > _MOST_HELD:
                del self._held[next(iter(self._held))]
            held = {one for pair in self._held.values() for one in pair if len(one) >= _SHORTEST}
            self._passing = tuple(sorted({shape for one in held for shape in _shapes(one)}, key=len, reverse=True))

    def join(self, other: "Redactor") -> None:
        """Mask from now on what the other one knows at the time, too."""
        if other not in self._others:
            self._others = (*self._others, other)

    def text(self, text: str, *, short: bool = True) -> str:
        """The text with each secret masked; the short ones, which a word of ours may be like, unless told otherwise."""
        for other in self._others:
            text = other.text(text, short=short)
        for shape in self._passing:  # no pattern: tokens are long, and to compile them costs more than to look for them
            text = text.replace(shape, MASK)
        if self._pattern:
            text = self._pattern.sub(MASK, text)
        return self._alone.sub(MASK, text) if self._alone and short else text

    def clean(self, value: Any, *, short: bool = True) -> Any:  # noqa: ANN401 — whatever a log event or a JSON body holds
        """The same structure with each secret masked; what is no text or container stays as it is, enums among it.

        Keys are masked too, but short secrets are not looked for in them.
        """
        if isinstance(value, Enum):
            return value
        if isinstance(value, str):
            return self.text(value, short=short)
        if isinstance(value, bytes):
            text = self.text(value.decode("utf-8", "surrogateescape"), short=short)
            return text.encode("utf-8", "surrogateescape")
        if isinstance(value, Mapping):
            return {self.clean(key, short=False): self.clean(each, short=short) for key, each in value.items()}
        for kind in (list, tuple, set, frozenset):
            if isinstance(value, kind):
                return kind(self.clean(each, short=short) for each in value)
        return value

    def __call__(self, _logger: object, _method: str, event: Any) -> Any:  # noqa: ANN401 — structlog's own signature
        """Clean a log event; so a redactor is a processor of structlog."""
        return self.clean(event)

    def __repr__(self) -> str:
        return "Redactor(…)"


LOGGED: Final = Redactor()
"""Knows the secrets of every store of this process, for the log, which is one for the process as well."""


class MaskedError(Exception):
    """Stands in a log for an exception: its whole traceback as a text, masked.

    It has no frames of its own, for their variables may hold secrets, and a log that prints them breaks long lines.
    """


def masked_logger(redactor: Redactor, name: str, **bound: Any) -> FilteringBoundLogger:  # noqa: ANN401 — as structlog
    """A logger that masks by itself whatever is logged, however the program around it has configured its log."""
    steps: list[Any] = [partial(_masked, redactor), _as_configured, partial(_masked_again, redactor)]
    return cast(FilteringBoundLogger, structlog.wrap_logger(None, steps, logger_factory_args=[name], **bound))


def _masked(redactor: Redactor, logger: Any, method: str, event: Any) -> Any:  # noqa: ANN401 — structlog's signature
    crashed = event.get("exc_info")
    told = redactor.clean(structlog.processors.format_exc_info(logger, method, event))
    if crashed and (traceback := told.pop("exception", "")):
        told["exc_info"] = MaskedError(traceback)
    return told


def _as_configured(logger: Any, method: str, event: Any) -> Any:  # noqa: ANN401 — structlog's own signature
    """Let the processors of the moment work, whenever logging is configured."""
    for process in structlog.get_config()["processors"]:
        event = process(logger, method, event)
    return event


def _masked_again(redactor: Redactor, _logger: object, _method: str, event: Any) -> Any:  # noqa: ANN401 — as structlog
    """Mask what the processors put together; a level or a name they added is like no long secret."""
    return redactor.clean(event, short=False)


def _shapes(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield from _encoded(secret)


def _encoded(text: str) -> Iterator[str]:
    for encode, charset in itertools.product((base64.b64encode, base64.urlsafe_b64encode), ("utf-8", "latin-1")):
        yield encode(text.encode(charset, "replace")).decode().rstrip("=")


class FoundSecret(NamedTuple):
    """A secret of some settings."""

    text: str
    key: str
    """The key it stands under, the nearest one of a model; empty for a value that no model holds."""
    beside: tuple[str, ...]
    """The texts beside it in the same model: its user may be among them."""

    def __repr__(self) -> str:
        return f"FoundSecret({self.key})"


def secrets_in(value: object, key: str = "", beside: tuple[str, ...] = ()) -> Iterator[FoundSecret]:
    """Every secret of a model, a container or a single value, however deep; `key` and `beside` say where it stands."""
    if isinstance(value, SecretBytes):
        yield FoundSecret(value.get_secret_value().decode("utf-8", "surrogateescape"), key, beside)
    elif isinstance(value, Secret | SecretStr):
        yield FoundSecret(str(value.get_secret_value()), key, beside)
    elif isinstance(value, BaseModel):
        texts = tuple(own for _, own in value if isinstance(own, str))
        yield from itertools.chain.from_iterable(secrets_in(own, name, texts) for name, own in value)
    elif isinstance(value, Mapping):
        yield from secrets_in(value.values(), key, beside)
    elif isinstance(value, Collection) and not isinstance(value, str | bytes | bytearray):
        yield from itertools.chain.from_iterable(secrets_in(each, key, beside) for each in value)
