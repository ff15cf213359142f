"""The table carrier as a store makes it."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from table_quotes import SMALL, Make, economy

from portes.toolbox import StoreFacts, Tools, tools_for
from portes_table.carrier import TableCarrier
from portes_table.settings import TableService, TableSettings


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    return tools_for(StoreFacts("shop", "BR", "BRL", ZoneInfo("America/Sao_Paulo"), "BR-SP", tmp_path), "tables")


@pytest.fixture
def make(tools: Tools) -> Make:
    """A carrier of one service whose table stands in the store's folder."""

    def made(table: str = SMALL, *services: TableService, **settings: Any) -> TableCarrier:
        (tools.store.folder / "table.csv").write_text(table)
        return TableCarrier(TableSettings(file="table.csv", **settings), services or (economy(),), tools)

    return made
