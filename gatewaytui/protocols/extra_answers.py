"""What the endpoints beside chat answer: whether a body has the shape that was promised. Never raises."""

from __future__ import annotations

from .lenient import Object, as_list, as_number, as_object, as_text, decoded, objects

_AUDIO_MARKS = (b"ID3", b"RIFF", b"OggS", b"fLaC", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9")


def has_vectors(body: bytes) -> bool:
    """At least one embedding that is numbers, or their base64."""
    value = decoded(body)
    return any(_is_vector(item.get("embedding")) for item in objects(as_object(value).get("data") or value))


def has_scores(body: bytes) -> bool:
    """At least one rank: which document, and how relevant."""
    holder = as_object(decoded(body))
    return any(_is_score(item) for item in objects(holder.get("results") or holder.get("data")))


def has_images(body: bytes) -> bool:
    """At least one image, by its address or its base64."""
    data = as_object(decoded(body)).get("data")
    return any(as_text(item.get("url")) or as_text(item.get("b64_json")) for item in objects(data))


def has_transcript(body: bytes) -> bool:
    """A text, which silence may leave empty."""
    return isinstance(as_object(decoded(body)).get("text"), str)


def has_token_count(body: bytes) -> bool:
    """A number of tokens."""
    count = as_object(decoded(body)).get("input_tokens")
    return type(count) is int and count > 0


def has_compaction(body: bytes) -> bool:
    """A conversation in its shorter form."""
    value = as_object(decoded(body))
    return value.get("object") == "response.compaction" or isinstance(value.get("output"), list)


def is_audio(body: bytes, content_type: str) -> bool:
    """Sound: declared so, or known by its first bytes where the declaration is a general one."""
    declared = content_type.lower()
    if not body or body.lstrip()[:1] in (b"{", b"<"):
        return False
    return declared.startswith("audio/") or body.startswith(_AUDIO_MARKS)


def _is_vector(value: object) -> bool:
    if isinstance(value, str):
        return bool(value)
    numbers = as_list(value)
    return bool(numbers) and all(type(number) in (int, float) for number in numbers[:64])


def _is_score(item: Object) -> bool:
    score = item.get("relevance_score", item.get("score"))
    return type(item.get("index")) is int and not isinstance(score, str) and as_number(score) is not None
