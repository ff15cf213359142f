"""Checks that a format reads its bytes and nothing else, and takes no more memory than they are worth."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from portes_testing.formats.case import FormatCase
from portes_testing.formats.cells import numbers_of
from portes_testing.formats.grids import texts_of
from portes_testing.formats.reading import FormatUnderTest, options
from portes_testing.harness import purity
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.network import closed_network

_MEMORY: Final = 64 << 20
_MEMORY_PER_BYTE: Final = 1024
_HUGE: Final = ("999999999999", "999999")


def it_reads_no_file_of_its_own(under_test: FormatUnderTest) -> None:
    """A packed table is known by the table's bytes; what stands beside them could change unseen."""
    _abstains(under_test, purity.FILES, "a file of its own can change, and the packed table does not")


def it_reads_no_clock_of_its_own(under_test: FormatUnderTest) -> None:
    """A table is read once and packed; a price that hangs on the day would stay on that day."""
    _abstains(under_test, purity.CLOCK, "the packed table stays as it was at that moment")


def it_reads_no_environment(under_test: FormatUnderTest) -> None:
    """What a file means is declared in its options; two stores in one process have two."""
    _abstains(under_test, purity.ENVIRONMENT, "the environment is the same for every table; make it an option")


def it_opens_no_connection(under_test: FormatUnderTest) -> None:
    """A store starts without a network."""
    _abstains(under_test, purity.CONNECTIONS, "a store starts without a network")
    with closed_network():
        _read_all(under_test)


def it_starts_no_thread_or_process_of_its_own(under_test: FormatUnderTest) -> None:
    """Nobody would count them, or end them."""
    _abstains(under_test, purity.THREADS, "nobody counts threads and processes of its own")


def _abstains(under_test: FormatUnderTest, forbidden: tuple[str, ...], why: str) -> None:
    require_none(purity.uses_in_source(under_test.plugin, forbidden), why)
    require_none(_observed(under_test.case)[forbidden], why)


@cache
def _observed(case: FormatCase) -> purity.Uses:
    """What the format uses while it reads its samples, observed once for all kinds of forbidden things."""
    under_test = FormatUnderTest(case)
    with purity.observed_uses(under_test.plugin) as seen:
        _read_all(under_test)
    return seen


def _read_all(under_test: FormatUnderTest) -> None:
    for sample in under_test.case.samples:
        under_test.read(sample.path.read_bytes(), options(sample), f"{sample}")


@contextmanager
def _traced() -> Iterator[list[int]]:
    """The most memory that Python takes in the block, in bytes; filled in at its end."""
    peak: list[int] = []
    tracemalloc.start()
    try:
        yield peak
    finally:
        peak.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()


def memory_is_in_proportion_to_the_file(under_test: FormatUnderTest) -> None:
    """A file takes no more than 64 MiB and a thousand times its size, whatever numbers stand in it.

    A workbook's reader makes room for a full one first, so only text files are measured.
    """
    for sample, grid in texts_of(under_test.case):
        for spot in numbers_of(grid, under_test.case):
            for huge in _HUGE:
                source, what = grid.with_cells({spot: huge}), f"{sample} with {huge} at {spot}"
                with _traced() as peak:
                    under_test.read(source, options(sample), what)
                most = _MEMORY + _MEMORY_PER_BYTE * len(source)
                require(peak[0] <= most, f"{what} takes {peak[0] >> 20} MiB of memory")


__all__ = [
    "it_opens_no_connection",
    "it_reads_no_clock_of_its_own",
    "it_reads_no_environment",
    "it_reads_no_file_of_its_own",
    "it_starts_no_thread_or_process_of_its_own",
    "memory_is_in_proportion_to_the_file",
]
