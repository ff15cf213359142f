import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Secret, SecretBytes, SecretStr

from portes.contract import FailureKind, Note
from portes.errors import shown
from portes.redaction import MASK, FoundSecret, Redactor, masked_logger, secrets_in
from portes.toolbox import discreet

PASSWORD = 's3cr/t+ "ção"'


def json_in_json(text: str) -> str:
    return json.dumps(json.dumps(text)[1:-1])[1:-1]


def of_php(text: str) -> str:
    return json.dumps(text)[1:-1].replace("/", r"\/")


def in_base64(text: str) -> str:
    return base64.b64encode(f"x{text}y".encode()).decode().rstrip("=")


def lower_quoted(text: str) -> str:
    return re.sub("%..", lambda sign: sign[0].lower(), quote(text, safe=""))


SHAPES = (str, quote, json_in_json, of_php, in_base64, lower_quoted, html.escape, quote_plus)


class Card(BaseModel):
    number: str
    pin: SecretStr


class Settings(BaseModel):
    user: str
    password: SecretStr
    cards: list[Card] = []
    spare: dict[str, SecretStr] = {}
    timeout: int = 4


@pytest.mark.parametrize(
    "shape",
    [
        PASSWORD,
        quote(PASSWORD, safe=""),
        quote_plus(PASSWORD),
        json.dumps(PASSWORD)[1:-1],
        json.dumps(PASSWORD, ensure_ascii=False)[1:-1],
        base64.b64encode(PASSWORD.encode()).decode().rstrip("="),
        base64.b64encode(f"joe:{PASSWORD}".encode()).decode(),
        base64.urlsafe_b64encode(f"joe:{PASSWORD}".encode("latin-1")).decode(),
    ],
)
def test_a_secret_is_masked_in_every_shape_it_travels_in(shape: str) -> None:
    assert Redactor([], [("joe", PASSWORD)]).text(f"before {shape.rstrip('=')} after") == f"before {MASK} after"


def test_a_secret_within_another_is_masked_whole() -> None:
    assert Redactor(["abcd", "abcdef"]).text("x abcdef abcd") == f"x {MASK} {MASK}"
    assert Redactor(["abcdefghABCDEFGH", "abcdefghABCDEFGHij"]).text("xabcdefghABCDEFGHijabcdefghABCDEFGH") == (
        f"x{MASK}{MASK}"
    )


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("a", "banana, a-b, a_b"),
        ("1", "21 tries of R$ 1,00 and 12.1 kg"),
        ("12", "R$ 12.90 or 1.12 or 12,5"),
        ("card", "postcards and card_1"),
        ("carriers", '{"carriers": 1}'),
        ("password", 'my_password_key and "passwords": {"password": 1}'),
        ("entrega", 'prazoEntrega {"entrega prevista": 1, "a": {"msg entrega" : 2}}'),
        ("correios-br", "correios-brazil and my-correios-br"),
        ("chave-do-portal", "chave-do-portal2"),
        ("-", "a-b - 1"[:3]),
        ("novo", "correios-novo has novos_termos"),
        ("check", '{"check": "rechecked", "other_check" : 1}'),
        ("txErro", r'{"txErro":"no contract", "body": "{\"txErro\": 1}"}'),
    ],
)
def test_a_short_secret_spoils_no_text_that_happens_to_hold_it(secret: str, text: str) -> None:
    assert Redactor([secret]).text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "(got '{}')",
        "wrong%20{}",
        r"\u00e9{} \u00e9",
        'unknown code "{}": try again',
        "user=joe&code={}",
        "{} is wrong",
        '{{"code": "{}", "n": 1}}',
        "code={}&user=joe",
        "({}).",
        "https://u:{}@host/",
        r"wrong:\n{}\n",
    ],
)
@pytest.mark.parametrize(
    "secret", ["a", "17", "box", "novo", "segredo", "p+sso", "password", "chave-do-portal", "correct horse"]
)
def test_a_secret_of_any_length_that_stands_alone_is_masked(text: str, secret: str) -> None:
    assert Redactor([secret]).text(text.format(secret)) == text.format(MASK)


def test_a_short_secret_is_masked_in_the_header_that_it_travels_in() -> None:
    header = base64.b64encode(b"joe:a").decode()

    assert Redactor([], [("joe", "a")]).text(f"Basic {header}") == f"Basic {MASK}="


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("hunter2hunter2-16", "xhunter2hunter2-16y"),
        ("hunter2hunter2-16", '{"hunter2hunter2-16": 1}'),
        ("hunter2h", in_base64("hunter2h")),
    ],
)
def test_what_can_be_no_word_is_masked_within_words_and_keys_too(secret: str, text: str) -> None:
    left = Redactor([secret]).text(text)

    assert MASK in left
    assert secret not in left


