"""Answers that no carrier should send, made of sound ones: the same ones from the same seed."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any, Final

WORDS: Final = (
    *("null", "true", "[]", "{}", "0", "-0", "-1", "1.5", "1e3", "NaN", "-Infinity", "1e400", "1e308", "1e-400"),
    *("9" * 19, "9" * 99, "9" * 5000, "-" + "9" * 309, "[" * 1000 + "]" * 1000, '{"a":' * 300 + "1" + "}" * 300),
    *('""', '" "', '","', '",5"', '"-"', '"inf"', '"1e400"', '"0x10"', '"1_000"', '"1.000.000,00"', '"12,9"', '"0,00"'),
    *(f'"{text}"' for text in ("x" * 300, "9" * 300, "9" * 5000, "A-" * 400, "R$ " + "9" * 5000 + ",00")),
    *('"\\ud800"', '"\\u0000"', '"\\u202e\\u001b]0;x\\u0007"', '"\\u0661\\u0662"', '"\\u00b2"', '"<b>"'),
    *('"9999-12-31T23:59:59"', '"0001-01-01T00:00:00"', '"2026-02-30"', '"99/99/9999"', '"31/12/9999"', '"24:00"'),
    *('"9999-12-31T23:59:59-14:00"', '"0001-01-01T00:00:00+14:00"', '"+14:59"', '"-00:00:01"', '"2026-W01-1T00"'),
    *('"ERP-005: x"', '"ERP-013: R$ 1,00"', '"PRZ-008"', '"GTW-012"', '"x.eyJleHAiOjFlNDAwfQ.x"', '"x.e30.x"', '"..."'),
    *('"1E-99999999"', '"1_0"', '"\\u0661\\u0662,50"', '"tok\\u00e9n"', '"a b"'),
    *('"x.eyJleHAiOjI1MzQwMjMwMDc5OX0.x"', f'"x.{"W1tb" * 2000}.x"'),
)
"""Values as JSON writes them, each one something that somebody took for impossible."""

_MARK: Final = "\x01{}\x01"


def mutant(body: bytes, draws: Random) -> bytes:
    """One answer made of a sound one, with up to three things changed in it."""
    tree = _tree(body)
    if tree is None or draws.random() < 0.15:
        return torn(body, draws)
    holder = [tree]
    for _ in range(draws.choice((1, 1, 1, 2, 3))):
        _change(holder, draws)
    text = json.dumps(holder[0], ensure_ascii=False)
    for number, word in enumerate(WORDS):
        text = text.replace(json.dumps(_MARK.format(number)), word)
    return text.encode(errors="surrogatepass")


def _tree(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def torn(body: bytes, draws: Random) -> bytes:
    """Bytes lost, doubled or changed somewhere."""
    at = draws.randrange(len(body) + 1)
    kept = body[: at + draws.randrange(1, 9)]
    return draws.choice(
        (body[:at], kept + body[at:], body[:at] + draws.randbytes(2) + body[at + 1 :], b"\xef\xbb\xbf" + body)
    )


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder of a value and the key or index of it."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        yield tree, key
        yield from _places(value)


def _change(holder: list[Any], draws: Random) -> None:
    parent, key = draws.choice(list(_places(holder)))
    match draws.randrange(8):
        case 0 if parent is not holder:
            del parent[key]
        case 1:
            parent[key] = [parent[key]]
        case 2 if isinstance(parent, dict):
            parent[str(key).upper()] = parent.pop(key)
        case 3 if isinstance(parent, list):
            parent.append(parent[key])
        case 4 if isinstance(parent[key], str):
            parent[key] = parent[key] * draws.choice((2, 400))
        case _:
            parent[key] = _MARK.format(draws.randrange(len(WORDS)))


__all__ = ["WORDS", "mutant", "torn"]
