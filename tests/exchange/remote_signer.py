"""A keyholder whose keys live in another process, as an example of a plug-in and for tests.

    python -m tests.exchange.remote_signer SOCKET

holds keys in its own memory and answers on a Unix socket, one JSON object a line.  The exchange
sees public keys and signatures alone.  A real one would keep its keys in hardware.
"""

from __future__ import annotations

import json
import os
import socket
import socketserver
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from exchange.errors import Unauthenticated
from ledger.keys import KeyPair, Signer

SOCKET: Final = "SIGNER_SOCKET"  # the environment variable that says where it listens


class Refusal(Exception):
    """What the other process says no with."""


def ask(**question: str) -> Any:
    """Ask the process that holds the keys."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(os.environ[SOCKET])
        connection.sendall(json.dumps(question).encode() + b"\n")
        with connection.makefile("rb") as lines:
            answer = json.loads(lines.readline())
    if "refused" in answer:
        raise Refusal(answer["refused"])
    return answer["answer"]


@dataclass(frozen=True, slots=True)
class RemoteSigner:
    """A signer that has no key: it asks for every signature."""

    public_key: bytes

    def sign(self, message: bytes) -> bytes:
        """Return the signature that the other process makes."""
        answer = ask(what="sign", key=self.public_key.hex(), message=message.hex())
        return bytes.fromhex(answer)


class RemoteKeyholder:
    """Keys in another process; the passphrase is not needed and not sent."""

    name = "remote"

    def make(self, folder: Path, purpose: str, passphrase: str) -> Signer:  # noqa: ARG002
        """Have a key made."""
        return RemoteSigner(bytes.fromhex(ask(what="make", purpose=purpose)))

    def open(
        self,
        folder: Path,  # noqa: ARG002
        purpose: str,
        public_key: bytes,
        passphrase: str,  # noqa: ARG002
    ) -> Signer:
        """Return the signer of a key that is held there."""
        try:
            ask(what="open", purpose=purpose, key=public_key.hex())
        except Refusal as error:
            raise Unauthenticated(f"the signer does not hold this key: {error}") from error
        return RemoteSigner(public_key)

    def discard(self, folder: Path, purpose: str, public_key: bytes) -> None:  # noqa: ARG002
        """Have a key destroyed."""
        ask(what="discard", key=public_key.hex())


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path: str) -> None:
        self.keys: dict[str, tuple[str, KeyPair]] = {}
        super().__init__(path, _Handler)


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            try:
                answer = {"answer": self._answer(json.loads(line))}
            except KeyError:
                answer = {"refused": "no such key"}
            self.wfile.write(json.dumps(answer).encode() + b"\n")

    def _answer(self, question: dict[str, str]) -> str:
        keys = cast("_Server", self.server).keys
        match question["what"]:
            case "make":
                pair = KeyPair.generate()
                keys[pair.public_key.hex()] = (question["purpose"], pair)
                return pair.public_key.hex()
            case "open":
                if keys[question["key"]][0] != question["purpose"]:
                    raise KeyError
                return ""
            case "sign":
                return keys[question["key"]][1].sign(bytes.fromhex(question["message"])).hex()
            case _:
                keys.pop(question["key"], None)
                return ""


if __name__ == "__main__":
    with _Server(sys.argv[1]) as server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        server.serve_forever()
