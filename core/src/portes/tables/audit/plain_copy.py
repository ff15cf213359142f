"""Rows of any table as a text file of the format `plain`, also those that a sound table does not have."""

from collections.abc import Iterator, Sequence

from portes.errors import Problems
from portes.tables.formats.plain_writing import PLAIN_SAYS, PlainLines
from portes.tables.protocol import Row
from portes.tables.reading.fields import place
from portes.tables.writing.blocks import Block, WrittenBracket
from portes.tables.writing.files import SEPARATORS, OpenText
from portes.tables.writing.protocol import WriteOptions
from portes.tables.writing.unsaid import unsaid_terms

_SIGN = "."


def write_copy(rows: Sequence[Row], options: WriteOptions) -> bytes:
    """The rows as they stand, faults and all.

    `write_table` takes the brackets of sound tables, in order, and refuses what an audit is about, so each row goes to
    the writer's lines by itself, its borders as they are printed. Raises `SettingsError` with every row that says what
    the format has no column for: a toll, a tax, a rank.
    """
    problems = Problems()
    fix = "mend the file itself: the copy is written in the format plain"
    for row in rows:
        for words in _unsaid(row):
            problems.add(place(row.sheet, "row"), None, f"plain cannot say {words}", fix, row.line)
    problems.check()
    writer = PlainLines(rows[0].axis if rows else "weight", options, problems)
    file = OpenText(writer.header(), SEPARATORS[_SIGN], None, None)
    for one in writer.lines(map(_alone, rows)):
        file.add(one.lines)
    writer.tell()
    problems.check()
    return file.content()


def _unsaid(row: Row) -> Iterator[str]:
    if row.rank:
        yield f"the rank {row.rank}"
    yield from unsaid_terms(row.terms, PLAIN_SAYS)


def _alone(row: Row) -> Block:
    """A row as a block of one bracket."""
    bracket = WrittenBracket(
        row.weight_from, row.weight_to, row.price, row.extra_from, row.terms, joined=True, top=True
    )
    return Block(row.service, row.origin_from, row.origin_to, row.postal_from, row.postal_to, row.axis, (bracket,))
