"""A client of the HTTP API: it signs acts and requests with a participant's own key.

    client = Client("https://exchange.example", participant="tide-data", signer=key_pair)
    product = client.get("/products/GP-2B3C-4D5E-6F7G").json
    act = client.act("listing.delisted", f"product/{product['number']}", {"reason": "renewed"})
    client.post(f"/products/{product['number']}/delisting", act, if_match=product["head"])

    with open("a-large-file.nc", "rb") as file:
        name = client.upload(file)  # in parts; a lost one is sent again
    client.post("/products", body | {"upload": name})

An act names the participant's id and is signed on the exchange's clock, a request on the wall
clock.  A refusal raises `Problem`; a reply that got lost is asked for again with the same key.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, BinaryIO, Final, TypeVar
from urllib.parse import urlsplit

from http_message_signatures import HTTPMessageSigner
from http_message_signatures.algorithms import ED25519

from exchange.openings import open_with
from ledger.acts import Act, key_id
from ledger.keys import Signer
from ledger.signers import possession_message

API: Final = "/api/v1"
TAG: Final = "guapai"
TIMEOUT: Final = 60  # seconds; an inspection happens within a request
PART: Final = 8 << 20  # bytes; the most that one part may have
PART_TYPE: Final = "application/offset+octet-stream"
TRIES: Final = 5  # of one part, before its sender gives up
ALWAYS: Final = ("@method", "@authority", "@path", "@query")
IF_SENT: Final = ("idempotency-key", "if-match", "upload-length", "upload-offset")
WITH_CONTENT: Final = ("content-digest", "content-type")
_AGAIN: Final = frozenset({408, 409, 429, 503})  # 409: it stands elsewhere, or is in flight
Sent = TypeVar("Sent")


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """The body, read as JSON."""
        return json.loads(self.body)


class Problem(Exception):
    """The exchange refused: `code` says why, `rules` by which rules."""

    def __init__(self, answer: Answer) -> None:
        problem = answer.json
        super().__init__(f"{problem['code']}: {problem['detail']}")
        self.answer = answer
        self.status: int = answer.status
        self.code: str = problem["code"]
        self.rules: tuple[str, ...] = tuple(problem["rules"])


@dataclass(slots=True)
class Request:
    """A request on its way out; `url` is absolute."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


Transport = Callable[[Request], Answer]


