"""Encryption at rest.

AES-256-GCM with a key of its own for every conversation, derived from the service's key by HKDF-SHA256 (RFC 5869).
What is encrypted is bound to its place (conversation and name) by the associated data, so that a row cannot be moved.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import SettingError, StartError
from bot.settings import Settings

_KEY_BYTES = 32
_NONCE_BYTES = 12


class Vault:
    """Seals and opens the bytes of one installation."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        # Deriving takes longer than sealing a message; those who write now write again soon.
        self._cipher = lru_cache(maxsize=1024)(self._derive)

    def seal(self, conversation: str, place: str, data: bytes) -> bytes:
        """Nonce and ciphertext of ``data``, bound to ``conversation`` and ``place``."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher(conversation).encrypt(nonce, data, place.encode())

    def open(self, conversation: str, place: str, sealed: bytes) -> bytes:
        """The bytes that ``seal`` was given. Raises StartError when another key sealed them."""
        nonce, data = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher(conversation).decrypt(nonce, data, place.encode())
        except InvalidTag as error:
            raise StartError(
                "Det som er lagret, er låst med en annen nøkkel. Sett HJEMVEI_KEY til den som ble brukt før, "
                "eller slett databasen."
            ) from error

    def name(self, purpose: str, data: str) -> str:
        """A name for ``data`` that says nothing of it without the key: HMAC-SHA256 in hex, another for each purpose."""
        key = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=f"name:{purpose}".encode()).derive(self._key)
        return hmac.digest(key, data.encode("utf-8", "surrogatepass"), "sha256").hex()

    def _derive(self, conversation: str) -> AESGCM:
        derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=conversation.encode())
        return AESGCM(derived.derive(self._key))


def open_vault(settings: Settings) -> Vault:
    """The vault of this installation; makes the key file (mode 600) at first start when no key is given."""
    if settings.key:
        return Vault(_decode("HJEMVEI_KEY", settings.key.reveal()))
    path = settings.folder / "key"
    try:
        settings.folder.mkdir(parents=True, exist_ok=True)
        _create(path)
        text = path.read_text("ascii")
    except OSError as error:
        raise StartError(
            f"Mappa {settings.folder} kan ikke skrives til ({error.strerror}). "
            "Gi tilgang, eller velg en annen mappe med HJEMVEI_FOLDER."
        ) from error
    return Vault(_decode(str(path), text))


def new_key() -> str:
    """A fresh key in the form that HJEMVEI_KEY takes."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _create(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(new_key())


def _decode(name: str, text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text.strip())
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != _KEY_BYTES:
        raise SettingError(f"{name} må være 32 byte i base64, slik «hjemvei key» skriver dem.")
    return key
