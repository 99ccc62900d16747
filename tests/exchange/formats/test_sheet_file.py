"""Spec sheets as files: templates that load, evidence beside them, errors that name the field."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.comparison import differences
from exchange.completeness import Blank, Known, asked_before_listing
from exchange.errors import BadField, NotFound, Unreadable
from exchange.formats.sheet_file import (
    EVIDENCE_MAX,
    FIRST_COLLECTED,
    MINORS,
    RETENTION,
    SHEET_MAX,
    load_sheet,
    template,
)
from exchange.profile import (
    ColumnProfile,
    ColumnType,
    Profile,
    SensitiveFinding,
    SensitiveKind,
    SpaceCoverage,
    TimeCoverage,
)
from exchange.specsheet import SpecSheet

TODAY = dt.date(2026, 6, 1)
HERE = Path(__file__).parents[3]
SAMPLES = sorted((HERE / "samples").glob("*/sheet.toml"))


def column(name: str, unit: str | None = None) -> ColumnProfile:
    return ColumnProfile(
        name=name,
        type=ColumnType.DECIMAL,
        rows=3,
        missing=0,
        distinct=3,
        minimum="1.5",
        maximum="2.5",
        mean="2",
        unit=unit,
    )


def profile(name: str = "data.csv", *columns: ColumnProfile) -> Profile:
    return Profile(
        name=name,
        data="0" * 64,
        bytes=10,
        media_type="text/csv",
        encoding="utf-8",
        compression=None,
        reader="csv",
        rows=3,
        rows_digest="1" * 64,
        duplicate_rows=0,
        columns=columns or (column("a", "m"), column("b")),
    )


def written(measured: Profile) -> str:
    """A template in which somebody has replaced every TODO."""
    text = template(measured, on=TODAY).replace(FIRST_COLLECTED, "first_collected = 2026-01-05")
    text = text.replace(MINORS, "minors = false").replace(RETENTION, "retention_days = 365")
    return text.replace("TODO ", "").replace('"TODO"', '"海洋"')


def load(folder: Path, text: str) -> tuple[SpecSheet, list[bytes]]:
    path = folder / "sheet.toml"
    path.write_text(text, encoding="utf-8")
    return load_sheet(path, identify=lambda handle: f"id of {handle}")


@pytest.mark.parametrize(("name", "language"), [("潮位", "zh"), ("level", "en")])
def test_a_template_speaks_the_language_of_its_columns(
    tmp_path: Path, name: str, language: str
) -> None:
    sheet, _ = load(tmp_path, written(profile("data.csv", column(name, "m"), column("b"))))
    assert sheet.basic.language == language


def test_a_template_loads_once_it_is_written(tmp_path: Path) -> None:
    sheet, documents = load(tmp_path, written(profile()))
    assert documents == []
    assert differences(sheet, profile()) == ()
    assert [note.unit for note in sheet.content.fields] == ["m", ""]
    assert sheet.physical.rows == 3


@pytest.mark.parametrize("space", [None, SpaceCoverage("120", "35", "121", "36", ("a", "b"))])
@pytest.mark.parametrize(
    "time", [None, TimeCoverage("a", "2026-01-04T01:00:00Z", "2026-01-04T03:00:00Z", 3_600, 0)]
)
@pytest.mark.parametrize("fill", ["", "-9999"])
def test_a_template_that_is_written_leaves_no_field_empty_but_the_proof_of_its_source(
    tmp_path: Path, space: SpaceCoverage | None, time: TimeCoverage | None, fill: str
) -> None:
    gaps = replace(column("c"), missing=1, fill_value=fill or None)
    measured = replace(profile("data.csv", column("a"), gaps), space=space, time=time)
    sheet, _ = load(tmp_path, written(measured))
    known = Known(
        sheet=sheet,
        profile=measured,
        digests=(),
        supplier_identified=True,
        sample=True,
        parents=False,
        documents=frozenset(),
    )
    assert [each.code for each in asked_before_listing(known).missing] == ["L2"]
    unseen = asked_before_listing(replace(known, sample=Blank("nobody looked")))
    assert ([each.code for each in unseen.missing], unseen.unseen) == (["L2"], ("nobody looked",))
    assert unseen.asked == 0  # how many apply is not known either
    assert differences(sheet, measured) == ()
    day = dt.date(2026, 1, 4) if time else dt.date(2026, 1, 5)  # measured, or written by hand
    assert sheet.physical.first_collected == day


def test_a_template_that_nobody_has_written_is_refused_by_its_field(tmp_path: Path) -> None:
    with pytest.raises(BadField, match="contact: still says TODO"):
        load(tmp_path, template(profile(), on=TODAY))


def test_a_column_may_be_called_todo(tmp_path: Path) -> None:
    text = written(profile()).replace('name = "a"', 'name = "TODO"')
    assert load(tmp_path, text)[0].content.fields[0].name == "TODO"


def test_a_template_says_what_the_inspection_found_of_persons(tmp_path: Path) -> None:
    found = SensitiveFinding("a", SensitiveKind.MOBILE, 3, 3, certain=True, evidence="shape")
    sheet, _ = load(tmp_path, written(replace(profile(), sensitive=(found,))))
    assert sheet.personal_data.contained
    assert [note.personal for note in sheet.content.fields] == [True, False]


MOBILES = SensitiveFinding("a", SensitiveKind.MOBILE, 3, 3, certain=True, evidence="shape")


@pytest.mark.parametrize("field", ["minors", "retention_days"])
def test_what_a_template_cannot_know_of_persons_stops_the_sheet_until_somebody_says(
    tmp_path: Path, field: str
) -> None:
    """Rule I-04 goes by the answer, and a default was one that nobody had given."""
    said = {"minors": "minors = true", "retention_days": "retention_days = 30"}
    text = template(replace(profile(), sensitive=(MOBILES,)), on=TODAY)
    text = text.replace(FIRST_COLLECTED, "first_collected = 2026-01-05").replace('"TODO ', '"')
    for name, line in (("minors", MINORS), ("retention_days", RETENTION)):
        text = text.replace(line, line if name == field else said[name])
    text = text.replace('sector = "TODO"', 'sector = "a"').replace(
        'industry = "TODO"', 'industry = "b"'
    )
    text = text.replace('keywords = ["TODO"]', 'keywords = ["c"]')
    with pytest.raises(BadField, match=f"personal_data.{field}: still says TODO"):
        load(tmp_path, text)
    line = MINORS if field == "minors" else RETENTION
    sheet, _ = load(tmp_path, text.replace(line, said[field]))
    assert (sheet.personal_data.minors, sheet.personal_data.retention_days) == (True, 30)


@pytest.mark.parametrize(
    ("born", "aged", "remark"),
    [
        (None, None, ""),
        (2012, 14, ""),
        (2013, 13, "; measured: one is, the youngest was born in 2013"),
        (None, 13, "; measured: one is, the youngest is 13 years old"),
    ],
)
def test_a_template_says_where_a_child_was_measured(
    born: int | None, aged: int | None, remark: str
) -> None:
    measured = replace(profile(), sensitive=(MOBILES,), youngest_born=born, youngest_aged=aged)
    (line,) = (each for each in template(measured, on=TODAY).splitlines() if MINORS in each)
    assert line == f"{MINORS}  # true or false: whether a child is among them{remark}"


def test_a_template_begins_with_the_region_of_the_law_that_is_applied() -> None:
    here, there = (template(profile(), on=TODAY, region=each) for each in ("CN", "EU"))
    assert 'regions = ["CN"]' in here
    assert 'regions = ["EU"]' in there
    assert here == template(profile(), on=TODAY)


def test_a_template_shows_what_was_measured() -> None:
    assert "# measured: 1.5 to 2.5" in template(profile(), on=TODAY)


names = st.text(min_size=1, max_size=40).filter(lambda name: name.strip() == name != "")
encodable = names.filter(lambda name: not any(0xD800 <= ord(c) <= 0xDFFF for c in name))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(file=encodable, first=encodable)
def test_a_template_of_any_names_loads_once_it_is_written(
    tmp_path: Path, file: str, first: str
) -> None:
    measured = profile(file, column(first, first))
    sheet, _ = load(tmp_path, written(measured))
    assert sheet.content.fields[0].name == first
    assert differences(sheet, measured) == ()


@pytest.mark.parametrize("name", ["a\nb = 1", 'a"b', "a\\u0041", "a\x7fb", "a\tb", "温度 🌊"])
def test_no_name_breaks_out_of_its_line(tmp_path: Path, name: str) -> None:
    sheet, _ = load(tmp_path, written(profile(name, column(name))))
    assert sheet.content.fields[0].name == name


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_every_sample_sheet_loads_with_its_evidence(path: Path) -> None:
    sheet, documents = load_sheet(path, identify=str.upper)
    digests = {hashlib.sha256(document).hexdigest() for document in documents}
    assert {source.evidence for source in sheet.sources} <= digests
    for contributor in sheet.sharing.contributors if sheet.sharing else ():
        assert contributor.participant.isupper()


def edited(old: str, new: str) -> str:
    text = written(profile())
    assert text.count(old) == 1
    return text.replace(old, new)


def test_evidence_is_a_file_beside_the_sheet(tmp_path: Path) -> None:
    (tmp_path / "proof.txt").write_bytes(b"proof")
    sheet, documents = load(tmp_path, edited('evidence = ""', 'evidence = "proof.txt"'))
    assert documents == [b"proof"]
    assert sheet.sources[0].evidence == hashlib.sha256(b"proof").hexdigest()


def test_evidence_may_be_given_by_its_digest(tmp_path: Path) -> None:
    sheet, documents = load(tmp_path, edited('evidence = ""', f'evidence = "{"a" * 64}"'))
    assert documents == []
    assert sheet.sources[0].evidence == "a" * 64


def test_evidence_of_persons_and_approvals_is_taken_in_too(tmp_path: Path) -> None:
    for name in ("consent.txt", "impact.txt", "permit.txt"):
        (tmp_path / name).write_text(name)
    text = edited(
        "contained = false",
        'contained = true\nlegal_basis = "consent"\nconsent_evidence = "consent.txt"\n'
        'impact_assessment = "impact.txt"\n\n[approvals]\nmap-review = "permit.txt"\n',
    )
    sheet, documents = load(tmp_path, text)
    assert sorted(documents) == [b"consent.txt", b"impact.txt", b"permit.txt"]
    digest = hashlib.sha256(b"permit.txt").hexdigest()
    assert sheet.approvals == {"map-review": digest}


@pytest.mark.parametrize("outside", ["../secret.txt", "/etc/hostname", "sub/proof.txt", "gone.txt"])
def test_evidence_is_never_taken_from_elsewhere(tmp_path: Path, outside: str) -> None:
    folder = tmp_path / "sheets"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "proof.txt").write_text("x")
    (tmp_path / "secret.txt").write_text("x")
    with pytest.raises(BadField, match=r"sources\.evidence: no file") as caught:
        load(folder, edited('evidence = ""', f'evidence = "{outside}"'))
    assert caught.value.field == "sources.evidence"


def test_contributors_are_named_by_handle(tmp_path: Path) -> None:
    text = edited(
        "[content]\n",
        '[sharing]\nallocator = "fixed"\n\n[[sharing.contributors]]\n'
        'participant = "buyer"\nshare = 1\n\n[content]\n',
    )
    sheet, _ = load(tmp_path, text)
    assert sheet.sharing is not None
    assert sheet.sharing.contributors[0].participant == "id of buyer"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('licence = "proprietary"\n', "", "licence"),
        ('grade = "general-1"', 'grade = "secret"', "grade"),
        ("rows = 3", "rows = -1", "physical.rows"),
        ("contained = false", 'contained = "perhaps"', "personal_data.contained"),
        ('amount = "1000.00 CNY"', 'amount = "cheap"', "price.amount"),
        ('amount = "1000.00 CNY"', "amount = 1000.0", "price.amount"),
        ('mode = "one-off"', 'mode = "one-off"\ncolour = "blue"', "price.colour"),
        ('rights = ["holding", "processing", "operating"]', "rights = []", "rights"),
        ("[content]\n", "[sharing]\ncontributors = 7\n\n[content]\n", "sharing.allocator"),
        ("[personal_data]\ncontained = false", "personal_data = 1", "personal_data"),
    ],
)
def test_a_field_that_breaks_its_rule_is_named(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    text = edited(old, new)
    if field == "personal_data":
        text = f"personal_data = 1\n{text.replace('personal_data = 1', '')}"
    with pytest.raises(BadField) as caught:
        load(tmp_path, text)
    assert caught.value.field.startswith(field)


@pytest.mark.parametrize("content", [b"= =", b"\xff\xfe", b"a = 1\na = 2\n"])
def test_what_is_not_toml_is_unreadable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sheet.toml").write_bytes(content)
    with pytest.raises(Unreadable, match="not TOML"):
        load_sheet(tmp_path / "sheet.toml", identify=str)


def test_sheets_and_evidence_have_a_largest_size(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=f"over {SHEET_MAX} bytes"):
        load(tmp_path, "#" * (SHEET_MAX + 1))
    with (tmp_path / "proof.bin").open("wb") as file:
        file.truncate(EVIDENCE_MAX + 1)
    with pytest.raises(Unreadable, match=f"over {EVIDENCE_MAX} bytes"):
        load(tmp_path, edited('evidence = ""', 'evidence = "proof.bin"'))


def test_a_sheet_that_is_not_there_and_one_that_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_sheet(tmp_path / "sheet.toml", identify=str)
    with pytest.raises(Unreadable):
        load_sheet(tmp_path, identify=str)


def test_a_template_is_toml_for_others_too() -> None:
    assert tomllib.loads(template(profile(), on=TODAY))["basic"]["type"] == "dataset"
