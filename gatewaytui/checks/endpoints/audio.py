"""Audio: speech out of one word, text out of a tenth of a second of silence. Each is billed beyond a tiny text."""

from __future__ import annotations

import re

from gatewaytui.domain.exchange import Exchange
from gatewaytui.domain.reading import Reading
from gatewaytui.protocols.extra_answers import has_transcript, is_audio
from gatewaytui.protocols.openai_extra import speech_request, transcription_request, translation_request

from .base import PROMPT_TOKENS, billable, body_of
from .fitting import Fit

_SPEAKS = re.compile(r"^(?!.*(speech-to-text|stt)).*(tts|speech)", re.IGNORECASE)
_HEARS = re.compile(r"whisper|transcri|\basr\b|-asr|speech-to-text|\bstt\b|voxtral", re.IGNORECASE)
_WHISPER = re.compile("whisper", re.IGNORECASE)
_BOUND = (PROMPT_TOKENS, 256)  # in; tokens of a second or two of sound, or of what silence is mistaken for


def _is_sound(exchange: Exchange, reading: Reading) -> bool:
    del reading
    declared = exchange.response.header("content-type") if exchange.response else ""
    return is_audio(body_of(exchange), declared)


def _is_text(exchange: Exchange, reading: Reading) -> bool:
    del reading
    return has_transcript(body_of(exchange))


AUDIO_SPEECH = billable(
    "audio_speech",
    "speech",
    speech_request,
    Fit(frozenset(("audio.speech",)), _SPEAKS, usual="tts-1"),
    _is_sound,
    _BOUND,
)
AUDIO_TRANSCRIPTIONS = billable(
    "audio_transcriptions",
    "transcription",
    transcription_request,
    Fit(frozenset(("audio.transcriptions",)), _HEARS, usual="whisper-1"),
    _is_text,
    _BOUND,
)
AUDIO_TRANSLATIONS = billable(
    "audio_translations",
    "translation of speech",
    translation_request,
    Fit(frozenset(("audio.translations",)), _HEARS, _WHISPER, "whisper-1"),
    _is_text,
    _BOUND,
)
