"""A carrier that says our secrets back to us, whole or quoted, where a plugin cuts them in two: no piece leaves it."""

import html
import json
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from portes.carrier import Deadline, Diagnosable
from portes.redaction import MASK
from portes_testing import Tokens, ask, carrier_under_test, served_sandbox
from portes_testing.harness.finding import find_case
from portes_testing.harness.output import captured

PLUGINS = ("correios-br", "correos-es", "jamef")
PIECE = 8
"""Characters of a secret that may stand nowhere."""


def secret(characters: int) -> str:
    """A text without a word in it, with signs that change their shape in JSON, addresses and pages."""
    signs = "".join(sha256(str(number).encode()).hexdigest() for number in range(characters // 64 + 1))
    return f'/+"é&{signs}'[:characters]


def twice(text: str) -> str:
    return json.dumps(text)[1:-1]


def in_base64(text: str) -> str:
    return b64encode(f"x:{text}".encode()).decode()


SHAPES: tuple[Callable[[str], str], ...] = (str, quote, twice, html.escape, in_base64)


@dataclass
class Parrot:
    """A carrier's sandbox that answers some calls with what was shown to it, in every field that holds its words."""

    sandbox: WSGIApplication
    own: str
    status: int = 400
    padding: int = 0
    shape: Callable[[str], str] = str
    path: str = ""
    """The end of the one path that it lets the sandbox answer; none when empty."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.path and environ["PATH_INFO"].endswith(self.path):
            return self.sandbox(environ, start_response)
        shown = environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2]
        words = ["." * self.padding + self.shape(text) for text in (self.own, shown) if text]
        start_response(f"{self.status} Said", [("Content-Type", "application/json")])
        return [json.dumps(self._body(" ".join(words), environ["PATH_INFO"]), ensure_ascii=False).encode()]

    def _body(self, words: str, path: str) -> object:
        if self.status == 200 and path.endswith("/nacional"):
            return [{"nuRequisicao": str(number), "txErro": words, "msgPrazo": words} for number in range(1, 9)]
        entries = [{"detalhes": words, "componenteFalho": words}]
        more = {"moreInformation": {"description": words}, "erros": entries, "msgs": [words], "txErro": words}
        return {"mensagem": words, "error": words, "message": words, "idCorrelacao": words, **more}


Echo = tuple[int, bool, int, Callable[[str], str]]
"""A status, whether the login is let in, how many characters stand before the secrets, and their shape."""
SOME: tuple[Echo, ...] = ((200, True, 60, str), (403, False, 280, in_base64), (400, True, 290, twice))
ALL: tuple[Echo, ...] = tuple(
    (status, lets_in, padding, SHAPES[number % len(SHAPES)])
    for status, lets_in in ((200, True), (400, True), (400, False), (403, False))
    for number, padding in enumerate((0, *range(36, 84, 3), *range(252, 303, 3)))
)


def said(plugin: str, own: str, echoes: Iterable[Echo]) -> tuple[str, set[str]]:
    """All that a plugin set up with a secret says while it is answered so, and the tokens that it was given."""
    case = find_case(plugin)
    with carrier_under_test(case) as under_test, served_sandbox(under_test) as sandbox:
        assert sandbox.tap
        assert isinstance(case.tokens, Tokens)
        settings = {name: own for name in under_test.secrets().values() if name in case.settings}
        parrot = Parrot(sandbox.tap.application, own)
        sandbox.tap.application = parrot
        with captured(under_test.output) as output:
            for parrot.status, lets_in, parrot.padding, parrot.shape in echoes:
                parrot.path = case.tokens.path if lets_in else ""
                carrier = sandbox.new_carrier(settings=settings)
                assert isinstance(carrier, Diagnosable)
                output.add(*ask(carrier, case.served.shipments).given)
                output.add(*carrier.diagnose(Deadline(60, under_test.clock)))
        return output.text, sandbox.tap.credentials


def pieces(text: str, characters: int) -> set[str]:
    return {text[at : at + characters] for at in range(len(text) - characters + 1)}


@pytest.mark.parametrize("plugin", PLUGINS)
@pytest.mark.parametrize(
    ("characters", "echoes"),
    [
        (41, SOME),
        pytest.param(41, ALL, marks=pytest.mark.exhaustive, id="41 everywhere"),
        pytest.param(1200, ALL, marks=pytest.mark.exhaustive, id="1200 everywhere"),
    ],
)
def test_no_piece_of_a_secret_that_a_carrier_says_back_leaves_its_plugin(
    plugin: str, characters: int, echoes: Iterable[Echo]
) -> None:
    own = secret(characters)

    told, tokens = said(plugin, own, echoes)

    heard = {length: pieces(told, length) for length in (PIECE, 2 * PIECE)}
    assert [shape.__name__ for shape in SHAPES if pieces(shape(own), PIECE) & heard[PIECE]] == []
    assert [token for token in tokens if pieces(token, 2 * PIECE) & heard[2 * PIECE]] == []
    assert MASK in told  # it was said, and read
