"""What the words of an error message are about.

A phrase is a regular expression over prepared text with two signs more: ``...`` stands for up to forty characters
of the same sentence, ``…`` for up to sixteen of the same Chinese clause. Phrases are whole thoughts: a bare
``quota``, ``rate`` or ``model`` decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from gatewaytui.domain.pattern import Pattern

from . import phrases_chinese, phrases_english, phrases_other
from .vocabulary import Topic

_LONGEST = 4000
_SENTENCE_GAP = r"(?:[^.;]|\.(?=\S)){0,40}?"
_CLAUSE_GAP = r"[^。，,；;！!]{0,16}?"
_LANGUAGES = (phrases_english.ENGLISH, phrases_chinese.CHINESE, phrases_other.OTHER)
_SPENT = (*phrases_english.SPENT, *phrases_chinese.SPENT, *phrases_other.SPENT)
_ALLOWANCE = (*phrases_english.ALLOWANCE, *phrases_chinese.ALLOWANCE)
_WINDOW = (*phrases_english.WINDOW, *phrases_chinese.WINDOW)
_PROVIDER = (
    r"litellm\.\w+.{0,80}?\b\w+exception\b",
    r"\b(?!http|proxy|access|throttl|validat|runtime|io|json)\w+exception - ",
)
_YIELDS_TO_WINDOW = (Topic.CONTEXT, Topic.FEATURE)
_ANSWER_LIMIT = (r"max\w*tokens\b.{0,80}\bmaximum (allowed )?(value|number of output tokens)",)
_ADDRESS = Pattern(r"https?://\S+")
_OTHER_MODEL = Pattern(
    r"\bmodels?\b\W{1,3}([a-z][\w./:@-]*\d[\w./:@-]*)|[`'\"\u201c]([a-z][\w.]*[-/][\w./:@-]*\d[\w./:@-]*)[`'\"\u201d]"
)
_PATH = Pattern(r"(?<![\w.:/-])/[\w.-]+(?:/[\w.:-]*)+|(?<=\b(?:get|put)[ :])/\S+|(?<=\bpost[ :])/\S+")
_BLANKS = Pattern(r"\s+")
_LIKE_AN_ID = Pattern(r"[\d/\-]")
_SIMPLIFIED = str.maketrans(
    "無權額餘請數頻過載飽組訪問內鑰證驗戶達觸發違規審長範圍錯誤連應務態動調試後對該這個時間網關點單號帳賬費儲鍵輸詞條"
    "沒還開購買訂閱啟棄僅極總當處風險戰屬參設類視圖傳遠端電話選擇適專區盡獲導備並產聯檢測層級稱義協議錄鎖凍結碼詢項確認讀寫轉換終於負資訊",
    "无权额余请数频过载饱组访问内钥证验户达触发违规审长范围错误连应务态动调试后对该这个时间网关点单号账账费储键输词条"
    "没还开购买订阅启弃仅极总当处风险战属参设类视图传远端电话选择适专区尽获导备并产联检测层级称义协议录锁冻结码询项确认读写转换终于负资讯",
)
_MAINLAND: Mapping[str, str] = MappingProxyType(
    {
        "使用者": "用户",
        "权杖": "令牌",
        "金钥": "密钥",
        "存取": "访问",
        "管道": "渠道",
        "伺服器": "服务器",
        "忙碌": "繁忙",
        "停权": "封禁",
    }
)
_TAIWANESE = Pattern("|".join(_MAINLAND))


@cache
def _compiled(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Compiled when first needed: a run in which nothing fails never pays for it."""
    whole = "|".join(f"(?:{phrase})" for phrase in phrases).translate(_SIMPLIFIED)
    return re.compile(whole.replace("...", _SENTENCE_GAP).replace("…", _CLAUSE_GAP))


def _speaks_of(topic: Topic, text: str) -> bool:
    phrases = tuple(phrase for language in _LANGUAGES for phrase in language.get(topic, ()))
    return bool(phrases) and _compiled(phrases).search(text) is not None


def prepared(text: str, model: str = "") -> str:
    """Text as the phrases want it: lower case, simplified Chinese in mainland words, one line.

    Addresses, paths and the asked model's id are taken out: they often contain words (``rate-limits``, ``/models``)
    that say nothing about this failure. So is LiteLLM's opening ``Authentication Error,``, which it puts before
    failures of any kind.
    """
    lowered = text[:_LONGEST].replace("\u2019", "'").lower().translate(_SIMPLIFIED)
    lowered = _TAIWANESE.sub(lambda word: _MAINLAND[word.group()], lowered)
    lowered = _PATH.sub("/", _ADDRESS.sub(" ", lowered))
    if _LIKE_AN_ID.search(model):
        lowered = lowered.replace(model.lower(), "x")
    return _BLANKS.sub(" ", lowered).strip().removeprefix("authentication error, ")


def names_asked_model(text: str, model: str) -> bool:
    """True where a message names the very id that was asked, other than in a path or an address."""
    name = re.escape(model.lower())
    return bool(name) and re.search(rf"(?<![\w./-]){name}(?![\w-])", prepared(text)) is not None


def names_another_model(text: str) -> bool:
    """True where a prepared text (the asked id taken out) names the id of some other model: ``model: claude-9``."""
    return _OTHER_MODEL.search(text) is not None


def topics_in(text: str) -> frozenset[Topic]:
    """The topics a prepared text speaks of.

    A spent allowance ("quota exceeded") is money unless a time window is named beside it ("request quota per
    minute"), which makes it a rate. For the same reason the token counts of a rate limit are no context length, and
    the policy that a banned account violated is no content filter, nor is the most that an answer may be a prompt
    that does not fit.
    """
    if not text:
        return frozenset()
    found = {topic for topic in Topic if _speaks_of(topic, text)}
    windowed = _compiled(_WINDOW).search(text) is not None
    if _compiled(_SPENT).search(text) or (not windowed and _compiled(_ALLOWANCE).search(text)):
        found.add(Topic.BILLING)
    if Topic.PERMISSION in found:
        found.discard(Topic.FILTER)
    if _compiled(_ANSWER_LIMIT).search(text):
        found.discard(Topic.CONTEXT)
    return frozenset(found.difference(_YIELDS_TO_WINDOW) if windowed else found)


def names_provider(text: str) -> bool:
    """True where a prepared text quotes a provider's exception the way LiteLLM does (``OpenAIException - ...``)."""
    return bool(text) and _compiled(_PROVIDER).search(text) is not None
