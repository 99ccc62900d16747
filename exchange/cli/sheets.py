"""Commands for spec sheets: how complete one is, its versions, its exports, and drafts of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import click

from exchange.cli import main
from exchange.cli.products import identify
from exchange.cli.shell import Shell, acting, command, existing
from exchange.comparison import changes, side_by_side
from exchange.completeness import BY_CODE, Standing
from exchange.dossier import Dossier, SheetDraft
from exchange.errors import BadField, Conflict, NotFound
from exchange.formats.sheet_file import load_sheet
from exchange.formats.spec_sheet import FORMS, LANGUAGES, export_sheet
from exchange.records import to_record
from exchange.services.compile_dossier import compile_dossier
from exchange.services.save_draft import HeldDraft, draft_of, hold_draft, save_draft

MARKS: Final = {Standing.FILLED: "✓", Standing.MISSING: "✗", Standing.NOT_APPLICABLE: "–"}


def dossier_of(shell: Shell, number: str, version: int | None = None) -> Dossier:
    """Return the dossier of a product, of its newest sheet or of another version."""
    with shell.floor.read() as work:
        product = work.products.get(number)
        return compile_dossier(product, work=work, floor=shell.floor, version=version)


@command(main, "completeness")
@click.argument("number")
@click.option("--version", type=int, help="Another version than the newest.")
@click.option("--all", "everything", is_flag=True, help="Also what is filled or does not apply.")
def completeness_command(shell: Shell, number: str, version: int | None, everything: bool) -> None:
    """Say what is missing of the 45 fields of product NUMBER's sheet, and what would fill it."""
    dossier = dossier_of(shell, number, version)
    found = dossier.completeness
    if shell.as_json:
        record = {"version": dossier.version.number, "percent": str(found.percent)}
        shell.result({**record, **to_record(found), "wanting": list(dossier.wanting)})
        return
    shown = found.fields if everything else found.missing
    shell.table(
        f"{number}, version {dossier.version.number} ({dossier.version.state})",
        ["=", "=field", "what it says", "=wanted", "what fills it"],
        [(MARKS[f.standing], f.code, f"{f.zh} {f.en}", f.wanted, f.how) for f in shown],
    )
    counted, missing = len(found.counted), len(found.missing)
    shell.say(f"{counted - missing} of {counted} mandatory fields are filled: {found.percent} %")
    shell.say(
        "issued: it is whole, its four documents stand and it is on the board"
        if dossier.issued
        else f"not issued, for want of: {', '.join(map(_wanted, dossier.wanting))}"
    )


def _wanted(name: str) -> str:
    field = BY_CODE.get(name)
    return f"{field.code} {field.zh} {field.en}" if field else name


@command(main, "sheet-diff")
@click.argument("number")
@click.argument("before", type=int, required=False)
@click.argument("after", type=int, required=False)
@click.option("--as", "handle", metavar="HANDLE", help="Its supplier, to whom the draft is shown.")
def sheet_diff_command(
    shell: Shell, number: str, before: int | None, after: int | None, handle: str | None
) -> None:
    """Compare two versions of product NUMBER's sheet: the newest and the one on the board.

    The draft of its supplier, if there is one, stands beside them with --as; nobody else sees it.
    """
    draft = _own_draft(shell, number, handle) if handle else None
    newest = dossier_of(shell, number, after)
    if before is None:
        published = (each for each in newest.versions if each.published_at)
        others = [each.number for each in published if each.number != newest.version.number]
        before = others[0] if others else max(1, newest.version.number - 1)
    older = dossier_of(shell, number, before)
    if shell.as_json:
        record = {
            "before": to_record(older.version),
            "after": to_record(newest.version),
            "changes": [to_record(each) for each in changes(older.sheet, newest.sheet)],
        }
        shell.result(record | ({"draft": _draft_record(*draft)} if draft else {}))
        return
    rows = [
        (v.number, v.state, v.submitted_at, v.published_at or "", f"{v.digest[:16]}…")
        for v in newest.versions
    ]
    drafted = [("", "draft", "not yet", "", "")] if draft else []
    columns = [">version", "=state", "=signed", "=on the board since", "=digest"]
    shell.table("Versions", columns, [*drafted, *rows])
    told = {f"version {each.version.number}": to_record(each.sheet) for each in (older, newest)}
    title = f"{number}: version {before} and version {newest.version.number}"
    if draft:
        told["the draft"] = dict(draft[1].record)
        title = f"{number}: {', '.join(told)}"
    found = side_by_side(*told.values())
    if found:
        shown = [(name, *(value or "" for value in values)) for name, values in found]
        shell.table(title, ["field", *told], shown)
    else:
        shell.say(f"{title} say the same")
    if draft:
        _say_draft(shell, *draft)


