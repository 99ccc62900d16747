"""The folder of a witness: its keys, the logs it knows, what it cosigned, and evidence.

    cosigner.pem             the Ed25519 key, encrypted
    cosigner-ml-dsa.pem      the ML-DSA-44 key, encrypted, where there is one
    name                     the witness's name
    logs                     a verifier key a line
    state/                   the note cosigned last, for each origin: never restore it from a backup
    evidence/                two notes for each log that contradicted itself

It belongs to whoever watches an exchange: another exchange, a regulator, a large buyer.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from exchange.errors import BadField, Conflict, NotFound, Unauthenticated, Unreadable
from ledger.checkpoint import Checkpoint, VerifierKey, parse_body
from ledger.cosignature import Cosigner, verify_lines
from ledger.durable import Placing
from ledger.errors import BadNote, KeyLocked
from ledger.keys import PASSPHRASE_MIN, KeyPair
from ledger.mldsa import AVAILABLE, MlDsaKeyPair
from ledger.note import ED25519, ML_DSA_44, Note, is_name
from ledger.witness import SplitView, Witness
from ledger.witness_state import FolderState

KEY: Final = "cosigner.pem"
MODERN_KEY: Final = "cosigner-ml-dsa.pem"


@dataclass(frozen=True, slots=True)
class Watched:
    """A log that the witness knows, and what it cosigned of it last."""

    origin: str
    keys: tuple[VerifierKey, ...]
    checkpoint: Checkpoint | None = None
    time: int | None = None


@dataclass(frozen=True, slots=True)
class Watchtower:
    """One witness's folder, and its keys once they are unlocked."""

    folder: Path
    cosigners: tuple[Cosigner, ...] = ()

    @classmethod
    def build(cls, folder: Path, name: str, passphrase: str, *, ml_dsa: bool = False) -> Watchtower:
        """Make a new witness in a new or empty folder."""
        if not is_name(name) or not name.isascii() or len(name) > 200:
            raise BadField("name", "such as witness.example/w1: printable, no spaces, no plus")
        if len(passphrase) < PASSPHRASE_MIN:
            raise BadField("passphrase", f"at least {PASSPHRASE_MIN} characters")
        if ml_dsa and not AVAILABLE:
            raise BadField("--ml-dsa", "the installed cryptography has no ML-DSA-44")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Conflict(f"{folder} is not empty: a witness is made once, in a folder of its own")
        cosigners = [Cosigner(name, pair := KeyPair.generate())]
        pair.save(folder / KEY, passphrase)
        if ml_dsa:
            modern = MlDsaKeyPair.generate()
            modern.save(folder / MODERN_KEY, passphrase)
            cosigners.append(Cosigner(name, modern, ML_DSA_44))
        (folder / "state").mkdir(mode=0o755)
        (folder / "logs").write_text("")
        keys = "".join(f"{cosigner.key}\n" for cosigner in cosigners)
        (folder / "vkeys").write_text(keys, encoding="utf-8")
        placing = Placing(folder)
        placing.place("name", f"{name}\n".encode())  # last: with it the folder is a witness
        placing.settle()
        return cls(folder, tuple(cosigners))

    @classmethod
    def open(cls, folder: Path) -> Watchtower:
        """Open a witness's folder without its keys, or raise `NotFound`."""
        tower = cls(folder)
        if not (folder / "name").is_file():
            raise NotFound(f"{folder} is not a witness: make one there with `guapai witness init`")
        if not (folder / "state").is_dir():
            raise Unreadable(
                f"{folder / 'state'} is gone: a witness without memory would cosign a second "
                "history; make a new one, with a new key"
            )
        return tower

    def unlocked(self, passphrase: str) -> Watchtower:
        """Return the witness with its keys, or raise `Unauthenticated`."""
        try:
            cosigners = [Cosigner(self.name, KeyPair.load(self.folder / KEY, passphrase))]
            if (self.folder / MODERN_KEY).exists():
                modern = MlDsaKeyPair.load(self.folder / MODERN_KEY, passphrase)
                cosigners.append(Cosigner(self.name, modern, ML_DSA_44))
        except KeyLocked as error:
            raise Unauthenticated(str(error)) from error
        return Watchtower(self.folder, tuple(cosigners))

    @property
    def name(self) -> str:
        """The witness's name."""
        return _text(self.folder / "name").strip()

    @property
    def vkeys(self) -> list[str]:
        """The verifier keys to publish."""
        return _text(self.folder / "vkeys").split()

    @property
    def state(self) -> FolderState:
        """What the witness must not forget."""
        return FolderState(self.folder / "state")

    def logs(self) -> Mapping[str, tuple[VerifierKey, ...]]:
        """Return the logs that the witness knows, by origin."""
        found: dict[str, tuple[VerifierKey, ...]] = {}
        for line in _text(self.folder / "logs").splitlines():
            key = VerifierKey.parse(line, (ED25519, ML_DSA_44))
            found[key.name] = (*found.get(key.name, ()), key)
        return found

    def add_log(self, vkey: str) -> VerifierKey:
        """Know one more log, or one more key of a log that is being rotated."""
        try:
            key = VerifierKey.parse(vkey, (ED25519, ML_DSA_44))
        except BadNote as error:
            raise BadField("VKEY", str(error)) from error
        with self._writing() as placing:
            text = _text(self.folder / "logs")
            if str(key) in text.splitlines():
                raise Conflict(f"{key.name} is known already, with this key")
            placing.place("logs", f"{text}{key}\n".encode())
        return key

    def witness(self, clock: Callable[[], float] = time.time) -> Witness:
        """Return the witness over what stands in the folder at this moment."""
        return Witness(self.cosigners, self.logs(), self.state, lambda: int(clock()))

    def keep(self, evidence: SplitView) -> str:
        """Keep the two notes of a log that contradicted itself, and say where."""
        digest = hashlib.sha256(Note.parse(evidence.other).body).hexdigest()[:16]
        shown = parse_body(Note.parse(evidence.one).body)
        name = f"evidence/{shown.size}-{digest}"
        with self._writing() as placing:
            for part, note in (("cosigned", evidence.one), ("shown", evidence.other)):
                if not (self.folder / name / part).exists():
                    placing.place(f"{name}/{part}", note)
        return str(self.folder / name)

    def watched(self) -> Iterator[Watched]:
        """Yield each log with the checkpoint that was cosigned last."""
        own = [VerifierKey.parse(text, (b"\x04", ML_DSA_44)) for text in self.vkeys]
        for origin, keys in self.logs().items():
            kept = self.state.latest(origin)
            if kept is None:
                yield Watched(origin, keys)
                continue
            note = Note.parse(kept)
            checkpoint = parse_body(note.body)
            times = verify_lines(note, checkpoint, own)[0].values()
            yield Watched(
                origin, keys, checkpoint, max((each or 0 for each in times), default=None)
            )

    def evidence(self) -> list[str]:
        """Name the folders of evidence."""
        with suppress(FileNotFoundError):
            return sorted(str(path) for path in (self.folder / "evidence").iterdir())
        return []

    @contextmanager
    def _writing(self) -> Iterator[Placing]:
        """Place files, one process at a time."""
        descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            placing = Placing(self.folder)
            yield placing
            placing.settle()
        finally:
            os.close(descriptor)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: cannot be read") from error