def test_keys_and_enums_are_no_short_secrets() -> None:
    event = {"carriers": "x", "kind": FailureKind.LATE}

    assert Redactor(["carriers", "late"]).clean(event) == event
    assert Redactor(["carriers", "late"]).clean(event)["kind"] is FailureKind.LATE


@pytest.mark.parametrize("secret", ["carrier", "crashed", "bad", "shop", "warning", "exception", "late", "x"])
def test_a_log_event_keeps_its_words_keys_and_names_whatever_secret_they_look_like(secret: str) -> None:
    ours = {"event": "carrier crashed", "level": "warning", "store": "shop", "carrier": "bad", "kind": "late"}

    told = Redactor([secret]).event({**ours, "exception": f"ValueError: {secret!r}"})

    assert told == {**ours, "exception": f"ValueError: '{MASK}'"}


@pytest.mark.parametrize("length", range(4, 41))
def test_what_a_cut_left_of_a_secret_is_masked(length: int) -> None:
    secret = "0123456789abcdefghijABCDEFGHIJ4711-+x/y7z"

    assert Redactor([secret]).text(f"no: {secret[:length]}… and {secret[:length]}…") == f"no: {MASK}… and {MASK}…"


@pytest.mark.parametrize("secret", ["0123456789abcdefghijABCDEFGHIJ4711-+x/y7z", "11222333000181998877665544"])
@pytest.mark.parametrize("cut", [shown, discreet, lambda text: Note(kind="n", text=text).text])
def test_whatever_cuts_a_foreign_text_leaves_no_piece_of_a_secret(secret: str, cut: Callable[[str], str]) -> None:
    redactor = Redactor([secret])

    told = [redactor.text(cut("." * before + secret + ", " * 40)) for before in range(20, 620)]

    assert not [text for text in told for at in range(len(secret) - 3) if secret[at : at + 4] in text]


SENT = {"Authorization": "Bearer a-token/of-a-login-4711", "Accept": "*/*"}


@pytest.mark.parametrize(
    ("secret", "shape"),
    [(secret, shape) for secret in ('s3cr/t "of+ção" now', "a-token/of-a-login-4711") for shape in SHAPES],
    ids=lambda value: getattr(value, "__name__", "")[:12],
)
def test_a_body_echoes_no_secret_in_whatever_shape(secret: str, shape: Callable[[str], str]) -> None:
    redactor, tokens = Redactor(['s3cr/t "of+ção" now']), Redactor()
    redactor.join(tokens)
    tokens.hold("login", "a-token/of-a-login-4711")

    body = redactor.without_echoes(f"xx{shape(secret)}yy".encode(), SENT.values()).decode()

    assert body.startswith("xx")
    assert body.endswith("yy")
    assert not any(shape(secret)[at : at + 8] in body for at in range(len(shape(secret)) - 7))


@pytest.mark.parametrize(
    ("secret", "body"),
    [
        ("12345678901234567890", b'{"total": 12345678901234567890}'),
        ("2026-11-30 12:00:00", b'{"on": "2026-11-30 12:00:00"}'),
        ("description", b'{"description": "description"}'),
    ],
)
def test_a_body_keeps_its_figures_and_words_whatever_secret_they_look_like(secret: str, body: bytes) -> None:
    assert Redactor([secret]).without_echoes(body, ()) == body


def test_a_login_may_give_the_token_out_again_that_it_gave_before() -> None:
    tokens = Redactor()
    tokens.hold("login", "a-token/of-a-login-4711")
    body = b'{"token": "a-token/of-a-login-4711"}'

    assert tokens.without_echoes(body, ["Basic am9lOnNlY3JldA=="]) == body


def test_a_log_line_keeps_its_level_whatever_secret_it_looks_like(capsys: pytest.CaptureFixture[str]) -> None:
    processors = structlog.processors.add_log_level, structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*processors], wrapper_class=structlog.BoundLogger, logger_factory=structlog.PrintLoggerFactory()
    )
    try:
        masked_logger(Redactor(["error", "long-secret"]), "test").error("an error of long-secret")
    finally:
        structlog.reset_defaults()

    told = json.loads(capsys.readouterr().out)
    assert (told["event"], told["level"]) == (f"an {MASK} of {MASK}", "error")


