"""The composition root: a folder becomes a running exchange.

    exchange.toml       the rules of the house
    exchange.sqlite3    business rows and the chain, in one database (or in PostgreSQL)
    vault/              data as registered, sealed deliveries, and what still arrives in parts
    payments/<name>/    what the payment provider of that name keeps and is told
    log-<key id>.pem    a key that signs checkpoints, encrypted
    keys/<handle>/      keys of participants that act from this machine, encrypted
    clock               the simulated clock, where there is one
    published/          the log as C2SP files, and what others have seen of it
    guarded.toml        guarded sites that no listed data may cover, where the operator has a list
    policy              which witnesses cosign it, where there are any

Only this module puts storage, inspection, rules and keys together; services see a `Floor`.
"""

# long because: the composition root names every part once

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from threading import Lock
from typing import Any, Final, Self, cast

from exchange.clock import SimulatedClock, system_clock
from exchange.compliance import Platform, RulePack, discover_packs
from exchange.delivery import DeliveryMethod
from exchange.errors import (
    BadField,
    Broken,
    Conflict,
    ExchangeError,
    ProviderFailed,
    Refused,
)
from exchange.expectations import Expectation
from exchange.gauge import Gauge
from exchange.guarded import GUARDED, read_guarded
from exchange.keyring import Keyring, Keys
from exchange.participants import Participant, Standing, licence_lines
from exchange.payments import OpensProvider, PaymentProvider
from exchange.ports import Chance, Clock, Floor, House, UnitOfWork, Wait
from exchange.profile import Profile
from exchange.publication import Publication
from exchange.requests import Memory
from exchange.safe import Safe
from exchange.services.admit_participant import check_register
from exchange.services.adopt_pack import adopt_licences, adopt_pack
from exchange.services.open_exchange import open_exchange
from exchange.services.reach_descendants import reach_descendants
from exchange.services.rotate_keys import signing_order
from exchange.settings import FILE as SETTINGS
from exchange.settings import Settings
from exchange.signing import HouseKeys
from exchange.store.engine import forget, open_engine, opening, require_empty, watch
from exchange.store.schema import migrate, remove, require_current
from exchange.store.sequencing import Sequencer
from exchange.store.unit import Sitting, SqlUnitOfWork, sitting, unit_of_work
from exchange.uploads import FileUploads, Limits
from exchange.vault import UPLOADS, FileVault
from ledger.acts import format_time
from ledger.checkpoint import Checkpoint, VerifierKey, sign
from ledger.keys import Signer
from ledger.receipt import LEAVES_MAX, Receipt

DATABASE: Final = "exchange.sqlite3"
WITNESS_SECONDS: Final = 30.0  # how long a write waits for witnesses; it is committed by then


@dataclass(slots=True)
class Committed:
    """What a request or a command has committed: leaf hashes, and how far the least of it came."""

    leaves: list[bytes] = field(default_factory=list)
    reached: Wait = Wait.WITNESSED

    def take(self, leaves: Sequence[bytes], reached: Wait) -> None:
        """Add what one unit of work has committed."""
        order = list(Wait)
        self.leaves += leaves
        self.reached = min(self.reached, reached, key=order.index)


# Set by whoever answers for a request and wants to know what it has committed.
COMMITTED: Final[ContextVar[Committed | None]] = ContextVar("committed", default=None)
SWEEP_SECONDS: Final = 86_400  # no registration or delivery takes that long to commit


