from __future__ import annotations

import hashlib
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest

from exchange.comparison import differences
from exchange.grading import Grade
from exchange.inspection import inspect
from exchange.profile import Profile, SensitiveKind
from exchange.records import read_record
from exchange.specsheet import SpecSheet
from samples import seawater
from samples.generate import PRODUCTS, generate
from tests.exchange.inspection.conftest import READERS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    begun = time.process_time()
    paths = generate(tmp_path_factory.mktemp("samples"))
    assert time.process_time() - begun < 6
    return {path.parent.name: path for path in paths}


@pytest.fixture(scope="module")
def profiles(made: dict[str, Path]) -> dict[str, Profile]:
    return {product: inspect(path, readers=READERS) for product, path in made.items()}


def sheet(path: Path) -> SpecSheet:
    return read_record(SpecSheet, tomllib.loads((path.parent / "sheet.toml").read_text("utf-8")))


def test_one_seed_gives_one_set_of_bytes(made: dict[str, Path], tmp_path: Path) -> None:
    again = {path.parent.name: path for path in generate(tmp_path)}
    for product, path in made.items():
        digests = {hashlib.sha256(each.read_bytes()).digest() for each in (path, again[product])}
        assert len(digests) == 1, product


def test_another_seed_gives_other_data(made: dict[str, Path], tmp_path: Path) -> None:
    for path in generate(tmp_path, seed=7):
        assert path.read_bytes() != made[path.parent.name].read_bytes()


@pytest.mark.parametrize("product", PRODUCTS)
def test_each_sheet_describes_its_file(
    made: dict[str, Path], profiles: dict[str, Profile], product: str
) -> None:
    declared = sheet(made[product])
    assert differences(declared, profiles[product]) == ()
    for source in declared.sources:
        assert (made[product].parent / source.evidence).is_file()


@pytest.mark.parametrize("product", ["hf-radar", "ocean-forecast", "marine-ranch", "seabed-survey"])
def test_marine_samples_are_large_and_hold_nobody(
    profiles: dict[str, Profile], product: str
) -> None:
    assert profiles[product].rows >= 40_000
    assert profiles[product].sensitive == ()
    assert profiles[product].space is not None


def test_every_value_lies_in_the_range_its_sheet_declares(
    made: dict[str, Path], profiles: dict[str, Profile]
) -> None:
    checked = 0
    for product, path in made.items():
        for note in sheet(path).content.fields:
            column = profiles[product].column(note.name)
            assert column is not None
            assert not note.required or column.missing == 0
            if note.valid_min is not None and note.valid_max is not None:
                assert float(note.valid_min) <= float(column.minimum or "nan")
                assert float(column.maximum or "nan") <= float(note.valid_max)
                checked += 1
    assert checked > 20


def test_the_radar_rows_belong_to_the_two_contributors(
    made: dict[str, Path], profiles: dict[str, Profile]
) -> None:
    sharing = sheet(made["hf-radar"]).sharing
    assert sharing is not None
    assert {each.value for each in sharing.contributors} == {"QDHF", "RZHF"}
    station = profiles["hf-radar"].column(sharing.column)
    assert station is not None
    assert station.distinct == 2


def test_the_products_to_refuse_give_their_reasons(
    made: dict[str, Path], profiles: dict[str, Profile]
) -> None:
    staff = sheet(made["ranch-staff"]).personal_data
    assert (staff.contained, staff.legal_basis) == (True, "")
    certain = {each.kind for each in profiles["ranch-staff"].sensitive if each.certain}
    assert certain == {SensitiveKind.PERSON_NAME, SensitiveKind.RESIDENT_ID, SensitiveKind.MOBILE}
    assert sheet(made["seabed-survey"]).grade is Grade.CORE


def test_oxygen_agrees_with_the_published_check_value() -> None:
    # Garcia and Gordon (1992), below equation 8: 274.610 µmol/kg at 10 °C and salinity 35.
    saturation = seawater.oxygen_saturation(np.array([10.0]), np.array([35.0]))
    assert saturation[0] == pytest.approx(274.610, abs=0.05)


def test_the_tide_returns_after_its_period() -> None:
    hours = np.linspace(0, 24 * 60, 20_000)
    east, _ = seawater.tidal_current(hours, np.zeros(1))
    spectrum = np.abs(np.fft.rfft(east))
    peak = np.fft.rfftfreq(hours.size, hours[1])[np.argmax(spectrum)]
    assert 1 / peak == pytest.approx(seawater.TIDES["M2"], rel=0.02)
