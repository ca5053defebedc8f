"""The signs by which gateway software, model servers, vendors and edges show themselves: tables, one row a sign.

Sources: the projects' own code and documentation, recorded traffic (facts/gateways.md). A sign that two programs
share names both; a relative inherits signs (new-api came from one-api).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from re import MULTILINE
from types import MappingProxyType

import msgspec

from gatewaytui.domain.failure import Confidence
from gatewaytui.domain.pattern import Pattern

from .vocabulary import listed


class Software(StrEnum):
    """Gateways, servers and vendors that show themselves. The values are public (signals ``software``, ``edge``)."""

    NEW_API = "new-api"
    ONE_API = "one-api"
    SUB2API = "sub2api"
    LITELLM = "litellm"
    OPENROUTER = "openrouter"
    PORTKEY = "portkey"
    HELICONE = "helicone"
    CLAUDE_CODE_ROUTER = "claude-code-router"
    TRANSFORMERS = "transformers"
    LLAMA_CPP = "llama.cpp"
    VLLM = "vllm"
    SGLANG = "sglang"
    OLLAMA = "ollama"
    TGI = "text-generation-inference"
    OPENAI = "openai"
    AZURE = "azure"
    ANTHROPIC = "anthropic"
    GOOGLE = "google"
    BEDROCK = "bedrock"
    GROQ = "groq"
    DEEPSEEK = "deepseek"
    MISTRAL = "mistral"
    CLOUDFLARE = "cloudflare"
    CLOUDFRONT = "cloudfront"
    NGINX = "nginx"
    OPENRESTY = "openresty"
    TENGINE = "tengine"
    AWS_ALB = "aws-alb"
    AZURE_FRONT_DOOR = "azure-front-door"
    ENVOY = "envoy"
    KONG = "kong"
    APISIX = "apisix"
    CADDY = "caddy"
    APACHE = "apache"
    HAPROXY = "haproxy"
    LITESPEED = "litespeed"
    FASTLY = "fastly"
    AKAMAI = "akamai"
    EDGEONE = "edgeone"
    FLY = "fly.io"
    RAILWAY = "railway"
    RENDER = "render"
    NETLIFY = "netlify"
    VERCEL = "vercel"


_S = Software
CERTAIN, LIKELY, POSSIBLE = Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE

GATEWAYS = frozenset(
    (_S.NEW_API, _S.ONE_API, _S.SUB2API, _S.LITELLM, _S.OPENROUTER, _S.PORTKEY, _S.HELICONE, _S.CLAUDE_CODE_ROUTER)
)
"""What answers for others: behind these, signs of a vendor or a server are passed on and contradict nothing."""

VENDORS = frozenset((_S.OPENAI, _S.AZURE, _S.ANTHROPIC, _S.BEDROCK, _S.GROQ, _S.DEEPSEEK, _S.MISTRAL))
"""Providers of models, whose headers travel through gateways."""

RELATIVES: Mapping[Software, frozenset[Software]] = MappingProxyType(
    {
        _S.NEW_API: frozenset((_S.ONE_API,)),
        _S.ONE_API: frozenset((_S.NEW_API,)),
        _S.AZURE: frozenset((_S.OPENAI,)),
        _S.OPENAI: frozenset((_S.AZURE,)),
    }
)
"""Software that shares signs by descent."""


class Sign(msgspec.Struct, frozen=True):
    """One row: what is looked for (``word``), whose sign it is, how certain, and how it is told in words of ours."""

    word: str
    software: tuple[Software, ...]
    certainty: Confidence
    told: str = ""


def _headers(*rows: tuple[str, Software, Confidence]) -> tuple[Sign, ...]:
    """A prefix that ends in ``-`` stands for every header that begins so."""
    return tuple(
        Sign(word, (software,), certainty, f"header {word}{'*' if word.endswith('-') else ''}")
        for word, software, certainty in rows
    )


HEADERS = (
    *_headers(("x-new-api-version", _S.NEW_API, CERTAIN)),
    Sign("x-oneapi-request-id", (_S.ONE_API, _S.NEW_API), LIKELY, "header x-oneapi-request-id"),
    *_headers(
        ("x-litellm-", _S.LITELLM, CERTAIN),
        ("x-portkey-", _S.PORTKEY, CERTAIN),
        ("helicone-", _S.HELICONE, CERTAIN),
        ("x-generation-id", _S.OPENROUTER, LIKELY),
        ("x-groq-", _S.GROQ, CERTAIN),
        ("x-ds-trace-id", _S.DEEPSEEK, CERTAIN),
        ("apim-request-id", _S.AZURE, CERTAIN),
        ("openai-version", _S.OPENAI, CERTAIN),
        ("anthropic-", _S.ANTHROPIC, CERTAIN),
        ("x-amzn-bedrock-", _S.BEDROCK, CERTAIN),
        ("ratelimitbysize-", _S.MISTRAL, CERTAIN),
        ("x-compute-type", _S.TGI, LIKELY),
        ("x-compute-characters", _S.TGI, LIKELY),
        ("openai-processing-ms", _S.OPENAI, LIKELY),
        ("openai-organization", _S.OPENAI, LIKELY),
        ("azureml-model-session", _S.AZURE, CERTAIN),
        ("mistral-correlation-id", _S.MISTRAL, CERTAIN),
    ),
)

SERVERS = (
    Sign("llama.cpp", (_S.LLAMA_CPP,), CERTAIN, "server llama.cpp"),
    Sign("scaffolding on httpserver2", (_S.GOOGLE,), CERTAIN, "server scaffolding on HTTPServer2"),
    Sign("vllm", (_S.VLLM,), CERTAIN, "server vllm"),
    Sign("ollama", (_S.OLLAMA,), CERTAIN, "server ollama"),
)

ERROR_TYPES: Mapping[str, tuple[tuple[Software, ...], Confidence]] = MappingProxyType(
    {
        "new_api_error": ((_S.NEW_API,), CERTAIN),
        "one_api_error": ((_S.ONE_API,), CERTAIN),
        "v_api_error": ((_S.ONE_API,), LIKELY),
        "exceed_context_size_error": ((_S.LLAMA_CPP,), CERTAIN),
        "unavailable_error": ((_S.LLAMA_CPP,), LIKELY),
        "not_supported_error": ((_S.LLAMA_CPP,), LIKELY),
        "token_not_found_in_db": ((_S.LITELLM,), CERTAIN),
        "key_model_access_denied": ((_S.LITELLM,), CERTAIN),
        "no_db_connection": ((_S.LITELLM,), CERTAIN),
    }
)
"""Types that only this software sends."""

ERROR_CODES: Mapping[str, tuple[tuple[Software, ...], Confidence]] = MappingProxyType(
    {
        **dict.fromkeys(
            listed(
                "API_KEY_REQUIRED INVALID_API_KEY ACCESS_DENIED GROUP_DISABLED SUBSCRIPTION_NOT_FOUND "
                "API_KEY_EXPIRED INSUFFICIENT_BALANCE USAGE_LIMIT_EXCEEDED"
            ),
            ((_S.SUB2API,), LIKELY),
        ),
        "API_KEY_QUOTA_EXHAUSTED": ((_S.SUB2API,), CERTAIN),
        "api_key_in_query_deprecated": ((_S.SUB2API,), CERTAIN),
        "insufficient_user_quota": ((_S.NEW_API, _S.ONE_API), LIKELY),
        "pre_consume_token_quota_failed": ((_S.NEW_API, _S.ONE_API), LIKELY),
        "get_channel_failed": ((_S.NEW_API,), LIKELY),
        "provider_response_error": ((_S.CLAUDE_CODE_ROUTER,), LIKELY),
        "DeploymentNotFound": ((_S.AZURE,), CERTAIN),
    }
)

MESSAGES: tuple[tuple[Pattern[str], Sign], ...] = (
    (Pattern(r"\*\*\*\.[a-z]{2,}"), Sign("", (_S.NEW_API,), LIKELY, "masked host in a message")),
    (
        Pattern(r"\(request id: \d{14,}"),
        Sign("", (_S.NEW_API, _S.ONE_API), LIKELY, "request id in the message, a time and letters"),
    ),
    (Pattern(r"litellm\."), Sign("", (_S.LITELLM,), CERTAIN, "litellm named in a message")),
    (
        Pattern(r"under group |\u5f53\u524d\u5206\u7ec4"),
        Sign("", (_S.NEW_API, _S.ONE_API), LIKELY, "channel and group named in a message"),
    ),
    (Pattern(r"No available accounts"), Sign("", (_S.SUB2API,), LIKELY, "accounts named in a message")),
    (Pattern(r"^Error from provider"), Sign("", (_S.CLAUDE_CODE_ROUTER,), LIKELY, "provider error in a message")),
    (
        Pattern(r"@musistudio|claude-code-router"),
        Sign("", (_S.CLAUDE_CODE_ROUTER,), CERTAIN, "claude-code-router named in a message"),
    ),
    (Pattern(r"^Route (GET|POST):\S* not found"), Sign("", (_S.CLAUDE_CODE_ROUTER,), POSSIBLE, "Fastify's 404")),
    (Pattern(r"^Not Found$"), Sign("", (_S.LITELLM,), POSSIBLE, "FastAPI's 404")),
)
"""Patterns in an error's message. What matched is never told, only the row's own words."""

OWNERS: Mapping[str, tuple[Software, Confidence]] = MappingProxyType(
    {
        "llamacpp": (_S.LLAMA_CPP, CERTAIN),
        "vllm": (_S.VLLM, CERTAIN),
        "sglang": (_S.SGLANG, CERTAIN),
        "library": (_S.OLLAMA, CERTAIN),
        "openai-internal": (_S.OPENAI, LIKELY),
        "mistralai": (_S.MISTRAL, POSSIBLE),
    }
)
"""``owned_by`` values of list entries."""

CREATED: Mapping[int, Sign] = MappingProxyType(
    {
        1_626_777_600: Sign("", (_S.NEW_API, _S.ONE_API), LIKELY, "list entries created at one-api's fixed time"),
        1_677_610_602: Sign("", (_S.LITELLM,), LIKELY, "list entries created at LiteLLM's fixed time"),
        1_704_067_200: Sign("", (_S.SUB2API,), LIKELY, "list entries created at sub2api's fixed time"),
    }
)
"""Times that stand in the programs' own code; a vendor's list may hold one of them by chance, never two."""

LIST_BODIES: tuple[tuple[Pattern[bytes], Sign], ...] = (
    (
        Pattern(rb'"supported_endpoint_types"\s*:'),
        Sign("", (_S.NEW_API,), CERTAIN, "list entries with supported_endpoint_types"),
    ),
    (Pattern(rb'"success"\s*:\s*true'), Sign("", (_S.NEW_API,), LIKELY, "list with a success member")),
    (
        Pattern(rb'"(?:canonical_slug|per_request_limits)"\s*:'),
        Sign("", (_S.OPENROUTER,), LIKELY, "list entries with OpenRouter's members"),
    ),
    (Pattern(rb'"max_model_len"\s*:'), Sign("", (_S.VLLM,), LIKELY, "list entries with max_model_len")),
)
"""Patterns in the raw list: its shape, which the parsed catalogue no longer shows."""

BODIES: tuple[tuple[Pattern[bytes], Sign], ...] = (
    (Pattern(rb"^: OPENROUTER PROCESSING", MULTILINE), Sign("", (_S.OPENROUTER,), CERTAIN, "stream comments")),
    (Pattern(rb"^APIKEY is missing"), Sign("", (_S.CLAUDE_CODE_ROUTER,), LIKELY, "plain text about APIKEY")),
    (
        Pattern(rb'^\s*\{\s*"html-message"\s*:'),
        Sign("", (_S.PORTKEY,), LIKELY, "html-message in place of an error"),
    ),
    (
        Pattern(rb'"(?:prompt_filter_results|content_filter_results)"\s*:'),
        Sign("", (_S.AZURE,), LIKELY, "content filter results in the answer"),
    ),
    (
        Pattern(rb'"system_fingerprint"\s*:\s*"fp_ollama"'),
        Sign("", (_S.OLLAMA,), CERTAIN, "fingerprint of Ollama"),
    ),
    (Pattern(rb'"system_fingerprint"\s*:\s*"b\d{3,}-'), Sign("", (_S.LLAMA_CPP,), CERTAIN, "build in the answer")),
    (
        Pattern(rb'"timings"\s*:\s*\{[^{}]*"prompt_per_token_ms"'),
        Sign("", (_S.LLAMA_CPP,), CERTAIN, "timings in the answer"),
    ),
    (Pattern(rb'"x_groq"\s*:'), Sign("", (_S.GROQ,), CERTAIN, "x_groq in the answer")),
)
"""Patterns in any body."""

EDGE_HEADERS = (
    ("cf-ray", _S.CLOUDFLARE),
    ("x-amz-cf-id", _S.CLOUDFRONT),
    ("x-kong-", _S.KONG),
    ("x-envoy-", _S.ENVOY),
    ("x-vercel-id", _S.VERCEL),
    ("x-azure-ref", _S.AZURE_FRONT_DOOR),
    ("x-fastly-", _S.FASTLY),
    ("x-akamai-", _S.AKAMAI),
    ("eo-log-uuid", _S.EDGEONE),
    ("fly-request-id", _S.FLY),
    ("x-railway-", _S.RAILWAY),
    ("x-render-origin-server", _S.RENDER),
    ("x-nf-request-id", _S.NETLIFY),
)
"""Prefixes of headers that a proxy or CDN in front adds, the outermost first."""

EDGE_SERVERS = (
    ("cloudflare", _S.CLOUDFLARE),
    ("cloudfront", _S.CLOUDFRONT),
    ("openresty", _S.OPENRESTY),
    ("tengine", _S.TENGINE),
    ("nginx", _S.NGINX),
    ("awselb", _S.AWS_ALB),
    ("kong", _S.KONG),
    ("apisix", _S.APISIX),
    ("envoy", _S.ENVOY),
    ("caddy", _S.CADDY),
    ("akamaighost", _S.AKAMAI),
    ("edgeone", _S.EDGEONE),
    ("haproxy", _S.HAPROXY),
    ("litespeed", _S.LITESPEED),
    ("apache", _S.APACHE),
    ("netlify", _S.NETLIFY),
    ("railway", _S.RAILWAY),
)
"""Words in ``Server``."""
