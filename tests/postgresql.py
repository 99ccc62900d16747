"""A real PostgreSQL server for tests: one a process, on a port of its own, gone at the end.

The server's programs come from the system (Debian's package postgresql); where they are not
there, tests skip, unless GUAPAI_CI says that they must run.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

_NUMBERS = itertools.count(1)
_SERVER_USER = "postgres"  # the server refuses to run as root


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    if on_path:
        return Path(on_path).parent
    return found[-1].parent if found else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@functools.cache
def _start() -> str:
    """Start the server and return the start of its URLs; skip where there is none."""
    programs = _programs()
    if programs is None:
        if os.environ.get("GUAPAI_CI"):
            raise RuntimeError("CI runs the tests of PostgreSQL, and there is no server")
        pytest.skip("no PostgreSQL server is installed")
    folder = Path(tempfile.mkdtemp(prefix="guapai-postgresql-"))
    user = _SERVER_USER if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", "guapai", "-A", "trust", "-E", "UTF8",
         "--locale=C", "--no-sync"],
        user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    port = _free_port()
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        [programs / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder,
         "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "fsync=off"],
        user=user, stdout=log, stderr=log, cwd=folder,
    )  # fmt: skip

    def stop() -> None:
        server.terminate()
        server.wait(timeout=30)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    url = f"postgresql://guapai@127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(f"{url}/postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return url


def _statement(text: str) -> None:
    with psycopg.connect(f"{_start()}/postgres", autocommit=True) as connection:
        connection.execute(text)


def new_database(template: str = "template0") -> str:
    """Return the URL of a new database, empty or a copy of the database of another URL."""
    name = f"exchange_{os.getpid()}_{next(_NUMBERS)}"
    _statement(f"CREATE DATABASE {name} TEMPLATE {template.rpartition('/')[2]}")
    return f"{_start()}/{name}"


def drop_database(url: str) -> None:
    """Remove a database, whoever is connected to it."""
    _statement(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")