def over_http(request: Request) -> Answer:
    """Send a request over its own connection."""
    parts = urlsplit(request.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(request.method, target, request.body or None, request.headers)
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


@dataclass
class Client:
    """One participant at one exchange; without a signer it only reads what is public.

    `participant` is an id or a handle.  `token` is used for reading where it is given.
    """

    base_url: str
    participant: str | None = None
    signer: Signer | None = None
    token: str | None = None
    send: Transport = over_http
    chance: Callable[[int], bytes] = field(default=secrets.token_bytes)
    pause: float = 1.0  # seconds before what got no answer is tried again

    @cached_property
    def id(self) -> str | None:
        """The participant's id, which acts name."""
        if self.participant is None:
            return None
        found: str = self.get(f"/participants/{self.participant}").json["id"]
        return found

    def act(
        self,
        kind: str,
        subject: str | None,
        facts: Mapping[str, Any],
        commit: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Draft an act on the exchange's clock and sign it: the body of a POST.

        The act commits to the values of `commit`, and what opens them stands beside it.
        """
        if self.signer is None:
            raise ValueError("an act needs a signer")
        house = self.get("/exchange").json
        openings = open_with(self.chance, commit or {})
        made = {opening.field: opening.commitment for opening in openings}
        act = Act(
            log=house["origin"],
            kind=kind,
            subject=subject,
            actor=self.id,
            key=key_id(self.signer.public_key),
            time=house["time"],
            nonce=self.chance(16).hex(),
            facts={**facts, **made},
        )
        body = {"act": act.to_record(), "signature": act.signed(self.signer).signature_text}
        return body | ({"openings": [each.to_record() for each in openings]} if openings else {})

    def key_acts(self, signer: Signer, recipient: str, old_until: str) -> dict[str, Any]:
        """Return the body of ``POST /participants/<id>/keys``, which takes a new key into use.

        Both acts are signed with the present key, and the new one signs that it is held.
        """
        public_key = signer.public_key
        message = possession_message(
            self.get("/exchange").json["origin"], self.id or "", public_key
        )
        shown = {
            "public_key": public_key.hex(),
            "recipient": recipient,
            "possession": base64.b64encode(signer.sign(message)).decode(),
        }
        added = {"key": key_id(public_key), "old_until": old_until}
        return {
            "shown": self.act("key.shown", f"key/{key_id(public_key)}", shown),
            "added": self.act("key.added", f"participant/{self.id}", added),
        }

    def get(self, path: str, *, if_none_match: str | None = None) -> Answer:
        """Read."""
        headers = {"If-None-Match": f'"{if_none_match}"'} if if_none_match else {}
        return self._ask(Request("GET", self._url(path), headers))

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        files: Iterable[tuple[str, bytes]] = (),
        if_match: str | None = None,
        key: str | None = None,
    ) -> Answer:
        """Write; as a form where `files` are given or the body names an `upload`.

        `key` is drawn unless the request is a repeated one.
        """
        headers = {"Idempotency-Key": key or self.chance(16).hex()}
        if if_match:
            headers["If-Match"] = f'"{if_match}"'
        form = files or "upload" in (body or {})
        content, data = _form(body or {}, files) if form else _json(body)
        if content:
            headers["Content-Type"] = content
        return self._ask(Request("POST", self._url(path), headers, data))

    def upload(self, file: BinaryIO, *, upload: str | None = None, part: int = PART) -> str:
        """Send a file in parts, and return the name under which a body finds it as `upload`.

        A part whose answer was lost is asked about and gone on from.  With the name of an `upload`
        that was begun it goes on with that, after a failure or in another process.
        """
        if upload is None:
            announced = {"Upload-Length": str(file.seek(0, io.SEEK_END))}
            key = self.chance(16).hex()
            opened = self._again(lambda: self._open_upload(announced, key))
            upload, size, offset = (opened[name] for name in ("upload", "bytes", "offset"))
        else:
            size, offset = self._stands(upload)
        while offset < size:
            offset = self._send_part(file, upload, offset, part)
        return str(upload)

    def _open_upload(self, announced: Mapping[str, str], key: str) -> Any:  # noqa: ANN401 - JSON
        headers = {"Idempotency-Key": key, **announced}
        return self._ask(Request("POST", self._url("/uploads"), headers)).json

    def _send_part(self, file: BinaryIO, upload: str, offset: int, most: int) -> int:
        """Send the part that stands at `offset`, and return where the upload stands then."""
        path = f"/uploads/{upload}"

        def send() -> int:
            at = self._stands(upload)[1] if tried else offset
            tried.append(at)
            if at != offset:  # the exchange has it: the answer alone was lost
                return at
            file.seek(at)
            headers = {"Content-Type": PART_TYPE, "Upload-Offset": str(at)}
            request = Request("PATCH", self._url(path), headers, file.read(most))
            return int(self._ask(request).headers["Upload-Offset"])

        tried: list[int] = []
        return self._again(send)

    def _stands(self, upload: str) -> tuple[int, int]:
        found = self.get(f"/uploads/{upload}").json
        return found["bytes"], found["offset"]

    def _again(self, send: Callable[[], Sent]) -> Sent:
        """Try some times, with a pause, what got no answer or the answer to come again."""
        for tries in range(1, TRIES):
            try:
                return send()
            except Problem as problem:
                if problem.status not in _AGAIN:
                    raise
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(self.pause * tries)
        return send()

    def _url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}{API}{path}"

    def _ask(self, request: Request) -> Answer:
        if self.token and request.method == "GET":
            request.headers["Authorization"] = f"Bearer {self.token}"
        elif self.participant and self.signer:
            sign(request, self.participant, self.signer, nonce=self.chance(16).hex())
        answer = self.send(request)
        if answer.status >= 400:
            raise Problem(answer)
        return answer


def components(headers: Iterable[str], *, content: bool) -> tuple[str, ...]:
    """Return what a signature covers, given the names of the headers that are sent."""
    names = {name.lower() for name in headers}
    sent = tuple(name for name in IF_SENT if name in names)
    return ALWAYS + sent + (WITH_CONTENT if content else ())


def sign(request: Request, participant: str, signer: Signer, *, nonce: str) -> None:
    """Sign a request as RFC 9421 says, over everything the exchange wants covered."""
    message_signer = HTTPMessageSigner(signature_algorithm=ED25519)
    prepared = message_signer.prepare(
        request,
        key_id=participant,
        nonce=nonce,
        tag=TAG,
        label=TAG,
        covered_component_ids=components(request.headers, content=bool(request.body)),
        body=request.body or None,
    )
    message_signer.apply(request, prepared, signer.sign(prepared.signature_base))


def _json(body: Mapping[str, Any] | None) -> tuple[str, bytes]:
    if body is None:
        return "", b""
    return "application/json", json.dumps(body, ensure_ascii=False).encode()


def _form(body: Mapping[str, Any], files: Iterable[tuple[str, bytes]]) -> tuple[str, bytes]:
    """Write a form whose boundary follows from its content, so that a repeat is the same bytes."""
    parts = [
        (f'name="{name}"', (value if isinstance(value, str) else json.dumps(value)).encode())
        for name, value in body.items()
    ]
    parts += [(f'name="{name}"; filename="{name}"', data) for name, data in files]
    digest = hashlib.sha256()
    for head, data in parts:
        digest.update(head.encode() + b"\0" + data)
    boundary = digest.hexdigest()
    lines = [
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
        for head, data in parts
    ]
    return f"multipart/form-data; boundary={boundary}", b"".join(
        [*lines, f"--{boundary}--\r\n".encode()]
    )
