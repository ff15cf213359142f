"""Saleor's signatures: made as the platform makes them with a real key, and what must not pass for one."""

import json
import sys
from base64 import urlsafe_b64encode
from dataclasses import replace
from hashlib import sha256
from hmac import digest

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt import api_jws
from jwt.algorithms import RSAAlgorithm
from platforms import AUTH, TOKEN, asked, speaking

from portes.channels.protocol import ChannelRequest
from portes.channels.saleor import Saleor
from portes.errors import SettingsError, UnauthorizedError

BODY = b' {"checkout": {"id": "\xc3\xa9"}}\r\n'
PEM, PUBLIC = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def other() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwks(*keys: rsa.RSAPrivateKey) -> str:
    """What the platform shows of its key at `/.well-known/jwks.json`."""
    shown = [{**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "use": "sig", "kid": "1"} for key in keys]
    return json.dumps({"keys": shown})


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(PEM, PUBLIC).decode()


def signed(key: rsa.RSAPrivateKey, body: bytes = BODY) -> str:
    """The header of a call, made by the library and with the arguments that the platform has."""
    return api_jws.encode(body, key, algorithm="RS256", headers={"kid": "1"}, is_payload_detached=True)


def part(header: dict[str, object]) -> str:
    return urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()


def by_hand(key: rsa.RSAPrivateKey, header: dict[str, object]) -> str:
    """A signature that is right in itself, under whatever header."""
    algorithm = RSAAlgorithm(RSAAlgorithm.SHA256)
    made = algorithm.sign(part(header).encode() + b"." + BODY, key)
    return f"{part(header)}..{urlsafe_b64encode(made).rstrip(b'=').decode()}"


def saleor(public_keys: object, **settings: object) -> Saleor:
    made: Saleor = speaking(Saleor, "US", "USD", **{"auth": None, "public_keys": public_keys, **settings})
    return made


def call(channel: Saleor, signature: str, body: bytes = BODY) -> ChannelRequest:
    return replace(asked(channel, body), headers={"saleor-signature": signature})


def test_a_call_that_the_platform_signed_is_let_in_by_either_form_of_its_key(
    key: rsa.RSAPrivateKey, other: rsa.RSAPrivateKey
) -> None:
    for text in (jwks(key), pem(key), json.dumps(json.loads(jwks(key))["keys"][0])):
        channel = saleor(text)
        channel.authenticate(call(channel, signed(key)))
        channel.verify(call(channel, signed(key)))
        with pytest.raises(UnauthorizedError):
            channel.verify(call(channel, signed(other)))


def test_an_older_release_that_names_no_critical_header_is_let_in_too(key: rsa.RSAPrivateKey) -> None:
    channel = saleor(jwks(key))
    older = call(channel, by_hand(key, {"typ": "JWT", "alg": "RS256", "kid": "1", "b64": False}))

    channel.verify(older)
    with pytest.raises(UnauthorizedError):
        channel.verify(replace(older, body=b"{}"))


def test_any_of_several_keys_lets_in_while_one_replaces_another(
    key: rsa.RSAPrivateKey, other: rsa.RSAPrivateKey
) -> None:
    for keys in (jwks(other, key), [pem(other), jwks(key)]):
        channel = saleor(keys)
        for one in (key, other):
            channel.verify(call(channel, signed(one)))
        with pytest.raises(UnauthorizedError):
            channel.verify(call(channel, ""))


def test_a_signature_of_another_key_or_of_another_body_is_refused(
    key: rsa.RSAPrivateKey, other: rsa.RSAPrivateKey
) -> None:
    channel = saleor(jwks(key))

    for wrong in (
        call(channel, signed(other)),
        call(channel, signed(key), BODY.strip()),
        call(channel, signed(key), b""),
    ):
        with pytest.raises(UnauthorizedError):
            channel.verify(wrong)


