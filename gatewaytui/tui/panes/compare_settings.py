"""How often and how a comparison asks, what that takes at most, and from when on a person is asked before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType

import msgspec

from gatewaytui.diagnosis.comparison import Price
from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import CompareJob, SpendPlanned
from gatewaytui.domain.run import Spending
from gatewaytui.storage.catalogues import Catalogues
from gatewaytui.tui.widgets import figures

MOST_RUNS, MOST_WARM_UPS, MOST_AT_ONCE, HOTTEST = 1_000, 100, 32, 2.0
ASKED_ABOVE_REQUESTS = 50
ASKED_ABOVE_USD = 0.10
_ANY_MODEL = ""
_NO_PRICES: Mapping[int, Price] = MappingProxyType({})


class RunSettings(msgspec.Struct, frozen=True):
    """What the run settings hold. None leaves ``max_tokens`` or ``temperature`` out of the request."""

    runs: int = 1
    warm_ups: int = 0
    concurrency: int = 1
    temperature: float | None = None
    max_tokens: int | None = 256

    def job(self, targets: tuple[Target, ...], prompt: str, seed: int = 0) -> CompareJob:
        """What the engine is asked to do; ``seed`` shuffles who is asked first."""
        request = ChatRequest(
            model=_ANY_MODEL,
            messages=(Message(Role.USER, prompt),),
            max_tokens=self.max_tokens,
            temperature=self.temperature,
        )
        return CompareJob(targets, request, self.runs, self.warm_ups, self.concurrency, seed)

    def words(self) -> str:
        """One line for the screen, of what differs from the plainest run."""
        parts = [
            f"{figures.plural(self.runs, 'run')} each",
            figures.plural(self.warm_ups, "warm-up") if self.warm_ups else "",
            f"{self.concurrency} at once each" if self.concurrency > 1 else "",
            "" if self.max_tokens is None else f"at most {figures.plural(self.max_tokens, 'token')}",
            "" if self.temperature is None else f"temperature {self.temperature:g}",
        ]
        return " · ".join(filter(None, parts))


def planned(job: CompareJob, prices: Mapping[int, Price] = _NO_PRICES) -> SpendPlanned:
    """What the job takes at most, in money as far as prices are known."""
    from gatewaytui.engine.compareplan import planned_budget, planned_spending

    return planned_spending(job, prices, Spending(planned_budget(job)))


def listed_prices(catalogues: Catalogues, targets: Sequence[Target]) -> dict[int, Price]:
    """The prices of the targets' models in the lists kept last. Blocks; what cannot be read is not known."""
    prices: dict[int, Price] = {}
    for index, target in enumerate(targets):
        wanted = target.model or target.profile.default_model
        with suppress(Problem):
            for kept in catalogues.earlier(target)[:1]:
                for model in kept.models.models:
                    if model.id == wanted:
                        prices[index] = (model.input_price, model.output_price)
    return prices


def asks_first(plan: SpendPlanned) -> bool:
    """Whether a person is asked before so much is spent."""
    return plan.requests > ASKED_ABOVE_REQUESTS or (plan.cost_usd or 0.0) > ASKED_ABOVE_USD


def spending_facts(plan: SpendPlanned) -> tuple[str, ...]:
    """Requests, tokens and money of a plan, a line each."""
    return (
        f"requests   {figures.grouped(plan.requests)}",
        f"tokens     at most {figures.grouped(plan.tokens)}, by an estimate",
        f"cost       {cost_words(plan)}",
    )


def cost_words(plan: SpendPlanned) -> str:
    """The money of a plan, and for how many targets it is not known."""
    unpriced = f"{figures.plural(plan.unpriced, 'target')} without a listed price"
    if plan.cost_usd is None:
        return "not known, no prices are listed so far"
    return f"at most {dollars(plan.cost_usd)}" + (f", and {unpriced}" if plan.unpriced else "")


def dollars(amount: float) -> str:
    """US dollars with as many decimals as a small amount needs: ``$0.0021``, ``$1.20``."""
    if amount >= 1 or amount == 0:
        return f"${figures.grouped(amount, 2)}"
    return f"${amount:.4f}" if amount >= 0.0001 else f"${amount:.6f}"
