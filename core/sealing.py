"""Personal data at rest: phone numbers are stored sealed and opened only to be read."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet


class Seal:
    """Authenticated encryption under the office's data key."""

    def __init__(self, key: str) -> None:
        digest = hashlib.sha256(key.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(digest))
        self._fingerprint_key = hmac.digest(digest, b"fingerprint", hashlib.sha256)

    def close(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def fingerprint(self, text: str) -> str:
        """Mark the text so that equal ones are found, and nobody without the key can guess it."""
        return hmac.digest(self._fingerprint_key, text.encode(), hashlib.sha256).hex()

    def open(self, sealed: bytes) -> str:
        return self._fernet.decrypt(sealed).decode()
