"""The check of a format that can also be written: its own reader gets the same prices out of what it wrote."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from portes.contract.postal import postal_form
from portes.errors import SettingsError
from portes.tables import (
    FactNeededError,
    FoundRow,
    PricedLoad,
    RateTable,
    ReadOptions,
    Row,
    Tariff,
    TariffPricer,
    WritableFormat,
    WriteOptions,
    WrittenFile,
    open_table,
    write_table,
)
from portes_testing.formats.case import Sample
from portes_testing.formats.reading import FormatUnderTest, options
from portes_testing.harness.errors import BrokenContractError, require, require_none

_PRICER: Final = TariffPricer(Tariff())
_VALUE: Final = 12_345
"""Minor units that the goods are declared to be worth."""
_UNIT: Final = 1000


def what_it_writes_it_reads_the_same(under_test: FormatUnderTest) -> None:
    """Every row of a sample, written by the format and read again, prices what it did; formats that only read pass."""
    if not isinstance(under_test.plugin(), WritableFormat):
        return
    for sample in under_test.case.samples:
        try:
            table = open_table(sample.path, under_test.case.name, options(sample))
        except SettingsError:
            continue  # another check tells
        if sample.unwritten:
            _refused(table, sample, under_test)
            continue
        again = _read(_written(table, sample, under_test), sample, under_test)
        require_none(
            (
                f"{row.postal_from}-{row.postal_to} at {measure}: {told} in place of {wanted}"
                for row in table.rows()
                if row.price >= 0
                for measure in (row.weight_to // _UNIT, row.weight_from // _UNIT + 1)
                for wanted, told in [(_price(table, row, measure), _told(again, row, measure))]
                if told != wanted
            ),
            f"{sample}, written and read again, is another table",
        )


def _refused(table: RateTable, sample: Sample, under_test: FormatUnderTest) -> None:
    """See that a sample that cannot be written is refused with a problem, and not written otherwise."""
    with suppress(SettingsError):
        write_table(table.rows(), under_test.case.name, _options(sample))
        raise BrokenContractError(f"{sample} is written all the same, though {sample.unwritten}; leave unwritten out")


def _options(sample: Sample) -> WriteOptions:
    declared = options(sample)
    return WriteOptions(
        declared.country, declared.currency, weight_unit=declared.weight_unit, beside=declared.beside, rounding="up"
    )


def _written(table: RateTable, sample: Sample, under_test: FormatUnderTest) -> Sequence[WrittenFile]:
    try:
        files = write_table(table.rows(), under_test.case.name, _options(sample))
    except SettingsError as problem:
        raise BrokenContractError(f"{sample} is sound, and its own format cannot write it: {problem}") from None
    require(all(file.rows for file in files), f"{sample}: a written file has no row")
    return files


def _read(files: Sequence[WrittenFile], sample: Sample, under_test: FormatUnderTest) -> list[RateTable]:
    """The tables in what was written; encoding, separator and decimal sign are the writer's own."""
    declared: ReadOptions = replace(options(sample), encoding=None, separator=None, decimal=None)
    with TemporaryDirectory() as folder:
        found = []
        for file in files:
            path = Path(folder, file.name)
            path.write_bytes(file.content)
            try:
                found.append(open_table(path, under_test.case.name, declared))
            except SettingsError as problem:
                raise BrokenContractError(f"{sample}: what the format wrote does not open: {problem}") from None
    return found


def _told(tables: Sequence[RateTable], row: Row, measure: int) -> object:
    """What the files say of a row's lane; where each service has a file of its own, one of them has to say it."""
    said = [_price(table, row, measure) for table in tables if row.service in table.services or len(tables) == 1]
    return said[0] if said else [_price(table, row, measure) for table in tables]


def _price(table: RateTable, row: Row, measure: int) -> object:
    """Cost and longest days of a shipment to the first code of a row's range, or why there is none."""
    service = row.service if row.service in table.services or len(table.services) > 1 else table.services[0]
    place = postal_form(table.country).read(row.postal_from)
    found = table.find(service, place, measure, row.origin_from)
    if not isinstance(found, FoundRow):
        return found
    weight = measure * _UNIT if table.axis == "weight" else _UNIT
    try:
        charge = _PRICER.charge(found, PricedLoad(weight, _VALUE, 1, 1))
    except FactNeededError as error:
        return str(error)
    return charge.cost, found.terms.days_max
