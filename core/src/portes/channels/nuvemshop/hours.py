"""Opening hours in carriers' words, Spanish, Portuguese or English, as spans of weekdays; nothing is guessed."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, TypedDict


class Opening(TypedDict):
    """A span of a weekday: `day` from Sunday, 0; `start` and `end` as `HHMM`."""

    day: int
    start: str
    end: str


_NAMES: Final = (
    ("d", "dom", "domingo", "sun", "sunday"),
    ("l", "lun", "lunes", "seg", "segunda", "segunda-feira", "mon", "monday"),
    ("m", "mar", "martes", "ter", "terca", "terca-feira", "tue", "tuesday"),
    ("x", "mie", "miercoles", "qua", "quarta", "quarta-feira", "wed", "wednesday"),
    ("j", "jue", "jueves", "qui", "quinta", "quinta-feira", "thu", "thursday"),
    ("v", "vie", "viernes", "sex", "sexta", "sexta-feira", "fri", "friday"),
    ("s", "sab", "sabado", "sat", "saturday"),
)
_DAYS: Final = {name: day for day, names in enumerate(_NAMES) for name in names}
_WEEK: Final = len(_NAMES)

_DAY: Final = "|".join(sorted(_DAYS, key=len, reverse=True))
_TIME: Final = r"[0-9]{1,2}(?:[:.h][0-9]{2})?h?"
_TO: Final = r"\s*(?:-|\ba\b|\bas\b|\bal\b|\bto\b)\s*"
_SPAN: Final = rf"{_TIME}{_TO}{_TIME}"
_PART: Final = (
    rf"(?:{_DAY})(?:{_TO}(?:{_DAY}))?\.?:?\s*(?:\bde\s+|\bdas\s+)?{_SPAN}(?:\s*(?:\by\b|\be\b|\band\b|,|/)\s*{_SPAN})*"
)
_WHOLE: Final = re.compile(rf"{_PART}(?:\s*[;,/|]\s*{_PART})*\.?")
_EACH: Final = re.compile(rf"(?P<first>{_DAY})(?:{_TO}(?P<last>{_DAY}))?\.?:?\s*(?:\bde\s+|\bdas\s+)?(?={_SPAN})")
_TIMES: Final = re.compile(rf"({_TIME}){_TO}({_TIME})")
_ALWAYS: Final = re.compile(r"24\s*(?:h|hs|horas|hours)\.?|24/7")
_MIDNIGHT: Final = "2400"
_LAST_MINUTE: Final = "2359"


def read_hours(text: str) -> tuple[Opening, ...]:
    """The spans that a text such as `L-V 9:00-14:00; S 9-13` tells; none where any part of it is not understood."""
    plain = _plain(text)
    if _ALWAYS.fullmatch(plain):
        return tuple([Opening(day=day, start="0000", end=_LAST_MINUTE) for day in range(_WEEK)])
    if not _WHOLE.fullmatch(plain):
        return ()
    found = list(_spans(plain))
    return tuple(found) if all(_is_sane(span) for span in found) else ()


def _plain(text: str) -> str:
    """Small letters without accents, one sign for every dash."""
    parted = unicodedata.normalize("NFKD", text.strip().lower())
    bare = "".join(sign for sign in parted if not unicodedata.combining(sign))
    return re.sub("[\u2010-\u2015]", "-", bare)


def _spans(text: str) -> Iterator[Opening]:
    parts = list(_EACH.finditer(text))
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        first = _DAYS[part["first"]]
        last = first if part["last"] is None else _DAYS[part["last"]]
        times = _TIMES.findall(text[part.end() : following.start() if following else len(text)])
        for day in range((last - first) % _WEEK + 1):
            yield from (
                Opening(
                    day=(first + day) % _WEEK, start=_clock(start), end=_clock(end).replace(_MIDNIGHT, _LAST_MINUTE)
                )
                for start, end in times
            )


def _clock(text: str) -> str:
    hour, _, minute = re.sub("[.h]", ":", text.removesuffix("h")).partition(":")
    return f"{hour:0>2}{minute or '00'}"


def _is_sane(span: Opening) -> bool:
    return span["start"] < span["end"] <= _LAST_MINUTE and max(span["start"][2:], span["end"][2:]) < "60"
