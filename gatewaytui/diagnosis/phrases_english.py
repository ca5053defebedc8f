"""English phrases by topic. The notation is that of `words`: ``...`` is a gap within one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .vocabulary import Topic

_LACKS = (
    "(insufficient|inadequate|not enough|no( more| remaining)?|out of|negative|low|exhausted|depleted|zero|overdue)"
)
_FUNDS = "(credits?|balance|funds?|wallet)"
_REFUSES = "(n't|not|no|cannot|never|lacks?|without)"
_GRANTED = "(access|permissions?|allow(ed)?|authori[sz]ed|permitted|entitled|support(ed)?|includ(e|ed|ing)|cover)"
_KEY = (
    r"(api[ _-]?keys?|x-api-key|x-goog-api-key|(access|auth|bearer|security|session|oauth\d?)[ _-]?tokens?"
    r"|credentials?"
    r"|virtual key|proxy server token|subscription key|secret key|authorization( header)?"
    r"|(?<!max )(?<!stop )\btokens?\b|\bkeys?\b)"
)
_BAD = (
    "(invalid|not valid|incorrect|not correct|wrong|expired|revoked|disabled|inactive|not active|deactivated"
    "|deleted|leaked"
    "|missing|required|malformed|unknown|unauthori[sz]ed|not (be )?found|not recogni[sz]ed|not exist"
    "|unavailable|blocked)"
)
_FEATURE = (
    r"\b(tools?|tool_\w+|functions?|function_\w+|stream mode|streaming|stream|images?|vision|audio|video|json"
    r"|logprobs|multimodal|structured outputs?|response_format"
    r"|system (messages?|prompts?|roles?)|instructions?|reasoning|thinking|parallel|embeddings?|chat"
    r"|temperature|stream_options|files?)\b"
)

SPENT = (
    rf"{_LACKS} (\w+ ){{0,3}}({_FUNDS}|quota)\b",
    rf"n't (currently )?have (enough|sufficient|any) (\w+ ){{0,2}}({_FUNDS}|quota)",
    rf"\b{_FUNDS}\b...(insufficient|not enough|too low|exhausted|depleted|empty|negative|used up|overdue"
    rf"|run(ning)? out|expired)",
    r"(credit|balance) limit (exceeded|reached)",
    r"(exceeded|used( up)?|exhausted|ran out of|run out of)...credits",
    "not enough (money|quota)|add funds|(purchase|buy)( more)? credits|(balance|credits?) (is|are"
    "|of) (\\$ ?)?(-|0\\b(\\.0)?|zero)",
    "(allotment|allowance|token package)...(consumed|exhausted|used|spent)|exhausted your capacity",
    "quota is (not enough|insufficient)",
    r"requires? more credits|can only afford",
    "(account|service)...(in arrears|overdue|past due|in good standing)",
    "payment (is )?required|invoices?...(overdue|unpaid|past)|past invoices|unpaid|payment method...(declined"
    "|failed)",
    "(please|to) (recharge|top[ -]?up)|top up (your|the)",
    "billing (to be |must be |is not |not )(enabled|active)|check your billing details|billing hard limit",
    "free (tier|trial|quota|allocation)...(exhausted|used up|ended|expired|run out)",
    "(subscription|plan|membership)...(exhausted|has expired|expired|has ended|has lapsed)",
    r"limit: 0\b",
    "per day per project",
)

ALLOWANCE = (
    "(exceed(ed|s|ing)?|over|reached|hit|used up|exhausted)...(current|monthly|weekly|daily|total|usage"
    "|spend(ing)?|token|plan|key"
    "|user|account|organization)('s)? (quota|allowance|budget)",
    "quota...(exceeded|exhausted|depleted|used up|reached|run out)",
    r"(exceeded|exhausted)...\bquota",
    "budget...(exceeded|exhausted|reached|depleted|spent)",
    "exceeded ?(token )?budget|over budget|max budget",
    r"(usage|spend(ing)?|cost|billing|credit) (hard )?(limits?|cap)\b|maximum spend",
    "(daily|weekly|monthly) ((usage|token|call|cost|spend(ing)?|dollar|usd|request) )?(limit|quota|cap)",
    "(check|update) your plan and billing",
    "quota will reset|extra usage is required",
    r"key limit exceeded|\(total limit\)|(inference|set) limit...paused",
)

WINDOW = (
    "rate[ _-]?limit",
    r"per[ _-]?(minute|min|second|sec|hour)(\b|_)",
    r"/ ?(min|minute|second|sec|hour)\b",
    r"\b(rpm|tpm|rps|qps|qpm|tps|ipm|rpd|tpd)\b",
    "quota exceeded for (quota )?metric|(requests|tokens) per day",
    "throttl",
)

ENGLISH: Mapping[Topic, tuple[str, ...]] = MappingProxyType(
    {
        Topic.KEY_IN_QUERY: (
            r"(api[ _-]?key|key|token|credential)s?...\bin (the |a )?(url |request )?query",
            "query (string )?param...(api[ _-]?key|token|credential)",
        ),
        Topic.ACCESS: (
            rf"(?<!or )\b(you|key|token|group|account|user|team|project|plan|subscription|tier"
            rf"|client)s?\b...{_REFUSES} "
            rf"((have|has|been|be|longer) )?((any|the|granted) )?{_GRANTED}\b...\b(models?|group|deployment"
            rf"|protocol)\b",
            r"(?<!or )(?<!or you )\b(don't|do not|does not|doesn't|no) (have )?(access|permissions?) (to"
            r"|for)...\b(models?|group)\b",
            "(model|group) access (is )?(denied|forbidden)|model is blocked|(reserved for"
            "|restricted to)...(users|plans?|tiers?|models?|clients?)\\b",
            r"\bmodel\b...not (enabled|available|included|allowed) (in|on|under|for|with) (your"
            r"|this) (current )?(plan|subscription|tier|group|account|organi[sz]ation"
            "|team|project|key|token)|not in (the )?allowed models|not bound to (any|a) group"
            "|upgrade your (plan|subscription|tier)...use",
            "limited to claude code|claude code only|\\bgroup\\b...cannot (call|use|access)",
            r"(?<!or )\bnot (allowed|authori[sz]ed|permitted|entitled|eligible) (to|for) (access|use|using|call"
            r"|invoke)...\b(model|group)\b",
            r"access to (the |this )?([\w-]+ )?(model|group)...(denied|n't allowed|not allowed|forbidden|restricted)",
            r"\b(key|token|group|plan|subscription)\b (\w+ ){0,2}(can only (access|use|call)|only (allows"
            r"|supports|permits|serves))",
            r"only (available|allowed|authori[sz]ed|allows?|open|accessible|usable)...(clients?\b|agents?\b"
            r"|claude code|plans?\b|tier|subscribers"
            r"|members|groups?\b)",
            r"\bgroup\b...(disabled|deprecated|not exist|not found|deleted|retired|unavailable)",
            "eligible for using the model|plan (does )?not support...model|no active subscription",
            "requires? (an? )?(higher|paid|pro|premium|max|plus|enterprise)...(plan|tier|subscription)",
            "not (been )?(activated|opened|subscribed|purchased) (\\w+ ){0,3}model|model service...not (open|activ)",
            "blocked at the (project|organization) level|requires terms acceptance",
        ),
        Topic.MODEL_MISSING: (
            r"(?<!tool )\bmodels?\b...(does ?n[o']t exist|do not exist|not exist|not (be )?found|is invalid"
            r"|is unknown|unknown\b|no longer (available"
            r"|supported|exists?)|was (removed|retired|deprecated))",
            r"\bmodels?\b...n[o']t (a )?(valid|recogni[sz]ed|known|registered|listed)",
            r"\bmodels?\b...(has|have) been (deprecated|removed|retired|decommissioned|discontinued|shut down)",
            r"\bmodel (\S+ )?(is not|isn't|not) supported(?! (\w+ )?(tool|image|stream|param|function))",
            r"(unknown|invalid|no such|nonexistent|incorrect|unrecogni[sz]ed|unsupported|undefined|wrong"
            r"|bad) (\w+ )?model\b(?! (output|response|param))",
            r"\bis not a model\b|model\w*...not registered|not in the list of...models"
            r"|model...not available on this (platform|server|gateway)",
            r"^function '.*not found for account|not found the model|no model (named|called|with)"
            r"|not (a )?(valid|available) model|model[ _]not[ _](found|exist|supported)",
            r"(could not|couldn't|cannot|can't|unable to) (find|resolve|locate|access)( the)? model",
            r"^model: ?\S+$",
            "(api )?deployment...(not found|not exist)|try pulling it",
        ),
        Topic.NO_CHANNEL: (
            r"(?<!or )\bno (available|healthy|active|valid|usable|enabled|allowed|eligible|live"
            r"|suitable) (\w+ ){0,2}(channels?|accounts?|deployments?"
            r"|providers?|endpoints?|keys?|upstream (channels?|providers?)|nodes?|workers?|instances?|replicas?)\b",
            "no (endpoints?|providers?|channels?|deployments?|accounts?) (were |was )?(found|available"
            "|configured|matching)(?! that)",
            "failed to get (an? )?available channel|channel...(is|been) disabled|no models? (are )?(loaded"
            "|configured)",
            r"all (\w+ ){0,2}(accounts|channels|providers|deployments|upstreams|endpoints)...(failed"
            r"|unavailable|exhausted|down|cooldown)",
            r"\bmodel\b...(temporarily|currently) (unavailable|not available|disabled|offline|down"
            r"|under maintenance|not deployed)",
            r"\bmodel (is )?(disabled|offline|under maintenance)",
            "endpoint...(closed|paused)",
        ),
        Topic.CONTEXT: (
            r"(maximum|max|model's|supported|exceeds?|exceeded|available|over|beyond|longer than"
            r"|less than)...\bcontext[ _]?(length|window|size|limit)",
            r"context[ _]?(length|window|size|limit)...(exceed|is only|too (long|small)|reached|full|overflow"
            r"|of \d)|exceed\w* context|context (length|window) of only|token count is \d+ but",
            r"\b(prompt|input|inputs|messages?|conversation|request|text|query"
            r"|total tokens?)\b (\w+ ){0,4}too (long|many tokens|large to process)",
            r"\b(input|inputs|prompt|request|total|messages?)\b`? ?(\w+ ){0,2}tokens?...(exceed|greater than"
            r"|more than|longer|larger than|is over|limit of)",
            r"exceed(s|ed|ing)?...(maximum|max|limit|number)...\btokens?\b(?!.{0,30}(per|output))|model token limit",
            r"maximum length|(length|size) of (the )?(input|prompt|messages?)...exceed|prompt tokens \d+ ?>"
            r"|too many tokens in",
            r"too many (input |prompt |total )?tokens(?!,? please)|token (count|limit)...(exceed|too large)"
            r"|reduce the length",
            r"must be <= ?\d|must have less than \d+ tokens|input length...(should|exceed|range)"
            r"|must be less than max_seq_len",
            r"n_ctx|kv cache (is )?(too small|full)|physical batch size|max(imum)? (input|prompt) (length"
            r"|tokens|characters)",
        ),
        Topic.FILTER: (
            "content[ _-]?(filter|policy|management policy|moderation|safety|violation|exists risk)",
            "(flagged|blocked|rejected|refused|filtered|denied)...(moderation|safety|content|guardrail|harmful"
            "|high risk|sensitive"
            "|inappropriate|violat|prohibited_content)",
            "(moderation|safety|guardrails?)...(flagged|blocked|failed|rejected|violat|denied|triggered|intervened)",
            r"\bguardrail|requires moderation|\\b(input|prompt|output|content|message)\\b...(is|was"
            r"|been) (flagged|blocked|filtered)|censor",
            "(inappropriate|sensitive|unsafe|harmful|offensive|prohibited|objectionable)...(content|words?"
            "|information|material|topics?)",
            r"violat\w+...((usage|content|safety|acceptable|use) (polic|guidelines)|terms|guidelines)"
            r"|considered high risk|(new|input|output)_sensitive",
        ),
        Topic.FEATURE: (
            r"requires? (the )?--\w",
            rf"{_FEATURE}...(not (currently |yet )?(supported|available|enabled|allowed)|unsupported"
            rf"|unavailable now|is disabled)",
            rf"(does ?n[o']t|do not|don't|cannot|can't|not) (currently )?support...{_FEATURE}",
            r"(does ?n[o']t|do not|not) support...(param|http call|sse|top_|stop\b|prefill|assistant|developer"
            r"|n >|\d|call method)",
            "unsupported (parameter|value|feature|argument|field|modality|content type|response[ _]format|operation)",
            "not supported (with|by|for|in|on) (this|the|current) model|not (enabled|supported) for (this model"
            "|models/)",
            r"no (endpoints?|providers?)...\bthat (can )?(support|handle)|only supports? (the )?stream"
            r"|not a chat model",
            "only supported (in|with|on|via) /?v1|on-demand throughput|operation does not work with",
        ),
        Topic.RATE: (
            *WINDOW,
            r"too many ([\w-]+ ){0,2}(requests|calls|connections|attempts|messages)|too many tokens,? please"
            r"|too frequent",
            "requests? (list )?limit|(requests|calls)...(exceed|limited|too fast)",
            "concurren(t|cy)...(limit|exceed|too|reached|max)|(limit|maximum)...concurren"
            "|max(imum)? parallel request",
            r"resource (has been )?exhausted|limit exceeded$|retry in \d",
        ),
        Topic.OVERLOAD: (
            r"overload|at (full )?capacity|over capacity|\bbusy\b|slow down|queue (is )?full",
            "(no|insufficient|not enough|out of|limited|lack of) (available )?(gpu )?(capacity|compute|gpus?)",
            "capacity (is |has been |temporarily )?(exceeded|constrain|limit|exhausted|reached|full)",
            "(high|heavy|peak|unusual|increased) (demand|load|traffic|volume|usage)|(load|traffic)...(saturated"
            "|too high|is high)",
            "loading model|model...(is )?(currently |still )?(loading|warming|starting)",
        ),
        Topic.UPSTREAM_AUTH: (
            rf"(upstream|provider|channel)...(auth\w* (failed|error|failure)|access forbidden|key...{_BAD}"
            rf"|unauthori[sz]ed|credential)",
        ),
        Topic.PERMISSION: (
            r"\bips?\b( address)?...(n't|not)( \w+)? (allow|authori|permit|in\b|on\b|white)|\bips?\b...(denied"
            r"|blocked|forbidden|whitelist|allow[- ]?list"
            r"|restrict|banned|rejected)",
            r"(whitelist|allow[- ]?list|allowed list|approved)...\bips?\b|only (from|by)...\bip\b"
            r"|virtual network/firewall|from referer",
            r"\b(account|user|organi[sz]ation|org|team|project|workspace|tenant)\b...(banned|suspended"
            r"|deactivated|terminated|locked|frozen|blacklisted"
            r"|disabled|blocked|not active|inactive|restricted)",
            "access (was |has been )?terminated|you (are|have been) (banned|blocked|suspended)",
            r"(countr(y|ies)|regions?|territor(y|ies)|locations?)\b...(n't|not) (\w+ )?(supported|available"
            r"|allowed|permitted|served)",
            "(n't|not) (available|supported|allowed) in (your|this) (country|region|location)",
            "insufficient (permissions?|scopes?|privileges?|access rights)|missing (required )?(scopes?"
            "|permissions?)|lacks? the required",
            "not been used in project|must be verified|real[- ]name|identity verification"
            "|permission...denied on|requests to this api...blocked",
        ),
        Topic.AUTH: (
            rf"(invalid|incorrect|wrong|bad|unknown|malformed|expired|revoked|disabled|missing|inactive|deleted"
            rf"|no|empty|illegal|not a valid|without an?"
            rf"|unauthori[sz]ed) (or \w+ )?(\w+ ){{0,2}}?{_KEY}(?! *(in json|at position|'|\"|<|`|name|value"
            rf"|error|path|count|limit|found in json))",
            r"(invalid|missing|incorrect|bad|no) auth(entication|orization)?( \w+)?( credentials?| headers?"
            r"| param\w*|\b)",
            rf"(?<!model )\b{_KEY}...\b(is|was|are|has|have|been|not|appears?|could|does|do)\b...{_BAD}",
            rf"\b{_KEY}( or [\w/]+)? {_BAD}|key expected",
            r"(didn't|did not|must|need to|please) (provide|supply|include|pass|set|carry|add"
            r"|use)...(api[ _-]?(secret )?key|authorization|\btoken\b"
            r"|credential|authentication)",
            "unauthenticated|not (authenticated|logged in)|authentication (failed|fails|failure|is required"
            "|required|error(?!,))",
            "(could not|couldn't|failed to|unable to) (be )?authenticate|login fail|(username"
            "|password)...(invalid|incorrect|wrong)|invalid username",
            r"unregistered callers|^unauthori[sz]ed\b|access denied due to invalid|authentication credentials",
        ),
        Topic.ROUTE: (
            "(invalid|unknown|unrecogni[sz]ed) (request )?url|no route matched|route not found|page not found"
            "|no such (route|endpoint|path)",
            r"cannot (get|post) /|(endpoint|path|route)...(not found|not exist)",
        ),
        Topic.ENDPOINT: (
            "(endpoint|api|protocol|interface|method)...(not (implemented|supported|offered|available)"
            "|unimplemented)|not implemented",
            r"does not support...(endpoint|\bapi\b|protocol)",
        ),
        Topic.MONEY: (r"\b(balance|credits?|payments?|invoices?|billing|funds?|wallet|prepaid|top-up|recharge)\b",),
        Topic.MODEL: (r"\b(models?|groups?|plans?|tiers?|subscriptions?|claude code|deployments?|deployed)\b",),
        Topic.UPSTREAM: (
            r"upstream|from (the )?provider|provider (returned|error|disconnected|failed|is down)|(model"
            r"|backend) (provider|server)...(error|fail|unavailable|down|return)",
            r"do request failed|dial tcp|connection (refused|reset|error|aborted|closed)|i/o timeout|\beof\b"
            r"|socket hang up|econn(reset|refused)"
            r"|etimedout|fetch failed|bad response|proxyconnect",
            "remote (end|server)...(closed|error)|server disconnected|empty response",
        ),
    }
)
