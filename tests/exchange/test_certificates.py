"""A certificate holds under one key, and any change to it is found."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from exchange.certificates import TITLES, certify, verify_certificate
from exchange.errors import BadField, ExchangeError, Refused
from exchange.services.issue_certificate import issue_certificate
from ledger.checkpoint import VerifierKey
from ledger.keys import KeyPair
from ledger.kinds import KINDS
from tests.exchange.floor import Hall, open_hall

Record = dict[str, Any]


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Record, Hall]]:
    with open_hall(tmp_path_factory.mktemp("floor") / "exchange", "listed") as hall:
        yield issue_certificate(f"product/{hall.number}", floor=hall.floor).to_record(), hall


def test_it_holds_after_a_trip_through_json(issued: tuple[Record, Hall]) -> None:
    record, hall = issued
    entry, checkpoint = verify_certificate(json.loads(json.dumps(record)), hall.floor.log_key)
    assert entry.kind == "listing.published"
    assert checkpoint.origin == hall.floor.house.origin


def flipped(text: str, at: int) -> str:
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


def without_last_proof(record: Record) -> Record:
    return record | {"proof": record["proof"][:-1]}


TAMPERINGS: dict[str, Callable[[Record], Record]] = {
    "another title": lambda r: r | {"title": TITLES["settlement.executed"]},
    "no title": lambda r: r | {"title": ""},
    "another log": lambda r: r | {"log": "other.example/log"},
    "another index": lambda r: r | {"index": r["index"] + 1},
    "an index as text": lambda r: r | {"index": str(r["index"])},
    "an index as a truth": lambda r: r | {"index": True},
    "a negative index": lambda r: r | {"index": -1},
    "another fact": lambda r: r | {"entry": r["entry"].replace('"version":', '"version": ')},
    "another sheet": lambda r: (
        r | {"entry": flipped(r["entry"], r["entry"].index('"sheet":"') + 9)}
    ),
    "no entry": lambda r: r | {"entry": ""},
    "no text": lambda r: r | {"entry": 7},
    "a shorter proof": without_last_proof,
    "a longer proof": lambda r: r | {"proof": [*r["proof"], r["proof"][0]]},
    "a turned proof": lambda r: r | {"proof": r["proof"][::-1]},
    "another proof": lambda r: (
        r | {"proof": [base64.b64encode(bytes(32)).decode(), *r["proof"][1:]]}
    ),
    "no base 64": lambda r: r | {"proof": ["*", *r["proof"][1:]]},
    "a proof of numbers": lambda r: r | {"proof": [1]},
    "another root": lambda r: r | {"checkpoint": flipped(r["checkpoint"], 30)},
    "no signature": lambda r: r | {"checkpoint": r["checkpoint"].split("\n\n")[0]},
    "another key": lambda r: r | {"vkey": r["vkey"].replace("guapai", "gaupai")},
    "a field too many": lambda r: r | {"remark": "genuine"},
    "a field too few": lambda r: {name: r[name] for name in r if name != "proof"},
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_every_change_is_found(issued: tuple[Record, Hall], tampering: str) -> None:
    record, hall = issued
    changed = TAMPERINGS[tampering](dict(record))
    assert changed != record
    with pytest.raises(ExchangeError) as caught:
        verify_certificate(changed, hall.floor.log_key)
    assert type(caught.value) in {Refused, BadField}
    assert "certificate" in str(caught.value)


def test_it_does_not_hold_under_the_key_of_another_log(issued: tuple[Record, Hall]) -> None:
    record, hall = issued
    other = VerifierKey(hall.floor.house.origin, KeyPair.generate().public_key)
    with pytest.raises(Refused, match="does not hold"):
        verify_certificate(record | {"vkey": str(other)}, other)


def test_only_some_entries_are_certified(issued: tuple[Record, Hall]) -> None:
    _, hall = issued
    with hall.floor.read() as work:
        opened = next(iter(work.chain.store.entries()))
    with pytest.raises(Refused, match=r"participant\.key is not an entry"):
        certify(opened, (), b"", hall.floor.log_key)


def test_the_titles_are_of_kinds_that_exist() -> None:
    assert set(TITLES) <= set(KINDS)
