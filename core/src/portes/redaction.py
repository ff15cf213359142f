"""Hides known secrets in texts, structures and logs, in the shapes they travel in."""

import base64
import html
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
_CUT: Final = "…"
"""What stands where a text was cut."""

_QUOTED: Final = re.compile(r"%[0-9A-F]{2}")

_SURE: Final = 16
"""Characters from which a secret is no word of anybody's: it is masked in keys too, and before an answer is read."""
_LONG: Final = 8
"""Characters from which it is masked within other words as well: that one stands in a word by chance is rare."""
_WORD: Final = 4
"""Characters from which it is masked wherever it is a word of its own.

A shorter one is masked where it is a whole value: to blot out every `a` would hide the text and tell the secret.
"""
_MOST_HELD: Final = 256

_NO_KEY: Final = r"(?!\\?\"\s*:)"
_ALONE: Final = r"(?:(?<![\w-])|(?<=\\[nrt]))(?:{})(?![\w-])" + _NO_KEY
"""A pattern for a word that is no part of another, and no key of JSON; the letter of an escaped line end is no part."""
_WHOLE: Final = r"(?:(?<=[\"'=])(?:{0})(?=[\"'&]|\Z)|\A(?:{0})\Z)" + _NO_KEY
"""A pattern for a whole value: all of a text, in quotes, or behind an equals sign."""
_PLAIN: Final = re.compile(rb"[A-Za-z0-9]+")
"""A run of signs that no shape changes."""
_KEY_ENDS: Final = re.compile(r"\\?\"\s*:")
_NAMES: Final = frozenset({"level", "logger", "at", "store", "carrier", "channel", "kind"})
"""Keys of a log event under which only names and words of ours stand."""


def _longest_first(shapes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(shapes, key=lambda shape: (-len(shape), shape)))


def _any_of(shapes: Iterable[str], pattern: str) -> re.Pattern[str] | None:
    first = _longest_first(shapes)
    return re.compile(pattern.format("|".join(map(re.escape, first)))) if first else None


