"""Personal data at rest."""

import pytest
from cryptography.fernet import InvalidToken

from core.sealing import Seal


def test_what_is_sealed_can_be_opened_with_the_same_key():
    sealed = Seal("one key of the office").close("0000-2345678 王女士")

    assert Seal("one key of the office").open(sealed) == "0000-2345678 王女士"


def test_a_sealed_number_does_not_show():
    assert b"2345678" not in Seal("one key of the office").close("0000-2345678")


def test_the_same_words_are_sealed_differently_each_time():
    seal = Seal("one key of the office")

    assert seal.close("0000-2345678") != seal.close("0000-2345678")


def test_another_key_opens_nothing():
    sealed = Seal("one key of the office").close("0000-2345678")

    with pytest.raises(InvalidToken):
        Seal("another key of the office").open(sealed)


def test_a_changed_byte_is_noticed():
    sealed = bytearray(Seal("one key of the office").close("0000-2345678"))
    sealed[20] ^= 1

    with pytest.raises(InvalidToken):
        Seal("one key of the office").open(bytes(sealed))
