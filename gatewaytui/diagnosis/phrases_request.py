"""English phrases about what was asked: where the key stood, length, content and features.

The notation is that of `words`: ``...`` is a gap within one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .vocabulary import Topic

_FEATURE = (
    r"\b(tools?|tool_\w+|functions?|function_\w+|stream mode|streaming|stream|images?|vision|audio|video|json"
    r"|logprobs|multimodal|structured outputs?|response_format"
    r"|system (messages?|prompts?|roles?)|instructions?|reasoning|thinking|parallel|embeddings?|chat"
    r"|temperature|stream_options|files?)\b"
)

REQUEST: Mapping[Topic, tuple[str, ...]] = MappingProxyType(
    {
        Topic.KEY_IN_QUERY: (
            r"(api[ _-]?key|key|token|credential)s?...\bin (the |a )?(url |request )?query",
            "query (string )?param...(api[ _-]?key|token|credential)",
        ),
        Topic.CONTEXT: (
            r"(maximum|max|model's|supported|exceeds?|exceeded|available|over|beyond|(longer|less|greater"
            r"|larger|more)"
            r" than)...\bcontext[ _]?(length|window|size|limit)",
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
            r"\d tokens\b...context[ _]?(length|window|size)...\b(is|of|has) \d",
            r"max length (of|for) ((an?|the|your) )?(\w+ )?(question|input|prompt|messages?|query|content"
            r"|request|text)\b"
            r"|\btokens? (total|count|length|number|size)...exceed",
            r"n_ctx|kv cache (is )?(too small|full)|physical batch size|max(imum)? (input|prompt) (length"
            r"|tokens|characters)",
        ),
        Topic.FILTER: (
            "content[ _-]?(filter|policy|management policy|moderation|safety|violation|exists risk)",
            "(flagged|blocked|rejected|refused|filtered|denied)...(moderation|safety|content|guardrail|harmful"
            "|\\brisk\\b|sensitive"
            "|inappropriate|violat|prohibited_content)",
            "(moderation|safety|guardrails?)...(flagged|blocked|failed|rejected|violat|denied|triggered|intervened)",
            r"\bguardrail|requires moderation|censor|\b(input|prompt|output|content|message|keyword|pattern)s?"
            r"( text| content| pattern)? ((is|are|was|were|(has|have) been) )?(flagged|blocked|filtered)\b",
            r"(content|text|input|output|prompt) (audit|review|inspection|moderation|safety check)\w* (failed"
            r"|rejected"
            r"|blocked|not pass)|(did ?n[o']t|not) pass...(audit|moderation|inspection|safety)",
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
            "unsupported (parameter|value|feature|argument|field|modality|content type|response[ _]format|operation"
            "|(message )?role|(message |content )?part)",
            "not supported (with|by|for|in|on) (this|the|current) model|not (enabled|supported) for (this model"
            "|models/)",
            r"no (endpoints?|providers?)...\bthat (can )?(support|handle)|only supports? (the )?stream",
            r"\bnot an? ((chat|vision|multi-?modal|embeddings?|reasoning|completions?|instruct|audio|image"
            r"|rerank\w*) model"
            r"|vlm\b)|only (accepts?|supports?|takes?) (text|image)s?\b(?!/)|text-only (model|prompt|input)",
            r"\bmodel\b...(cannot|can't) (process|handle|accept|read|use) (media|images?|audio|video|files?|tools?)",
            rf"\bmodel\b...(does ?n[o']t|do not) (accept|allow|take|offer|provide)...{_FEATURE}",
            "only supported (in|with|on|via) /?v1|on-demand throughput|operation does not work with",
        ),
    }
)
