"""The rungs that send requests, in order. Each settles its check and tells whether the climb may go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from msgspec.structs import replace

from gatewaytui.checks import auth, families, model, notes
from gatewaytui.checks.base import Plan, result
from gatewaytui.checks.chat import ChatCheck
from gatewaytui.checks.isolation import header_words
from gatewaytui.checks.models import ModelsCheck, first_chat_model
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.failure import NO_PATH
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.progress import ModelsArrived, Progress
from gatewaytui.domain.run import CheckResult, KeyUsed, Outcome, Rung
from gatewaytui.domain.secret import wrong_key

from .chatting import Watch, chat
from .climb import CHAT_COST, SMALL_CHAT, Climb
from .listing import fetch_list
from .session import Judged

SPENT = "Not tried: the budget of this run is spent."
LEFT_FOR_LATER = 10

RungOf = Callable[[Climb], Awaitable[bool]]


def spent(rung: Rung) -> CheckResult:
    """A rung that the budget left no room for."""
    return CheckResult(rung, Outcome.SKIPPED, note=SPENT)


async def auth_rung(climb: Climb) -> bool:
    """The list with the own key, then with a wrong one."""
    climb.begin(Rung.AUTH)
    own = await climb.ask(ModelsCheck().request(climb.plan), Rung.MODELS)
    if own is None:
        climb.settle(spent(Rung.AUTH))
        return False
    climb.first_list = own
    return climb.settle(await _with_a_wrong_key(climb, own)).outcome is not Outcome.FAILED


async def _with_a_wrong_key(climb: Climb, own: Judged) -> CheckResult:
    """The auth rung, by the same request sent again with a wrong key where that can tell something."""
    with_own, with_wrong = _as_check(own), None
    request = own.exchange.request
    if auth.worth_a_wrong_key(with_own, climb.keyed):
        wrong = await climb.ask(
            request,
            Rung.AUTH,
            variant="a wrong key",
            key=KeyUsed.WRONG,
            secret=wrong_key(),
            model=request.ask.model,
            tokens=CHAT_COST if request.method == "POST" else 0,
        )
        with_wrong = _as_check(wrong) if wrong else None
    return auth.judge(with_own, with_wrong, climb.keyed)


async def _prove_later(climb: Climb, own: Judged) -> None:
    """An auth rung that the first request left open is decided by a later one that was answered well."""
    undecided = any(check.name == Rung.AUTH and check.outcome is Outcome.SKIPPED for check in climb.checks)
    if undecided and climb.keyed and own.finding is None:
        climb.amend(await _with_a_wrong_key(climb, own))


def _as_check(answer: Judged) -> CheckResult:
    return result(Rung.AUTH, answer.exchange, answer.reading, answer.finding)


@dataclass(slots=True)
class _Listed:
    """The climb as `fetch_list` sees it: the first request was sent by the rung before."""

    climb: Climb
    first: Judged | None
    elsewhere: Judged | None = None

    async def exchange(self, request: WireRequest) -> Judged:
        first, self.first = self.first, None
        if first is not None:
            return first
        answer = await self.climb.ask(request, Rung.MODELS)
        if answer is None:
            raise AssertionError("the list asks only after looking at the budget")
        self.elsewhere = self.elsewhere or answer
        return answer


async def models_rung(climb: Climb) -> bool:
    """The whole list; without one, a model that was named may still chat (design/rules.md)."""
    climb.begin(Rung.MODELS)

    def may_ask() -> bool:
        return climb.ledger.allows(0, LEFT_FOR_LATER)

    asking = _Listed(climb, climb.first_list)
    listing = await fetch_list(asking, climb.plan, 0, _lists_only(climb), may_ask)
    climb.listed = listing.models
    check = climb.settle(replace(listing.check, note=notes.of_list(listing.check, listing.models)))
    if check.outcome is not Outcome.FAILED:
        if asking.elsewhere is not None:
            await _prove_later(climb, asking.elsewhere)
        return True
    no_list = check.finding is not None and check.finding.failure_class in NO_PATH
    return no_list and bool(climb.plan.model)


def _lists_only(climb: Climb) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        if isinstance(progress, ModelsArrived):
            climb.desk.tell(progress)

    return tell


async def model_rung(climb: Climb) -> bool:
    """Which model will be asked, and whether it is listed."""
    climb.begin(Rung.MODEL)
    if not climb.plan.model and climb.listed:
        climb.plan = replace(climb.plan, model=first_chat_model(climb.listed.ids))
    return climb.settle(model.judge(climb.asked, climb.plan.model, climb.listed)).outcome is not Outcome.FAILED


async def chat_rung(climb: Climb) -> bool:
    """One small chat, not streamed."""
    return await _chat(climb, Rung.CHAT)


async def stream_rung(climb: Climb) -> bool:
    """The same chat, streamed."""
    return await _chat(climb, Rung.STREAM)


async def _chat(climb: Climb, rung: Rung) -> bool:
    climb.begin(rung)
    if climb.session is None or not climb.ledger.allows(CHAT_COST):
        climb.ledger.skip()
        climb.settle(spent(rung))
        return False

    def heard(answer: Judged) -> None:
        climb.ledger.record(answer, check=rung, tokens=CHAT_COST)
        climb.look_at(answer)  # after its line: what the server said belongs to the request told last

    watch = Watch(heard, lambda: climb.ledger.allows(CHAT_COST))
    check = ChatCheck(replace(SMALL_CHAT, stream=rung is Rung.STREAM))
    done = await chat(climb.session, check, climb.plan, 0, _untold, climb.desk.secrets, watch)
    settled = climb.settle(replace(done.check, note=notes.of_chat(done.check)))
    if rung is Rung.CHAT:
        await _prove_later(climb, done.judged)
    return settled.outcome is not Outcome.FAILED


def _untold(progress: Progress) -> None:
    """The doctor's own chats are not shown as they stream."""


async def families_rung(climb: Climb) -> bool:
    """One small chat in each other protocol that the profile names."""
    climb.begin(Rung.FAMILIES)
    tried = []
    for protocol in families.others(climb.target):
        listed = climb.listed.models if climb.listed else ()
        plan = replace(
            climb.plan,
            target=replace(climb.target, protocol_override=protocol),
            model=families.model_for(protocol, climb.plan.model, listed),
        )
        answered = await _family(climb, plan)
        if answered is not None:
            tried.append(families.Answered(protocol, *answered))
    climb.settle(families.judge(climb.target, tuple(tried)))
    return True


async def _family(climb: Climb, plan: Plan) -> tuple[CheckResult, AuthHeader | None] | None:
    """One protocol's chat; where its own header is refused, the key once more in the header that works elsewhere."""
    check = ChatCheck(SMALL_CHAT)
    answer = await climb.ask(check.request(plan), Rung.FAMILIES, model=plan.model, tokens=CHAT_COST)
    if answer is None:
        return None
    judged = check.judge(answer.exchange, answer.reading, answer.finding)
    if not auth.refused(judged) or plan.auth is climb.plan.auth:
        return judged, None
    header = climb.plan.auth
    forced = replace(plan, target=plan.target.with_auth_header(header))
    variant = f"key in {header_words(header)}"
    again = await climb.ask(check.request(forced), Rung.FAMILIES, variant=variant, model=plan.model, tokens=CHAT_COST)
    second = check.judge(again.exchange, again.reading, again.finding) if again else judged
    return (judged, None) if second.outcome is Outcome.FAILED else (second, header)


REQUEST_RUNGS: tuple[RungOf, ...] = (auth_rung, models_rung, model_rung, chat_rung, stream_rung, families_rung)
