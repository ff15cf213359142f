"""The cells of a sample, whatever kind of file it is."""

from collections.abc import Iterator

from portes.tables.reading.workbooks import SIGNATURES
from portes_testing.formats.book_grid import BookGrid
from portes_testing.formats.case import FormatCase, Sample
from portes_testing.formats.cells import Grid
from portes_testing.formats.text_grid import TextGrid, text_grid


def grid_of(sample: Sample, case: FormatCase) -> Grid:
    """The cells of a sample, to be replaced one at a time in a file that is otherwise the same."""
    source = sample.path.read_bytes()
    return BookGrid(source) if source.startswith(SIGNATURES) else text_grid(source, sample, case.comment)


def texts_of(case: FormatCase) -> Iterator[tuple[Sample, TextGrid]]:
    """The samples that are text files, with their cells."""
    for sample in case.samples:
        grid = grid_of(sample, case)
        if isinstance(grid, TextGrid):
            yield sample, grid


__all__ = ["grid_of", "texts_of"]
