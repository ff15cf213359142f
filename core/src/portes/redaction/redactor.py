"""Hides known secrets in texts, structures and logs."""

import itertools
import threading
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final

from pydantic import BaseModel

from portes.redaction.settings import secrets_in
from portes.redaction.shapes import CUT, LONG, MASK, SURE, Echoes, SecretShapes, echoes_of, longest_first
from portes.redaction.words import stump_of, without_words, word_pattern

_MOST_HELD: Final = 256

_NAMES: Final = frozenset({"level", "logger", "at", "store", "carrier", "channel", "kind"})
"""Keys of a log event under which only names and words of ours stand."""


class Redactor:
    """Knows secrets and masks each of them: as it is, quoted for an address or JSON, in base64, in a Basic header.

    `secrets` are texts; `pairs` are users with their passwords, whose base64 makes a Basic header.
    """

    def __init__(self, secrets: Iterable[str] = (), pairs: Iterable[tuple[str, str]] = ()) -> None:
        pairs = tuple(pairs)
        self._know(SecretShapes.of({*secrets, *(password for _, password in pairs)}, pairs))
        self.unlock()
        self._held: dict[str, tuple[str, ...]] = {}
        self._written: dict[str, SecretShapes] = {}
        self._passing = SecretShapes.of(())
        self._passing_sure: tuple[str, ...] = ()
        self._tokens: dict[str, Echoes] = {}
        self._others: tuple[Redactor, ...] = ()

    def unlock(self) -> None:
        """Have a lock that nobody holds: in a child process nobody gives back the parent's."""
        self._lock = threading.Lock()

    def _know(self, known: SecretShapes) -> None:
        self._known = known
        self._sure = tuple(longest_first(known.sure))
        self._echoes = echoes_of(known.sure)

    @classmethod
    def of(cls, *models: BaseModel) -> "Redactor":
        """Collect every secret of some settings, each also as the password of every text beside it."""
        found = list(secrets_in(models))
        return cls(
            (secret.text for secret in found), ((user, secret.text) for secret in found for user in secret.beside)
        )

    def __bool__(self) -> bool:
        """Whether it knows any secret that stays."""
        return bool(self._known.sure or self._known.words)

    def learn(self, *models: BaseModel) -> None:
        """Mask the secrets of these settings from now on, beside those it knows."""
        known = SecretShapes.all_of([self._known, Redactor.of(*models)._known])  # noqa: SLF001 — its own class
        if known != self._known:
            self._know(known)

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
            self._written = {one: known.get(one) or SecretShapes.of([one]) for one in held}
            self._passing = SecretShapes.all_of(self._written.values())
            self._passing_sure = tuple(longest_first(self._passing.sure))
            self._tokens = {one: self._tokens.get(one) or echoes_of(self._written[one].sure) for one in held}

    def join(self, other: "Redactor") -> None:
        """Mask from now on what the other one knows at the time, too."""
        if other not in self._others:
            self._others = (*self._others, other)

    def text(self, text: str, *, short: bool = True) -> str:
        """The text with each secret masked; the short ones, which a word of ours may be like, unless told otherwise."""
        return self._text(text, 1 if short else LONG)

    def _text(self, text: str, least: int) -> str:
        """The text, each secret of at least so many characters masked, and what a cut left of one."""
        for other in self._others:
            text = other._text(text, least)  # noqa: SLF001 — its own class
        for shape in (*self._sure, *self._passing_sure):  # no pattern: to compile one costs more than to look for them
            text = text.replace(shape, MASK)
        for shapes in (self._known.words, self._passing.words) if least < SURE else ():
            words = word_pattern(shapes)
            text = without_words(text, words, least) if words else text
        return self._without_stumps(text) if CUT in text else text

    def _without_stumps(self, text: str) -> str:
        *cut, rest = text.split(CUT)
        return CUT.join([*(self._without_stump(part) for part in cut), rest])

    def _without_stump(self, part: str) -> str:
        """A text that was cut at its end, the beginning of a secret masked that the cut left there."""
        shapes = itertools.chain(self._known.cut_ones, self._passing.cut_ones)
        stump = max((stump_of(part, shape) for shape in shapes), default=0)
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
            return {self._clean(key, SURE): self._clean(each, least) for key, each in value.items()}
        for kind in (list, tuple, set, frozenset):
            if isinstance(value, kind):
                return kind(self._clean(each, least) for each in value)
        return value

    def event(self, event: Mapping[str, Any], *, ours: bool = True) -> dict[str, Any]:
        """A log event with each secret masked in its values; its keys and the names in it are ours, and stay.

        So does its text, but for long secrets, unless it is not `ours` but a stranger's.
        """
        least = LONG if ours else 1
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


LOGGED: Final = Redactor()
"""Knows the secrets of every store of this process, for the log, which is one for the process as well."""