def test_structures_are_cleaned_to_their_depth_and_keep_their_shape() -> None:
    redactor = Redactor(["hushhush", "a-key-that-is-no-word"])
    given = {"a-key-that-is-no-word": [1, ("a hushhush", b"hushhush"), {"hushhush"}], "n": None, "x": 1.5}

    cleaned = redactor.clean(given)

    assert cleaned == {MASK: [1, (f"a {MASK}", MASK.encode()), {MASK}], "n": None, "x": 1.5}


def test_the_secrets_of_settings_are_found_and_paired_with_the_texts_beside_them() -> None:
    settings = Settings(
        user="joe",
        password=SecretStr("hush"),
        cards=[Card(number="42", pin=SecretStr("9876"))],
        spare={"old": SecretStr("hush-old")},
    )
    redactor = Redactor.of(settings)

    for text in (
        "hush",
        "9876",
        "hush-old",
        base64.b64encode(b"joe:hush").decode(),
        base64.b64encode(b"42:9876").decode(),
    ):
        assert redactor.text(text).rstrip("=") == MASK
    assert redactor.text("joe 42 4") == "joe 42 4"


class Wallet(BaseModel):
    model_config = ConfigDict(extra="allow")

    raw: SecretBytes
    pin: Secret[int]
    sets: tuple[frozenset[SecretStr], ...] = ()


def test_every_kind_of_secret_is_found_with_its_key_and_the_texts_beside_it() -> None:
    stray = SecretStr("stray")
    wallet = Wallet.model_validate({"raw": b"raw", "pin": 4711, "sets": [["deep"]], "more": stray})
    settings = Settings(user="joe", password=SecretStr("hush"))

    found = list(secrets_in({"a": [wallet], "b": settings, "c": stray, "text": "no secret"}))

    assert found == [
        FoundSecret("raw", "raw", ()),
        FoundSecret("4711", "pin", ()),
        FoundSecret("deep", "sets", ()),
        FoundSecret("stray", "more", ()),
        FoundSecret("hush", "password", ("joe",)),
        FoundSecret("stray", "", ()),
    ]
    assert "hush" not in repr(found)


def test_of_secrets_that_replace_each_other_the_last_two_are_masked_and_older_ones_forgotten() -> None:
    redactor = Redactor(["hush"])
    for token in ("token/one+", "token/two+", "token/three+", "token/three+"):
        redactor.hold("login", token)
    redactor.hold("another", "token/four+")

    assert redactor.text("hush token/two+ token/three+ token/four+") == " ".join([MASK] * 4)
    assert redactor.text(quote("token/three+", safe="")) == MASK
    assert redactor.text("token/one+") == "token/one+"


def test_a_name_that_is_heard_of_no_more_is_forgotten_in_the_end() -> None:
    redactor = Redactor()
    for number in range(300):
        redactor.hold(f"login {number}", f"<token {number}>")

    assert redactor.text("<token 1> <token 299>") == f"<token 1> {MASK}"


def test_a_redactor_masks_what_one_that_it_joined_learns_later() -> None:
    redactor, other = Redactor(["hush"]), Redactor()
    redactor.join(other)
    other.hold("login", "a-hush-token")

    assert redactor.clean({"said": ["hush a-hush-token"]}) == {"said": [f"{MASK} {MASK}"]}


def test_without_secrets_nothing_changes() -> None:
    assert Redactor().text("as it was") == "as it was"
    assert Redactor([""]).clean(["as it was"]) == ["as it was"]


def test_a_redactor_shows_none_of_its_secrets() -> None:
    assert "hush" not in repr(Redactor(["hush"]))


@given(st.text(min_size=16), st.text(), st.text())
def test_no_text_keeps_a_long_secret(secret: str, before: str, after: str) -> None:
    left = Redactor([secret]).text(before + secret + after)

    assert secret not in left.replace(MASK, "") or secret in MASK or secret in (before + after)


@given(st.text(min_size=1), st.text(), st.text())
def test_no_text_keeps_a_secret_of_any_length_as_a_word(secret: str, before: str, after: str) -> None:
    left = Redactor([secret]).text(f"{before} {secret} {after}")

    assert f" {secret} " not in left.replace(MASK, "") or f" {secret} " in f"{before}  {after}"


@given(st.text("abc1.-_ ", max_size=11), st.sampled_from(["a", "b2", "77"]), st.text("abc1"), st.sampled_from("xyz"))
def test_no_word_that_only_holds_a_secret_changes(secret: str, end: str, rest: str, sign: str) -> None:
    secret = f"{end}{secret}{end}"
    word = f"{sign}{secret}{sign}{rest}{sign}"

    assert Redactor([secret]).text(word) == word
