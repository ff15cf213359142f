"""A zip archive that may have been made to do harm: its members, and XML read piece by piece."""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from typing import Any, Final
from xml.parsers import expat
from zipfile import ZipFile

from .grid import BookRefusedError

MOST_MEMBERS: Final = 4096
MOST_UNPACKED: Final = 1 << 29
"""Bytes of one member of the archive, unpacked, and of all together."""

_PIECE: Final = 1 << 16

Attributes = dict[str, str]


class Archive:
    """The members of a workbook's archive. Raises `BookRefusedError` for one that no spreadsheet wrote."""

    def __init__(self, source: bytes) -> None:
        self._zip = ZipFile(BytesIO(source))
        members = self._zip.infolist()
        names = {_folded(member.filename): member.filename for member in members}
        if len(members) > MOST_MEMBERS or len(names) < len(members):
            msg = f"it packs {len(members)} files, some of one name or more than {MOST_MEMBERS}"
            raise BookRefusedError(msg, "save it again in a spreadsheet")
        if sum(member.file_size for member in members) > MOST_UNPACKED:
            raise _too_large()
        self._names = names

    def __contains__(self, member: str) -> bool:
        return _folded(member) in self._names

    def parse(self, member: str, start: Callable[[str, Attributes], Any], parser: "expat.XMLParserType") -> None:
        """Read a member and call `start` with the bare name and the attributes of each element, namespaces left out.

        Document types are refused, and with them entities.
        """
        parser.StartElementHandler = lambda name, attributes: start(bare(name), attributes)
        parser.StartDoctypeDeclHandler = _refuse_doctype
        read = 0
        with self._zip.open(self._names[_folded(member)]) as file:
            while piece := file.read(_PIECE):
                read += len(piece)
                if read > MOST_UNPACKED:
                    raise _too_large()
                parser.Parse(piece)
        parser.Parse(b"", True)  # noqa: FBT003 — expat takes it by position


def xml_parser() -> "expat.XMLParserType":
    """A parser that resolves namespaces and joins the pieces of a text."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    return parser


@lru_cache(maxsize=1024)
def bare(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def _folded(member: str) -> str:
    return member.replace("\\", "/").lower().lstrip("/")


def _too_large() -> BookRefusedError:
    return BookRefusedError(f"it unpacks to more than {MOST_UNPACKED >> 20} MiB", "save the sheet as CSV")


def _refuse_doctype(*_declared: object) -> None:
    msg = "its XML declares a document type, which no spreadsheet does"
    raise BookRefusedError(msg, "save it again in a spreadsheet")
