"""What secrets and personal data look like in free text: two tables of rules, and how they are searched.

A *named* rule starts at a literal (``key``, ``bearer``, ``://``) in the lower-case text, because a search for a
literal is many times faster than one for a set of characters. A *nearby* rule has a scout that finds places worth a
look. Repeats are bounded or possessive, so that no text makes them slow. The kinds follow design/safety.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

import msgspec

from . import judges, words
from .folding import Folded, has_escapes
from .markers import Withheld
from .spans import Span
from .views import Views, windows

_QUOTE = r"(?:\\*[\"'`]|&quot;|&#39;|&#34;)?"
_VALUE = r"[^\s\"'`<>,;&\\(){}\[\]|]"
_IS = rf"{_QUOTE}\s{{0,4}}(?:[:=]|=>|,\s?b(?=['\"]))\s{{0,4}}b?{_QUOTE}"
_SCHEME = r"(?:(?:bearer|basic|token|apikey|api-key|key|bot|digest|negotiate|ssws)\s+)?"
_SAID = r"(?:\s+(?:provided|is|was|named|value|supplied|used|sent|with|id|of|hash|invalid|not found)){0,3}"
_NAMED_VALUE = rf"(?:_id|-id|id|_hash|_value)?{_IS}{_SCHEME}(?P<value>{_VALUE}{{4,}}+)"
_SAID_VALUE = rf"{_SAID}[\s:=\uff1a\"'`(\[]{{1,6}}(?P<said>{_VALUE}{{10,}}+)"
_NO_COUNT = r"(?!s?\\{0,8}+\"?: ?[0-9]{1,9}[,}\s])"
"""Not a usage's ``tokens": 17,``, of which logs are full: cheap to tell, and never a key."""
_OWNERS = (
    r"(?:user|account|acct|organi[sz]ation|org|tenant|customer|team|project|workspace|subscription|session|client|member"
    r"|device|request|trace|correlation|generation|ray|log|conversation|channel|installation|instance|deployment|span)"
    r"[ _\-]?\Z"
)


class _Named(msgspec.Struct, frozen=True):
    """Starts at one of ``heads`` in the lower-case text and goes on with ``tail``; ``owner`` must end before it."""

    kind: Withheld
    heads: tuple[str, ...]
    tail: str
    accepts: Callable[[str], bool] = bool
    said: Callable[[str], bool] = judges.random_in_context
    owner: str = ""

    def find(self, views: Views) -> Iterator[Span]:
        for head in self.heads:
            if not views.may_hold(head):
                continue
            for match in _compiled(re.escape(head) + self.tail).finditer(views.lower):
                part = match.lastgroup or 0
                start, end = match.span(part)
                accepts = self.said if part == "said" else self.accepts
                if self._owned(views.lower, match.start()) and accepts(views.text[start:end]):
                    yield Span(
                        start, words.whole_end(views.text, end) if self.kind is Withheld.KEY else end, self.kind
                    )

    def _owned(self, lower: str, at: int) -> bool:
        return not self.owner or _compiled(self.owner).search(lower[max(0, at - 64) : at]) is not None


class _Nearby(msgspec.Struct, frozen=True):
    """``scout`` finds places in one of the views; ``expression`` is searched in the original text around them."""

    kind: Withheld
    view: str
    scout: str
    expression: str
    accepts: Callable[[str], bool] = bool
    before: int = 80
    after: int = 160

    def find(self, views: Views) -> Iterator[Span]:
        if _compiled(self.scout).search(getattr(views.sketch, self.view)) is None:
            return
        places = (match.start() for match in _compiled(self.scout).finditer(getattr(views, self.view)))
        for low, high in windows(places, self.before, self.after, len(views.text)):
            for match in _compiled(self.expression).finditer(views.text, low, high):
                if self.accepts(match[0]):
                    yield Span(*match.span(), self.kind)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


