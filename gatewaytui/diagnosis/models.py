"""Model ids compared: is the one that answered the one that was asked, and which listed ids are near a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gatewaytui.domain.pattern import Pattern
from gatewaytui.domain.text import valid_model_id

from .vocabulary import listed

_DATE = r"(\d{8}|\d{4}|\d{4}-\d{2}-\d{2}|\d{2}-\d{2,4})"
_SUFFIX = r"0|latest|{date}|\d{{3}}|gguf|i?q\d(-\w+)*|fp8|fp16|bf16|awq|gptq|int4|int8"
_SUFFIXES = Pattern(f"(-({_SUFFIX.format(date='(preview-)?' + _DATE)}))+$")
_KEEPING_PREVIEW = Pattern(f"(-({_SUFFIX.format(date=_DATE)}))+$")
_CLOUD_SUFFIX = Pattern(r"-v\d+:\d+(:\w+)?$")
_CLOUD_PREFIX = Pattern(r"^([a-z]{2,6}\.)?(anthropic|amazon|meta|mistral|cohere|ai21|deepseek|qwen|openai)\.")
_EFFORTS = Pattern(r"-(minimal|low|medium|high|xhigh|nothinking|thinking)$")
_ROUTERS = frozenset(("auto", "default", "router"))
_MOVING = "-latest"
_ALIASES = (
    ("deepseek-chat", "deepseek-v"),
    ("deepseek-reasoner", "deepseek-r"),
    ("deepseek-reasoner", "deepseek-v"),
    ("gpt-4-turbo-preview", "gpt-4-"),
    ("chatgpt-4o", "gpt-4o"),
    ("kimi", "moonshot-v"),
    ("moonshot-v1-auto", "moonshot-v1-"),
)
_VARIANTS = listed("mini nano lite micro small medium large pro max plus turbo ultra flash opus sonnet haiku air")
_SHOWN = 3


def same_model(asked: str, served: str) -> bool:
    """True where ``served`` may be another name of ``asked`` (rules.md: served model).

    Provider prefixes, paths, ``.gguf``, tags, dates, ``-latest``, quantisations and the effort a gateway adds to a
    name do not matter; another family, size or version does. No served name is no claim, so True.
    """
    if not asked or not served or asked == served:
        return True
    if _sizes_differ(asked, served):
        return False
    wanted, got = _core(asked), _core(served)
    plain = _EFFORTS.sub("", wanted)
    if _core(asked, _KEEPING_PREVIEW) == _core(served, _KEEPING_PREVIEW):
        return True
    if wanted in _ROUTERS or _tokens(got) in (_tokens(wanted), _tokens(plain)):
        return True
    if any(wanted == alias and got.startswith(stem) for alias, stem in _ALIASES):
        return True
    return asked.lower().endswith(_MOVING) and _is_alias(set(_tokens(wanted)), set(_tokens(got)))


def nearest(asked: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Up to three listed ids that look like ``asked``, best first; hostile ids are left out."""
    from difflib import get_close_matches  # late: only a model that is not listed wants it

    known = {listed.lower(): listed for listed in ids if valid_model_id(listed)}
    wanted = asked[:128].lower()
    close = get_close_matches(wanted, known, n=_SHOWN, cutoff=0.6)
    same = [listed for listed in known if _core(listed) == _core(wanted)]
    bare = {_bare(listed): listed for listed in reversed(known)}
    without_provider = (bare[name] for name in get_close_matches(_bare(wanted), bare, n=_SHOWN, cutoff=0.6))
    return tuple(known[listed] for listed in dict.fromkeys((*same, *close, *without_provider)))[:_SHOWN]


def name_keys(model: str) -> tuple[str, str, str]:
    """What names of one model have in common, the strictest first: provider and case do not matter; nor do dates,
    tags and quantisations; nor do the order of the parts and the effort.
    """
    core = _core(model)
    plain = _CLOUD_PREFIX.sub("", re.split(r"[/\\]", model.lower().rstrip("/\\"))[-1])
    return re.sub(r"[._ ]", "-", plain), core, "-".join(_tokens(_EFFORTS.sub("", core)))


def _bare(model: str) -> str:
    """The last part of ``provider/model``."""
    return model.rstrip("/").rpartition("/")[2]


def _core(model: str, suffixes: Pattern[str] = _SUFFIXES) -> str:
    """The name without what may differ: ``us.anthropic.claude-3-5-sonnet-20241022-v2:0`` -> ``claude-3-5-sonnet``."""
    name = _CLOUD_SUFFIX.sub("", re.split(r"[/\\]", model.lower().rstrip("/\\"))[-1].removesuffix(".gguf"))
    name = _CLOUD_PREFIX.sub("", name.partition(":")[0].partition("@")[0])
    return suffixes.sub("", re.sub(r"[._ ]", "-", name).replace("gpt-35", "gpt-3-5"))


def _tokens(core: str) -> list[str]:
    """Parts in any order: ``claude-4-sonnet`` and ``claude-sonnet-4`` are one model."""
    return sorted(part for part in core.split("-") if part)


def _sizes_differ(asked: str, served: str) -> bool:
    """Ollama's tags name sizes: ``llama3:8b`` is not ``llama3:70b``."""
    sizes = [re.findall(r":(\d+(?:\.\d+)?b)\b", name.lower()) for name in (asked, served)]
    return all(sizes) and sizes[0] != sizes[1]


def _is_alias(asked: set[str], served: set[str]) -> bool:
    """A vendor's moving alias names less than what it stands for, and never another variant."""
    return asked <= served and asked & _VARIANTS == served & _VARIANTS
