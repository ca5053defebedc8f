"""Key references as text: ``keyring:``, ``env:NAME``, ``cmd:["op", "read", ...]``, ``prompt``, ``none``.

The text stands in profile files and on the command line. A key itself is never a reference: it is refused, and
no sentence here repeats what was given, because it may be one.
"""

from __future__ import annotations

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.keyshape import has_vendor_prefix, looks_like_key
from gatewaytui.domain.pattern import Pattern
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import FROM_KEYRING, FROM_PROMPT, NO_KEY, KeyReference, KeySource

FORMS = 'keyring:, env:NAME, prompt, none or cmd:["program", "argument"]'
_VARIABLE = Pattern(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_WORD_EDGES = Pattern(r"[\s\"':=,]+")


class BadReference(Problem):
    """The text is no key reference. ``what`` ends a sentence about the key; nothing here holds the text.

    ``literal`` is True where a key itself was written.
    """

    def __init__(self, what: str, *, literal: bool = False) -> None:
        next_step = "Put it into the keyring: gatewaytui profiles set-key NAME" if literal else f"Write {FORMS}"
        super().__init__(FailureClass.CONFIG, f"The key {what}.", next_step)
        self.what = what
        self.literal = literal


def parse_reference(text: str) -> KeyReference:
    """The reference this text stands for. Raises :class:`BadReference`."""
    source, _, rest = text.strip().partition(":")
    match source, rest.strip():
        case KeySource.KEYRING, "":
            return FROM_KEYRING
        case KeySource.PROMPT, "":
            return FROM_PROMPT
        case KeySource.NONE, "":
            return NO_KEY
        case KeySource.ENV, name if _VARIABLE.fullmatch(name) and not looks_like_key(name):
            return KeyReference(KeySource.ENV, name=name)
        case KeySource.CMD, listed:
            return command_reference(_json(listed))
    if any(map(looks_like_key, _WORD_EDGES.split(text))):
        raise BadReference("is a key itself, and keys do not belong into the file", literal=True)
    raise BadReference("is not one of " + FORMS)


def command_reference(argv: object) -> KeyReference:
    """A ``cmd`` reference from a list of words, run without a shell. Raises :class:`BadReference`."""
    if not isinstance(argv, list | tuple) or not argv or not all(isinstance(word, str) for word in argv):
        raise BadReference('is not a command: write cmd:["program", "argument"]')
    words = tuple(map(str, argv))
    if not words[0].strip() or any("\0" in word or not _encodes(word) for word in words):
        raise BadReference("names a command that cannot be run")
    if any(map(has_vendor_prefix, words)):
        raise BadReference("has a key among the words of its command, and keys do not belong into the file")
    return KeyReference(KeySource.CMD, argv=words)


def format_reference(reference: KeyReference) -> str:
    """The text :func:`parse_reference` reads back to an equal reference."""
    match reference.source:
        case KeySource.KEYRING:
            return "keyring:"
        case KeySource.ENV:
            return f"env:{reference.name}"
        case KeySource.CMD:
            import json  # late: few keys come from a command

            return "cmd:" + json.dumps(reference.argv, ensure_ascii=False)
        case _:
            return reference.source.value


def _json(text: str) -> object:
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _encodes(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True
