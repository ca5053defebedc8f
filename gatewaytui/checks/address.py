"""Check ``address``: the base URL as typed. Nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin
from gatewaytui.domain.profile import Profile
from gatewaytui.domain.run import CheckResult, Outcome, Rung
from gatewaytui.protocols.lint import Advice, lint_base_url
from gatewaytui.protocols.urls import VERSIONS

_OUTCOMES: Mapping[str, tuple[Outcome, Confidence]] = MappingProxyType(
    {"error": (Outcome.FAILED, Confidence.CERTAIN), "warning": (Outcome.WARNED, Confidence.POSSIBLE)}
)
_ABOUT_THE_PATH = frozenset(("endpoint", "doubled", "version"))
_LOOKS_LIKE = "Correct the base URL in the profile: it looks like https://host/v1."


def judge(profile: Profile) -> CheckResult:
    """What the lint finds: the gravest point decides, the note tells all."""
    advice = lint_base_url(profile.base_url)
    if not advice:
        return CheckResult(Rung.ADDRESS, Outcome.PASSED, note=_good_points(profile.base_url))
    gravest = next((one for one in advice if one.level == "error"), advice[0])
    outcome, confidence = _OUTCOMES[gravest.level]
    note = " ".join(one.sentence for one in advice)
    return CheckResult(Rung.ADDRESS, outcome, finding=_finding(gravest, confidence), note=note)


def _finding(advice: Advice, confidence: Confidence) -> Finding:
    """The title of ``base_url`` speaks of an answer, and there is none yet: what was found is told as whose it is."""
    return Finding(
        failure_class=FailureClass.BASE_URL if advice.point in _ABOUT_THE_PATH else FailureClass.CONFIG,
        rule=f"address.{advice.point}",
        origin=Origin.LOCAL,
        confidence=confidence,
        whose=f"Yours: {advice.sentence[0].lower()}{advice.sentence[1:]}",
        next_step=f"Did you mean {advice.proposal} ?" if advice.proposal else _LOOKS_LIKE,
    )


def _good_points(base_url: str) -> str:
    parts = urlsplit(base_url.strip())
    last = parts.path.rstrip("/").rpartition("/")[2]
    ending = f"ends in /{last}" if last in VERSIONS else "a path known for this host"
    way = "HTTPS" if parts.scheme == "https" else "HTTP on this machine"
    return f"{way}, no user info, {ending}."
