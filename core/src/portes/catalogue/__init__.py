"""What a shop knows of its SKUs beyond what a marketplace tells: value, origins, days, tags."""

from portes.catalogue.catalogue import Catalogue, CatalogueEntry
from portes.catalogue.reading import COLUMNS, read_catalogue

__all__ = ["COLUMNS", "Catalogue", "CatalogueEntry", "read_catalogue"]
