"""Settings files: a check tells problems and nothing else, shows nothing that was taken, and what it passes quotes."""

import re
from pathlib import Path
from random import Random
from shutil import copytree
from typing import ClassVar

from mutants import torn

import portes
from fuzzing.door import Door
from fuzzing.odd import odd_text
from portes.contract import FailureKind, Money, Place, QuoteRequest
from portes.hooks import Watchers
from portes.registry import Registry
from portes.store import Overrides, check_store, open_store

DEMOS = Path(portes.__file__).parent / "demo_stores"
TAKEN = {
    "NETSHOES_PASSWORD": "canary-one-4711",
    "NATIVE_KEY": "canary-two-4711-long",
    "CORREIOS_ACCESS_CODE": "canary-three-4711",
    "JAMEF_PASSWORD": "canary-four-4711",
    "CORREIOS_URL": "http://127.0.0.1:9",
    "JAMEF_URL": "http://127.0.0.1:9",
    "PLACE": "canary-five-4711",
}
_LINES = 20
"""Of the beginning and of the end of the table, which is read for each input."""
_LINE = re.compile(r"(\w+)( = )(.*)")
_VALUES = (
    *('"${PLACE}"', '"${NATIVE_KEY}"', '"${MISSING}"', '"file:secret"', '"file:/dev/zero"', '"file:../x"', '"${PLACE"'),
    *("0", "-1", "1", "999999999", "99999999999999", "9" * 19, "9" * 4301, "9" * 5000, "0.1", "1e400", "nan", "inf"),
    *("true", "[]", "{}", '""', '" "', '"x"', "[[]]", '["a", 1]', "{ a = 1 }", "2026-12-24", "07:32:00", "0x10", "0o7"),
    *("[" * 900 + "]" * 900, "[" * 5000 + "]" * 5000, "{ a = " * 500 + "1" + " }" * 500, "a" + ".a" * 500),
    *('"zlib"', '"rot13"', '"undefined"', '"utf-8"', '"4s"', '"99999999999999999999d"', '"0ms"', '"25:00"', '"ZZ"'),
    *('"tables"', '"/etc/hostname"', '"/dev/zero"', '"../../x.csv"', '"x\\u0000y"', '"\\u202e\\u001b]0;x\\u0007"'),
    *(
        '"' + "x" * 100_000 + '"',
        "'''a'''",
        '"""',
        "= 1",
        "01001000",
        "São",
        "“x”",
        "1_000",
        "+1",
        "\ud800",
        '"\\ud800"',
    ),
)
"""Values as TOML writes them, or tries to."""
_PLACES = (
    "[x" + ".x" * 500 + "]",
    "[[x]]",
    "[store",
    "[carriers.x]",
    "[[rules]]",
    "x",
    "\x00",
    "#" + "x" * 9999,
    "a.b.c = 1",
)


class SettingsDoor(Door):
    """The whole check of a store's file; a store of files alone that passes it is asked, too."""

    name: ClassVar[str] = "settings"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for demo in ("brazil", "spain"):
            copytree(DEMOS / demo, folder, dirs_exist_ok=True)
        table = folder / "tables" / "example-carrier.csv"
        lines = table.read_text().splitlines(keepends=True)
        table.write_text("".join(lines[:_LINES] + lines[-_LINES:]))
        (folder / "secret").write_text("canary-of-a-file-4711")
        self._bases = [(DEMOS / demo / "portes.toml").read_text() for demo in ("brazil", "spain")]
        self._bases.append(self._bases[0].replace("active = false", "active = true"))
        self._file = folder / "portes.toml"
        self._around = Overrides(environ=TAKEN, registry=Registry(), watchers=Watchers(), keeps_state=False)

    def draw(self, draws: Random) -> bytes:
        lines = [line for line in draws.choice(self._bases).splitlines() if line and not line.startswith("#")]
        for _ in range(draws.choice((1, 1, 2, 4))):
            _change(lines, draws)
        given = "\n".join(lines).encode(errors="surrogatepass")
        return torn(given, draws) if draws.random() < 0.1 else given

    def take(self, given: bytes) -> bool:
        self._file.write_bytes(given)
        problems = check_store(self._file, **self._around)
        for problem in problems:
            assert "crashed" not in problem.cause, problem
            assert "canary" not in f"{problem!r} {problem}", "what was taken is shown"
            assert problem.cause, "a problem without a word"
        if not problems and not re.search(rb"correios|jamef|base_url|client_id", given):
            self._ask()
        return not problems

    def _ask(self) -> None:
        with open_store(self._file, **self._around) as store:
            told = store.settings.store
            question = {
                "channel": "library",
                "store": store.name,
                "destination": Place.example(told.country),
                "currency": told.currency,
                "lines": [
                    {
                        "sku": "sku-1234-01",
                        "quantity": 2,
                        "weight": 500,
                        "size": {"length": 250, "width": 100, "height": 100},
                        "declared_value": Money(minor=12_990, currency=told.currency),
                    }
                ],
            }
            quote = store.quote(QuoteRequest.model_validate(question))
        assert len(quote.lines) == 1
        kinds = {failed.failure.kind for line in quote.lines for failed in line.failures}
        assert FailureKind.CRASHED not in kinds, quote


def _change(lines: list[str], draws: Random) -> None:
    at = draws.randrange(len(lines))
    match draws.randrange(10):
        case 0:
            del lines[at]
            lines.append("")
        case 1:
            lines.insert(at, draws.choice(lines))
        case 2:
            lines.insert(at, draws.choice(_PLACES))
        case 3:
            lines[at] = _LINE.sub(lambda found: f"{found[1]}{draws.choice('xs_')} = {found[3]}", lines[at])
        case 4:
            text = odd_text(draws).replace("\\", "").replace('"', "").replace("\n", "").replace("\r", "")
            lines[at] = _LINE.sub(lambda found: f'{found[1]} = "{text}"', lines[at])
        case _:
            lines[at] = _LINE.sub(lambda found: f"{found[1]} = {draws.choice(_VALUES)}", lines[at])
