"""What a shop knows of its SKUs beyond what a marketplace tells: weight, size, price, value, origins, stock, tags."""

from portes.catalogue.catalogue import Catalogue, CatalogueEntry, KnownGoods
from portes.catalogue.columns import COLUMNS
from portes.catalogue.protocol import (
    CatalogueFacts,
    CatalogueSettings,
    CatalogueSource,
    KeyedSource,
    Row,
    Rows,
    WholeSource,
)
from portes.catalogue.reading import read_catalogue

__all__ = [
    "COLUMNS",
    "Catalogue",
    "CatalogueEntry",
    "CatalogueFacts",
    "CatalogueSettings",
    "CatalogueSource",
    "KeyedSource",
    "KnownGoods",
    "Row",
    "Rows",
    "WholeSource",
    "read_catalogue",
]
