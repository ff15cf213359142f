"""Blocks of lines packed into files, each within its limits of rows and bytes."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Final, NamedTuple, Protocol

from portes.contract.names import without_accents
from portes.errors import Problems
from portes.tables.writing.protocol import WriteOptions, WrittenFile

_UNSAFE: Final = re.compile(r"[^a-z0-9]+")
_QUOTED: Final = re.compile(r'[\s"#=;,]|^$')
_LINE_END: Final = "\r\n"
SEPARATORS: Final = {".": ",", ",": ";"}
"""What stands between cells of a text file, by its decimal sign."""

Cells = Sequence[str]
"""One line, a text for each column of the header."""


class BlockLines(NamedTuple):
    """The lines of one block, which no two files may share."""

    part: str
    """Blocks of different parts go into files of their own: the service, where the format has no column for it."""
    codes: str
    """The postal range, for a message."""
    lines: list[Cells]


class OpenFile(Protocol):
    """A file that lines are added to while it stays within its limits."""

    def add(self, lines: Sequence[Cells]) -> bool:
        """Take the lines; False, and nothing taken, where the file would grow beyond its limits."""
        ...

    @property
    def rows(self) -> int:
        """How many lines were taken."""
        ...

    def content(self) -> bytes:
        """The bytes of the whole file."""
        ...


class OpenText:
    """A text file: cells between separators, in UTF-8; `marked` as such by its first bytes, as spreadsheets need it."""

    def __init__(
        self,
        header: Cells | None,
        separator: str,
        most_rows: int | None,
        most_bytes: int | None,
        *,
        marked: bool = False,
        blank_lines: int = 0,
    ) -> None:
        self.rows = 0
        self._separator = separator
        self._most_rows, self._most_bytes = most_rows, most_bytes
        self._stream = BytesIO()
        self._stream.write(codecs.BOM_UTF8 if marked else b"")
        self._stream.write(_LINE_END.encode() * blank_lines)
        self._stream.write(self._encoded([header] if header else []))

    def add(self, lines: Sequence[Cells]) -> bool:
        """Take the lines; False, and nothing taken, where the file would grow beyond its limits."""
        source = self._encoded(lines)
        if self._most_rows is not None and self.rows + len(lines) > self._most_rows:
            return False
        if self._most_bytes is not None and self._stream.tell() + len(source) > self._most_bytes:
            return False
        self._stream.write(source)
        self.rows += len(lines)
        return True

    def content(self) -> bytes:
        """The bytes of the whole file."""
        return self._stream.getvalue()

    def _encoded(self, lines: Sequence[Cells]) -> bytes:
        return "".join([self._separator.join(line) + _LINE_END for line in lines]).encode()


def quoted(words: str) -> str:
    """Words as a cell of a text file: with quotes where anything in them could be taken for something else."""
    return '"' + words.replace('"', '""') + '"' if _QUOTED.search(words) else words


def packed(
    blocks: Iterable[BlockLines], make: Callable[[], OpenFile], suffix: str, options: WriteOptions, problems: Problems
) -> Iterator[WrittenFile]:
    """The files that blocks fill, in their order; a block that fits no file is a problem."""
    parts: dict[str, list[tuple[bytes, int]]] = {}
    current: OpenFile | None = None
    part = ""
    for own, codes, lines in blocks:
        if not lines:
            continue
        if own == part and current is not None and current.add(lines):
            continue
        if current is not None:
            parts.setdefault(part, []).append((current.content(), current.rows))
        part, current = own, make()
        if not current.add(lines):
            cause = f"its {len(lines)} brackets fit no file, for a file is given less room than they need"
            problems.add("postal range", codes, cause, "allow more rows or bytes (--most-rows, --most-megabytes)")
            current = None
    if current is not None:
        parts.setdefault(part, []).append((current.content(), current.rows))
    names = _names({part: len(files) for part, files in parts.items()}, suffix, options.stem)
    for files in parts.values():
        for content, rows in files:
            yield WrittenFile(next(names), content, rows)


def _names(parts: Mapping[str, int], suffix: str, stem: str) -> Iterator[str]:
    """A name for each file: the stem, the part where there are several, and a number where one is split."""
    given: set[str] = set()
    for part, count in parts.items():
        words = _UNSAFE.sub("-", without_accents(part).lower()).strip("-") if len(parts) > 1 else ""
        own = base = f"{stem}-{words}" if words else stem
        for number in range(2, len(parts) + 2):
            if own in given:
                own = f"{base}-{number}"
        given.add(own)
        yield from (f"{own}-{at}{suffix}" if count > 1 else f"{own}{suffix}" for at in range(1, count + 1))
