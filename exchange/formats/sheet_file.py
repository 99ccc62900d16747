"""Spec sheets as TOML files: what a supplier writes, with its evidence in files beside it.

Wherever a sheet names evidence, it may name a file in its own folder; reading the sheet puts
the file's SHA-256 there and hands the file's bytes over.  Participants are named by handle.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from exchange.errors import BadField, NotFound, Unreadable
from exchange.expectations import Expectation
from exchange.legible import require_written
from exchange.profile import PERSONAL_KINDS, ColumnType, Profile
from exchange.quality.suggest import suggest
from exchange.records import read_record, to_record
from exchange.specsheet import SpecSheet

SHEET_MAX: Final = 1 << 20  # bytes of a sheet file
EVIDENCE_MAX: Final = 4 << 20  # bytes of one document of evidence
# What a template says of data without a time column; a day is to be written there.
FIRST_COLLECTED: Final = 'first_collected = "TODO the day the first of it was collected on"'
# What it says of persons where a number or a yes is to be written: a value would be an answer
# that nobody gave, and rule I-04 goes by the answer.
MINORS: Final = 'minors = "TODO"'
RETENTION: Final = 'retention_days = "TODO"'
CHILD_BELOW: Final = 14  # years; PIPL 31


def load_sheet(path: Path, *, identify: Callable[[str], str]) -> tuple[SpecSheet, list[bytes]]:
    """Read a sheet file; return the sheet and the documents of evidence it names.

    `identify` turns a participant's handle into its id.  Raises `NotFound`, `Unreadable` for
    broken TOML, and `BadField` naming the field that breaks its rule.
    """
    content = _toml(path)
    require_written(content)
    documents = _take_evidence(content, path)
    sharing = content.get("sharing")
    for contributor in _tables(sharing, "contributors") if isinstance(sharing, dict) else []:
        if isinstance(contributor.get("participant"), str):
            contributor["participant"] = identify(contributor["participant"])
    return read_record(SpecSheet, content), documents


def _take_evidence(content: dict[str, Any], path: Path) -> list[bytes]:
    documents: list[bytes] = []

    def resolve(value: Any) -> Any:  # noqa: ANN401 - whatever stood in the file
        document = path.parent / value if isinstance(value, str) and value else None
        if document is None or document.name != value or not document.is_file():
            return value
        documents.append(_bounded(document, EVIDENCE_MAX))
        return hashlib.sha256(documents[-1]).hexdigest()

    for source in _tables(content, "sources"):
        source["evidence"] = resolve(source.get("evidence", ""))
        if source["evidence"] and len(source["evidence"]) != 64:
            raise BadField("sources.evidence", f"no file {source['evidence']} beside {path.name}")
    personal = content.get("personal_data")
    if isinstance(personal, dict):
        for name in ("consent_evidence", "impact_assessment", "guardian_consent"):
            personal[name] = resolve(personal.get(name, ""))
    approvals = content.get("approvals")
    if isinstance(approvals, dict):
        content["approvals"] = {name: resolve(value) for name, value in approvals.items()}
    return documents


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_bounded(path, SHEET_MAX).decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"{path}: not TOML: {error}") from error


def _bounded(path: Path, limit: int) -> bytes:
    try:
        if path.stat().st_size > limit:
            raise Unreadable(f"{path}: over {limit} bytes")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"{path}: no such file") from error
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error


def _tables(content: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = content.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def template(
    profile: Profile,
    *,
    on: dt.date,
    region: str = "CN",
    expected: Sequence[Expectation] | None = None,
) -> str:
    """Return a sheet file to begin with: what was measured is filled in, the rest says TODO.

    It loads once every TODO is replaced, and the gate then says what is missing.  Columns in
    which persons were found are marked, and the sheet says that the data contains them; whether
    a child is among them and how long they are kept, nobody but the supplier says.  Where the
    inspection measured somebody who is a child on the day `on`, a remark tells it.  `region` is
    where its rights begin with: the home of the law that the exchange applies.  `expected` is
    what the data was found to keep, by the profile alone where it is not given.
    """
    personal = {found.column for found in profile.sensitive if found.kind in PERSONAL_KINDS}
    personal_lines = ["contained = false"]
    if personal:
        personal_lines = [
            "contained = true",
            'legal_basis = ""  # TODO which of PIPL article 13',
            'consent_evidence = ""  # TODO a file beside this one',
            'impact_assessment = ""  # TODO a file beside this one',
            'classes = ["other"]  # TODO which classes, docs/spec-sheet.md names them',
            f"{MINORS}  # true or false: whether a child is among them{_child(profile, on)}",
            'deidentification = "none"  # TODO the method, where nobody can be told apart',
            f"{RETENTION}  # how many days a buyer may keep it",
            'rights_channel = "TODO where persons ask to see, correct or delete"',
        ]
    lines = [
        f"# A spec sheet for {_text(profile.name)},",
        f"# {profile.rows} rows, {len(profile.columns)} columns.",
        "# Replace every TODO; docs/spec-sheet.md explains the fields.",
        'licence = "proprietary"',
        f'grade = "{"general-3" if personal else "general-1"}"',
        'contact = "TODO data-service@example.com"',
        'rights = ["holding", "processing", "operating"]',
        'use_cases = ["TODO what a buyer can do with it"]',
        "",
        "[basic]",
        f"name = {_text('TODO ' + profile.name)}",
        'sector = "TODO"',
        'industry = "TODO"',
        'description = "TODO what the data is, where and how it was collected"',
        'keywords = ["TODO"]',
        'type = "dataset"',
        f'language = "{_language(profile)}"  # of the words in the data',
        "",
        "[physical]",
        'update_frequency = "static"',
        *_measured(profile),
        "",
        "[conditions]",
        'purposes = ["research"]',
        f"regions = [{_text(region)}]",
        'time_limit = "term-then-erased"',
        "term_days = 365",
        'prohibited = ["TODO resale of the rows"]',
        "",
        "[delivery]",
        'trade_level = "S1"',
        'ways = ["sealed-file"]',
        'technical_document = "TODO format and method are described in a file given on request"',
        "",
        "[delivery.service]",
        'support = "TODO support@example.com"',
        "",
        "[personal_data]",
        *personal_lines,
        "",
        "[duties]",
        'security_officer = "TODO who answers for data security"',
        'security_contact = "TODO security@example.com"',
        'complaints = "TODO complaints@example.com"',
        "",
        "[price]",
        'mode = "one-off"',
        'amount = "1000.00 CNY"',
        "expected_buyers = 10",
        "",
        "[[costs]]",
        'activity = "collection"',
        'amount = "10000.00 CNY"',
        "",
        "[[sources]]",
        'code = "produced"',
        'statement = "TODO how it came about"',
        'evidence = ""  # a file beside this one',
        "",
        "[content]",
        *(['horizontal_datum = "TODO CGCS2000"'] if profile.space else ()),
    ]
    for column in profile.columns:
        lines += [
            "",
            "[[content.fields]]",
            f"name = {_text(column.name)}",
            f"meaning = {_text('TODO ' + column.name)}",
        ]
        if column.name in personal:
            lines.append("personal = true")
        lines.append(f"type = {_text(column.type)}")
        for name in ("unit", "standard_name", "fill_value"):
            if getattr(column, name):
                lines.append(f"{name} = {_text(getattr(column, name))}")
        numeric = column.type in {ColumnType.INTEGER, ColumnType.DECIMAL}
        if numeric and column.missing and not column.fill_value:
            lines.append('fill_value = "TODO empty cell"')
        elif column.name in profile.no_fill_value:
            lines.append('fill_value = "none"')
        if numeric and column.minimum is not None:
            lines.append("# valid_min and valid_max: the range that is physically possible")
            lines.append(f"# measured: {column.minimum} to {column.maximum}")
    if expected is None:
        expected = suggest(profile)
    return "\n".join([*lines, *_suggested(expected)]) + "\n"


def _language(profile: Profile) -> str:
    """Return the language that the names of the columns are in, as far as their letters tell."""
    names = "".join(column.name for column in profile.columns)
    return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in names) else "en"


def _child(profile: Profile, on: dt.date) -> str:
    born, aged = profile.youngest_born, profile.youngest_aged
    if born is not None and on.year - born < CHILD_BELOW:
        return f"; measured: one is, the youngest was born in {born}"
    if aged is not None and aged < CHILD_BELOW:
        return f"; measured: one is, the youngest is {aged} years old"
    return ""


def _suggested(expected: Sequence[Expectation]) -> list[str]:
    """Return suggested expectations as tables of a sheet file, each with what it says alone."""
    lines = [
        "",
        "# What to expect of the data: suggestions from what was measured, all of them kept by",
        "# this file.  By signing you undertake them; strike what is so by chance alone.",
    ]
    for expectation in expected:
        defaults = {each.name: each.default for each in dataclasses.fields(expectation)}
        said = {
            name: value
            for name, value in to_record(expectation).items()
            if name != "check" and getattr(expectation, name) != defaults[name]
        }
        lines += ["", "[[quality]]", f"check = {_text(expectation.check)}"]
        lines += [f"{name} = {_value(value)}" for name, value in said.items()]
    return lines


def _value(value: object) -> str:
    """Write a value as TOML: a text, a whole number, or a list of texts."""
    if isinstance(value, list):
        return f"[{', '.join(_text(each) for each in value)}]"
    return _text(value) if isinstance(value, str) else str(value)


def _measured(profile: Profile) -> list[str]:
    """Return the lines of `physical` that the inspection fills; another word there differs."""
    lines = [f"{name} = {getattr(profile, name)}" for name in ("rows", "bytes")]
    lines += [f"columns = {len(profile.columns)}", f"format = {_text(profile.media_type)}"]
    for name in ("encoding", "compression"):
        if getattr(profile, name):
            lines.append(f"{name} = {_text(getattr(profile, name))}")
    first = FIRST_COLLECTED
    if profile.time:
        first = f"first_collected = {profile.time.start[:10]}  # TODO an earlier day, if it is one"
    lines.append(first)
    if profile.time:
        time = profile.time
        lines += ["", "[physical.period]", f"start = {_text(time.start)}"]
        lines += [f"end = {_text(time.end)}", f"step_seconds = {time.step_seconds}"]
        lines.append(f"gaps = {time.gaps}")
    if profile.space:
        lines += ["", "[physical.extent]"]
        edges = ("west", "south", "east", "north")
        lines += [f"{name} = {_text(getattr(profile.space, name))}" for name in edges]
    return lines


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # not in TOML
