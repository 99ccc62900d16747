from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real files that tests read and the repository does not hold."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("GUAPAI_REAL_DATA", beside))
    if not folder.is_dir():
        pytest.skip("real data is absent: set GUAPAI_REAL_DATA to its folder")
    return folder
