"""What one row of the rule table is."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.failure import Confidence, FailureClass, Origin

from .sight import Sight
from .vocabulary import Topic

Test = Callable[[Sight], bool]
Advice = Callable[[Sight], str]


class Rule(msgspec.Struct, frozen=True):
    """One row: the first row whose ``when`` holds gives the class.

    ``reason`` says why the row is there and why it stands where it stands. ``advise`` may sharpen the class's next
    step ("" keeps it); ``whose`` and ``origin`` replace the class's where given.
    """

    id: str
    when: Test
    failure_class: FailureClass
    reason: str
    confidence: Confidence = Confidence.LIKELY
    origin: Origin | None = None
    advise: Advice | None = None
    whose: str = ""


def code(topic: Topic) -> Test:
    """A code or type of the server's names this topic."""
    return lambda sight: sight.topic is topic


def words(topic: Topic) -> Test:
    """The error's words speak of this topic, and no code says something else: codes go before words.

    A code about the key is no veto against money and groups: many gateways call a spent key an invalid one.
    """
    loose = (None, Topic.UPSTREAM, Topic.AUTH) if topic in (Topic.BILLING, Topic.ACCESS) else (None, Topic.UPSTREAM)
    return lambda sight: topic in sight.words and sight.topic in loose


def mentions(topic: Topic, status: int) -> Test:
    """Under this very status an error object at least touches on the topic, and no code says what it is.

    The plain texts of web servers and hosts touch on much ("the deployment could not be found").
    """
    return lambda sight: (
        sight.acting == status and sight.error is not None and topic in sight.mentions and sight.topic is None
    )


def under_failure(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The same rows, each only under an error status or with an error object under a success."""
    return tuple(replace(rule, when=_both(rule.when)) for rule in rules)


def _both(test: Test) -> Test:
    return lambda sight: sight.failing and test(sight)