_NAMED = (
    _Named(
        Withheld.KEY,
        ("-----begin",),
        r"(?s: [a-z0-9 ]{0,40}private key(?: block)?-----.*?(?:-----end [a-z0-9 ]{0,60}-----|\Z))",
    ),
    _Named(Withheld.COOKIE, ("cookie",), rf"s?2?{_IS}(?P<value>[^\r\n\"'<>]*=[^\r\n\"'<>]*)"),
    _Named(Withheld.COOKIE, ("sess",), rf"(?:ion(?:id|_id)?|id)=(?P<value>{_VALUE}{{8,}}+)"),
    _Named(
        Withheld.COOKIE,
        ("__", "cf_clearance"),
        rf"(?:cf_bm|cflb|(?:secure|host)-[\w.\-]{{1,40}})?=(?P<value>{_VALUE}{{8,}}+)",
    ),
    _Named(
        Withheld.KEY,
        ("bearer", "apikey"),
        rf"(?:\s+|%20|\+){_QUOTE}(?P<value>{_VALUE}{{6,}}+)",
        judges.credible,
    ),
    _Named(Withheld.KEY, ("basic",), r"\s+(?P<value>[a-z0-9+/_\-]{6,}+={0,2})", judges.basic_credentials),
    _Named(Withheld.KEY, ("eyj",), r"[a-z0-9_\-+/]{10,}+(?:\.[a-z0-9_\-]*+){0,4}={0,2}", judges.web_token),
    _Named(Withheld.KEY, ("://",), r"(?P<value>[^/\s@\"'<>\\]{1,2048}+)@"),
    _Named(
        Withheld.KEY,
        ("key", "token", "secret", "credential", "jwt"),
        rf"{_NO_COUNT}s?(?:{_NAMED_VALUE}|{_SAID_VALUE})",
        judges.credible,
    ),
    _Named(Withheld.KEY, ("auth", "sig"), rf"(?:orization|nature)?{_NAMED_VALUE}", judges.credible),
    _Named(Withheld.KEY, ("\u4ee4\u724c", "\u5bc6\u94a5", "\u79d8\u94a5"), _SAID_VALUE),
    _Named(Withheld.KEY, ("code=",), r"(?<=[?&;]code=)(?P<value>[^&\s\"'<>#]++)", judges.credible),
    _Named(
        Withheld.KEY,
        ("password", "passwd", "passphrase", "passcode", "_pass", "?pass", "&pass", "pwd"),
        rf"(?:(?<=pwd)(?:word|wd|phrase|code))?{_IS}(?P<value>{_VALUE}{{3,}}+)",
        judges.not_placeholder,
    ),
    _Named(Withheld.KEY, ("sk-",), r"(?<![\w\-]sk-)(?P<value>[a-z0-9_\-]{4,}+)", judges.after_sk),
    _Named(
        Withheld.KEY,
        ("ending", "ends ", "last 4", "last four", "starting with", "beginning with"),
        rf"(?:\s*(?:in|with|characters|digits|is)){{0,2}}[\s:]{{1,3}}{_QUOTE}(?P<value>[a-z0-9_\-]{{3,12}}+)",
        judges.fragment,
        owner=r"(?:key|token|credential|secret)[^\n.]{0,40}\Z",
    ),
    _Named(
        Withheld.ID,
        ("id", "number"),
        rf"(?:(?<=[a-z_\- ]id)|(?<=[a-z_\- ]number)){_IS}(?P<value>{_VALUE}{{4,}}+)",
        judges.identifier,
        owner=_OWNERS,
    ),
    _Named(
        Withheld.ID,
        ("ray", "\u7528\u6237", "\u8d26"),
        r"(?:[\u53f7\u6237])?(?: ?id| ?\u7f16\u53f7)?[\s:\uff1a=#]{1,3}"
        r"(?P<value>(?=[0-9a-f]{0,16}[0-9])[0-9a-f]{4,20}+)",
    ),
    _Named(
        Withheld.ID,
        ("project", "account", "user", "subscription"),
        r"s?[ /:#=]{1,2}(?P<value>[0-9]{5,20}+)(?![a-z0-9.])",
    ),
    _Named(Withheld.ID, ("arn:",), r"[a-z\-]{2,12}:[a-z0-9\-]{2,40}:[a-z0-9\-]{0,30}:(?P<value>[0-9]{5,20}+)"),
    _Named(
        Withheld.HOST,
        ("://",),
        r"(?P<value>[a-z0-9_\-]{1,63}+)(?=[:/\s\"'?]|\Z)",
        judges.private_host,
    ),
    _Named(
        Withheld.HOST, ("lookup ",), r"(?P<value>[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,6})(?= on |:)", judges.private_host
    ),
    _Named(Withheld.HOST, ("ip-", "ec2-"), r"[0-9]{1,3}(?:-[0-9]{1,3}){3}(?:\.[\w\-]{1,63}){0,6}"),
    _Named(Withheld.HOST, ("desktop-", "laptop-"), r"[a-z0-9]{6,12}+(?![\w\-])", judges.machine_name),
    _Named(
        Withheld.USER,
        ("/home/", "users"),
        r"(?:(?<=[\\/]users)[\\/]{1,4}|(?<=/home/))"
        r"(?P<value>[^/\\\s\"'<>:,;)&]{1,64}+(?: [^/\\\s\"'<>:,;)]{1,64}(?=[\\/]))?)",
    ),
    _Named(
        Withheld.USER,
        ("user",),
        rf"(?<![a-z_]user)(?:[_\-]?name)?{_IS}(?P<value>{_VALUE}{{2,64}}+)",
        judges.user_name,
    ),
)

