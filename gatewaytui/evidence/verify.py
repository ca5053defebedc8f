"""Is this file evidence, and is it safe to pass on? The schema and the leak gate answer for a file of any origin."""

from __future__ import annotations

import json

from . import junit, markdown, schema
from .gate import leaks
from .known import Known

_NOTHING_KNOWN = Known()


def verify(content: bytes, known: Known = _NOTHING_KNOWN) -> tuple[str, ...]:
    """What is wrong with an evidence file, in sentences that quote nothing of it; () when it is sound.

    A JSON document must fit the published schema; a Markdown or JUnit report must look like ours; none may leak.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ("The file is not UTF-8 text, so it is no evidence file.",)
    found = tuple(f"{leak.field} holds something secret ({leak.kind})." for leak in leaks(content, known))
    return _form_problems(text) + found


def _form_problems(text: str) -> tuple[str, ...]:
    if text.lstrip().startswith(("{", "[")):
        try:
            document = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            return ("The file is not valid JSON.",)
        return schema.problems(document)
    if text.startswith(markdown.TITLE) and all(heading in text for heading in markdown.HEADINGS):
        return ()
    if text.startswith(junit.HEAD) and text.endswith(junit.TAIL):
        return ()
    return ("The file is neither an evidence document nor an evidence report.",)


def _refuse(constant: str) -> None:
    raise ValueError(constant)
