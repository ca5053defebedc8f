"""Images: generated, edited, varied. One image, the smallest the model makes; each costs more than a tiny text."""

from __future__ import annotations

import re

from gatewaytui.domain.exchange import Exchange
from gatewaytui.domain.reading import Reading
from gatewaytui.protocols.extra_answers import has_images
from gatewaytui.protocols.openai_extra import edit_request, generation_request, variation_request

from .base import billable, body_of
from .fitting import Fit

_IMAGES = re.compile(
    r"image|dall-?e|imagen|flux|stable-?diffusion|sdxl|midjourney|seedream|kontext|recraft|ideogram", re.IGNORECASE
)
_BOUND = (600, 4_160)  # tokens of a 64-pixel image and of the most detailed square one, as OpenAI counts them


def _has_image(exchange: Exchange, reading: Reading) -> bool:
    del reading
    return has_images(body_of(exchange))


IMAGES_GENERATIONS = billable(
    "images_generations",
    "image generation",
    generation_request,
    Fit(frozenset(("image-generation", "images.generations")), _IMAGES, usual="gpt-image-1"),
    _has_image,
    _BOUND,
)
IMAGES_EDITS = billable(
    "images_edits",
    "image editing",
    edit_request,
    Fit(
        frozenset(("images.edits",)),
        _IMAGES,
        re.compile(r"gpt-image|dall-e-2\b|edit|kontext", re.IGNORECASE),
        "gpt-image-1",
    ),
    _has_image,
    _BOUND,
)
IMAGES_VARIATIONS = billable(
    "images_variations",
    "image variation",
    variation_request,
    Fit(frozenset(("images.variations",)), _IMAGES, re.compile(r"dall-e-2\b", re.IGNORECASE), "dall-e-2"),
    _has_image,
    _BOUND,
)
