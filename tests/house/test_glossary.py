"""The words of the house: every class of the core is named with words that stand in the glossary."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "src" / "portes"
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def vocabulary() -> set[str]:
    """Every word in the first column of a table, in the list of plain words, and in the names of channels' rooms."""
    columns = re.findall(r"^\| (`[^|]+) \|", GLOSSARY, re.MULTILINE)
    plain = GLOSSARY.partition("## Plain words")[2]
    terms = [term for text in (*columns, plain) for term in re.findall(r"`([^`]+)`", text)]
    names = [room.name for room in (CORE / "channels").iterdir() if room.is_dir()]  # of platforms, each on its page
    return {word.lower() for term in (*terms, *names) for word in re.split(r"[^A-Za-z]+", term)}


def classes() -> Iterator[tuple[str, str]]:
    """Name and file of every class of the core, those inside others too."""
    for path in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield node.name, path.relative_to(CORE).as_posix()


def words(name: str) -> list[str]:
    """`_HttpResponse` as `http`, `response`."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+", name)]


def unknown(word: str, known: set[str]) -> bool:
    return word not in known and word.removesuffix("s") not in known


def test_every_class_of_the_core_is_named_with_words_of_the_glossary() -> None:
    known = vocabulary()
    strange = {f"{word} in {name} ({file})" for name, file in classes() for word in words(name) if unknown(word, known)}

    assert sorted(strange) == []


def test_every_plain_word_of_the_glossary_names_a_class() -> None:
    """A list of words that nobody uses any more would let new dialect in."""
    plain = re.findall(r"`([^`]+)`", GLOSSARY.partition("## Plain words")[2])
    used = {word.removesuffix("s") for name, _ in classes() for word in words(name)}

    assert plain == sorted(plain)
    assert [word for word in plain if word.removesuffix("s") not in used] == []
