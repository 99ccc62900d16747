"""The safe of the house: where its keys are kept, and which of them must sign what.

The keys of participants that act from this machine lie in the keyring; the log's keys, and the
operator's where the setting `signer` says so, with a keyholder.  Which of the keys are valid is
said by the chain alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path

from exchange.errors import BadField, ExchangeError
from exchange.keyring import Keyring, Keys
from exchange.participants import Participant
from exchange.settings import Settings
from exchange.signing import FILE, HouseKeys, Keyholder
from ledger.acts import key_id
from ledger.checkpoint import VerifierKey
from ledger.keys import Signer
from ledger.signers import log_keys
from ledger.view import View


@dataclass
class Safe:
    """The keys of one exchange's folder."""

    folder: Path
    settings: Settings

    @property
    def keyring(self) -> Keyring:
        """The keys of participants that act from this machine."""
        return Keyring(self.folder / "keys")

    @cached_property
    def keyholder(self) -> Keyholder:
        """The plug-in that the settings name; one that fails to load stops the exchange."""
        found = entry_points(group="exchange.signers")
        if self.settings.signer not in found.names:
            known = ", ".join(sorted(found.names)) or "none"
            raise BadField("signer", f"{self.settings.signer} is not installed ({known})")
        try:
            keyholder: Keyholder = found[self.settings.signer].load()()
        except Exception as error:
            raise ExchangeError(
                f"the keyholder {self.settings.signer} cannot load: {error}"
            ) from error
        return keyholder

    # The operator's and other participants'.

    def first_keys(self, handle: str, passphrase: str) -> Keys | HouseKeys:
        """Make the keys that the operator begins with."""
        if self.settings.signer == FILE:
            return self.keyring.create(handle, passphrase)
        return HouseKeys.of(self.keyholder.make(self.folder, "operator", passphrase))

    def operator_keys(
        self, operator: Participant, passphrase: str, order: Sequence[str]
    ) -> Keys | HouseKeys:
        """Unlock the operator's keys; `order` are key ids, the one that should sign first."""
        if self.settings.signer == FILE:
            return self.keyring.unlock(operator.handle, passphrase, order)
        key = bytes.fromhex(operator.public_key)
        signing = self.keyholder.open(self.folder, "operator", key, passphrase)
        return HouseKeys(signing, operator.recipient)

    # The log's.

    def declared(self, view: View, size: int) -> tuple[VerifierKey, ...]:
        """Return every key that the first `size` entries declare for the log, newest first."""
        origin = self.settings.origin
        return tuple(VerifierKey(origin, key.public_key) for key in log_keys(view, origin, size))

    def unlock_log(self, view: View, size: int, passphrase: str) -> tuple[Signer, ...]:
        """Return the signers that checkpoints from that size on may need, the newest first."""
        return tuple(
            self.keyholder.open(self.folder, "log", key.public_key, passphrase)
            for key in log_keys(view, self.settings.origin, size)
            if key.until is None or key.until >= size
        )

    def signing(self, view: View, size: int, held: Iterable[Signer]) -> Iterator[Signer]:
        """Yield the signers that a checkpoint of that size needs, the newest first.

        Raises `ExchangeError` where one of them is not among those that are `held`.
        """
        by_key = {signer.public_key: signer for signer in held}
        for key in log_keys(view, self.settings.origin, size):
            if not key.signs(size):
                continue
            if key.public_key not in by_key:
                raise ExchangeError(
                    f"a checkpoint of {size} entries needs the log key {key_id(key.public_key)}, "
                    "which this process has not unlocked: start it again"
                )
            yield by_key[key.public_key]
