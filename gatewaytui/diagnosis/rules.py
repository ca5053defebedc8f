"""The rule table: one order, first match wins (failure-classes.md, order of rules 0 to 9).

Rule 10, what several checks of a run mean together, is ``crosscheck``.
"""

from __future__ import annotations

from gatewaytui.domain.failure import Confidence, FailureClass, Origin

from .rule import Rule
from .rules_answer import ANSWER_RULES
from .rules_body import BODY_RULES
from .rules_status import FALLBACK_RULES, KEY_RULES, LIMIT_RULES
from .rules_wire import PAGE_RULES, STATUS_RULES, TRANSPORT_RULES

NOTHING_MATCHED = Rule(
    "unclassified",
    lambda sight: not sight.success or sight.reading is None,
    FailureClass.UNCLASSIFIED,
    "No success and no rule: say so, and show what was seen.",
    Confidence.POSSIBLE,
    Origin.UNKNOWN,
)

RULES: tuple[Rule, ...] = (
    *TRANSPORT_RULES,
    *STATUS_RULES,
    *PAGE_RULES,
    *ANSWER_RULES,
    *BODY_RULES,
    *LIMIT_RULES,
    *KEY_RULES,
    *FALLBACK_RULES,
    NOTHING_MATCHED,
)
