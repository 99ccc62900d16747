"""The witness over HTTP: the statuses of tlog-witness, and two processes with one memory."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from exchange.courier import Unreachable, carry
from exchange.publishing import Publishing
from exchange.watchtower import Watchtower
from exchange.web.witness import create_witness_app
from ledger.checkpoint import parse_body
from ledger.cosignature import verify_lines
from ledger.note import Note, SignatureLine
from ledger.policy import Policy
from ledger.publish import Publisher
from ledger.witness import REQUEST_MAX, Request, SplitView
from tests.exchange.cli.guapai import Guapai, run
from tests.exchange.floor import PASSPHRASE
from tests.exchange.test_publishing import Log
from tests.ledger.floor import ORIGIN, VKEY
from tests.ledger.test_witness import FORKED, note, request

NAME = "witness.example/w1"
MONITOR = f"/{hashlib.sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def tower(tmp_path: Path) -> Watchtower:
    made = Watchtower.build(tmp_path / "witness", NAME, PASSPHRASE)
    made.add_log(str(VKEY))
    return made


@pytest.fixture
def client(tower: Watchtower) -> FlaskClient:
    return create_witness_app(tower.witness, tower.keep).test_client()


def test_a_checkpoint_is_cosigned_and_shown_to_monitors(
    client: FlaskClient, tower: Watchtower
) -> None:
    assert client.get(MONITOR).status_code == 404
    answer = client.post("/add-checkpoint", data=request(0, 3))
    assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
    line = SignatureLine.parse(answer.data.removesuffix(b"\n"))
    shown = Note.parse(note(3))
    key = tower.cosigners[0].key
    assert key in verify_lines(Note(b"", (line,)), parse_body(shown.body), [key])[0]
    assert client.get(MONITOR).data == note(3) + answer.data


def test_the_statuses_are_those_of_the_protocol(client: FlaskClient) -> None:
    assert client.post("/add-checkpoint", data=b"nonsense").status_code == 400
    assert client.post("/add-checkpoint", data=b"x" * (REQUEST_MAX + 1)).status_code == 400
    assert client.post("/add-checkpoint", data=request(0, 3)).status_code == 200
    stale = client.post("/add-checkpoint", data=request(1, 9))
    assert (stale.status_code, stale.content_type, stale.data) == (409, "text/x.tlog.size", b"3\n")
    bad = Request(3, (bytes(32),), note(9)).to_bytes()
    assert client.post("/add-checkpoint", data=bad).status_code == 422
    assert client.get("/add-checkpoint").status_code == 405
    assert client.get("/add-checkpoint").headers["Allow"]
    for path in ("/", "/nothing", "/zz/checkpoint", f"/{'0' * 64}/checkpoint", "/../name"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "text/plain")


def test_a_form_is_read_as_the_bytes_it_is(client: FlaskClient) -> None:
    answer = client.post(
        "/add-checkpoint",
        data=request(0, 3),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200


def test_a_split_view_is_said_and_its_two_notes_are_kept(
    client: FlaskClient, tower: Watchtower, caplog: pytest.LogCaptureFixture
) -> None:
    client.post("/add-checkpoint", data=request(0, 9))
    answer = client.post("/add-checkpoint", data=request(9, 9, FORKED))
    assert answer.status_code == 422
    assert answer.text == "split view: this witness cosigned another root of size 9\n"
    (where,) = tower.evidence()
    assert (Path(where) / "shown").read_bytes() == note(9, FORKED)
    assert "split view" in caplog.text
    assert where in caplog.text


def test_a_rollback_is_said_in_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.post("/add-checkpoint", data=request(0, 9))
    client.post("/add-checkpoint", data=request(5, 7))
    assert "the log was rolled back" in caplog.text


def test_a_log_that_is_added_is_known_at_once(tmp_path: Path) -> None:
    tower = Watchtower.build(tmp_path / "new", NAME, PASSPHRASE)
    client = create_witness_app(tower.witness).test_client()
    assert client.post("/add-checkpoint", data=request(0, 3)).status_code == 404
    tower.add_log(str(VKEY))
    assert client.post("/add-checkpoint", data=request(0, 3)).status_code == 200


# The command, and real processes.


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a witness with the command in a process of its own, and return its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            carry("GET", f"{url}/", b"")
        except Unreachable:
            return False
        return True

    with running("witness", "serve", folder, "--port", port, until=answers):
        yield url


@contextmanager
def running(*arguments: object, until: Callable[[], bool]) -> Iterator[None]:
    """Run the command in a process of its own, from when something holds to a SIGTERM."""
    with subprocess.Popen(
        [sys.executable, "-c", "from exchange.cli import main; main()", *map(str, arguments)],
        env=os.environ | {"GUAPAI_PASSPHRASE": PASSPHRASE, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            end = time.monotonic() + 60
            while not until():
                assert process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.05)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def test_a_witness_is_set_up_from_the_shell(tmp_path: Path) -> None:
    guapai, folder = Guapai(tmp_path / "no-exchange"), tmp_path / "witness"
    made = guapai.json("witness", "init", folder, "--name", NAME)
    assert made["vkeys"][0].startswith(f"{NAME}+")
    added = guapai.json("witness", "add-log", folder, VKEY)
    assert added["log"] == ORIGIN
    line = added["policy"][0].replace("URL", "https://w1.example")
    assert Policy.parse(f"log {VKEY}\n{line}\nquorum w1\n".encode()).witnesses["w1"].url
    shown = guapai.json("witness", "show", folder)
    assert shown["logs"] == [
        {"origin": ORIGIN, "keys": [str(VKEY)], "size": None, "root": None, "time": None}
    ]
    tower = Watchtower.open(folder).unlocked(PASSPHRASE)
    tower.witness().add_checkpoint(request(0, 9))
    tower.keep(SplitView(note(9), note(9, FORKED)))
    shown = guapai.json("witness", "show", folder)
    assert (shown["logs"][0]["size"], len(shown["evidence"])) == (9, 1)
    assert "split view: two notes" in guapai("witness", "show", folder).stdout
    assert guapai.error("witness", "init", folder, "--name", NAME, code=3)["code"] == "conflict"
    assert not (tmp_path / "no-exchange").exists()
    assert PASSPHRASE not in "".join(guapai.printed)
    assert run("witness", "show", str(tmp_path)).returncode == 1


@pytest.mark.slow
def test_two_processes_over_one_memory_never_cosign_two_histories(tower: Watchtower) -> None:
    cosigned: dict[int, set[str]] = {}
    lock = threading.Lock()

    def show(url: str, leaves: list[bytes] | None) -> None:
        """Show a history, the honest or the forked, to one of the processes as it grows."""
        others = () if leaves is None else (leaves,)
        old = 0
        for size in range(5, 60, 3):
            for _ in range(3):
                reply = carry(
                    "POST", f"{url}/add-checkpoint", request(min(old, size), size, *others)
                )
                if reply.status == 200:
                    root = parse_body(Note.parse(note(size, *others)).body).root.hex()
                    with lock:
                        cosigned.setdefault(size, set()).add(root)
                    old = size
                    break
                if reply.status != 409:
                    break
                old = int(reply.body)

    with serving(tower.folder) as one, serving(tower.folder) as other:
        threads = [
            threading.Thread(target=show, args=(url, leaves))
            for url in (one, other)
            for leaves in (None, FORKED)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kept = carry("GET", f"{one}{MONITOR}", b"").body
    roots = {root for each in cosigned.values() for root in each}
    honest = {parse_body(Note.parse(note(size)).body).root.hex() for size in range(60)}
    assert roots <= honest or not roots & honest
    assert cosigned
    assert parse_body(Note.parse(kept).body).size == max(cosigned)


@pytest.mark.slow
def test_a_log_is_witnessed_by_a_witness_of_ours_over_http(
    tower: Watchtower, tmp_path: Path
) -> None:
    log, folder = Log(), tmp_path / "published"
    folder.mkdir()
    with serving(tower.folder) as url:
        policy = Policy.parse(
            f"log {VKEY}\nwitness w1 {tower.vkeys[0]} {url}\nquorum w1\n".encode()
        )
        with Publishing(Publisher(folder, [VKEY]), log, policy, seconds=0.05) as publishing:
            for _ in range(3):
                assert publishing.wait_witnessed(log.grow(100), 30)
    (watched,) = tower.watched()
    assert watched.checkpoint is not None
    assert watched.checkpoint.size == 301
    assert re.search(r"cosigned", (folder / "witnesses.json").read_text())


@pytest.mark.slow
def test_requests_that_are_half_sent_keep_no_witness_from_answering(tower: Watchtower) -> None:
    """More of them than a witness has threads; and what is too long is refused before it comes."""
    head = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    with serving(tower.folder) as url, ExitStack() as stack:
        at = ("127.0.0.1", int(url.rpartition(":")[2]))

        def held(sent: bytes) -> socket.socket:
            sock = stack.enter_context(socket.create_connection(at, timeout=10))
            sock.sendall(sent)
            return sock

        for half in (b"POST /add-ch", head % 1_000 + b"old 0\n"):
            for _ in range(6):
                held(half)
        for _ in range(3):
            asked = time.monotonic()
            assert carry("POST", f"{url}/add-checkpoint", request(0, 3)).status in {200, 409}
            assert time.monotonic() < asked + 2
        assert held(head % (REQUEST_MAX + 1)).recv(12) == b"HTTP/1.1 400"
        assert held(head % REQUEST_MAX + b"x" * REQUEST_MAX).recv(12) == b"HTTP/1.1 400"
