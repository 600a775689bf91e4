"""WeChat's signature and its AES envelope, read from the protocol pages."""

import base64
import binascii
import hashlib
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PADDING_BLOCK_BYTES = 32
RANDOM_BYTES = 16
LENGTH_BYTES = 4


class EnvelopeError(Exception):
    """What was received cannot be opened; `reason` is stable."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - their protocol


class Envelope:
    """Seals and opens `random(16) + length(4) + message + app id` under one EncodingAESKey."""

    def __init__(self, encoding_aes_key: str, app_id: str) -> None:
        self._key = base64.b64decode(encoding_aes_key + "=")
        self._app_id = app_id.encode()

    def seal(self, message: bytes, *, random: bytes | None = None) -> str:
        content = (random or secrets.token_bytes(RANDOM_BYTES)) + struct.pack("!I", len(message))
        content += message + self._app_id
        missing = PADDING_BLOCK_BYTES - len(content) % PADDING_BLOCK_BYTES
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(content + bytes([missing]) * missing) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str) -> bytes:
        try:
            decryptor = self._cipher().decryptor()
            content = decryptor.update(base64.b64decode(sealed, validate=True))
            content += decryptor.finalize()
        except (binascii.Error, ValueError) as error:
            raise EnvelopeError("undecipherable") from error
        content = self._without_padding(content)
        start = RANDOM_BYTES + LENGTH_BYTES
        if len(content) < start:
            raise EnvelopeError("undecipherable")
        (length,) = struct.unpack("!I", content[RANDOM_BYTES:start])
        if start + length > len(content):
            raise EnvelopeError("undecipherable")
        if content[start + length :] != self._app_id:
            raise EnvelopeError("wrong_app_id")
        return content[start : start + length]

    @staticmethod
    def _without_padding(content: bytes) -> bytes:
        padding = content[-1] if content else 0
        if not 1 <= padding <= PADDING_BLOCK_BYTES:
            raise EnvelopeError("undecipherable")
        return content[:-padding]

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
