"""Which software answered, from headers and error types. A hint for the reader, never a reason for a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from gatewaytui.domain.chat import ErrorObject
from gatewaytui.domain.exchange import WireResponse

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
    LLAMA_CPP = "llama.cpp"
    VLLM = "vllm"
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
    AWS_ALB = "aws-alb"
    ENVOY = "envoy"
    KONG = "kong"
    APISIX = "apisix"
    CADDY = "caddy"
    VERCEL = "vercel"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What answered and what stood before it; None where neither shows."""

    software: Software | None = None
    edge: Software | None = None


_BY_ERROR_TYPE: Mapping[str, Software] = MappingProxyType(
    {
        "new_api_error": Software.NEW_API,
        "one_api_error": Software.ONE_API,
        "v_api_error": Software.ONE_API,
        "exceed_context_size_error": Software.LLAMA_CPP,
        "unavailable_error": Software.LLAMA_CPP,
        "not_supported_error": Software.LLAMA_CPP,
        "token_not_found_in_db": Software.LITELLM,
        "key_model_access_denied": Software.LITELLM,
        "no_db_connection": Software.LITELLM,
    }
)
_SUB2API_CODES = listed(
    "API_KEY_REQUIRED INVALID_API_KEY ACCESS_DENIED GROUP_DISABLED SUBSCRIPTION_NOT_FOUND API_KEY_EXPIRED "
    "INSUFFICIENT_BALANCE API_KEY_QUOTA_EXHAUSTED USAGE_LIMIT_EXCEEDED api_key_in_query_deprecated"
)
_BY_HEADER = (
    ("x-new-api-version", Software.NEW_API),
    ("x-oneapi-request-id", Software.ONE_API),
    ("x-litellm-", Software.LITELLM),
    ("x-portkey-", Software.PORTKEY),
    ("helicone-", Software.HELICONE),
    ("x-generation-id", Software.OPENROUTER),
    ("x-groq-", Software.GROQ),
    ("x-ds-trace-id", Software.DEEPSEEK),
    ("apim-request-id", Software.AZURE),
    ("openai-version", Software.OPENAI),
    ("anthropic-", Software.ANTHROPIC),
    ("x-amzn-bedrock-", Software.BEDROCK),
    ("ratelimitbysize-", Software.MISTRAL),
    ("x-compute-type", Software.TGI),
)
_EDGE_BY_HEADER = (
    ("cf-ray", Software.CLOUDFLARE),
    ("x-amz-cf-id", Software.CLOUDFRONT),
    ("x-kong-", Software.KONG),
    ("x-envoy-", Software.ENVOY),
    ("x-vercel-id", Software.VERCEL),
)
_BY_SERVER = (
    ("llama.cpp", Software.LLAMA_CPP),
    ("scaffolding on httpserver2", Software.GOOGLE),
    ("vllm", Software.VLLM),
    ("ollama", Software.OLLAMA),
)
_EDGE_BY_SERVER = (
    ("cloudflare", Software.CLOUDFLARE),
    ("cloudfront", Software.CLOUDFRONT),
    ("openresty", Software.OPENRESTY),
    ("nginx", Software.NGINX),
    ("awselb", Software.AWS_ALB),
    ("kong", Software.KONG),
    ("apisix", Software.APISIX),
    ("envoy", Software.ENVOY),
    ("caddy", Software.CADDY),
)
_Table = tuple[tuple[str, Software], ...]


def fingerprint(response: WireResponse, error: ErrorObject | None = None) -> Fingerprint:
    """What answered, the most telling sign first: the error's type or code, then headers, then ``Server``."""
    names = [name.lower() for name, _ in response.headers]
    server = response.header("server").lower()
    return Fingerprint(
        _by_error(error) or _first(_BY_HEADER, names) or _named(_BY_SERVER, server),
        _first(_EDGE_BY_HEADER, names) or _named(_EDGE_BY_SERVER, server),
    )


def _by_error(error: ErrorObject | None) -> Software | None:
    if error is None:
        return None
    if error.code in _SUB2API_CODES:
        return Software.SUB2API
    if "litellm." in error.message[:400]:
        return Software.LITELLM
    return _BY_ERROR_TYPE.get(error.type)


def _first(table: _Table, names: list[str]) -> Software | None:
    return next((software for prefix, software in table if any(name.startswith(prefix) for name in names)), None)


def _named(table: _Table, server: str) -> Software | None:
    return next((software for word, software in table if word in server), None)
