"""A random table of any format is no honest one, but nothing in it is wrong beyond doubt."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_tables.drawing import random_tables
from random_tables.dressing import files
from random_tables.writers import WRITERS

from portes.tables import ReadOptions
from portes.tables.audit.auditing import audit_source

UNITS = ("weights-in-kg", "weights-in-g")
"""A random table may end at 2 g, and then its unit is doubted, rightly."""
FEW = settings(max_examples=max(1, settings().max_examples // 8))


@pytest.mark.parametrize("name", WRITERS)
@FEW
@given(data=st.data())
def test_a_random_table_of_any_format_has_no_error(name: str, data: st.DataObject) -> None:
    writer = WRITERS[name]
    file = data.draw(files(writer.grid(data.draw(random_tables(writer.holds)))))
    options = ReadOptions(writer.holds.country, "BRL", **file.options, beside=file.beside)
    report = audit_source(Path("table"), file.source, name, options)

    errors = [one for one in report.findings if one.severity == "error" and one.kind.code not in UNITS]
    assert [(one.kind.code, one.cases) for one in errors] == []
