"""What commands say and how they end when the answer is no."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from exchange.cli import main
from exchange.venue import DATABASE
from tests.exchange.cli.guapai import PAPERS, Guapai, run
from tests.exchange.floor import OPERATOR, PASSPHRASE, Hall, credit_code, open_hall

Line = Callable[[Hall, Path], list[object]]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A market that refusals leave as it is."""
    with open_hall(tmp_path_factory.mktemp("market") / "exchange", "ordered") as hall:
        yield hall


def add(handle: str, code: str) -> list[object]:
    return [
        *("participant", "add", handle, "--name", "新人"),
        *("--credit-code", code, "--role", "buyer", *PAPERS),
    ]


def filing(hall: Hall, **changes: object) -> list[object]:
    said = {"--purpose": "research", "--term-days": 30, "--recipient": "lab", "--as": "buyer"}
    said |= {"--description": "a forecast"} | {f"--{k}": v for k, v in changes.items()}
    return ["scenario", "file", hall.number, *(part for pair in said.items() for part in pair)]


def deposit(amount: str, handle: str = OPERATOR[0]) -> list[object]:
    return ["account", "deposit", "buyer", amount, "--reference", "r", "--as", handle]


# Command line, exit code, error code.
TABLE: dict[str, tuple[Line, int, str]] = {
    "a file that is not there": (lambda _, t: ["inspect", t / "nowhere.csv"], 1, "not_found"),
    "an empty file": (lambda h, _: ["inspect", h.file("empty.csv", "")], 2, "unreadable"),
    "a folder": (lambda _, t: ["inspect", t], 2, "unreadable"),
    "a product that is not there": (lambda _, _t: ["explain", "GP-0"], 1, "not_found"),
    "a participant that is not there": (
        lambda h, _: ["list", h.number, "--as", "nobody"],
        1,
        "not_found",
    ),
    "a handle out of order": (lambda _, _t: add("../out", credit_code(8)), 2, "bad_field"),
    "a credit code with a slip": (lambda _, _t: add("new", "X" * 18), 2, "bad_field"),
    "a handle that is taken": (lambda _, _t: add("buyer", credit_code(8)), 3, "conflict"),
    "an unknown role": (
        lambda _, _t: ["participant", "admit", "buyer", "--role", "king", "--as", OPERATOR[0]],
        2,
        "bad_field",
    ),
    "an amount that is none": (lambda _, _t: deposit("a lot"), 2, "bad_field"),
    "an amount of nothing": (lambda _, _t: deposit("0.00 CNY"), 2, "bad_field"),
    "a withdrawal of no amount": (
        lambda _, _t: [
            *("account", "withdraw", "buyer", "all", "--reference", "r"),
            *("--as", OPERATOR[0]),
        ],
        2,
        "bad_field",
    ),
    "a deposit by a buyer": (lambda _, _t: deposit("1.00 CNY", "buyer"), 3, "forbidden"),
    "a span that is none": (lambda _, _t: ["clock", "--advance", "soon"], 2, "bad_field"),
    "a span of nothing": (lambda _, _t: ["clock", "--advance", "0d"], 2, "bad_field"),
    "a sheet that is not TOML": (
        lambda h, _: ["sheet", h.number, h.file("bad.toml", "= ="), "--as", "supplier"],
        2,
        "unreadable",
    ),
    "a sheet that says too little": (
        lambda h, _: ["sheet", h.number, h.file("small.toml", "a = 1"), "--as", "supplier"],
        2,
        "bad_field",
    ),
    "a listing of what is listed": (
        lambda h, _: ["list", h.number, "--as", "supplier"],
        3,
        "illegal_transition",
    ),
    "a listing by a buyer": (lambda h, _: ["list", h.number, "--as", "buyer"], 3, "forbidden"),
    "the same bytes": (
        lambda h, _: ["register", h.file(), "--as", "contributor"],
        3,
        "conflict",
    ),
    "a scenario that is not allowed": (lambda h, _: filing(h, purpose="resale"), 3, "no_scenario"),
    "a term of no days": (lambda h, _: filing(h, **{"term-days": 0}), 2, "bad_field"),
    "an order at no quote": (
        lambda _, _t: ["trade", "order", "QT-0", "--as", "buyer"],
        1,
        "not_found",
    ),
    "an acceptance by a stranger": (
        lambda h, _: ["trade", "accept", h.made, "--as", "contributor"],
        3,
        "forbidden",
    ),
    "a delivery without a contract": (
        lambda h, _: ["deliver", h.made, "--as", "supplier"],
        3,
        "refused",
    ),
    "a receipt into a file that exists": (
        lambda h, _: ["receive", h.made, "--out", h.file(), "--as", "buyer"],
        3,
        "conflict",
    ),
    "a receipt before the delivery": (
        lambda h, t: ["receive", h.made, "--out", t / "out", "--as", "buyer"],
        3,
        "illegal_transition",
    ),
    "a settlement before the receipt": (lambda h, _: ["settle", h.made], 3, "refused"),
    "a certificate of nothing": (
        lambda h, _: ["certificate", "issue", f"trade/{h.made}"],
        1,
        "not_found",
    ),
    "a certificate that is not JSON": (
        lambda h, _: ["certificate", "verify", h.file("c.json", "{"), "--key", h.floor.log_key],
        2,
        "unreadable",
    ),
    "a certificate that is a list": (
        lambda h, _: ["certificate", "verify", h.file("l.json", "[]"), "--key", h.floor.log_key],
        2,
        "unreadable",
    ),
    "a certificate with other fields": (
        lambda h, _: ["certificate", "verify", h.file("o.json", "{}"), "--key", h.floor.log_key],
        2,
        "bad_field",
    ),
    "a key that is none": (
        lambda h, _: ["certificate", "verify", h.file("k.json", "{}"), "--key", "nonsense"],
        2,
        "bad_field",
    ),
    "a bundle that is not there": (lambda _, t: ["audit", t / "nowhere"], 1, "not_found"),
    "a bundle that is none": (lambda _, t: ["audit", t], 2, "unreadable"),
    "a bundle that is none, under a key": (
        lambda h, t: ["audit", t, "--key", h.floor.log_key],
        2,
        "unreadable",
    ),
    "a bundle under no key": (lambda _, t: ["audit", t, "--key", "nonsense"], 2, "bad_field"),
    "an export into a full folder": (lambda h, _: ["export", h.folder], 2, "unreadable"),
    "an opening in a full folder": (
        lambda _, _t: ["init", "--operator-name", "x", "--credit-code", credit_code(8)],
        3,
        "conflict",
    ),
    "listings that are not there": (lambda _, t: ["import", t / "no.csv"], 1, "not_found"),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_command_that_fails_says_why_and_ends_as_the_table_says(
    market: Hall, tmp_path: Path, case: str
) -> None:
    line, code, word = TABLE[case]
    guapai, arguments = Guapai(market.folder), line(market, tmp_path)
    error = guapai.error(*arguments, code=code)
    assert error["code"] == word
    assert error["detail"]
    assert set(error) == {"code", "detail", "rules"}
    said = guapai(*arguments, code=code)
    assert said.stdout == ""
    assert said.stderr.splitlines()[-1].startswith(f"{word}: ")
    assert not (market.folder.parent / "out").exists()


@pytest.mark.parametrize("line", [["lapse"], ["audit"], ["reconcile"], ["board"]])
def test_a_log_without_its_opening_is_broken(tmp_path: Path, line: list[str]) -> None:
    with open_hall(tmp_path / "exchange", "admitted", "sqlite") as hall:
        hall.venue.close()
        connection = sqlite3.connect(hall.folder / DATABASE)
        with connection:
            connection.execute("DROP TRIGGER ledger_place_no_delete")
            connection.execute("DELETE FROM ledger_place")
        connection.close()
        error = Guapai(hall.folder).error(*line, code=1)
        assert error["code"] == "broken"
        assert "the log has lost the place of exchange/" in error["detail"]


def test_a_term_of_no_days_is_said_to_be_none_and_not_to_be_left_out(market: Hall) -> None:
    error = Guapai(market.folder).error(*filing(market, **{"term-days": 0}), code=2)
    assert error["detail"] == "term_days: Input should be greater than 0"


def test_a_scenario_that_was_withdrawn_is_not_so_until_a_day(market: Hall) -> None:
    guapai = Guapai(market.folder)
    filed = guapai.json(*filing(market))["scenario"]
    assert filed["expires_on"]
    said = guapai("scenario", "withdraw", filed["id"], "--reason", "other plans", "--as", "buyer")
    assert said.stdout.splitlines()[0] == f"{filed['id']} is withdrawn"
    error = guapai.error("trade", "quote", filed["id"], "--as", "buyer", code=3)
    assert error["detail"] == f"scenario {filed['id']} is withdrawn"


def test_a_refusal_names_its_rules(market: Hall) -> None:
    error = Guapai(market.folder).error(*filing(market, purpose="resale"), code=3)
    assert error["rules"] == ["T-02"]


@pytest.mark.parametrize(
    "line",
    [
        ["nonsense"],
        ["list"],
        ["list", "GP-1"],
        ["attest", "GP-1", "--rules", "C-03", "--report", "r", "--days", "367", "--as", "x"],
        ["participant", "add", "new", "--name", "x", "--credit-code", "y", "--role", "operator"],
        ["decide", "GP-1", "--outcome", "perhaps", "--grounds", "x", "--as", "house"],
        ["serve", "--port", "0"],
    ],
)
def test_wrong_usage_ends_with_two(market: Hall, line: list[object]) -> None:
    assert "Usage:" in Guapai(market.folder)(*line, code=2).stderr


def test_a_folder_without_an_exchange(tmp_path: Path) -> None:
    error = Guapai(tmp_path / "nowhere").error("board", code=1)
    assert error["code"] == "not_found"
    assert "open one there with `guapai init`" in error["detail"]
    assert not (tmp_path / "nowhere").exists()


def test_a_store_that_is_broken(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        folder = hall.folder
    connection = sqlite3.connect(folder / DATABASE)
    connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.commit()
    connection.close()
    error = Guapai(folder).error("board", code=1)
    assert error["code"] == "broken"
    assert "run `guapai migrate`" in error["detail"]


@pytest.mark.parametrize(
    "line", [["list", "GP-1", "--as", "supplier"], ["export", "bundle"], ["audit"]]
)
def test_a_wrong_passphrase_opens_nothing(market: Hall, line: list[object]) -> None:
    guapai = Guapai(market.folder, passphrase="a wrong passphrase")
    assert guapai.error(*line, code=3)["code"] == "unauthenticated"
    assert "a wrong passphrase" not in "".join(guapai.printed)


def test_without_a_passphrase_and_a_terminal_there_is_no_one_to_ask(market: Hall) -> None:
    error = Guapai(market.folder, passphrase=None).error("audit", code=2)
    assert error["code"] == "bad_field"
    assert "set GUAPAI_PASSPHRASE or --passphrase-file" in error["detail"]


def test_a_passphrase_may_stand_in_a_file(market: Hall, tmp_path: Path) -> None:
    guapai = Guapai(market.folder, passphrase=None)
    path = tmp_path / "passphrase"
    path.write_text(f"{PASSPHRASE}\nand a second line\n")
    assert guapai.json("--passphrase-file", path, "audit")["passed"]
    path.write_text("")
    guapai.error("--passphrase-file", path, "audit", code=3)
    path.write_bytes(b"\xff")
    assert guapai.error("--passphrase-file", path, "audit", code=2)["code"] == "unreadable"
    gone = tmp_path / "gone"
    assert guapai.error("--passphrase-file", gone, "audit", code=2)["code"] == "unreadable"


def test_the_house_may_have_a_passphrase_of_its_own(market: Hall, tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.write_text(PASSPHRASE)
    guapai = Guapai(market.folder, passphrase="a wrong passphrase")
    assert guapai.json("--house-passphrase-file", house, "audit")["passed"]
    line = ["--house-passphrase-file", house, "list", market.number, "--as", "supplier"]
    assert guapai.error(*line, code=3)["code"] == "unauthenticated"


def test_a_short_passphrase_opens_no_exchange(tmp_path: Path) -> None:
    guapai = Guapai(tmp_path / "exchange", passphrase="short")
    line = ["init", "--operator-name", "x", "--credit-code", OPERATOR[2]]
    error = guapai.error(*line, code=2)
    assert error["detail"] == "passphrase: at least 12 characters"
    assert not guapai.folder.exists()


def test_a_participant_whose_making_was_cut_off_is_made_again(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        hall.venue.keyring.create("newcomer", PASSPHRASE)
        folder = hall.folder
    said = Guapai(folder).json(*add("newcomer", credit_code(8)))
    assert said["standing"] == "admitted"
    assert Guapai(folder).error(*add("newcomer", credit_code(8)), code=3)["code"] == "conflict"


def test_a_bad_handle_makes_no_folder(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        folder = hall.folder
    for handle in ("../../out", str(tmp_path / "out"), "."):
        Guapai(folder).error(*add(handle, credit_code(8)), code=2)
    assert not (tmp_path / "out").exists()


def test_objections_are_filed_withdrawn_and_decided(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        number, folder = hall.register().number, hall.folder
    guapai = Guapai(folder)
    said = guapai.json("object", number, "--grounds", "my buoys", "--as", "rival")
    assert said["registration"] == "objected"
    back = ["withdraw-objection", number, "--reason", "settled", "--as"]
    assert guapai.error(*back, "buyer", code=1)["code"] == "not_found"
    assert guapai.json(*back, "rival")["registration"] == "on-notice"
    filed = ["object", number, "--grounds", "my buoys after all", "--as"]
    guapai(*filed, "rival")
    later = guapai.json(*filed, "contributor")["head"]
    line = ["decide", number, "--grounds", "so it is", "--as", OPERATOR[0], "--outcome"]
    named = [*line, "dismissed", "--objection", later]
    assert guapai.json(*named)["registration"] == "objected"
    assert "the objection was decided at" in guapai.error(*named, code=3)["detail"]
    never = guapai.error(*named[:-1], "0" * 64, code=3)["detail"]
    assert "needs objection.filed" in never
    assert "upheld" not in never
    guapai("withdraw-objection", number, "--reason", "settled", "--as", "rival")
    guapai(*filed, "rival")
    assert guapai.json(*line, "upheld")["registration"] == "rejected"


def test_disputes_are_opened_withdrawn_and_decided_by_name(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "listed") as hall:
        number, folder = hall.number, hall.folder
    guapai = Guapai(folder)

    def leaves() -> list[str]:
        acts = guapai.json("registration", "show", number)["history"]
        return [act["entry"] for act in acts if act["kind"] == "dispute.opened"]

    opened = ["dispute", "open", number, "--grounds", "ours", "--as"]
    for who in ("buyer", "rival", "rival"):
        guapai(*opened, who)
    buyers, rivals, newest = leaves()
    line = ["dispute", "decide", number, "--outcome", "dismissed", "--grounds", "no"]
    named = [*line, "--as", OPERATOR[0], "--dispute"]
    assert guapai.json(*named, rivals)["registration"] == "disputed"
    assert "the dispute was decided at" in guapai.error(*named, rivals, code=3)["detail"]
    back = ["dispute", "withdraw", number, "--reason", "settled", "--as"]
    assert (
        "the same participant"
        in guapai.error(*back, "rival", "--dispute", buyers, code=3)["detail"]
    )
    guapai(*back, "rival", "--dispute", newest)
    assert "the dispute was withdrawn at" in guapai.error(*named, newest, code=3)["detail"]
    for never in ("0" * 64, ""):  # which decides none in its place, as the rest of this shows
        guapai.error(*named, never, code=3)
    guapai(*opened, "rival")
    assert guapai.json(*back, "buyer", "--dispute", buyers)["registration"] == "disputed"
    assert guapai.json(*line, "--as", OPERATOR[0])["registration"] == "confirmed"


def test_listings_are_suspended_and_delisted(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "ordered") as hall:
        number, trade, folder = hall.number, hall.trade(hall.made), hall.folder
    guapai = Guapai(folder)
    said = guapai.json("trade", "lapse", trade.id, "--reason", "late", "--as", "buyer")
    assert said["state"] == "lapsed"
    line = ["scenario", "withdraw", trade.scenario, "--reason", "done", "--as", "buyer"]
    assert guapai.json(*line)["state"] == "withdrawn"
    line = ["suspend", number, "--reason", "a complaint", "--as", OPERATOR[0]]
    assert guapai.json(*line)["listing"] == "suspended"
    line = ["delist", number, "--reason", "sold out", "--as", "supplier"]
    assert guapai.json(*line)["listing"] == "delisted"
    line = ["participant", "suspend", "rival", "--reason", "bills", "--as", OPERATOR[0]]
    assert guapai.json(*line)["standing"] == "suspended"
    line = ["participant", "admit", "rival", "--role", "buyer", "--as", OPERATOR[0]]
    assert guapai.json(*line)["standing"] == "admitted"


def commands(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


@pytest.mark.parametrize("path", [path for path, _ in commands(main)], ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*path, "--help"])
    assert result.exit_code == 0
    described = result.output.split("\n\n")[1].strip()
    assert described.endswith(".")
    command = dict(commands(main))[path]
    if not isinstance(command, click.Group):
        assert "--json" in result.output


@pytest.mark.slow
def test_the_command_runs_in_a_process_of_its_own(market: Hall, tmp_path: Path) -> None:
    board = run("-C", market.folder, "board", "--json")
    assert board.returncode == 0
    assert json.loads(board.stdout)["board"][0]["number"] == market.number
    assert board.stderr == ""
    nobody = run("-C", market.folder, "audit")
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert "there is no one to ask" in nobody.stderr
    nowhere = run("board", "--json", GUAPAI_VENUE=str(tmp_path / "nowhere"))
    assert nowhere.returncode == 1
    assert json.loads(nowhere.stdout)["error"]["code"] == "not_found"


def test_the_version_is_that_of_the_distribution() -> None:
    said: Any = CliRunner().invoke(main, ["--version"])
    assert said.output.startswith("guapai, version 0.")
