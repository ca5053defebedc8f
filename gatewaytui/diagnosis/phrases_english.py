"""English phrases by topic. The notation is that of `words`: ``...`` is a gap within one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .phrases_request import REQUEST
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
    r"\b(account|service|bills?|fees?)\b...(in arrears|overdue|past due|in good standing)",
    "payment (is )?required|invoices?...(overdue|unpaid|past)|past invoices|unpaid|payment method...(declined"
    "|failed)",
    r"(please|to) (recharge|top[ -]?up)|top[ -]?up (your|the|to|now|before)\b",
    rf"\b{_FUNDS}\b...(have|has|are|is|were) (all )?(been )?(used|spent|consumed|gone)\b",
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
    "rate[ _-]?limit(?![ _-](check|lookup|store|config|service))",
    r"per[ _-]?(minute|min|second|sec|hour)(\b|_)",
    r"/ ?(min|minute|second|sec|hour)\b",
    r"\b(rpm|tpm|rps|qps|qpm|tps|ipm|rpd|tpd)\b",
    r"\d (\w+ ){1,2}(a|an|every|each) (minute|second|hour)\b",
    r"quota exceeded for (quota )?(metric|\S*googleapis)|(requests|tokens) per day",
    "throttl",
)

ENGLISH: Mapping[Topic, tuple[str, ...]] = MappingProxyType(
    {
        **REQUEST,
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
            "|team|project|key|token)|\\bmodel\\b...not available for (the |this )?(integrator|client|app)"
            "|not in (the )?allowed models|not bound to (any|a) group"
            "|upgrade your (plan|subscription|tier)...use",
            "limited to claude code|claude code only|\\bgroup\\b...cannot (call|use|access)",
            r"(?<!or )\bnot (allowed|authori[sz]ed|permitted|entitled|eligible) (to|for) (access|use|using|call"
            r"|invoke)...\b(model|group)\b",
            r"access to (the |this )?([\w-]+ )?(model|group)...(denied|n't allowed|not allowed|forbidden|restricted)",
            r"\b(key|token|group|plan|subscription)\b (\w+ ){0,2}(can only (access|use|call)|only (allows"
            r"|supports|permits|serves))",
            r"only (available|allowed|authori[sz]ed|allows?|open|accessible|usable)...(clients?\b|agents?\b"
            r"|claude code|plans?\b|tier|subscribers"
            r"|members|groups?\b|(users|customers|accounts)\b(?! (in|from|within)\b))",
            r"\bgroup\b...(disabled|deprecated|not exist|not found|deleted|retired|unavailable)",
            "eligible for using the model|plan (does )?not support...model|no active subscription",
            "requires? (an? )?(higher|paid|pro|premium|max|plus|enterprise)...(plan|tier|subscription)",
            "not (been )?(activated|opened|subscribed|purchased) (\\w+ ){0,3}model|model service...not (open|activ)",
            "blocked at the (project|organization) level|requires terms acceptance",
            r"\b(commodity|service|product|package)\b...(not|n't) ((been|yet) )*(purchased|activated|subscribed"
            r"|opened)",
            r"(use case|terms|agreement|licen[cs]e|eula)\b...(not ((been|yet) )*(submitted|accepted|agreed|signed)"
            r"|(must|need to|have to) (be )?(accept|agree|sign|submit)|before (using|you can use))",
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
            r"(does ?n[o']t|do not|not) support ((the|this|that|requested) )*model\b(?! (param|field|output"
            r"|mapping|alias))",
            r"\bprovider not (provided|specified|recogni[sz]ed)\b|unknown provider (for|of) (the )?model"
            r"|\bmodels?\b...\bend[ -]of[ -](its )?life",
        ),
        Topic.NO_CHANNEL: (
            r"(?<!or )\bno (available|healthy|active|valid|usable|enabled|allowed|eligible|live"
            r"|suitable) (\w+ ){0,2}(channels?|accounts?|deployments?"
            r"|providers?|endpoints?|keys?|upstream (channels?|providers?)|nodes?|workers?|instances?|replicas?)\b",
            r"(?<!or )\bno (\w+ ){0,2}(channels?|accounts?|deployments?|providers?|nodes?|workers?|instances?"
            r"|replicas?|backends?) (\w+ ){0,3}(left|remaining|online|ready|alive|up|serves?|serving)\b"
            r"(?! that (can )?(support|handle))",
            "no (endpoints?|providers?|channels?|deployments?|accounts?|instances?|replicas?|workers?|nodes?"
            "|backends?)"
            " (were |was )?(found|available|configured|matching)(?! that)",
            r"\b(channels|providers|deployments|upstreams|instances|replicas|credentials)( [\w-]+){0,5}"
            r"( (are|were|have been))?( all)? (exhausted|unavailable|cooling down|in cooldown)\b",
            r"\b(endpoint|deployment|instance|function|replica)\b...((is|are|was)? ?not (currently "
            r"|yet )?(running|ready"
            r"|started|deployed)|\bdegraded|\bstopped|scaled to zero|cannot be invoked|unhealthy)",
            r"(error|failed|unable|cannot|could not) (to )?load(ing)? (the )?model\b|\bno providers? supported\b",
            r"\bmodel\b...\b(is|are) (not available|unavailable)\b(?! (in|for|to|on|with|under|via|through)\b)",
            r"\bmodel ((is|was|has|has been) )?(already |been )?(unloaded|evicted|not (currently )?(loaded|deployed"
            r"|running|ready))\b",
            "failed to get (an? )?available channel|channel...(is|been) disabled|no models? (are )?(loaded"
            r"|configured)|\bno models? (is |are )?(currently )?available\b(?! (in|for|to|on|with|under|via)\b)",
            r"all (\w+ ){0,2}(accounts|channels|providers|deployments|upstreams|endpoints)...(failed"
            r"|unavailable|exhausted|down|cooldown)",
            r"\bmodel\b...(temporarily|currently) (unavailable|not available|disabled|offline|down"
            r"|under maintenance|not deployed)",
            r"\bmodel (is )?(disabled|offline|under maintenance)",
            "endpoint...(closed|paused)",
        ),
        Topic.RATE: (
            *WINDOW,
            r"too many ([\w-]+ ){0,2}(requests|calls|connections|attempts|messages)|too many tokens,? please"
            r"|too frequent|\bslow down",
            "requests? (list )?limit|(requests|calls)...(exceed|limited|too fast)",
            "concurren(t|cy)...(limit|exceed|too|reached|max)|(limit|maximum)...concurren"
            "|max(imum)? parallel request",
            r"resource (has been )?exhausted|limit exceeded$",
        ),
        Topic.OVERLOAD: (
            r"overload|at ((full|max|maximum|its|peak) )?capacity|over capacity|\bbusy\b|slow down|queue (is )?full",
            "(no|insufficient|not enough|out of|limited|lack of) (available )?(gpu )?(capacity|compute|gpus?)",
            "capacity (is |has been |temporarily )?(exceeded|constrain|limit|exhausted|reached|full)",
            r"requires? more (\w+ )?(memory|vram)\b|(out of|not enough|insufficient) (\w+ )?(memory|vram)\b",
            "(high|heavy|peak|unusual|increased) (demand|load|traffic|volume|usage)|(load|traffic)...(saturated"
            "|too high|is high)",
            "(?<!error )loading model|model...(is )?(currently |still )?(loading|warming|starting)",
            r"\bcold[- ]?start|\bwarming up|scal(ing|ed) (up|from zero|to zero)",
        ),
        Topic.UPSTREAM_AUTH: (
            rf"(upstream|provider|channel)...(auth\w* (failed|error|failure)|access forbidden|key...{_BAD}"
            rf"|unauthori[sz]ed|credential)",
            r"\bno (active |valid |usable )?(credentials?|(api )?keys?) (\w+ ){0,2}(for|of) (the )?(upstream )?"
            r"(provider|channel|vendor)",
        ),
        Topic.PERMISSION: (
            r"\bips?\b( address)?...(n't|not)( \w+)? (allow|authori|permit|in\b|on\b|white)|\bips?\b...(denied"
            r"|blocked|forbidden|whitelist|allow[- ]?list"
            r"|restrict|banned|rejected)",
            r"(whitelist|allow[- ]?list|allowed list|approved)...\bips?\b|only (from|by)...\bip\b"
            r"|virtual network/firewall|from referer",
            r"\b(account|user|organi[sz]ation|org|team|project|workspace|tenant)\b...(banned|suspended"
            r"|deactivated|terminated|locked|frozen|blacklisted"
            r"|disabled|blocked|not active|inactive|restricted)|\b(resource|instance|service)\b...(frozen|suspended)",
            "access (was |has been )?terminated|you (are|have been) (banned|blocked|suspended)",
            r"(countr(y|ies)|regions?|territor(y|ies)|locations?)\b...(n't|not) (\w+ )?(supported|available"
            r"|allowed|permitted|served)",
            "(n't|not) (available|supported|allowed) in (your|this) (country|region|location)",
            r"(?<!or )(?<!or you )(?<!perhaps you )(?<!or you do )(?<!perhaps you do )\b(no|not|don't|doesn't"
            r"|without)( have)?( the| any)? (permissions?|rights|privileges)"
            r" (to|for)\b(?! execute the specified)",
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
            r"\bsignature (has |is |was )?(expired|invalid|does ?n[o']t match|mismatch)|\bcertification"
            r" (failed|fails|failure)|(fail\w*|unable|could not|cannot) (to )?(get|read|find"
            r"|extract) (the )?(authorization"
            r"|api key|bearer|access token|credentials?)\b",
        ),
        Topic.ROUTE: (
            "(invalid|unknown|unrecogni[sz]ed) (request )?url|no route matched|route not found|page not found"
            "|no such (route|endpoint|path)|(unexpected|unknown|unrecogni[sz]ed|unsupported) (endpoint|route|path)"
            "|(could not|unable to|cannot) route to|no (matching )?route (found|for)",
            r"cannot (get|post) /|(endpoint|path|route)...(not found|not exist)",
        ),
        Topic.ENDPOINT: (
            r"\b(endpoint|(?<!version of the )api(?! (version|key|token))|protocol|interface"
            r"|(?<!payment )method)\b...(not (yet )?(implemented"
            r"|supported|offered)|unimplemented|unsupported)|unsupported (\w+ )?(endpoint|api|protocol|method)\b",
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
            r"remote (end|server)...(closed|error)|server disconnected|(empty|invalid|malformed"
            r"|unexpected) (\w+ )?response\b",
        ),
    }
)
