"""Commands for keys: a participant's, and the log's."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

import click

from exchange.cli import main
from exchange.cli.shell import Shell, acting, command
from exchange.desk import Desk
from exchange.errors import BadField, ExchangeError
from exchange.keyring import Keys
from exchange.services.rotate_keys import key_records
from exchange.signing import FILE, HouseKeys
from ledger.checkpoint import verify_any
from ledger.errors import LedgerError
from ledger.view import newest


@main.group("key")
def key_group() -> None:
    """Keys of participants: rotate, revoke, list."""


@command(key_group, "rotate")
@acting
@click.option(
    "--overlap-days",
    default=7,
    show_default=True,
    type=click.IntRange(0, 90),
    help="Days in which older keys still sign.",
)
def key_rotate(shell: Shell, handle: str, overlap_days: int) -> None:
    """Make a new signing key and a new age identity, and take them into use.

    Cut off at any point, the same command completes it.
    """
    desk = shell.desk(handle)
    overlap = dt.timedelta(days=overlap_days)
    keys: Keys | HouseKeys
    if shell.is_operator(desk.participant) and shell.venue.settings.signer != FILE:
        keys = _rotate_held(shell, desk, overlap)
    else:
        keys = _rotate_filed(shell, desk, overlap)
    participant = shell.participant(handle)
    found = next(key for key in key_records(participant, floor=shell.floor) if key["stands"])
    shell.result(
        {"participant": participant.id, "recipient": keys.recipient, **found},
        f"{participant.handle} signs with {found['key']}; older keys end after {overlap_days} days",
        then=f"guapai key list {participant.handle}",
    )


def _rotate_filed(shell: Shell, desk: Desk, overlap: dt.timedelta) -> Keys:
    """Rotate keys that lie in the keyring."""
    handle, keyring = desk.participant.handle, shell.venue.keyring
    passphrase = shell.passphrase_of(desk.participant)
    with keyring.rotating(handle):
        left = keyring.prepared(handle)
        keys = keyring.prepare(handle, passphrase)
        if left is None or not _is_recorded(shell, desk, left):
            try:
                desk.rotate_key(keys, overlap)
            except (ExchangeError, LedgerError) as error:
                # Whatever may still be recorded keeps its key: only a plain no removes it.
                if _is_refusal(error) and not _is_recorded(shell, desk, keys.id):
                    keyring.discard(handle, keys.id)
                raise
        keyring.finish(handle, keys.id)
    return keys


def _rotate_held(shell: Shell, desk: Desk, overlap: dt.timedelta) -> HouseKeys:
    """Rotate the operator's key where a plug-in holds it."""
    keyholder, folder = shell.venue.safe.keyholder, shell.venue.folder
    passphrase = shell.passphrase_of(desk.participant)
    keys = HouseKeys.of(keyholder.make(folder, "operator", passphrase))
    with _discarded(shell, "operator", keys.signing.public_key):
        desk.rotate_key(keys, overlap)
    return keys


@contextlib.contextmanager
def _discarded(shell: Shell, purpose: str, public_key: bytes) -> Iterator[None]:
    """Have a key that was made for an entry destroyed if the entry is refused."""
    try:
        yield
    except (ExchangeError, LedgerError) as error:
        if _is_refusal(error):
            shell.venue.safe.keyholder.discard(shell.venue.folder, purpose, public_key)
        raise


def _is_refusal(error: Exception) -> bool:
    """Whether nothing was recorded for certain: the answer is no, and not that a store failed."""
    return not isinstance(error, ExchangeError) or error.exit_code in {2, 3}


def _is_recorded(shell: Shell, desk: Desk, key: str) -> bool:
    return any(each["key"] == key for each in key_records(desk.participant, floor=shell.floor))


