"""The contract of a keyholder, as tests: a plug-in's author subclasses `KeyholderContract`.

    class TestVault(KeyholderContract):
        keyholder = Vault()

pytest collects the inherited tests; nothing of pytest is imported here.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from exchange.errors import ExchangeError, Unauthenticated
from exchange.signing import Keyholder
from ledger.keys import Signer, is_sound, verifies

_MESSAGE = b"a message of the contract\n"


class KeyholderContract:
    """What every keyholder must do with keys for the log and for the operator."""

    keyholder: ClassVar[Keyholder]
    passphrase: ClassVar[str] = "a passphrase of the contract"  # noqa: S105 - of keys to be thrown away
    wrong: ClassVar[str | None] = "another passphrase"  # None where no passphrase is asked for

    def test_makes_a_signer_whose_signatures_verify(self, tmp_path: Path) -> None:
        """A new key is a sound Ed25519 key and signs (RFC 8032)."""
        for purpose in ("log", "operator"):
            signer = self.keyholder.make(tmp_path, purpose, self.passphrase)
            _require(is_sound(signer.public_key), "makes sound Ed25519 keys")
            _require(_signs(signer), "signs what it is given")

    def test_opens_what_it_made(self, tmp_path: Path) -> None:
        """A key that was made can be opened again, also beside another."""
        made = [self.keyholder.make(tmp_path, "log", self.passphrase) for _ in range(2)]
        _require(made[0].public_key != made[1].public_key, "makes a new key each time")
        for signer in made:
            key = signer.public_key
            opened = self.keyholder.open(tmp_path, "log", key, self.passphrase)
            _require(opened.public_key == key and _signs(opened), "opens the very key")

    def test_refuses_what_it_does_not_hold(self, tmp_path: Path) -> None:
        """An unknown key and a wrong passphrase are `Unauthenticated`, and no secret is said."""
        key = self.keyholder.make(tmp_path, "log", self.passphrase).public_key
        self._refuses(tmp_path, bytes(31) + b"\x02", self.passphrase)
        if self.wrong is not None:
            self._refuses(tmp_path, key, self.wrong)

    def test_forgets_what_is_discarded(self, tmp_path: Path) -> None:
        """A discarded key is gone, others stay, and to discard it again is no error."""
        first, second = (self.keyholder.make(tmp_path, "log", self.passphrase) for _ in range(2))
        for _ in range(2):
            self.keyholder.discard(tmp_path, "log", first.public_key)
        self._refuses(tmp_path, first.public_key, self.passphrase)
        self.keyholder.open(tmp_path, "log", second.public_key, self.passphrase)

    def test_shows_nothing_private(self, tmp_path: Path) -> None:
        """Neither a signer's words nor a file below the folder show the passphrase."""
        signer = self.keyholder.make(tmp_path, "log", self.passphrase)
        shown = f"{signer!r} {signer}".encode()
        files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        for content in (shown, *files):
            _require(self.passphrase.encode() not in content, "shows no passphrase")
            _require(b"BEGIN PRIVATE KEY" not in content, "keeps no key in plain")

    def _refuses(self, folder: Path, public_key: bytes, passphrase: str) -> None:
        try:
            self.keyholder.open(folder, "log", public_key, passphrase)
        except Unauthenticated as error:
            _require(passphrase not in str(error), "says no passphrase")
        except ExchangeError as error:
            raise AssertionError(f"a keyholder refuses with Unauthenticated: {error}") from error
        else:
            raise AssertionError("the contract of a keyholder: opens only what it holds")


def _signs(signer: Signer) -> bool:
    return verifies(signer.public_key, signer.sign(_MESSAGE), _MESSAGE)


def _require(condition: bool, promise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise AssertionError(f"the contract of a keyholder: {promise}")
