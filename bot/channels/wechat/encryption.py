"""The AES envelope of safe and compatible mode, on wechatpy's cryptography."""

import base64
import secrets
import struct
from collections.abc import Callable, Sequence

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException

from bot.channels.base import UndecryptablePush, WrongAccount

# What wechatpy lets through when a key does not fit or the ciphertext is no ciphertext.
_NOT_OURS = (ValueError, struct.error, IndexError)


def sixteen_random_characters() -> str:
    return secrets.token_hex(8)


class MessageCipher:
    """Encrypts and decrypts for one account with one EncodingAESKey."""

    def __init__(
        self,
        encoding_aes_key: str,
        app_id: str,
        *,
        salt: Callable[[], str] = sixteen_random_characters,
    ) -> None:
        try:
            key = base64.b64decode(encoding_aes_key + "=", validate=True)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise ValueError("an encoding_aes_key is 43 characters of base64")
        self._app_id = app_id
        self._crypto = PrpCrypto(key)
        # wechatpy's own salt comes from a generator that can be predicted.
        self._crypto.get_random_string = salt

    def encrypt(self, text: str) -> str:
        encrypted: bytes = self._crypto.encrypt(text, self._app_id)
        return encrypted.decode("ascii")

    def decrypt(self, encrypted: str) -> str:
        """Return the text, or raise UndecryptablePush or WrongAccount."""
        try:
            text: str = self._crypto.decrypt(encrypted, self._app_id)
        except InvalidAppIdException as error:
            raise WrongAccount("encrypted for another app id") from error
        except _NOT_OURS as error:
            raise UndecryptablePush(f"no fitting key: {type(error).__name__}") from error
        return text


def decrypt_with_any(ciphers: Sequence[MessageCipher], encrypted: str) -> tuple[str, MessageCipher]:
    """Return the text and the cipher that opened it: current key first, then the previous.

    While a key is being changed the platform may use either, and expects its answer
    under the key it used.
    """
    refusal: UndecryptablePush | WrongAccount = UndecryptablePush("no encoding_aes_key is set")
    for cipher in ciphers:
        try:
            return cipher.decrypt(encrypted), cipher
        except (UndecryptablePush, WrongAccount) as error:
            refusal = error
    raise refusal
