"""Where servers put what went wrong: one error object out of many shapes.

The places and their order are those of design/failure-classes.md; the shapes were seen in recorded traffic and
gateway sources (facts/protocols.md section 2). Nothing is judged here: `diagnosis` does that.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from gatewaytui.domain.chat import ErrorObject
from gatewaytui.domain.pattern import Pattern

from .lenient import Object, as_code, as_list, as_number, as_object, as_text, decoded, encode, objects

_ANSWERS = ("choices", "candidates", "output", "content", "data", "models", "results", "embeddings", "embedding")
_MESSAGES = ("message", "msg", "error_message", "errorMessage", "error_msg", "errmsg", "Message", "status_msg")
_CODES = ("code", "error_code", "errorCode", "errcode", "statusCode", "status_code", "__type", "Code")
_SUCCESS = frozenset({"", "0", "200", "ok", "success", "true"})
_NEWS = ("status", "info", "progress", "log", "ping", "metadata", "message")
_LONGEST_RAW = 4000
_WAIT = Pattern(
    r"(?:again|retry|available)\D{0,12}?\s(?=\d)(?:(\d{1,4})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,9}(?:\.\d+)?)\s?(ms|s|sec|seconds?))?\b",
    re.IGNORECASE,
)


def find_error(value: object) -> ErrorObject | None:
    """The error this JSON value reports, or None where it reports none. Never raises."""
    try:
        return _find(value)
    except RecursionError:  # errors wrapped in errors without end: nothing a server means
        return None


def _find(value: object) -> ErrorObject | None:
    if isinstance(value, list):
        return _find(value[0]) if value and isinstance(value[0], dict) and "error" in value[0] else None
    if not isinstance(value, dict):
        return None
    return next((found for place in _PLACES if (found := place(value)) is not None), None)


def _error_of(member: object, place: str = "error") -> ErrorObject | None:
    """The error object in the value of an ``error`` member, or None where it says nothing."""
    if isinstance(member, str):
        return _of_text(member)
    if isinstance(member, list):
        return _error_of(member[0], place) if member else None
    if not isinstance(member, dict) or not any(member.values()):
        return None
    inner = member.get("error")
    if isinstance(inner, dict | str) and not as_text(member.get("message")):
        return _error_of(inner, place)
    return _of_object(member, place)


def _of_text(text: str) -> ErrorObject | None:
    """An error given as a string; some gateways put the upstream's JSON into it."""
    text = text.strip()
    if text.startswith("{"):
        nested = _find(decoded(text))
        if nested is not None:
            return nested
    return ErrorObject(message=text, place="error-string") if text else None


def _of_object(error: Object, place: str) -> ErrorObject:
    metadata = as_object(error.get("metadata"))
    message = _message(error)
    raw = metadata.get("raw")
    said = raw if isinstance(raw, str) else encode(raw) if raw else ""
    nested = _of_text(said[:_LONGEST_RAW])
    reasons = list(_reasons(error, metadata))
    if nested is not None:
        reasons += [word for word in (nested.code, nested.type, nested.status, *nested.reasons) if word]
        message = f"{message}: {nested.message}" if message else nested.message
    return ErrorObject(
        message=message,
        code=next((code for name in _CODES if (code := as_code(error.get(name)))), ""),
        type=as_code(error.get("type")) or as_code(error.get("error_type")),
        status=as_code(error.get("status")),
        param=as_code(error.get("param")),
        place=place,
        reasons=tuple(dict.fromkeys(reasons)),
        provider=as_text(metadata.get("provider_name")),
        retry_after=_retry_after(error, message),
    )


def _message(error: Object) -> str:
    for name in _MESSAGES:
        said = error.get(name)
        if isinstance(said, str) and said.strip():
            return said.strip()
        if isinstance(said, dict | list) and said:
            nested = _find(said)
            return nested.message if nested is not None and nested.message else encode(said)
    return as_text(error.get("detail")) or as_text(error.get("details")) or as_text(error.get("reason"))


def _reasons(error: Object, metadata: Object) -> list[str]:
    """Codes nested in an error: Gemini's ``details``, Azure's ``innererror``, OpenRouter's moderation."""
    words: list[str] = []
    for detail in objects(error.get("details")):
        words.append(as_code(detail.get("reason")))
        words += [as_code(violation.get("quotaId")) for violation in objects(detail.get("violations"))]
    for inner in (as_object(error.get("innererror")), as_object(error.get("inner_error")), metadata):
        words += [as_code(inner.get("code")), as_code(inner.get("error_type"))]
    words += [as_code(reason) for reason in as_list(metadata.get("reasons"))]
    words += [as_code(error.get("reason")), as_code(error.get("rate_limit_type"))]
    return [word for word in words if word]


