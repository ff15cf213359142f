"""Several files of one table in a zip archive, as VTEX takes them; a workbook is one too and is left as it is."""

from io import BytesIO
from pathlib import PurePosixPath
from typing import Final, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 — a class

from portes.errors import Problems, shown

_BEGINS: Final = b"PK\x03\x04"
_OF_WORKBOOKS: Final = frozenset({"[Content_Types].xml", "content.xml", "mimetype"})
_KINDS: Final = frozenset({".csv", ".txt", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods"})
_MOST: Final = 64
"""Files of one table."""
_LARGEST: Final = 256 << 20
"""Bytes of all of them, unpacked."""
_ENCRYPTED: Final = 1


class PackedFile(NamedTuple):
    """One file of an archive."""

    name: str
    source: bytes


def unpack(source: bytes, problems: Problems) -> list[PackedFile] | None:
    """The tables' files in an archive, in the order of their names; None where it is no archive of tables.

    Other files are told in a note; an archive that cannot be unpacked becomes a problem.
    """
    if not source.startswith(_BEGINS):
        return None
    try:
        packed = ZipFile(BytesIO(source))
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return None  # whoever reads workbooks tells
    members = [member for member in packed.infolist() if not member.is_dir()]
    if not _OF_WORKBOOKS.isdisjoint(member.filename for member in members):
        return None
    tables = sorted((each for each in members if _is_table(each)), key=lambda each: each.filename)
    if not tables:
        return None  # the same
    for member in members:
        if member not in tables:
            problems.note(f"{shown(member.filename)} in the archive is no table and is not used")
    if len(tables) > _MOST:
        cause = f"is an archive of {len(tables)} tables"
        problems.add("file", None, cause, f"pack 1 to {_MOST} files of CSV, XLS, XLSX or ODS")
        return []
    return _unpacked(packed, tables, problems)


def _is_table(member: ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    return path.suffix.lower() in _KINDS and not path.name.startswith(".") and "__MACOSX" not in path.parts


def _unpacked(packed: ZipFile, tables: list[ZipInfo], problems: Problems) -> list[PackedFile]:
    files: list[PackedFile] = []
    left = _LARGEST
    for member in tables:
        name = shown(member.filename)
        if member.flag_bits & _ENCRYPTED:
            problems.add("file", name, "is packed with a password", "pack it without one")
            continue
        try:
            with packed.open(member) as file:
                source = file.read(left + 1)  # never more, whatever the archive says of its size
        except (BadZipFile, ZlibError, EOFError, ValueError, NotImplementedError, OSError) as error:
            problems.add("file", name, f"cannot be unpacked: {error}", "pack the archive anew")
            continue
        left -= len(source)
        if left < 0:
            cause = f"the archive unpacks to more than {_LARGEST >> 20} MiB"
            problems.add("file", name, cause, "make a table of each part")
            return []
        files.append(PackedFile(name, source))
    return files
