"""Uploads in parts, as tus 1.0.0 has them: the core, with creation, expiration and termination.

Every request is signed, so that what came is what was sent: a checksum of tus' own is not spoken.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed, UnsupportedMediaType
from werkzeug.http import http_date

from exchange.requests import Upload
from exchange.services import take_upload
from exchange.web.api.noun import Noun
from exchange.web.api.replies import UploadShape
from exchange.web.api.requests import Announced, PartAt
from exchange.web.gate import caller, floor
from ledger.acts import format_time

VERSION: Final = "1.0.0"
PART_TYPE: Final = "application/offset+octet-stream"

uploads = Noun("uploads", path="/uploads")


def understand() -> None:
    """Refuse another version of the protocol; who names none is taken to mean this one."""
    if request.headers.get("Tus-Resumable", VERSION) != VERSION:
        raise PreconditionFailed(f"Tus-Resumable: only {VERSION} is spoken here")


def name_version(response: Response) -> Response:
    """Name the protocol's version, and where an upload that was opened is, also in a replay."""
    response.headers["Tus-Resumable"] = VERSION
    if response.status_code == 412:
        response.headers["Tus-Version"] = VERSION
    if response.status_code == 201:
        response.headers["Location"] = f"{request.path}/{response.get_json()['upload']}"
    return response


uploads.before_request(understand)
uploads.after_request(name_version)


@uploads.write("")
@uploads.takes(Announced, location="headers")
@uploads.gives(UploadShape, 201)
def open_one(headers: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Begin a file that comes in parts, as a supplier; an act names it afterwards."""
    return _shown(take_upload.open_upload(headers["length"], by=caller(), floor=floor()))


@uploads.read("")
@uploads.gives(UploadShape(many=True))
def list_own() -> list[dict[str, Any]]:
    """List the open uploads of the caller, those that end first before the others."""
    return [_fields(upload) for upload in take_upload.uploads_of(caller(), floor=floor())]


@uploads.read("/<upload>")
@uploads.gives(UploadShape)
def get(upload: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Say how far an upload of the caller's has come, also by HEAD."""
    return _shown(take_upload.upload_of(upload, by=caller(), floor=floor()))


@uploads.extend("/<upload>")
@uploads.takes(PartAt, location="headers")
@uploads.takes_bytes(PART_TYPE)
@uploads.gives(None, 204)
def append(headers: dict[str, Any], upload: str) -> tuple[None, dict[str, str]]:
    """Add a part of 8 MiB at most where an upload stands; elsewhere it is `offset_differs`."""
    if request.mimetype != PART_TYPE:
        raise UnsupportedMediaType(f"Content-Type: a part is {PART_TYPE}")
    added = take_upload.append_part(
        upload, headers["offset"], request.get_data(), by=caller(), floor=floor()
    )
    return None, _headers(added)


@uploads.remove("/<upload>")
@uploads.gives(None, 204)
def end(upload: str) -> None:
    """Take an upload back."""
    take_upload.end_upload(upload, by=caller(), floor=floor())


def _shown(upload: Upload) -> tuple[dict[str, Any], dict[str, str]]:
    return _fields(upload), _headers(upload)


def _fields(upload: Upload) -> dict[str, Any]:
    return {
        "upload": upload.name,
        "bytes": upload.bytes,
        "offset": upload.offset,
        "until": format_time(dt.datetime.fromtimestamp(upload.until, dt.UTC)),
    }


def _headers(upload: Upload) -> dict[str, str]:
    return {
        "Upload-Length": str(upload.bytes),
        "Upload-Offset": str(upload.offset),
        "Upload-Expires": http_date(upload.until),
    }
