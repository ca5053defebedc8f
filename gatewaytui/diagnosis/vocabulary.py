"""What a server's error can be about, and the codes that say so: documented codes and types of gateways and vendors.

Codes are compared squashed: lower case, letters and digits only, so that ``invalid_api_key``, ``InvalidApiKey`` and
``INVALID_API_KEY`` are one word. Only these spellings, never the server's own, become signals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Topic(StrEnum):
    """What an error is about, said by a code or by words. The values are public (signal ``words``)."""

    KEY_IN_QUERY = "key_in_query"
    BILLING = "billing"
    ACCESS = "access"
    MODEL_MISSING = "model_missing"
    NO_CHANNEL = "no_channel"
    CONTEXT = "context"
    FILTER = "filter"
    FEATURE = "feature"
    RATE = "rate"
    OVERLOAD = "overload"
    UPSTREAM_AUTH = "upstream_auth"
    PERMISSION = "permission"
    AUTH = "auth"
    ROUTE = "route"
    ENDPOINT = "endpoint"
    UPSTREAM = "upstream"
    MONEY = "money"
    MODEL = "model"


FAINT = frozenset((Topic.MONEY, Topic.MODEL))
"""Topics that are only mentioned: they decide nothing but what a bare 403, 404 or 503 is about."""


CODES: Mapping[Topic, str] = MappingProxyType(
    {
        Topic.KEY_IN_QUERY: "api_key_in_query_deprecated api_key_in_query",
        Topic.BILLING: """
            insufficient_quota credit_balance_exhausted billing_hard_limit_reached billing_not_active billing_error
            insufficient_balance insufficient_credits insufficient_funds not_enough_balance payment_required
            insufficient_user_quota pre_consume_token_quota_failed entitlement_daily_limit_exceeded
            entitlement_total_limit_exceeded api_key_quota_exhausted usage_limit_exceeded usage_limit_reached
            daily_limit_exceeded weekly_limit_exceeded monthly_limit_exceeded subscription_expired budget_exceeded
            exceeded_current_quota_error AccountOverdueError OperationDenied.ServiceOverdue SetLimitExceeded
            Arrearage AllocationQuota.FreeTierOnly BILLING_DISABLED
            organization_spend_limit_exceeded project_spend_limit_exceeded spend_limit_exceeded
            base_resp:1008""",
        Topic.ACCESS: """
            key_model_access_denied team_model_access_denied user_model_access_denied org_model_access_denied
            project_model_access_denied group_disabled group_not_allowed subscription_not_found subscription_invalid
            subscription_suspended subscription_error entitlement_required entitlement_inactive
            AccessDenied.Unpurchased ModelNotOpen OperationDenied.ServiceNotOpen
            InvalidEndpointOrModel.ModelIDAccessDisabled model_permission_blocked_project
            model_permission_blocked_org model_terms_required model_access_denied model_not_allowed
            base_resp:2061""",
        Topic.MODEL_MISSING: """
            model_not_found DeploymentNotFound unknown_model invalid_model invalid_model_id
            InvalidEndpointOrModel.NotFound InvalidEndpoint.NotFound model_not_supported unsupported_model
            model_not_exist model_decommissioned model_does_not_exist""",
        Topic.NO_CHANNEL: """
            no_available_channel get_channel_failed no_available_accounts no_available_account model_unavailable
            unavailable_model InvalidEndpoint.ClosedEndpoint model_price_error no_available_providers
            model_not_available model_disabled""",
        Topic.CONTEXT: """
            context_length_exceeded exceed_context_size_error too_many_prompt_tokens TOO_MANY_TOKENS tokens_too_long
            characters_too_long string_above_max_length context_window_exceeded prompt_too_long""",
        Topic.FILTER: """
            content_filter content_policy_violation ResponsibleAIPolicyViolation sensitive_words_detected
            prompt_blocked data_inspection_failed SensitiveContentDetected moderation_blocked
            InputTextSensitiveContentDetected OutputTextSensitiveContentDetected InputImageSensitiveContentDetected
            content_moderation guardrail_blocked violation_fee.grok.csam cyber_policy_violation cyber_policy
            system_unsafe user_unsafe unsafe_request base_resp:1026 base_resp:1027""",
        Topic.FEATURE: """
            unsupported_parameter unsupported_value not_supported_error tool_use_failed OperationNotSupported
            unsupported_feature unsupported_operation InvalidParameter.UnsupportedModel
            unsupported_media_type size_not_supported""",
        Topic.RATE: """
            rate_limit_exceeded rate_limit_reached_error RateLimitReached Throttling
            ThrottlingException ServiceQuotaExceededException limit_requests limit_burst_rate rpm_rate_limit_exceeded
            tpm_rate_limit_exceeded AccountRateLimitExceeded ModelAccountRpmRateLimitExceeded concurrency_limit
            ModelAccountTpmRateLimitExceeded token_concurrency_limit_reached api_key_rate_limited
            APIAccountRpmRateLimitExceeded concurrency_limit_exceeded requests_limit_exceeded rate_limited
            request_quota_exceeded token_quota_exceeded RequestLimitExceeded
            base_resp:1002 base_resp:1039 base_resp:1041 base_resp:2045 base_resp:2056""",
        Topic.OVERLOAD: """
            engine_overloaded_error overloaded server_overloaded slow_down system_overloaded
            ModelNotReadyException service_tier_capacity_exceeded queue_exceeded server_is_overloaded
            capacity_exceeded model_overloaded
            system_memory_overloaded system_cpu_overloaded system_disk_overloaded""",
        Topic.UPSTREAM_AUTH: "channel:invalid_key channel:no_available_key provider_auth_failed upstream_auth_error",
        Topic.PERMISSION: """
            unsupported_country_region_territory ip_not_authorized missing_scope account_deactivated user_inactive
            user_not_active insufficient_permissions API_KEY_IP_ADDRESS_BLOCKED API_KEY_HTTP_REFERRER_BLOCKED
            API_KEY_SERVICE_BLOCKED SERVICE_DISABLED CONSUMER_SUSPENDED access_terminated organization_deactivated
            account_suspended user_banned ip_not_allowed auth_user_disabled auth_insufficient_privilege""",
        Topic.AUTH: """
            invalid_api_key incorrect_api_key incorrect_api_key_error missing_api_key no_api_key invalid_token
            token_expired expired_key api_key_expired api_key_invalid api_key_required api_key_disabled
            api_key_inactive api_key_not_found token_not_found token_not_found_in_db no_db_connection key_not_found
            invalid_authentication invalid_authentication_error invalid_auth_header empty_token invalid_iam_token
            ACCESS_TOKEN_TYPE_UNSUPPORTED ACCESS_TOKEN_EXPIRED CREDENTIALS_MISSING UnrecognizedClientException
            ExpiredTokenException InvalidSignatureException IncompleteSignatureException auth_token_expired
            AuthFailure auth_unauthorized invalid_credentials base_resp:1004 base_resp:2049""",
        Topic.ROUTE: "unknown_url invalid_url route_not_found",
        Topic.ENDPOINT: "api_not_implemented not_implemented unimplemented invalid_api_type endpoint_not_supported",
        Topic.UPSTREAM: """
            upstream_error openai_error claude_error gemini_error bad_response_status_code do_request_failed
            bad_response bad_response_body empty_response read_response_body_failed aws_invoke_error
            channel:response_time_exceeded channel:aws_client_error upstream_provider_error provider_error
            provider_response_error provider_unavailable ModelErrorException ModelStreamErrorException""",
    }
)

BROAD_TYPES: Mapping[int, str] = MappingProxyType(
    {
        400: "invalid_request_error invalid_request bad_request_error bad_request INVALID_ARGUMENT "
        "FAILED_PRECONDITION invalid_parameter_error invalid_parameter ValidationException "
        "base_resp:1042 base_resp:2013",
        401: "authentication_error unauthorized UNAUTHENTICATED ",
        402: "payment_required_error credits_error payment_error",
        403: "permission_error permission_denied permission_denied_error forbidden access_denied "
        "authorization_error AccessDeniedException ",
        404: "not_found_error not_found resource_not_found_error ResourceNotFoundException",
        422: "validation_error UnprocessableEntityError invalid_request_message",
        429: "rate_limit_error too_many_requests too_many_requests_error throttling_error RESOURCE_EXHAUSTED "
        "tokens requests",
        501: "not_implemented_error",
        529: "overloaded_error",
    }
)


def listed(names: str) -> frozenset[str]:
    """A closed vocabulary, written as words with blanks between them."""
    return frozenset(names.split())


def squash(name: str) -> str:
    """The form codes are compared in: lower-case letters, digits and ``:``."""
    return re.sub(r"[^a-z0-9:]", "", name.lower())


_TOPIC_OF: Mapping[str, tuple[Topic, str]] = MappingProxyType(
    {squash(name): (topic, name) for topic, names in CODES.items() for name in names.split()}
)
_STATUS_OF: Mapping[str, tuple[int, str]] = MappingProxyType(
    {squash(name): (status, name) for status, names in BROAD_TYPES.items() for name in names.split()}
)


def topic_of(code: str) -> Topic | None:
    """What a code or type stands for, or None where it is unknown or says too little (``invalid_request_error``).

    Dotted codes fall back to their first part: ``RateLimitExceeded.EndpointRPMExceeded`` is a rate limit.
    """
    found = _TOPIC_OF.get(squash(code)) or _TOPIC_OF.get(squash(code.partition(".")[0]))
    return found[0] if found else None


def status_of(code: str) -> int | None:
    """The HTTP status a code or a broad type stands for: ``"429"`` and ``rate_limit_error`` are both 429."""
    digits = code.strip()
    if len(digits) == 3 and digits.isascii() and digits.isdecimal() and 400 <= int(digits) <= 599:
        return int(digits)
    found = _STATUS_OF.get(squash(code))
    return found[0] if found else None


def shown(code: str) -> str | int:
    """How a code may appear as a signal: our own spelling of a known one, a status number, or ``other``."""
    known = _TOPIC_OF.get(squash(code)) or _STATUS_OF.get(squash(code))
    return known[1] if known else status_of(code) or "other"


def spelled_out(code: str) -> str:
    """A code as words: ``NOT_ENOUGH_BALANCE`` and ``NotEnoughBalance`` become ``not enough balance``."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", code)
    return " ".join(re.findall(r"[^\W\d_]+", parted)).lower()
