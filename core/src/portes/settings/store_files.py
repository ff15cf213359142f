"""Which store files a person means by a path; it reads none of them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from portes.errors import Problem, Problems

FILE_NAME: Final = "portes.toml"


def find_store_files(paths: Iterable[Path]) -> list[Path]:
    """The files behind paths: a TOML file, a folder with `portes.toml`, or a folder of both kinds.

    In the order given, folders sorted by name, each file once. Raises `SettingsError` for each path that
    is not there or holds no store.
    """
    found: dict[Path, None] = {}
    problems = Problems()
    for path in paths:
        files = [path] if path.is_file() else list(_inside(path))
        found |= dict.fromkeys(files)
        if not files:
            cause = "holds no store" if path.is_dir() else "is no file" if path.exists() else "is not there"
            fix = f"name a store's TOML file, or a folder with {FILE_NAME} or TOML files in it"
            problems.include([Problem("", "", cause, fix, path)])
    problems.check()
    return list(found)


def name_from_path(file: Path) -> str:
    """The name that a store has unless its file gives it one: the file's own, or its folder's for `portes.toml`."""
    path = file.resolve()
    return path.parent.name if path.name == FILE_NAME else path.stem


def _inside(folder: Path) -> Iterator[Path]:
    own = folder / FILE_NAME
    if own.is_file():
        yield own
    elif folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.suffix == ".toml" and path.is_file():
                yield path
            elif (path / FILE_NAME).is_file():
                yield path / FILE_NAME
