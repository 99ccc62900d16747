"""``guapai similar``: the register searched by product and by file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.acts import format_time
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import DATA, NOTICE, Hall, open_hall
from tests.exchange.inspection.copies import DISGUISES, Table


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "listed") as hall:
        yield hall


def test_a_file_and_a_product_are_searched_for(market: Hall, tmp_path: Path) -> None:
    guapai = Guapai(market.folder)
    part = tmp_path / "part.csv"
    part.write_text("\n".join(DATA.replace("station", "buoy").splitlines()[:-1]) + "\n")
    (match,) = guapai.json("similar", part)["similar"]
    assert (match["product"], match["of_this_ppm"]) == (market.number, 1_000_000)
    assert match["of_other_ppm"] == 833_333
    assert ["buoy", "station"] in match["columns"]
    shown = guapai("similar", part).stdout
    assert "83.3 %" in shown
    assert "buoy is station" in shown
    assert guapai.json("similar", market.number) == {"similar": [], "in_others_ppm": 0}
    assert "nothing registered is like" in guapai("similar", market.number).stdout


def test_what_is_cut_from_two_registrations_is_summed(market: Hall, tmp_path: Path) -> None:
    guapai = Guapai(market.folder)
    header = "port,parcels,weight"
    rows = [f"QD,{i * 37 % 101},{i * 53 % 997}" for i in range(40)]
    market.register("north.csv", "\n".join([header, *rows[:20], ""]))
    market.register("south.csv", "\n".join([header, *rows[20:], ""]))
    cut = tmp_path / "cut.csv"
    cut.write_text("\n".join([header, *rows[10:30], ""]))
    found = guapai.json("similar", cut)
    assert [each["of_this_ppm"] for each in found["similar"]] == [500_000, 500_000]
    assert found["in_others_ppm"] == 1_000_000
    assert "Up to 100.0 % of it stands in registrations of others" in guapai("similar", cut).stdout
    assert (
        "Up to"
        not in guapai(
            "similar", market.file("part.csv", "\n".join(DATA.splitlines()[:-1]) + "\n")
        ).stdout
    )


def written(table: Table) -> str:
    return "".join(f"{','.join(map(str, row))}\n" for row in (table.header, *table.rows))


def test_what_agrees_and_what_was_changed_is_said(market: Hall, tmp_path: Path) -> None:
    guapai = Guapai(market.folder)
    original, copy, _ = DISGUISES["two columns translated, two rounded"]
    number = market.register("trade.csv", written(original)).number
    path = tmp_path / "copy.csv"
    path.write_text(written(copy))
    (match,) = guapai.json("similar", path)["similar"]
    assert (match["product"], match["how"]) == (number, "converted")
    assert match["others"] == ["category", "port"]
    (near,) = match["near"]
    assert (near["column"], round(float(near["within"]))) == ("weight_kg", 50)
    shown = " ".join(guapai("similar", path).stdout.split())
    assert "4 of 6: date, weight_kg (within 50), value_cny (1 × x + 0), parcels;" in shown
    assert "and not category, port" in shown


def test_what_a_file_says_of_itself_is_shown_without_persons(market: Hall) -> None:
    remarks = f"# contact: 王建国\n# made by {'x ' * 200}\n" + "# more\n" * 20
    file = market.file("buoy.csv", f"{remarks}\nt,level\n1,2\n")
    shown = Guapai(market.folder)("inspect", file).stdout
    assert "Attributes of the file (12 of 22; all with --json)" in shown
    assert "王建国" not in shown
    assert "(withheld)" in shown
    assert "x…" in " ".join(shown.split())
    assert "remark    lines of remarks before the header: 22" in shown


def test_what_stands_apart_is_a_value_where_its_supplier_says_so(market: Hall) -> None:
    guapai = Guapai(market.folder)
    rows = "".join(f"QD,{-999 if n % 3 == 0 else n / 10}\n" for n in range(12))
    file = market.file("levels.csv", f"station,level\n{rows}")
    shown = guapai("inspect", file).stdout
    assert "remark    column level: -999 stands apart and repeats; its 4 cells are read" in shown
    template = market.folder / "sheet.toml"
    meant = ("--no-fill-value", "level")
    shown = guapai("inspect", file, *meant, "--sheet-template", template).stdout
    assert "the supplier declares that its 4 cells are values" in shown
    assert 'fill_value = "none"' in template.read_text()
    number = guapai.json("register", file, *meant, "--as", "supplier")["number"]
    assert (
        "By its supplier's word no value stands for a missing one in level."
        in guapai("registration", "show", number).stdout
    )
    market.advance(seconds=NOTICE)
    market.supplier.grant(number, market.terms())  # which confirms the claim
    change = ("registration", "change", number, "--reason", "a code", "--as", "supplier")
    error = guapai.error(*change, *meant, "--assume-fill-values", code=2)
    assert error["code"] == "bad_field"
    assert guapai.json(*change, "--assume-fill-values")["registration"] == "on-notice"
    assert "no value stands for" not in guapai("registration", "show", number).stdout


def test_a_number_that_is_none_is_refused(market: Hall) -> None:
    error = Guapai(market.folder).error("similar", "GP-0000-0000-0000", code=1)
    assert error["code"] == "not_found"


def test_a_claim_is_taken_back_and_said_to_be_free(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "listed") as hall:
        number = hall.register("other.csv", DATA.replace("6.1", "5.9")).number
        guapai = Guapai(hall.folder)
        shown = guapai("registration", "show", number).stdout
        assert f"{number} is on-notice, of supplier, until it is confirmed\n" in shown
        back = guapai("registration", "cancel", number, "--reason", "in haste", "--as", "supplier")
        assert f"{number} is cancelled" in back.stdout
        shown = guapai("registration", "show", number).stdout
        assert f"{number} is cancelled, of supplier\n" in shown  # nobody will confirm it
        assert "the same bytes may be registered again" in back.stdout
        whole = ("registration", "cancel", hall.number, "--reason", "gone", "--as", "supplier")
        assert "its listing is delisted, and the rights in it have ended" in guapai(*whole).stdout


def test_an_activity_is_listed_with_what_went_in_and_came_out(market: Hall) -> None:
    guapai, number = Guapai(market.folder), market.number
    used, made = "ab" * 32, "cd" * 32
    when = ("--from", "2026-01-01", "--until", "2026-01-01T01:00:00Z")
    told = ("--cost", "12.30 CNY", "--description", "spikes removed")
    record = ("activity", "record", number, "--activity", "clean", *when, *told)
    guapai(*record, "--as", "supplier")
    assert "How, and" not in guapai("activity", "list", number).stdout  # nothing is named
    passed = ("--input", number, "--used", used, "--made", made)
    guapai(*record, *passed, "--as", "supplier")
    for handle in ((), ("--as", "supplier")):
        shown = guapai("activity", "list", number, *handle).stdout
        rows = [line.split() for line in shown.split("How, and")[1].splitlines()]
        assert [row[-3:] for row in rows if row[-1:] in ([number], [used], [made])] == [
            ["product", "in", number],
            ["file", "in", used],
            ["file", "out", made],
        ]
        assert [each in shown for each in ("12.30 CNY", "spikes removed")] == [bool(handle)] * 2


def test_an_activity_is_taken_back_by_its_entry(market: Hall) -> None:
    guapai, number = Guapai(market.folder), market.number
    when = ("--from", "2026-01-01", "--until", "2026-01-01T01:00:00Z")
    told = ("--cost", "12.30 CNY", "--description", "spikes removed")
    guapai("activity", "record", number, "--activity", "clean", *when, *told, "--as", "supplier")
    (recorded,) = guapai.json("activity", "list", number)["activities"]
    assert recorded["withdrawn"] is None
    withdraw = ("activity", "withdraw", recorded["entry"], "--reason", "of another product")
    assert guapai.error(*withdraw, "--as", "contributor", code=3)["code"] == "refused"
    shown = guapai(*withdraw, "--as", "supplier").stdout
    assert f"on {number} is withdrawn (entry " in shown
    assert "of another product" in guapai("activity", "list", number).stdout
    (recorded,) = guapai.json("activity", "list", number)["activities"]
    assert recorded["withdrawn"]["reason"] == "of another product"


def test_the_last_day_of_an_activity_counts_whole_and_today_until_now(market: Hall) -> None:
    guapai, number = Guapai(market.folder), market.number
    day = market.floor.clock().date()
    what = ("activity", "record", number, "--activity", "store", "--description", "kept")
    record = (*what, "--cost", "1200.50 CNY", "--as", "supplier", "--from", "2026-01-01")
    before = format_time(market.floor.clock())
    for until in ("2026-01-02", "2026-01-02T10:00:00Z", day.isoformat()):
        guapai(*record, "--until", until)
    day_after = (day + dt.timedelta(days=2)).isoformat()
    assert "when it is over" in guapai.error(*record, "--until", day_after, code=3)["detail"]
    assert "--until" in guapai.error(*record, "--until", "yesterday", code=2)["detail"]
    told = guapai.json("activity", "list", number, "--as", "supplier")["activities"]
    assert {each["cost"]["minor"] for each in told} == {120_050}
    assert {each["from"] for each in told} == {"2026-01-01T00:00:00Z"}
    *dated, today = (each["until"] for each in told)
    assert dated == ["2026-01-02T23:59:59Z", "2026-01-02T10:00:00Z"]
    assert before <= today < f"{day.isoformat()}T23:59:59Z"


def test_the_cost_of_an_activity_is_written_as_its_help_says(market: Hall) -> None:
    guapai, number = Guapai(market.folder), market.number
    shown = " ".join(guapai("activity", "record", "--help").stdout.split())
    (amount,) = re.findall(r'--cost TEXT Such as "([^"]+)"', shown)
    what = ("activity", "record", number, "--activity", "store", "--description", "kept")
    when = ("--from", "2026-01-01", "--until", "2026-01-02")
    record = (*what, *when, "--as", "supplier", "--cost")
    guapai(*record, amount)
    told = guapai.json("activity", "list", number, "--as", "supplier")["activities"]
    assert told[0]["cost"] == {"minor": 120_050, "currency": "CNY"}
    refused = guapai.error(*record, amount.partition(" ")[0], code=2)
    assert refused["detail"].startswith("--cost: ")
