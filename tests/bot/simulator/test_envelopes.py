import json
from pathlib import Path

import pytest

from bot.simulator.envelopes import Envelope, EnvelopeError, sign

VECTORS = json.loads(
    (Path(__file__).parents[1] / "payloads" / "wechat_crypto_vectors.json").read_text()
)


def named(vectors):
    return [pytest.param(vector, id=vector.get("name")) for vector in vectors]


@pytest.mark.parametrize("vector", named(VECTORS["signatures"]))
def test_the_plain_signature_is_that_of_the_official_samples(vector):
    signature = sign(vector["token"], vector["timestamp"], vector["nonce"])

    assert signature == vector["signature"]


@pytest.mark.parametrize("vector", named(VECTORS["decrypt"]))
def test_sealed_samples_are_signed_and_opened(vector):
    signature = sign(vector["token"], vector["timestamp"], vector["nonce"], vector["encrypt"])
    opened = Envelope(vector["encoding_aes_key"], vector["appid"]).open(vector["encrypt"]).decode()

    assert signature == vector["msg_signature"]
    if "plaintext" in vector:
        assert opened == vector["plaintext"]
    for expected in vector.get("expect", {}).values():
        assert expected in opened


@pytest.mark.parametrize("vector", named(v for v in VECTORS["encrypt"] if "random16" in v))
def test_sealing_with_the_samples_random_gives_the_samples_bytes(vector):
    envelope = Envelope(vector["encoding_aes_key"], vector["appid"])

    sealed = envelope.seal(vector["plaintext"].encode(), random=vector["random16"].encode())

    assert sealed == vector["encrypt"]


def test_an_envelope_of_another_account_is_refused():
    vector = VECTORS["decrypt"][0]

    with pytest.raises(EnvelopeError) as refused:
        Envelope(vector["encoding_aes_key"], "wx0000000000000000").open(vector["encrypt"])

    assert refused.value.reason == "wrong_app_id"


@pytest.mark.parametrize("sealed", ["", "###", "AAAA", "A" * 44, "A" * 64 + "===="])
def test_what_is_no_envelope_is_refused(sealed):
    with pytest.raises(EnvelopeError):
        Envelope("A" * 43, "wx0000000000000000").open(sealed)