_NEARBY = (
    _Nearby(Withheld.KEY, "lower", "\\*\\*\\*", words.MASKED, judges.masked),
    _Nearby(Withheld.KEY, "lower", "\\.\\.\\.", words.MASKED, judges.masked),
    _Nearby(Withheld.KEY, "lower", "xxxx", words.MASKED, judges.masked),
    _Nearby(Withheld.KEY, "lower", "####", words.MASKED, judges.masked),
    _Nearby(Withheld.KEY, "lower", "\u2022\u2022\u2022", words.MASKED, judges.masked),
    _Nearby(Withheld.KEY, "lower", "\u25cf\u25cf\u25cf", words.MASKED, judges.masked),
    _Nearby(Withheld.KEY, "lower", "\u2026", words.MASKED, judges.masked),
    _Nearby(
        Withheld.EMAIL,
        "lower",
        "@",
        r"(?<![\w.%+\-])[\w.%+\-]{1,64}+@(?=[\w\-]{1,63}\.)[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,6}",
        judges.email,
        after=480,
    ),
    _Nearby(
        Withheld.HOST,
        "lower",
        r"\.(?:local|internal|lan|corp|intra|private|home|svc|consul)",
        r"(?<![\w.\-])(?:[\w\-]{1,63}\.){1,8}(?:local|internal|lan|corp|intranet|intra|private|localdomain|svc|consul|home)"
        r"(?![\w\-])(?:\.[\w\-]{1,63}){0,4}",
        judges.private_host,
        before=260,
    ),
    _Nearby(
        Withheld.ADDRESS,
        "digits",
        r"0\.0{1,3}\.0{1,3}\.0",
        r"(?<![\w.])(?<![A-Za-z]/)(?<![vV]ersion )[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?![\w]|\.[0-9])",
        judges.ipv4,
        before=4,
    ),
    _Nearby(
        Withheld.ADDRESS,
        "digits",
        r":[a0]{0,4}:",
        r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:])[0-9A-Fa-f:]{3,39}+(?:(?<=:)[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
        r"|\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})?(?:%[A-Za-z0-9]{1,16})?",
        judges.ipv6_or_mac,
    ),
    _Nearby(
        Withheld.ADDRESS,
        "digits",
        r"-[a0]{2}-[a0]{2}-[a0]{2}-[a0]{2}-",
        r"(?<![\w\-])[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}(?![\w\-])",
    ),
    _Nearby(
        Withheld.ID,
        "digits",
        "-00000",
        rf"(?<![A-Za-z0-9]){words.ID_PREFIX}[0-9]{{5,}}+(?![A-Za-z0-9])",
    ),
    _Nearby(
        Withheld.PHONE,
        "digits",
        r"\+0",
        r"(?<![\w.+\-])\+[1-9](?:[ .()\-]{0,2}[0-9]){8,13}(?![\w\-]|\.[0-9])",
        before=2,
    ),
    _Nearby(
        Withheld.PHONE,
        "digits",
        "000-0000",
        r"(?<![\w.+\-])\(?[2-9][0-9]{2}\)?[ \-][2-9][0-9]{2}-[0-9]{4}(?![\w\-]|\.[0-9])",
    ),
    _Nearby(Withheld.PHONE, "digits", "0" * 11, r"(?<![\w.+\-])1[3-9][0-9]{9}(?![\w\-]|\.[0-9])", before=2),
)


def secrets(text: str) -> list[Span]:
    """Everything in the text that looks like a secret or personal data, in no particular order; spans may overlap."""
    views = Views(text)
    return [*words.find(views), *(span for rule in (*_NAMED, *_NEARBY) for span in rule.find(views))]


def hidden(text: str) -> Iterator[Span]:
    """What shows only once escapes are undone: ``%73%6B%2D...``, ``\\u0073``, a zero-width character in a key."""
    if not has_escapes(text):
        return
    opened = Folded.opened(text)
    for span in secrets(opened.text):
        yield Span(*opened.original(span.start, span.end), span.kind)
