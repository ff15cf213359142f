"""The writers of all formats, by their names."""

from collections.abc import Mapping

from random_tables.by_place import BY_PLACE
from random_tables.by_range import BY_RANGE
from random_tables.writing import Writer

WRITERS: Mapping[str, Writer] = {writer.format: writer for writer in (*BY_RANGE, *BY_PLACE)}
