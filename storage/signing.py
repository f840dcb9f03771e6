"""Who signed this, and with which key? Ed25519 (RFC 8032)."""

import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from gates.digest import bytes_digest
from gates.refusal import UserError


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The half that anyone may have, and checks signatures with."""

    raw: bytes
    """32 bytes."""

    @property
    def id(self) -> str:
        """The key's name: SHA-256 of its raw bytes."""
        return bytes_digest(self.raw)

    def pem(self) -> str:
        """Return the key as other tools read it, such as `openssl pkeyutl -verify`."""
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")

    def signed(self, content: bytes, signature: bytes) -> bool:
        """Say whether the other half made this signature of this content."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, content)
        except InvalidSignature:
            return False
        return True


class Signer:
    """Holds the private key: from the PEM text given, or from an owner-only file that it makes at first use."""

    def __init__(self, key_path: Path, *, pem: str | None = None) -> None:
        """Name the file; `pem` (the value of an environment variable) takes its place. Reads nothing yet."""
        self._path = key_path
        self._pem = pem
        self._key: Ed25519PrivateKey | None = None

    @property
    def public_key(self) -> PublicKey:
        """The half to hand out; it also lies beside the key file, as `<name>.pub`."""
        return PublicKey(self._private().public_key().public_bytes_raw())

    def sign(self, content: bytes) -> bytes:
        """Return the signature of `content`, 64 bytes; the same content always gives the same."""
        return self._private().sign(content)

    def _private(self) -> Ed25519PrivateKey:
        if self._key is None:
            self._key = self._load()
        return self._key

    def _load(self) -> Ed25519PrivateKey:
        if self._pem is not None:
            return _parse(self._pem.encode(), "The signing key given in the environment")
        if not self._path.exists():
            _create(self._path)
        mode = stat.S_IMODE(self._path.stat().st_mode)
        if mode & 0o077:
            raise UserError(
                f"The signing key {self._path} can be read by others (mode {mode:o}): chmod 600 {self._path}"
            )
        return _parse(self._path.read_bytes(), f"The signing key {self._path}")


def read_public_key(pem: str) -> PublicKey:
    """Return the key in a PEM text; `UserError` when it holds no Ed25519 public key."""
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as unreadable:
        raise UserError(f"This is no public key in PEM: {unreadable}") from unreadable
    if not isinstance(key, Ed25519PublicKey):
        raise UserError("This public key is not an Ed25519 key, so it signed no receipt.")
    return PublicKey(key.public_bytes_raw())


def _parse(pem: bytes, what: str) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm) as unreadable:
        raise UserError(
            f"{what} is no unencrypted private key in PEM: openssl genpkey -algorithm ed25519"
        ) from unreadable
    if not isinstance(key, Ed25519PrivateKey):
        raise UserError(f"{what} is not an Ed25519 key: openssl genpkey -algorithm ed25519")
    return key


def _create(path: Path) -> None:
    """Write a new key whole under its name, or leave the one that another process wrote a moment ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # made with mode 600
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            stream.flush()
            os.fsync(stream.fileno())
        path.hardlink_to(written)
    except FileExistsError:
        return
    finally:
        written.unlink()
    path.with_name(f"{path.name}.pub").write_text(PublicKey(key.public_key().public_bytes_raw()).pem())