def _retry_after(error: Object, message: str) -> float | None:
    """Seconds to wait, where the body says so: Gemini's RetryInfo, a member, or words ("try again in 1m3.5s")."""
    for detail in objects(error.get("details")):
        delay = as_text(detail.get("retryDelay")).removesuffix("s")
        if (seconds := as_number(delay)) is not None:
            return seconds
    for name, scale in (("retry_after", 1.0), ("retry_after_ms", 0.001), ("retryAfter", 1.0)):
        if (number := as_number(error.get(name))) is not None:
            return number * scale
    match = _WAIT.search(message[:_LONGEST_RAW])
    if match is None or not any(match.groups()[:3]):
        return None
    hours, minutes, amount, unit = match.groups()
    seconds = float(amount or 0) * (0.001 if (unit or "").lower() == "ms" else 1.0)
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + seconds


def _in_error(value: Object) -> ErrorObject | None:
    """``error`` as an object, a list or a string; what stands beside it fills what it does not say."""
    member = value.get("error") or value.get("errors")
    if member is True:
        member = {key: item for key, item in value.items() if key != "error"}
    found = _error_of(member)
    if found is None:
        return None
    beside = _of_object(value, found.place)
    message = found.message
    if found.place == "error-string" and beside.message and beside.message not in message:
        message = f"{message}: {beside.message}"
    return replace(
        found,
        message=message or beside.message,
        code=found.code or beside.code,
        type=found.type or (beside.type if beside.type != "error" else ""),
        param=found.param or beside.param,
        reasons=found.reasons or beside.reasons,
        retry_after=found.retry_after if found.retry_after is not None else beside.retry_after,
    )


def _in_success(value: Object) -> ErrorObject | None:
    failed = value.get("success") is False or as_text(value.get("success")).lower() == "false"
    return _of_object(value, "success-false") if failed else None


def _in_status(value: Object) -> ErrorObject | None:
    """MiniMax's ``base_resp``, and Apigee's ``fault``.

    Bare numbers mean other things to other vendors: a reason says whose this one is.
    """
    base = as_object(value.get("base_resp"))
    number = as_code(base.get("status_code"))
    if number not in _SUCCESS:
        return replace(_of_object(base, "flat"), reasons=(f"base_resp:{number}",))
    fault = as_object(value.get("fault"))
    said = as_text(fault.get("faultstring"))
    code = as_code(as_object(fault.get("detail")).get("errorcode"))
    return ErrorObject(message=said, code=code, place="flat") if said else None


def _in_response(value: Object) -> ErrorObject | None:
    """Tencent Cloud's ``Response.Error``, always under a success status."""
    error = as_object(as_object(value.get("Response")).get("Error"))
    return _of_object(error, "error") if error else None


def _flat(value: Object) -> ErrorObject | None:
    """``code``, ``type`` or ``message`` at the top, where nothing stands beside them that would be an answer."""
    declared = value.get("object") == "error" or value.get("type") == "error"
    if not declared and any(value.get(name) for name in _ANSWERS):
        return None
    found = _of_object(value, "flat")
    said = any(isinstance(value.get(name), str) and value.get(name) for name in _MESSAGES)
    coded = found.code.lower() not in _SUCCESS
    told = value.get("type", value.get("event")) in _NEWS  # a progress note in a stream
    if declared or (said and not told and (coded or "code" not in value)):
        return found
    return found if coded and not said and "error_code" in value else None


def _detail(value: Object) -> ErrorObject | None:
    """FastAPI's ``detail``: a string, an object, or the list of a refused validation."""
    detail = value.get("detail")
    if any(value.get(name) for name in _ANSWERS):
        return None
    if isinstance(detail, str) and detail.strip():
        return ErrorObject(message=detail.strip(), code=as_code(value.get("code")), place="detail")
    if isinstance(detail, dict) and detail:
        return replace(_error_of(detail) or ErrorObject(), place="detail")
    problems = list(objects(detail))
    if not problems:
        return None
    where = [str(step) for step in as_list(problems[0].get("loc"))]
    message = "; ".join(as_text(problem.get("msg")) for problem in problems)
    return ErrorObject(message, type=as_code(problems[0].get("type")), param=".".join(where), place="detail")


def _html_message(value: Object) -> ErrorObject | None:
    page = as_text(value.get("html-message"))
    return ErrorObject(message=page, place="html-message") if page else None


def _description(value: Object) -> ErrorObject | None:
    said = as_text(value.get("description")) or as_text(value.get("error_description"))
    is_entry = any(name in value for name in ("id", "object", "name", *_ANSWERS))
    return None if is_entry or not said else _of_object({**value, "message": said}, "description")


_PLACES: tuple[Callable[[Object], ErrorObject | None], ...] = (
    _in_error,
    _in_success,
    _in_status,
    _in_response,
    _flat,
    _detail,
    _html_message,
    _description,
)
