"""The outermost layer: an id, host and token, limits on the body, headers, a log line, metrics."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scrawl.serve.health import HEALTH
from scrawl.serve.page import PAGE
from scrawl.serve.refusal import RefusalError, body_of, busy
from scrawl.serve.settings import Settings
from scrawl.serve.telemetry import Telemetry, log
from scrawl.serve.unpacking import Unpacking

_ID = re.compile(rb"[\w.-]{1,64}")
_PORT = re.compile(r":\d*$")
_OPEN = frozenset((*PAGE, *HEALTH, "/docs", "/openapi.json"))
_OPEN_BELOW = "/docs/"

_STRICT = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Swagger's page holds a script and styles of its own.
_DOCS = _STRICT.replace(b"'self'; style-src", b"'self' 'unsafe-inline'; style-src").replace(
    b"style-src 'self'", b"style-src 'self' 'unsafe-inline'"
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


@dataclass
class _Passage:
    """A request on its way through."""

    id: str
    method: str
    path: str
    headers: dict[bytes, bytes]
    start: float = field(default_factory=time.perf_counter)
    received: int = 0  # bytes of the body
    ended: bool = False  # whether the body is all there
    status: int = 0  # 0 until the answer starts


class Guard:
    """The ASGI middleware about the whole application."""

    def __init__(self, app: ASGIApp, settings: Settings, telemetry: Telemetry) -> None:
        self._app = app
        self._settings = settings
        self._telemetry = telemetry
        self._token = None if settings.token is None else settings.token.encode()
        self._hosts = frozenset(name.lower() for name in (*settings.hosts, settings.host))
        self._origins = frozenset(origin.encode() for origin in settings.origins)
        self._buffered = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        identity = given.decode() if _ID.fullmatch(given) else uuid.uuid4().hex
        passage = _Passage(identity, scope["method"], scope["path"], headers)
        scope.setdefault("state", {})["id"] = identity
        outward = self._outward(passage, send)
        try:
            self._check(passage)
            await self._app(scope, self._inward(passage, receive), outward)
        except RefusalError as refusal:
            await _answer(outward, refusal)
        except Exception as error:  # a fault of ours: told to the operator, not to the client
            facts = {"id": identity, "error": type(error).__name__}
            log.error("failed", exc_info=error, extra={"facts": facts})
            if not passage.status:
                await _answer(outward, RefusalError(500, f"internal error (request {identity})"))
        finally:
            self._buffered -= passage.received
            self._account(passage, scope)

    def _check(self, passage: _Passage) -> None:
        """Refuses what its head shows to be wrong."""
        headers, path = passage.headers, passage.path
        self._check_host(headers.get(b"host", b"localhost"))
        if self._token is not None and path not in _OPEN and not path.startswith(_OPEN_BELOW):
            scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
            right = hmac.compare_digest(given.strip(), self._token) and scheme.lower() == b"bearer"
            if passage.method != "OPTIONS" and not right:
                raise RefusalError(
                    401,
                    "token: expected 'Authorization: Bearer' with this server's token, "
                    f"received {'another' if scheme else 'none'}",
                    www_authenticate="Bearer",
                )
        # A page of another site can send a picture without asking; a browser says that it does.
        elsewhere = headers.get(b"sec-fetch-site") in (b"cross-site", b"same-site")
        changes = passage.method not in ("GET", "HEAD", "OPTIONS")
        if elsewhere and changes and headers.get(b"origin") not in self._origins:
            raise RefusalError(
                403, "origin: pages of another site may not call (--origin names it)"
            )
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._settings.body:
            raise self._too_large(f"{int(length):,}")

    def _check_host(self, given: bytes) -> None:
        """Refuses a name that is not this server's.

        A page of another site may have its own name lead here (DNS rebinding), and then counts
        as this server's. It can have no address that way, and does not know a token.
        """
        name = _PORT.sub("", given.decode("latin-1").lower()).rstrip(".")
        if self._token is not None or not self._hosts.isdisjoint((name, "*")):
            return
        if f".{name}".endswith(".localhost") or _is_address(name):
            return
        raise RefusalError(
            421, f"Host: expected a name of this server, received {name:.80} (--allow-host)"
        )

    def _too_large(self, received: str) -> RefusalError:
        return RefusalError(
            413, f"body: expected at most {self._settings.body:,} bytes, received {received}"
        )

    def _inward(self, passage: _Passage, receive: Receive) -> Receive:
        """Receives the body, within its limits."""
        settings = self._settings
        until = passage.start + settings.body_seconds
        encoding = passage.headers.get(b"content-encoding", b"identity").decode("latin-1").lower()
        unpack = None if encoding == "identity" else Unpacking(encoding, settings.body)

        async def inward() -> Message:
            if passage.ended:
                return await receive()
            try:
                async with asyncio.timeout(max(until - time.perf_counter(), 0)):
                    message = await receive()
            except TimeoutError:
                raise RefusalError(
                    408,
                    f"body: expected within {settings.body_seconds:g} seconds, "
                    f"received {passage.received:,} bytes of it",
                    connection="close",
                ) from None
            last = not message.get("more_body", False)
            if unpack is not None and message["type"] == "http.request":
                message["body"] = unpack(message.get("body", b""), last)
            size = len(message.get("body", b""))
            passage.received += size
            self._buffered += size
            passage.ended = last
            if passage.received > settings.body:
                raise self._too_large("more")
            if self._buffered > settings.buffered:
                raise busy(f"the bodies held have {settings.buffered:,} bytes")
            return message

        return inward

    def _outward(self, passage: _Passage, send: Send) -> Send:
        """Sends the answer, with the headers that every answer has."""

        async def outward(message: Message) -> None:
            if message["type"] == "http.response.start":
                passage.status = message["status"]
                policy = _DOCS if passage.path == "/docs" else _STRICT
                names = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", passage.id.encode()),
                    (b"content-security-policy", policy),
                    *_HEADERS,
                ]
                if b"cache-control" not in names:
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        return outward

    def _account(self, passage: _Passage, scope: Scope) -> None:
        seconds = time.perf_counter() - passage.start
        route = getattr(scope.get("route"), "path", "other")
        status = passage.status or 499  # 499: the client went away
        self._telemetry.answered(route, status, seconds)
        facts: dict[str, Any] = {
            "id": passage.id,
            "method": passage.method,
            "path": passage.path[:200],
            "status": status,
            "ms": round(1000 * seconds, 2),
            "bytes": passage.received,
        }
        log.info("request", extra={"facts": facts})


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


async def _answer(send: Send, refusal: RefusalError) -> None:
    body = body_of(refusal.message)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *((name.encode(), value.encode()) for name, value in refusal.headers.items()),
    ]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