def _short_ones(shapes: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """The patterns of secrets that may read like a word, or like a part of one."""
    short = [shape for shape in shapes if len(shape) < _LONG]
    alone = _any_of((shape for shape in short if len(shape) >= _WORD), _ALONE)
    whole = _any_of((shape for shape in short if len(shape) < _WORD), _WHOLE)
    return tuple(pattern for pattern in (alone, whole) if pattern)


def _echoes(shapes: Iterable[str]) -> "_Echoes":
    """The secrets as a body may hold them, without those that read like a price or a number."""
    sure = [shape for shape in shapes if len(shape) >= _SURE and any(map(str.isalpha, shape))]
    written = {shape.encode(charset, "replace") for shape in sure for charset in ("utf-8", "latin-1")}
    needles: list[bytes] = []
    for plain in sorted({max(_PLAIN.findall(shape), key=len, default=b"") for shape in written}, key=len):
        needles += [] if any(each in plain for each in needles) else [plain]
    return _Echoes(tuple(sorted(written, key=len, reverse=True)), tuple(needles))


class _Echoes(NamedTuple):
    """A secret, or several, as a body may hold them."""

    shapes: tuple[bytes, ...]
    """Longest first."""
    needles: tuple[bytes, ...]
    """What some part of each shape is: a body without any of them holds no shape, and is looked through sooner."""

    def masked(self, body: bytes) -> bytes:
        """The body without the shapes."""
        if any(needle in body for needle in self.needles):
            for shape in self.shapes:
                body = body.replace(shape, MASK.encode())
        return body


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
        self.unlock()
        self._held: dict[str, tuple[str, ...]] = {}
        self._written: dict[str, frozenset[str]] = {}
        self._passing: tuple[str, ...] = ()
        self._passing_short: tuple[re.Pattern[str], ...] = ()
        self._tokens: dict[str, _Echoes] = {}
        self._others: tuple[Redactor, ...] = ()

    def unlock(self) -> None:
        """Have a lock that nobody holds: in a child process nobody gives back the parent's."""
        self._lock = threading.Lock()

    def _know(self, shapes: frozenset[str]) -> None:
        self.shapes = shapes
        self._sure = _longest_first(shape for shape in shapes if len(shape) >= _SURE)
        self._long = _longest_first(shape for shape in shapes if _LONG <= len(shape) < _SURE)
        self._pattern = _any_of(self._long, "{}")
        self._short = _short_ones(shapes)
        self._echoes = _echoes(shapes)

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
            known, held = self._written, [one for pair in self._held.values() for one in pair]
            self._written = {one: known.get(one) or frozenset(_shapes(one)) for one in held}
            shapes = frozenset[str]().union(*self._written.values())
            self._passing = tuple(sorted((each for each in shapes if len(each) >= _LONG), key=len, reverse=True))
            self._passing_short = _short_ones(shapes)
            self._tokens = {one: self._tokens.get(one) or _echoes(self._written[one]) for one in held}

    def join(self, other: "Redactor") -> None:
        """Mask from now on what the other one knows at the time, too."""
        if other not in self._others:
            self._others = (*self._others, other)

    def text(self, text: str, *, short: bool = True) -> str:
        """The text with each secret masked; the short ones, which a word of ours may be like, unless told otherwise."""
        return self._text(text, 1 if short else _LONG)

    def _text(self, text: str, least: int) -> str:
        """The text, each secret of at least so many characters masked, and what a cut left of one."""
        for other in self._others:
            text = other._text(text, least)  # noqa: SLF001 — its own class
        for shape in (*self._sure, *self._passing):  # no pattern: to compile long ones costs more than to look for them
            if len(shape) >= least:
                text = text.replace(shape, MASK)
        if self._pattern:
            text = self._pattern.sub(partial(_masked_match, least), text)
        for pattern in (*self._short, *self._passing_short) if least < _LONG else ():
            text = pattern.sub(MASK, text)
        return self._without_stumps(text) if _CUT in text else text

    def _without_stumps(self, text: str) -> str:
        *cut, rest = text.split(_CUT)
        return _CUT.join([*(self._without_stump(part) for part in cut), rest])

    def _without_stump(self, part: str) -> str:
        """A text that was cut at its end, the beginning of a secret masked that the cut left there."""
        stump = max((_stump(part, shape) for shape in (*self._sure, *self._long, *self._passing)), default=0)
        return f"{part[:-stump]}{MASK}" if stump else part

    def clean(self, value: Any) -> Any:  # noqa: ANN401 — whatever a log event or a JSON body holds
        """The same structure with each secret masked; what is no text or container stays as it is, enums among it.

        In keys only secrets that can be no word are looked for.
        """
        return self._clean(value, 1)

    def _clean(self, value: Any, least: int) -> Any:  # noqa: ANN401 — as above
        if isinstance(value, Enum):
            return value
        if isinstance(value, str):
            return self._text(value, least)
        if isinstance(value, bytes):
            return self._text(value.decode("utf-8", "surrogateescape"), least).encode("utf-8", "surrogateescape")
        if isinstance(value, Mapping):
            return {self._clean(key, _SURE): self._clean(each, least) for key, each in value.items()}
        for kind in (list, tuple, set, frozenset):
            if isinstance(value, kind):
                return kind(self._clean(each, least) for each in value)
        return value

    def event(self, event: Mapping[str, Any], *, ours: bool = True) -> dict[str, Any]:
        """A log event with each secret masked in its values; its keys and the names in it are ours, and stay.

        So does its text, but for long secrets, unless it is not `ours` but a stranger's.
        """
        least = _LONG if ours else 1
        return {
            key: value if key in _NAMES else self._clean(value, least if key == "event" else 1)
            for key, value in event.items()
        }

    def without_echoes(self, body: bytes, sent: Iterable[str]) -> bytes:
        """An answer's body before anybody reads it, no secret left in it that can be no word and no number.

        Of tokens only those are looked for that stand in what was `sent`: a login may well give one out again.
        """
        body, shown = self._echoes.masked(body), "\n".join(sent)
        for redactor in (self, *self._others):
            for token, echoes in redactor._tokens.items():  # noqa: SLF001 — its own class
                if token in shown:
                    body = echoes.masked(body)
        return body

    def __call__(self, _logger: object, _method: str, event: Any) -> Any:  # noqa: ANN401 — structlog's own signature
        """Clean a log event; so a redactor is a processor of structlog."""
        return self.event(event)

    def __repr__(self) -> str:
        return "Redactor(…)"


def _masked_match(least: int, found: re.Match[str]) -> str:
    """The mask, or what was found: too short a secret, or a key of JSON that may be a word."""
    length, before = found.end() - found.start(), found.string[found.start() - 1 : found.start()]
    is_key = length < _SURE and before == '"' and _KEY_ENDS.match(found.string, found.end())
    return found[0] if length < least or is_key else MASK


def _stump(text: str, shape: str) -> int:
    """How many characters of the beginning of a secret stand at the end of a text; 0 for fewer than a word."""
    end = text[-_WORD:]
    at = shape.find(end) if len(end) == _WORD else -1
    while at >= 0:
        if text.endswith(shape[: at + _WORD]):
            return at + _WORD
        at = shape.find(end, at + 1)
    return 0


LOGGED: Final = Redactor()
"""Knows the secrets of every store of this process, for the log, which is one for the process as well."""


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
    return redactor._clean(event, _SURE)  # noqa: SLF001 — its own module


def _shapes(secret: str) -> Iterator[str]:
    yield secret
    for quoted in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield from (quoted, _QUOTED.sub(lambda sign: sign[0].lower(), quoted))
    for escaped in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield from (escaped, escaped.replace("/", r"\/"), json.dumps(escaped)[1:-1])
    yield html.escape(secret)
    yield from _encoded(secret)


def _encoded(text: str) -> Iterator[str]:
    for encode, charset in itertools.product((base64.b64encode, base64.urlsafe_b64encode), ("utf-8", "latin-1")):
        raw = text.encode(charset, "replace")
        yield encode(raw).decode().rstrip("=")
        for before in range(3) if len(raw) >= _LONG else ():  # other bytes around it change the signs at its ends
            whole = (before + len(raw)) * 8 // 6
            yield encode(bytes(before) + raw).decode()[before + 1 if before else 0 : whole]


def is_short(secret: str) -> bool:
    """Whether a secret reads like a word, so that it is masked only where it is one of its own."""
    return len(secret) < _LONG


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