@command(key_group, "revoke")
@click.argument("key")
@acting
@click.option("--reason", required=True, help="Why; it stands in the log for good.")
@click.option("--participant", "owner", help="Whose key, where the operator revokes it.")
def key_revoke(shell: Shell, key: str, handle: str, reason: str, owner: str | None) -> None:
    """Declare KEY dead: acts under it are refused from here on.

    A participant revokes older keys of its own; the operator any key of any participant.
    """
    desk = shell.desk(handle)
    participant = shell.participant(owner or handle)
    revoked = desk.revoke_key_of(participant, key, reason)
    standing = [each for each in key_records(revoked, floor=shell.floor) if each["stands"]]
    shell.result(
        {"participant": revoked.id, "revoked": key, "standing": [k["key"] for k in standing]},
        f"the key {key} of {revoked.handle} is revoked",
        *([] if standing else [f"{revoked.handle} has no key left: it must apply again"]),
        then=f"guapai key list {revoked.handle}",
    )


@command(key_group, "list")
@click.argument("handle_or_id")
def key_list(shell: Shell, handle_or_id: str) -> None:
    """List the keys of a participant, the newest first."""
    participant = shell.participant(handle_or_id)
    found = key_records(participant, floor=shell.floor)
    if shell.as_json:
        shell.result({"participant": participant.id, "keys": found})
        return
    rows = []
    for each in found:
        state = "stands" if each["stands"] else "revoked" if each["revoked"] else "ended"
        rows.append((each["key"], state, each["until"], each["public_key"]))
    shell.table(f"Keys of {participant.handle}", ["=key", "=state", "=ends", "public key"], rows)


@main.group("log")
def log_group() -> None:
    """Keys of the log, and its end."""


@command(log_group, "rotate-key")
@click.option(
    "--overlap",
    default=1_000,
    show_default=True,
    type=click.IntRange(1, 1_000_000_000),
    help="Entries for which the key before signs as well.",
)
def log_rotate_key(shell: Shell, overlap: int) -> None:
    """Give the log a new key, and sign a checkpoint with both.

    Stop `guapai serve` before, and start it again afterwards.  Cut off after the new key was
    recorded, the same command signs the checkpoint and makes no third key.
    """
    desk, venue = shell.desk(shell.operator), shell.venue
    if not _awaits_checkpoint(shell, "log.key_added"):
        passphrase = shell.house_passphrase()
        made = venue.safe.keyholder.make(venue.folder, "log", passphrase)
        with _discarded(shell, "log", made.public_key):
            desk.add_log_key(made.public_key, overlap)
        venue.unlock_log(passphrase)
    size = _sign(shell)
    floor = venue.floor
    shell.result(
        {"key": str(floor.log_key), "keys": [str(key) for key in floor.log_keys], "size": size},
        f"log key   {floor.log_key}",
        f"before    {floor.log_keys[1]}",
        "Publish the new log key: whoever knows the old one learns of it from checkpoints of",
        "the overlap alone.",
    )


@command(log_group, "close")
@click.option("--reason", required=True, help="Why; it stands in the log for good.")
@click.option("--successor", metavar="ORIGIN", help="The log that will continue this one.")
def log_close(shell: Shell, reason: str, successor: str | None) -> None:
    """End the log for good and sign its last checkpoint; what stands is still served."""
    desk = shell.desk(shell.operator)
    if successor and not successor.strip():
        raise BadField("--successor", "the origin of another log")
    if not _awaits_checkpoint(shell, "log.closed"):
        desk.close_log(reason, successor)
    size = _sign(shell)
    shell.result(
        {"closed": True, "size": size, "successor": successor},
        f"the log has ended with {size} entries",
        then="guapai export BUNDLE, and with it guapai -C NEW-FOLDER init --continues BUNDLE",
    )


def _awaits_checkpoint(shell: Shell, kind: str) -> bool:
    """Whether the newest entry of a kind about the exchange is under no checkpoint yet."""
    floor = shell.floor
    shell.venue.published.place_waiting()
    with floor.read() as work:
        found = newest(work.chain.store, f"exchange/{floor.house.origin}", kind)
    with shell.venue.memory(writing=False) as memory:
        note = memory.last_checkpoint()
    signed = verify_any(note, floor.log_keys)[0].size if note else 0
    return found is not None and found.index >= signed


def _sign(shell: Shell) -> int:
    floor = shell.venue.floor
    with floor.write() as work:
        floor.sign_checkpoint(work)
        return work.chain.store.edge().size
