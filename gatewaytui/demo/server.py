"""All embedded gateways as one ASGI application: a path prefix each, and ``/_state`` with their counters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .gateway import Gateway
from .persona import Persona
from .script import Phrases

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def build_app(personas: Iterable[Persona], pace: float = 1.0) -> Starlette:
    """The application. ``pace`` stretches every wait: 1 as the personas say, 0 without waiting."""
    phrases = Phrases()
    gateways = {persona.name: Gateway(persona, phrases, pace) for persona in personas}

    async def state(request: Request) -> Response:
        return JSONResponse({name: asdict(gateway.tally) for name, gateway in gateways.items()})

    async def door(request: Request) -> Response:
        gateway = gateways.get(request.path_params["persona"])
        if gateway is None:
            return JSONResponse({"detail": "Not Found"}, status_code=404)
        return await gateway.answer(request, "/" + request.path_params["rest"])

    return Starlette(routes=[Route("/_state", state), Route("/{persona}/{rest:path}", door, methods=_METHODS)])