def test_a_call_without_a_signature_is_refused_before_its_body_is_read(key: rsa.RSAPrivateKey) -> None:
    channel = saleor(jwks(key))

    with pytest.raises(UnauthorizedError, match="no signature"):
        channel.authenticate(replace(asked(channel), headers={}))
    with pytest.raises(UnauthorizedError):
        channel.verify(replace(asked(channel, BODY), headers={}))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "b64": False},
        {"alg": "HS256", "b64": False},
        {"alg": "RS384", "b64": False},
        {"alg": "RS256"},
        {"alg": "RS256", "b64": True},
        {"alg": "RS256", "b64": False, "crit": ["b64", "exp"]},
        {"alg": "RS256", "b64": False, "crit": "b64"},
        {"b64": False},
    ],
)
def test_a_header_that_the_platform_never_makes_is_refused_though_its_signature_is_right(
    key: rsa.RSAPrivateKey, header: dict[str, object]
) -> None:
    channel = saleor(jwks(key))

    with pytest.raises(UnauthorizedError):
        channel.verify(call(channel, by_hand(key, header)))


def test_a_secret_made_of_the_public_key_signs_nothing(key: rsa.RSAPrivateKey) -> None:
    channel = saleor(pem(key))
    head = part({"alg": "HS256", "b64": False, "crit": ["b64"]})
    made = digest(pem(key).encode(), head.encode() + b"." + BODY, sha256)  # the library itself would not do it
    forged = f"{head}..{urlsafe_b64encode(made).rstrip(b'=').decode()}"
    unsigned = f"{part({'alg': 'none', 'b64': False, 'crit': ['b64']})}.."

    for wrong in (forged, unsigned):
        with pytest.raises(UnauthorizedError):
            channel.verify(call(channel, wrong))


def test_an_access_token_of_the_same_key_is_no_signature_of_a_call(key: rsa.RSAPrivateKey) -> None:
    channel = saleor(jwks(key))
    token = jwt.encode({"user_id": "7"}, key, algorithm="RS256", headers={"kid": "1"})
    head, middle, tail = token.split(".")
    sound = signed(key).split(".")

    for forged in (token, f"{head}..{tail}", f"{sound[0]}.{middle}.{sound[2]}"):
        with pytest.raises(UnauthorizedError):
            channel.verify(call(channel, forged))


@pytest.mark.parametrize("text", ["", ".", "..", "a.b", "a..b", "é..é", "e30..e30", "W10..x", "....", "=..=", "e30..a"])
def test_what_is_no_signature_at_all_is_refused_and_crashes_nothing(key: rsa.RSAPrivateKey, text: str) -> None:
    channel = saleor(jwks(key))
    head = signed(key).split(".")[0]

    for wrong in (text, f"{head}..{text}", f"{head}..a"):
        with pytest.raises(UnauthorizedError):
            channel.verify(call(channel, wrong))


def test_signature_and_address_are_both_demanded_where_both_are_set(key: rsa.RSAPrivateKey) -> None:
    channel = saleor(jwks(key), auth=AUTH)
    right = replace(call(channel, signed(key)), token=TOKEN)

    channel.authenticate(right)
    channel.verify(right)
    for wrong in (replace(right, token=""), replace(right, headers={})):
        with pytest.raises(UnauthorizedError):
            channel.authenticate(wrong)


def test_a_store_that_lets_anybody_ask_does_not_start() -> None:
    with pytest.raises(ValueError, match="anybody could ask"):
        saleor(None)


def test_a_text_that_holds_no_public_rsa_key_is_refused_and_never_told(key: rsa.RSAPrivateKey) -> None:
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    curve = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(PEM, PUBLIC).decode()
    held = RSAAlgorithm.to_jwk(key, as_dict=True)

    for text in ("no key", "{", '{"keys": []}', '{"keys": 1}', '{"kty": "EC"}', private, curve, json.dumps(held)):
        with pytest.raises(SettingsError) as refused:
            saleor(text)
        (problem,) = refused.value.problems
        assert (problem.where, problem.value) == ("channels.saleor.public_keys", "")
        assert "jwks.json" in problem.fix
        assert held["d"] not in str(refused.value)


def test_without_the_extra_the_store_does_not_start_and_is_told_what_to_install(
    key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = jwks(key)
    monkeypatch.setitem(sys.modules, "jwt.algorithms", None)  # what an import finds where it is not installed

    with pytest.raises(SettingsError, match=r"pip install 'portes\[saleor\]'"):
        saleor(text)
    assert speaking(Saleor, "US", "USD").path == "saleor"  # by an address with a token it needs no key
