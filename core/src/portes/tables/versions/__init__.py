"""Versions of rate tables, kept in the state folder: which one is in force, since when, and who said so."""

from portes.tables.versions.kept import Activation, NewVersion, TableVersion
from portes.tables.versions.opening import VersionInForce, open_in_force, open_version
from portes.tables.versions.table_versions import TableVersions

__all__ = [
    "Activation",
    "NewVersion",
    "TableVersion",
    "TableVersions",
    "VersionInForce",
    "open_in_force",
    "open_version",
]
