from __future__ import annotations

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

# A machine that is busy fails no property: timings are not asserted.
settings.register_profile(
    "untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")

# What tests write is thrown away, and in memory no commit waits for a disk.  Programs that tests
# start write there as well.
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a file system in memory
ENOUGH: Final = 4 << 30  # bytes; a container may have very little of it
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.hookimpl(trylast=True)  # after the shuffle
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow ones, so that at the end no worker waits for one."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Keep what was collected out of every collection of garbage: it stays to the end."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Let it go, for what is left to be told at the end."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real files that tests read and the repository does not hold."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("GUAPAI_REAL_DATA", beside))
    if not folder.is_dir():
        pytest.skip("real data is absent: set GUAPAI_REAL_DATA to its folder")
    return folder
