"""Workbooks as sheets: a process of its own reads the file, since the libraries that can may crash or eat memory."""

import os
import subprocess
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from io import BytesIO
from multiprocessing.spawn import get_executable
from pathlib import Path
from signal import SIGABRT, SIGBUS, SIGKILL, SIGSEGV, SIGXCPU
from threading import Timer
from typing import IO, Any, Final, NamedTuple, cast

import orjson

from portes.errors import Problems
from portes.tables.reading.cells import ERROR, Cell, Line, OddCell, PercentCell, UnseenCell

SIGNATURES: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: XLSX and ODS are zip archives, XLS is an OLE file."""

_CLOCK_TIMES: Final = 5
_ONE: Final = 2  # parts: what stands before the first sheet, and one sheet
_LIBRARIES: Final = ("python_calamine", "xlrd")
_SHEET: Final = b"\n{"
"""What parts the sheets: their lines are lists, and only a sheet's head and the end are objects."""
_CODE: Final = (
    "import sys; sys.path += sys.argv[3:]; from workbook.child import main; main()"  # not in front of Python's own
)
_KEPT: Final = ("LD_LIBRARY_PATH",)
"""What a Python may need to start; nothing else of the environment, which holds secrets, is for this process."""
_ODD: Final = {
    "error": ERROR,
    "formula": (
        "is a formula without a stored value",
        "open the file in a spreadsheet and save it, or write the value",
    ),
    "infinite": ("is no number that can be counted with", "write the number"),
    "empty": ("is an empty text or a formula without a value", "clear the cell, write the value, or save it as XLSX"),
}


@dataclass(frozen=True, slots=True)
class BookSheet:
    """One sheet of a workbook, read row by row."""

    name: str
    told: bytes
    """Its lines as JSON: number, then cells."""
    formats: bool
    """Whether numbers that are shown as percentages are marked."""
    hidden: bool = False
    """Whether the spreadsheet keeps it from being seen."""

    def lines(self, percents: Collection[int] = ()) -> Iterator[Line]:
        """The sheet's lines that are not blank, numbered as the spreadsheet shows them."""
        for line in BytesIO(self.told):
            number, *cells = orjson.loads(line)
            if b"{" in line:
                cells = [_cell(cell, column in percents) for column, cell in enumerate(cells)]
            if not self.formats:
                for column in percents:
                    if column < len(cells) and isinstance(cells[column], float | int):
                        cells[column] = UnseenCell(cells[column])
            yield number, cells

    def readings(self) -> "Sequence[BookSheet]":
        """The sheet itself: a workbook tells its cells apart."""
        return (self,)

    def chosen(self) -> "BookSheet":
        """The sheet itself: nothing in it is broken that was not told."""
        return self


class BookLimits(NamedTuple):
    """How much the process that reads one workbook may take."""

    memory: int = 1024
    """MiB of address space."""
    seconds: int = 60
    """Seconds of processor time; on a machine with other work it may be five times as many by the clock."""
    told: int = 256
    """MiB of cells, written out as JSON."""


LIMITS: Final = BookLimits()

_READ: ContextVar[dict[int, list[BookSheet]] | None] = ContextVar("_READ", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """A while in which the same bytes are read once, however many formats look at them; the caller holds them."""
    before = _READ.set({})
    try:
        yield
    finally:
        _READ.reset(before)


def read_workbook(
    source: bytes, problems: Problems, limits: BookLimits = LIMITS, *, once: bool = True
) -> list[BookSheet]:
    """The sheets of a workbook that have anything in them; none, and a problem, when it cannot be read.

    What `read_once` remembers is used unless `once` is false, for bytes that nobody holds as long.
    """
    known = _READ.get() if once else None
    if known is not None and id(source) in known:
        return known[id(source)]
    told, code = _ask(source, limits)
    *parts, end = told.split(_SHEET)
    wrong = _wrong(end, code, limits, len(told))
    if wrong is not None:
        problems.add(*wrong)
        return []
    sheets = [_sheet(part, named=len(parts) > _ONE) for part in parts[1:]]
    if known is not None:
        known[id(source)] = sheets
    return sheets


def _ask(source: bytes, limits: BookLimits) -> tuple[bytes, int | str]:
    """What the process tells, and how it ended: its return code, or why it could not be started."""
    try:
        return _answer(source, limits)
    except OSError as error:
        return b"", str(error.strerror)


def _answer(source: bytes, limits: BookLimits) -> tuple[bytes, int]:
    libraries = {Path(spec.origin).parents[1] for name in _LIBRARIES if (spec := find_spec(name)) and spec.origin}
    folders = [Path(__file__).parent, *sorted(libraries)]
    command = [get_executable(), "-I", "-S", "-c", _CODE, str(limits.memory), str(limits.seconds), *map(str, folders)]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with subprocess.Popen(  # noqa: S603 — this Python, and paths of its own
        command, env=kept, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        late = Timer(_CLOCK_TIMES * limits.seconds, process.kill)
        late.start()
        try:
            told = _exchange(process, source, limits.told << 20)
        except BaseException:
            process.kill()
            raise
        finally:
            late.cancel()
    return told, process.returncode


def _exchange(process: "subprocess.Popen[bytes]", source: bytes, most: int) -> bytes:
    to_it, from_it = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    with suppress(BrokenPipeError):  # it may have ended before; then its return code says how
        to_it.write(source)
        to_it.close()
    told = from_it.read(most + 1)
    if len(told) > most:
        process.kill()
    return told


def _wrong(last: bytes, code: int | str, limits: BookLimits, size: int) -> tuple[Any, ...] | None:
    """What keeps the workbook from being used, as the parts of a problem; None when nothing does."""
    smaller = "clear cells far from the table, or save the sheet as CSV"
    if size > limits.told << 20:
        return "file", None, f"holds more than {limits.told} MiB of cells", smaller
    end = _json(b"{" + last) if last and not code else {}
    if code in {-SIGABRT, -SIGSEGV, -SIGBUS} or "memory" in end:
        return "file", None, f"needs more than {limits.memory} MiB of memory to be read", smaller
    if code in {-SIGXCPU, -SIGKILL}:
        return "file", None, f"takes more than {limits.seconds} s of processor time to be read", smaller
    if "refused" in end:
        told = end["refused"]
        where = f"{told['sheet']}!{told['cell'] or 'row'}" if told["sheet"] else "file"
        return where, None, told["cause"], told["fix"] or "save it as XLSX or CSV", told["line"]
    if "end" not in end:
        fix = "see that this Python can start itself and its libraries are installed, or save the table as CSV"
        return "file", None, f"cannot be read: the process that reads workbooks did not work ({code})", fix
    return None


def _sheet(part: bytes, *, named: bool) -> BookSheet:
    head, _, told = part.partition(b"\n")
    about = _json(b"{" + head)
    return BookSheet(about["sheet"] if named else "", told, formats=about["formats"], hidden=about["hidden"])


def _json(line: bytes) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(line)
    return found


def _cell(cell: Any, percent: bool) -> Cell:  # noqa: ANN401, FBT001 — whatever the process tells, by position
    if not isinstance(cell, dict):
        told: Cell = cell
        return told
    if "percent" in cell:
        return PercentCell(cell["percent"]) if percent else cell["percent"]
    if "span" in cell:
        return timedelta(microseconds=cell["span"])
    return OddCell(cell["text"], *_ODD[cell["kind"]])
