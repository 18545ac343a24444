"""The web page and the HTTP service: ``scrawl serve``.

    from scrawl.serve import Settings, create_app

    app = create_app(Settings(collect="corrections"))  # any ASGI server runs it

A request passes `guard` (id, token, limits, log, metrics), then one of the three faces: `read_api`
(``/v1``), `protocol` (``/v2``, the Open Inference Protocol) or the page in ``web/``. All three ask
`service`, which opens and reads pictures in a few threads, and has the network take together the
tensors that came together (`batching`). `models` holds what can be asked for by name and version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrawl.serve.app import create_app
    from scrawl.serve.settings import Settings

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> Any:  # both need the packages of the service
    if name == "create_app":
        from scrawl.serve.app import create_app

        return create_app
    if name == "Settings":
        from scrawl.serve.settings import Settings

        return Settings
    raise AttributeError(f"module 'scrawl.serve' has no attribute '{name}'")
