"""The page, served from memory: no path of a request becomes the path of a file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import FastAPI, Request, Response

WEB = Path(__file__).parent / "web"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
}
"""The kinds of files that the page is made of."""

PAGE = {
    "/" if path.name == "index.html" else f"/{path.name}": path
    for path in sorted(WEB.iterdir())
    if path.suffix in TYPES
}
"""The page: all the files that can be asked for, by path."""


def add_page(app: FastAPI) -> None:
    """Adds the files of the page to an application."""
    for path, source in PAGE.items():
        content = source.read_bytes()
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        media_type = TYPES[source.suffix]
        headers = {"etag": tag, "cache-control": "no-cache", "content-type": media_type}

        async def file(
            request: Request, content: bytes = content, headers: dict[str, str] = headers
        ) -> Response:
            if request.headers.get("if-none-match") == headers["etag"]:
                return Response(status_code=304, headers=headers)
            return Response(content, headers=headers)

        app.add_route(path, file, methods=["GET"], include_in_schema=False)