def _own_draft(shell: Shell, number: str, handle: str) -> tuple[SheetDraft, HeldDraft] | None:
    """Return the draft of a product to its supplier, None where none is saved."""
    try:
        draft = draft_of(number, to=shell.desk(handle).participant, floor=shell.floor)
    except NotFound:
        return None
    return draft, _held(shell, draft)


def _held(shell: Shell, draft: SheetDraft) -> HeldDraft:
    with shell.floor.read() as work:
        return hold_draft(draft, work=work)


def _draft_record(draft: SheetDraft, held: HeldDraft) -> dict[str, Any]:
    return {
        "saved_at": draft.saved_at,
        "fault": held.fault,
        "changes": [to_record(each) for each in held.changes],
        "differences": [to_record(each) for each in held.differences],
    }


def _say_draft(shell: Shell, draft: SheetDraft, held: HeldDraft) -> None:
    """Say whether a draft can be signed, and which figures of it are not those measured."""
    if held.differences:
        rows = [(each.field, each.declared, each.measured) for each in held.differences]
        shell.table("Typed and measured", ["field", "typed", "measured"], rows)
    shell.say(f"the draft was saved at {draft.saved_at}; {held.words}")


@command(main, "sheet-export")
@click.argument("number")
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="pdf", show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@click.option("--version", type=int, help="Another version than the newest.")
@click.option("-o", "--out", metavar="FILE", required=True, help="The new file.")
def sheet_export_command(
    shell: Shell, number: str, form: str, lang: str, version: int | None, out: str
) -> None:
    """Write the sheet of product NUMBER to a file; it says itself whether it is issued."""
    target = Path(out)
    if target.exists():
        raise Conflict(f"{out} exists: choose another name")
    dossier = dossier_of(shell, number, version)
    data = export_sheet(dossier, form, lang)
    target.write_bytes(data)
    shell.result(
        {"number": number, "version": dossier.version.number, "file": out, "bytes": len(data)},
        f"{out}: {len(data):,} bytes, version {dossier.version.number} ({dossier.version.state})",
    )


@command(main, "sheet-draft")
@click.argument("number")
@click.argument("sheet_file", required=False)
@acting
def sheet_draft_command(shell: Shell, number: str, sheet_file: str | None, handle: str) -> None:
    """Save SHEET_FILE as the draft of product NUMBER's next sheet, or show it; signs nothing.

    Says which figures typed are not those measured.
    """
    participant = shell.desk(handle).participant
    if sheet_file is None:
        draft = draft_of(number, to=participant, floor=shell.floor)
    else:
        draft = save_draft(
            number, _content(shell, existing(sheet_file)), by=participant, floor=shell.floor
        )
    held = _held(shell, draft)
    if shell.as_json:
        told = {"product": number, **_draft_record(draft, held)}
        shell.result({**told, "content": draft.content})
        return
    if sheet_file is None:
        shell.say(json.dumps(draft.content, ensure_ascii=False, indent=2))
    _say_draft(shell, draft, held)
    if sheet_file:
        shell.result({}, then=f"guapai sheet {number} {sheet_file}, which signs it")


def _content(shell: Shell, path: Path) -> dict[str, Any]:
    """Return what a file says of a sheet: JSON as it is, TOML whole with evidence by digest."""
    if path.suffix == ".json":
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise BadField("draft", f"{path.name} is not JSON") from error
        if not isinstance(content, dict):
            raise BadField("draft", f"{path.name} is not a JSON object")
        return content
    return to_record(load_sheet(path, identify=identify(shell))[0])
