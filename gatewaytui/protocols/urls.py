"""Where a request goes: base URL and path joined by the rule of each protocol.

A base URL is stored in the OpenAI form and used literally for OpenAI paths. Anthropic and Gemini paths begin
at the root: one trailing ``/v1`` or ``/v1beta`` is stripped first (design/rules.md, addresses).
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from gatewaytui.domain.pattern import Pattern

VERSIONS = ("v1", "v1beta")
_ENDPOINTS = Pattern(
    r"/(chat/completions|completions|responses(/compact)?|messages(/count_tokens)?|embeddings|rerank|images/\w+"
    r"|audio/\w+|models(/.*)?)/?$"
)
_USUAL_ENDINGS = ("/v1", "", "/api/v1", "/v1beta", "/openai/v1")
DEPLOYMENT = Pattern(r"/deployments/[^/]+$")
"""Azure's path of one deployment, which wants a version in the query; all of them answer below ``/v1`` beside it."""
OPENAI_MODELS_PATH = "/models"
ROOT_MODELS_PATH = "/v1beta/models"


def join_openai(base_url: str, path: str) -> str:
    """``{base}{path}``; a path that brings its own version (``/v1beta/models``) starts at the root instead."""
    path = "/" + path.lstrip("/")
    first = path.split("/", 2)[1]
    base = root(base_url) if first in VERSIONS else base_url.strip().rstrip("/")
    return base + path


def root(base_url: str) -> str:
    """The base URL without one trailing ``/v1`` or ``/v1beta``."""
    base = base_url.strip().rstrip("/")
    head, _, last = base.rpartition("/")
    return head.rstrip("/") if last in VERSIONS and not head.endswith(":/") else base


def join_root(base_url: str, path: str) -> str:
    """The root of the base URL with this path, for Anthropic and Gemini."""
    return root(base_url) + path


def base_url_variants(base_url: str) -> tuple[str, ...]:
    """Other forms this address usually has, the likeliest first, never itself.

    A pasted endpoint path is taken off, Azure's path of one deployment changed for that of all, a doubled version
    made single, a missing one added; then the usual endings below the root that remains, and below the host alone.
    """
    given = base_url.strip().rstrip("/")
    base = DEPLOYMENT.sub("/v1", _ENDPOINTS.sub("", given))
    top = base
    while top.rpartition("/")[2] in (*VERSIONS, "api", "openai") and not top.rpartition("/")[0].endswith("/"):
        top = top.rpartition("/")[0]
    scheme, _, rest = base.partition("://")
    host = f"{scheme}://{rest.partition('/')[0]}"
    found = (base, *(f"{start}{ending}" for ending in _USUAL_ENDINGS for start in (top, host)))
    return tuple(dict.fromkeys(url for url in found if url != given))


def path_of(url: str) -> str:
    """The path of a URL as sent, without host, query and fragment: what evidence may show."""
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return "/"


def quoted(model: str) -> str:
    """A model id as part of a path: slashes stay (``provider/model``), all else that is special is escaped.

    Segments of dots are escaped too, so that a listed id cannot climb out of the path.
    """
    segments = quote(model, safe="/:@,._-~").split("/")
    return "/".join(segment.replace(".", "%2E") if segment in (".", "..") else segment for segment in segments)


def other_models_path(models_path: str) -> str:
    """The other known place of a model list: ``/models`` and TokModel's ``/v1beta/models`` stand for each other."""
    return OPENAI_MODELS_PATH if models_path.strip("/").startswith(VERSIONS) else ROOT_MODELS_PATH
