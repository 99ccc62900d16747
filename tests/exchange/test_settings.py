"""The rules of the house in their file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.errors import BadField, NotFound
from exchange.settings import LATER, SETTING_TYPES, Settings

PLAIN = "".join(
    f"{name} = {value}\n"
    for name, value in {
        "origin": '"guapai.example/exchange"',
        "name": '"Guapai"',
        "notice_seconds": 432_000,
        "fee_ppm": 25_000,
        "quote_seconds": 604_800,
        "review_seconds": 432_000,
        "retention_days": 0,
        "registration_days": 1_095,
        "lookback_days": 730,
        "require_licences": "true",
        "rule_pack": '"cn"',
        "clock": '"system"',
        "database": '"sqlite"',
        "publish_folder": '"published"',
        "publish_seconds": 1,
        "publish_entries": "false",
        "signer": '"file"',
        "complaints": '""',
        "log_days": 184,
        "incident_plan": '""',
        "lapse_seconds": 600,
        "check_seconds": 3_600,
        "payment_provider": '"simulated-bank"',
        "acceptance_seconds": 0,
        "payment_seconds": 60,
        "open_simulator": "true",
        "upload_bytes": 4_294_967_296,
        "uploads_open": 4,
        "uploads_bytes": 8_589_934_592,
        "upload_seconds": 86_400,
        "papers_days": 1_096,
    }.items()
)
names = st.text(min_size=1, max_size=200).filter(str.isprintable)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=names, fee=st.integers(0, 1_000_000), seconds=st.integers(0, 366 * 86_400))
def test_what_is_saved_is_what_is_loaded(tmp_path: Path, name: str, fee: int, seconds: int) -> None:
    saved = Settings(name=name, fee_ppm=fee, notice_seconds=seconds, quote_seconds=seconds)
    saved.save(tmp_path / "exchange.toml")
    assert Settings.load(tmp_path / "exchange.toml") == saved


@pytest.mark.parametrize("name", ["🌊", '"quoted"', "back\\slash", "青岛示范数据交易所"])
def test_names_of_any_script_survive(tmp_path: Path, name: str) -> None:
    Settings(name=name).save(tmp_path / "exchange.toml")
    assert Settings.load(tmp_path / "exchange.toml").name == name


def test_the_plain_file_says_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "exchange.toml"
    path.write_text(PLAIN, encoding="utf-8")
    assert Settings.load(path) == Settings()
    Settings().save(path)
    assert path.read_text(encoding="utf-8") == PLAIN


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"origin": ""}, "origin"),
        ({"origin": "Guapai.example"}, "origin"),
        ({"origin": "guapai.example/"}, "origin"),
        ({"origin": "guapai example"}, "origin"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\x7fb"}, "name"),
        ({"name": "a\udcffb"}, "name"),
        ({"fee_ppm": -1}, "fee_ppm"),
        ({"fee_ppm": 1_000_001}, "fee_ppm"),
        ({"notice_seconds": -1}, "notice_seconds"),
        ({"quote_seconds": 367 * 86_400}, "quote_seconds"),
        ({"retention_days": -1}, "retention_days"),
        ({"retention_days": 36_501}, "retention_days"),
        ({"registration_days": 0}, "registration_days"),
        ({"registration_days": 36_501}, "registration_days"),
        ({"lookback_days": -1}, "lookback_days"),
        ({"clock": "sundial"}, "clock"),
        ({"complaints": "a\nb"}, "complaints"),
        ({"log_days": -1}, "log_days"),
        ({"incident_plan": "no. 1"}, "incident_plan"),
        ({"lapse_seconds": 0}, "lapse_seconds"),
        ({"check_seconds": 59}, "check_seconds"),
        ({"check_seconds": 86_401}, "check_seconds"),
        ({"payment_seconds": 0}, "payment_seconds"),
        ({"upload_bytes": -1}, "upload_bytes"),
        ({"upload_bytes": (64 << 30) + 1}, "upload_bytes"),
        ({"uploads_open": -1}, "uploads_open"),
        ({"uploads_bytes": -1}, "uploads_bytes"),
        ({"upload_seconds": 59}, "upload_seconds"),
        ({"papers_days": -1}, "papers_days"),
        ({"database": "oracle"}, "database"),
        ({"database": "postgresql://user:secret@host/name"}, "database"),
        ({"database": "postgresql://host/"}, "database"),
        ({"publish_folder": ""}, "publish_folder"),
        ({"publish_folder": "a\nb"}, "publish_folder"),
        ({"publish_seconds": 0}, "publish_seconds"),
        ({"publish_seconds": 3_601}, "publish_seconds"),
    ],
)
def test_a_setting_out_of_its_range_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadField) as caught:
        Settings(**changes)
    assert caught.value.field == field


def test_complaints_go_to_the_mailbox_of_the_domain_unless_it_is_said_where() -> None:
    assert Settings(origin="guapai.example/log").complaints_to == "abuse@guapai.example"
    assert Settings(complaints="desk@guapai.example").complaints_to == "desk@guapai.example"


@pytest.mark.parametrize("name", SETTING_TYPES)
def test_every_setting_must_be_there_and_of_its_type(tmp_path: Path, name: str) -> None:
    path = tmp_path / "exchange.toml"
    lines = PLAIN.splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(name)))
    if name in LATER:  # files of an older exchange lack it
        assert Settings.load(path) == Settings()
    else:
        with pytest.raises(BadField, match=rf"exchange\.toml: {name}: missing"):
            Settings.load(path)
    path.write_text("".join(f"{name} = []\n" if line.startswith(name) else line for line in lines))
    with pytest.raises(BadField, match=rf"exchange\.toml: {name}: must be"):
        Settings.load(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"{PLAIN}colour = 1\n".encode(), "colour: unknown"),
        (b"origin = ", "not a settings file"),
        (b"\xff\xfe", "not a settings file"),
    ],
)
def test_a_file_out_of_order_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "exchange.toml"
    path.write_bytes(content)
    with pytest.raises(BadField, match=words):
        Settings.load(path)


def test_a_folder_without_settings_is_no_exchange(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is not an exchange: open one there with `guapai init`"):
        Settings.load(tmp_path / "exchange.toml")


def test_a_folder_in_the_place_of_settings_is_named(tmp_path: Path) -> None:
    (tmp_path / "exchange.toml").mkdir()
    with pytest.raises(BadField, match="not a settings file"):
        Settings.load(tmp_path / "exchange.toml")