@dataclass
class Venue:
    """One open exchange.  `signer` and `log_signer` are None until the house is unlocked.

    `log_signer` has the log's newest key; `older_log_signers` those that may have to sign as well.
    """

    folder: Path
    settings: Settings
    clock: Clock = system_clock
    chance: Chance = secrets.token_bytes
    signer: Signer | None = None
    log_signer: Signer | None = None
    older_log_signers: tuple[Signer, ...] = ()
    wait: Wait = Wait.SEQUENCED  # how far its writes come before they are acknowledged
    accept_empty: bool = False  # whether a folder that lost what was published may begin anew
    lasting: bool = True  # whether what is committed outlasts a power cut; not in a simulation
    _gauge: Gauge = field(default_factory=Gauge)
    _opened: dict[str, Any] = field(default_factory=dict)
    _opening: Lock = field(default_factory=Lock, repr=False, compare=False)

    @classmethod
    def init(  # noqa: PLR0913 - everything that is fixed for good is said once, here
        cls,
        folder: Path,
        settings: Settings,
        *,
        handle: str,
        operator_name: str,
        credit_code: str,
        passphrase: str,
        clock: Clock | None = None,
        chance: Chance = secrets.token_bytes,
        safe: Safe | None = None,
        continues: Checkpoint | None = None,
    ) -> Venue:
        """Open a new exchange in an empty or new folder; on failure nothing of it remains.

        `continues` is the last checkpoint of another log, verified by whoever opens this one;
        `safe` holds the keys elsewhere than the settings say.
        """
        check_register(handle, operator_name, credit_code)
        made = not folder.exists()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        opening = folder / ".opening"  # whoever makes it opens; of two at once, one
        try:
            opening.touch(exist_ok=False)
        except FileExistsError as error:
            raise Conflict(
                f"{folder}: another exchange is being opened here, or was and got killed: "
                "choose another folder, or remove this one"
            ) from error
        if any(path != opening for path in folder.iterdir()):
            opening.unlink()
            raise Conflict(f"{folder} is not empty: an exchange opens in a folder of its own")
        folder.chmod(0o700)
        venue = cls(folder, settings, clock=clock or system_clock, chance=chance)
        if safe is not None:
            venue.__dict__["safe"] = safe
        try:
            if settings.clock == "simulated":
                simulated = SimulatedClock(folder / "clock")
                simulated.set(venue.clock())
                venue.clock = simulated
            venue._open_exchange(handle, operator_name, credit_code, passphrase, continues)
            # From here on, an empty folder is one that was lost.
            venue.published.folder.mkdir(mode=0o755, parents=True)
            with venue.floor.write() as work:
                venue._sign_checkpoint(work)
            settings.save(folder / SETTINGS)  # last: with it the folder is an exchange
            opening.unlink()
        except BaseException:
            venue._abandon()
            _clear(folder, remove=made)
            raise
        return venue

    def _open_exchange(
        self,
        handle: str,
        name: str,
        credit_code: str,
        passphrase: str,
        continues: Checkpoint | None,
    ) -> None:
        keys = self.safe.first_keys(handle, passphrase)
        log = self.safe.keyholder.make(self.folder, "log", passphrase)
        self.signer, self.log_signer = keys.signing, log
        engine = self._engine(writing=True)
        with opening(engine):
            require_empty(engine)
            migrate(engine)
            self._opened["migrated"] = True
        house = self._house("")
        self._opened |= {"house": house, "log_keys": (VerifierKey(house.origin, log.public_key),)}
        page = Participant(
            id="",
            handle=handle,
            name=name,
            credit_code=credit_code,
            public_key=keys.signing.public_key.hex(),
            recipient=keys.recipient,
            roles=frozenset(),
            standing=Standing.APPLIED,
            head="",
        )
        # The first entries must be the first, so they are placed at once.
        with unit_of_work(self._engine(writing=True), house.origin, inline=True) as work:
            operator = open_exchange(
                page,
                keys.signing,
                clock=self.settings.clock,
                continues=continues,
                work=work,
                floor=self.floor,
            )
        self._opened["house"] = replace(house, operator=operator.id)
        self.__dict__.pop("floor", None)
        adopt_licences(floor=self.floor)

    def _house(self, operator: str) -> House:
        settings = self.settings
        return House(
            origin=settings.origin,
            name=settings.name,
            operator=operator,
            notice_seconds=settings.notice_seconds,
            fee_ppm=settings.fee_ppm,
            quote_seconds=settings.quote_seconds,
            review_seconds=settings.review_seconds,
            retention_days=settings.retention_days,
            registration_days=settings.registration_days,
            acceptance_seconds=settings.acceptance_seconds,
            papers_days=settings.papers_days,
            lookback_days=settings.lookback_days,
            licences=licence_lines() if settings.require_licences else (),
            platform=Platform(
                complaints=settings.complaints_to,
                log_days=settings.log_days,
                incident_plan=settings.incident_plan,
                guarded=read_guarded(self.folder / GUARDED),
            ),
        )

    def _abandon(self) -> None:
        """Leave no table behind of an exchange that did not open."""
        if self._opened.get("migrated") and self.settings.database != "sqlite":
            remove(self._engine(writing=True))
        self.close()

    @classmethod
    def open(cls, folder: Path) -> Venue:
        """Open an exchange for reading; `unlock` lets the house act.

        Raises `NotFound` where there is none, `Broken` where settings and chain disagree.
        """
        settings = Settings.load(folder / SETTINGS)
        venue = cls(folder, settings)
        if settings.clock == "simulated":
            venue.clock = SimulatedClock(folder / "clock")
        venue._require_store()
        require_current(venue._engine(writing=False))
        with venue._work_sql(writing=False) as work:
            subject = f"exchange/{settings.origin}"
            opened = next(work.chain.store.of_kind(subject, "exchange.opened"), None)
            size = work.chain.store.edge().size
            venue._opened["log_keys"] = venue.safe.declared(work.chain.store, size)
        if opened is None:
            raise Broken(f"the chain has no {subject}: origin in {SETTINGS} was changed")
        if not venue._opened["log_keys"]:
            raise Broken(f"the log has lost the place of {subject}: rows of the store are gone")
        for name in ("notice_seconds", "fee_ppm", "clock"):
            if opened.facts[name] != getattr(settings, name):
                raise Broken(f"{SETTINGS}: {name} differs from what the chain says")
        venue._opened["house"] = venue._house(opened.actor)
        return venue

    def unlock(self, passphrase: str) -> None:
        """Unlock the operator's key and the log's, so that the house can act."""
        signer = self.operator_keys(passphrase).signing
        self.published.check(accept_empty=self.accept_empty)
        self.unlock_log(passphrase)
        self.signer = signer
        self.__dict__.pop("floor", None)
        adopt_pack(floor=self.floor)
        adopt_licences(floor=self.floor)
        self._sweep()

    @cached_property
    def published(self) -> Publication:
        """Where the log is published, and what others have seen of it."""
        return Publication(
            folder=self.folder / self.settings.publish_folder,
            policy_file=self.folder / "policy",
            known_keys=lambda: self._opened["log_keys"],
            origin=self.settings.origin,
            seconds=self.settings.publish_seconds,
            work=lambda writing: self._work_sql(writing=writing),
            sign=self._sign_checkpoint,
            place_waiting=lambda: None if self._inline else self.sequencer.settle(),
            lasting=self.lasting,
        )

    def unlock_log(self, passphrase: str) -> None:
        """Unlock the log's newest key and those that still have to sign beside it."""
        with self._work_sql(writing=False) as work:
            view, size = work.chain.store, work.chain.store.edge().size
            first, *older = self.safe.unlock_log(view, size, passphrase)
            self._opened["log_keys"] = self.safe.declared(view, size)
        self.log_signer, self.older_log_signers = first, tuple(older)
        self.__dict__.pop("floor", None)

    def _sweep(self) -> None:
        """Remove files in the vault that a killed process left, once they are a day old."""
        with self._work(writing=True) as work:
            wanted = set(work.versions.held())
            wanted |= {trade.sealed for trade in work.trades.all() if trade.sealed}
            self._vault.sweep(wanted, older_than=time.time() - SWEEP_SECONDS)
        self._uploads.sweep()

    def keys_of(self, handle: str, passphrase: str) -> Keys:
        """Unlock the keys of a participant that acts from this machine.

        The newest that stands and is here signs; where none stands, the newest that is here.
        """
        return self.keyring.unlock(handle, passphrase, self._signing_order(handle))

    def operator_keys(self, passphrase: str) -> Keys | HouseKeys:
        """Unlock the operator's keys, wherever the settings say they are held."""
        with self.floor.read() as work:
            operator = work.participants.get(self.floor.house.operator)
        return self.safe.operator_keys(operator, passphrase, self._signing_order(operator.handle))

    def _signing_order(self, handle: str) -> list[str]:
        with self.floor.read() as work:
            known = work.participants.find(handle)
            return signing_order(known.id, format_time(self.clock()), work) if known else []

    @property
    def keyring(self) -> Keyring:
        """The keys of participants that act from this machine."""
        return self.safe.keyring

    @cached_property
    def safe(self) -> Safe:
        """Where the keys are kept."""
        return Safe(self.folder, self.settings)

    @cached_property
    def floor(self) -> Floor:
        """What services work with."""
        return Floor(
            house=self._opened["house"],
            write=lambda: self._work(writing=True),
            read=lambda: self._work(writing=False),
            clock=self.clock,
            chance=self.chance,
            vault=self._vault,
            uploads=self._uploads,
            examine=self._gauge.examine,
            tally=self._gauge.tally,
            count=self._gauge.count,
            show=self._gauge.show,
            pack=self.pack,
            deliveries=self.deliveries,
            payments=self.payments,
            signer=self.signer,
            log_key=self._opened["log_keys"][0],
            log_keys=self._opened["log_keys"],
            sign_checkpoint=self._sign_checkpoint,
        )

    @cached_property
    def _vault(self) -> FileVault:
        return FileVault(self.folder / "vault", lasting=self.lasting)

    @cached_property
    def _uploads(self) -> FileUploads:
        settings = self.settings
        limits = Limits(
            upload_bytes=settings.upload_bytes,
            uploads_open=settings.uploads_open,
            uploads_bytes=settings.uploads_bytes,
            upload_seconds=settings.upload_seconds,
        )
        return FileUploads(self.folder / "vault" / UPLOADS, limits)

    @cached_property
    def pack(self) -> RulePack:
        """The rule pack that the settings name."""
        packs = discover_packs()
        if self.settings.rule_pack not in packs:
            known = ", ".join(sorted(packs)) or "none"
            raise BadField("rule_pack", f"{self.settings.rule_pack} is not installed ({known})")
        return packs[self.settings.rule_pack]

    @cached_property
    def deliveries(self) -> Mapping[str, DeliveryMethod]:
        """The installed ways of delivery; one that fails to load stops the exchange."""
        found: dict[str, DeliveryMethod] = {}
        for point in entry_points(group="exchange.delivery_methods"):
            try:
                method: DeliveryMethod = point.load()()
            except Exception as error:
                raise ExchangeError(
                    f"the delivery method {point.name} cannot load: {error}"
                ) from error
            found[point.name] = method
        return found

    def payments(self) -> PaymentProvider:
        """Open the payment provider that the settings name; `BadField` if it is not installed."""
        name = self.settings.payment_provider
        points = entry_points(group="exchange.payment_providers")
        if name not in points.names:
            known = ", ".join(sorted(points.names)) or "none"
            raise BadField("payment_provider", f"{name} is not installed ({known})")
        try:
            opens: OpensProvider = points[name].load()
        except Exception as error:
            raise ProviderFailed(f"the payment provider {name} cannot load: {error}") from error
        folder = self.folder / "payments" / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return opens(folder, self.clock)

    @staticmethod
    def inspect_file(path: Path, no_fill_value: Collection[str] = ()) -> Profile:
        """Measure a file without any exchange: what `guapai inspect` does."""
        return Gauge().inspect(path, no_fill_value=no_fill_value)

    @staticmethod
    def suggest_for(path: Path, profile: Profile) -> tuple[Expectation, ...]:
        """Return what a file that was measured keeps, for a sheet to begin with."""
        return Gauge().suggest(path, profile)

    def _engine(self, *, writing: bool) -> Any:  # noqa: ANN401 - SQLAlchemy stays in the store
        name = "writer" if writing else "reader"
        with self._opening:  # of two engines one would be forgotten, and its connections stay open
            if name not in self._opened:
                database = self.settings.database
                where = self.folder / DATABASE if database == "sqlite" else database
                self._opened[name] = open_engine(where, writing=writing, lasting=self.lasting)
            return self._opened[name]

    def watch_writing(self, before: Callable[[], None]) -> None:
        """Call `before` ahead of every statement and commit that may write: see `faults`."""
        watch(self._engine(writing=True), before)

    def floor_waiting(self, wait: Wait) -> Floor:
        """Return the floor whose writes are acknowledged when they have come that far."""
        wait = self.require_wait(wait)
        return replace(self.floor, write=lambda: self._work(writing=True, wait=wait))

    def require_wait(self, wait: Wait) -> Wait:
        """Return `wait`, or raise `Refused` for witnesses where no policy names any."""
        if wait is Wait.WITNESSED and not self.published.policy.witnesses:
            words = f"no witness cosigns this log: {self.published.policy_file} names none"
            raise Refused(words)
        return wait

    @contextmanager
    def _work(self, *, writing: bool, wait: Wait | None = None) -> Iterator[UnitOfWork]:
        """Open a unit of work; what it adds is acknowledged when it has come as far as `wait`."""
        with self._work_sql(writing=writing) as work:
            yield work
            if work.reached:
                reach_descendants(work=work, floor=self.floor)
        if work.confidential.erased:
            forget(self._engine(writing=True))
        if work.entries.added:
            reached = self._wait(work.entries.added, wait or self.wait)
            if (committed := COMMITTED.get()) is not None:
                committed.take(work.entries.added, reached)
        if work.signed and self.log_signer:
            self.published.publish_signed()

    def _wait(self, added: Sequence[bytes], wait: Wait) -> Wait:
        """Bring what was committed as far as `wait`, and return how far it came.

        It is committed whatever happens here, so nothing raises for a witness that is away.
        """
        if not self._inline:
            if wait is Wait.COMMIT:
                return wait
            if not self.sequencer.try_settle():
                return Wait.COMMIT
        if wait is Wait.WITNESSED:
            with self._work_sql(writing=False) as work:
                entry = work.entries.by_leaf(added[-1].hex())
            size = entry.index + 1 if entry else 0
            if self.published.witness(size, WITNESS_SECONDS):
                return wait
        return Wait.SEQUENCED

    @contextmanager
    def together(self) -> Iterator[Callable[[], AbstractContextManager[UnitOfWork]]]:
        """Make all units of work of this block one transaction, committed when it ends.

        One that raises leaves nothing behind, as ever; where the block raises, nothing of it
        stays.  For who acknowledges nothing before the end, on a store with one writer.  Yields
        what opens a unit that is cheaper for many rows, and after whose raising the block must end.
        """
        if not self._inline:
            raise TypeError("only units of work of a store with one writer are put together")
        with sitting(self._engine(writing=True), self.settings.origin) as units:
            self._opened["units"] = units
            try:
                yield units.straight
            finally:
                del self._opened["units"]

    def _work_sql(self, *, writing: bool) -> AbstractContextManager[SqlUnitOfWork]:
        units: Sitting | None = self._opened.get("units")
        if units:
            return units.unit(writing=writing)
        engine = self._engine(writing=writing)
        return unit_of_work(engine, self.settings.origin, inline=self._inline)

    @property
    def _inline(self) -> bool:
        """Whether entries get their places in the business transaction: one writer at a time."""
        return self.settings.database == "sqlite"

    @cached_property
    def sequencer(self) -> Sequencer:
        """What gives committed entries their places, where the store does not do so at once."""
        return Sequencer(self._engine(writing=True))

    @contextmanager
    def memory(self, *, writing: bool) -> Iterator[Memory]:
        """Open what the edge remembers between requests, in a transaction of its own."""
        with self._work_sql(writing=writing) as work:
            yield work.memory

    def _sign_checkpoint(self, of: UnitOfWork) -> bytes:
        work = cast("SqlUnitOfWork", of)  # every unit of work of this floor is one
        work.signed = True
        last = work.last_checkpoint()  # before the edge, which others may move on meanwhile
        edge = work.chain.store.edge()
        if note := work.note_of(edge, last):
            return note
        if self.log_signer is None:
            if last is None:
                raise Broken("no checkpoint was ever signed: unlock the house first")
            return last.note
        # The store may have been replaced by an older one under this very process.
        self.published.require_continued(work, accept_empty=self.accept_empty)
        checkpoint = Checkpoint(self.settings.origin, edge.size, edge.root)
        held = (self.log_signer, *self.older_log_signers)
        signers = self.safe.signing(work.chain.store, edge.size, held)
        note = sign(checkpoint, self.settings.origin, *signers)
        return work.keep_checkpoint(edge, note)

    def receipt(self, leaves: Sequence[bytes]) -> bytes | None:
        """Sign the promise that the first 63 of these entries will stand; None while locked."""
        if self.log_signer is None:
            return None
        receipt = Receipt(
            self.settings.origin, format_time(self.clock()), tuple(leaves[:LEAVES_MAX])
        )
        return receipt.signed(self.log_signer)

    def migrate(self) -> None:
        """Bring the store to this program's schema; a store that is gone raises `Broken`."""
        self._require_store()
        migrate(self._engine(writing=True))

    def _require_store(self) -> None:
        path = self.folder / DATABASE
        if self.settings.database == "sqlite" and not path.is_file():
            raise Broken(f"{path} is missing: the exchange has lost its store")

    def close(self) -> None:
        """Close the database."""
        for name in ("writer", "reader"):
            if name in self._opened:
                self._opened.pop(name).dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _clear(folder: Path, *, remove: bool) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    if remove:
        folder.rmdir()


def default_folder() -> Path:
    """Return where commands look: ``GUAPAI_VENUE``, else ``./exchange-data``."""
    return Path(os.environ.get("GUAPAI_VENUE", "exchange-data"))
