"""Images: generated, edited, varied. One image, the smallest the model makes; each costs more than a tiny text."""

from __future__ import annotations

import re
from collections.abc import Callable

from gatewaytui.checks.base import Plan
from gatewaytui.domain.exchange import Exchange, WireRequest
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.reading import Reading
from gatewaytui.protocols.extra_answers import has_images
from gatewaytui.protocols.openai_extra import edit_request, generation_request, variation_request

from .base import PROMPT_TOKENS, Endpoint, body_of
from .fitting import Fit

_IMAGES = re.compile(
    r"image|dall-?e|imagen|flux|stable-?diffusion|sdxl|midjourney|seedream|kontext|recraft|ideogram", re.IGNORECASE
)
_IN, _OUT = 600, 4_160  # tokens of a 64-pixel image and of the most detailed square one, as OpenAI counts them


def _has_image(exchange: Exchange, reading: Reading) -> bool:
    del reading
    return has_images(body_of(exchange))


def _endpoint(name: str, title: str, build: Callable[[str, str, AuthHeader], WireRequest], fit: Fit) -> Endpoint:
    def request(plan: Plan) -> WireRequest:
        return build(plan.target.profile.base_url, plan.model, plan.auth)

    return Endpoint(
        name,
        title,
        Protocol.OPENAI_CHAT,
        request,
        fit,
        _has_image,
        billable=True,
        tokens=PROMPT_TOKENS,
        bound=(_IN, _OUT),
    )


IMAGES_GENERATIONS = _endpoint(
    "images_generations",
    "image generation",
    generation_request,
    Fit(frozenset(("image-generation", "images.generations")), _IMAGES, usual="gpt-image-1"),
)
IMAGES_EDITS = _endpoint(
    "images_edits",
    "image editing",
    edit_request,
    Fit(
        frozenset(("images.edits",)),
        _IMAGES,
        re.compile(r"gpt-image|dall-e-2\b|edit|kontext", re.IGNORECASE),
        "gpt-image-1",
    ),
)
IMAGES_VARIATIONS = _endpoint(
    "images_variations",
    "image variation",
    variation_request,
    Fit(frozenset(("images.variations",)), _IMAGES, re.compile(r"dall-e-2\b", re.IGNORECASE), "dall-e-2"),
)
