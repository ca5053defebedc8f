"""Sound in OpenAI's shape: a tone or silence as long as the text, and the same words for the same file."""

from __future__ import annotations

import io
import json
import math
import struct
import wave
from collections.abc import Callable, Mapping
from hashlib import sha256
from types import MappingProxyType

from gatewaytui.demo.dice import Dice
from gatewaytui.demo.prompt import Malformed, Object
from gatewaytui.demo.speech.base import to_json

from .base import Answer, Sent, Setting

RATE = 24_000
FRAME_SAMPLES = 576
"""Samples of one MPEG-2 layer III frame."""

# MPEG-2 layer III, 64 kbit/s, 24 kHz, one channel: 192 bytes. What follows the header is zero, which is silence.
_FRAME = b"\xff\xf3\x84\xc4" + bytes(188)
_PERIOD = tuple(round(6_000 * math.sin(2 * math.pi * at / 100)) for at in range(100))  # 240 Hz
_LONGEST_TEXT = 4096
_LONGEST_S = 8.0
_CHARACTERS_A_SECOND = 16
_MARKS = (b"RIFF", b"ID3", b"\xff", b"OggS", b"fLaC", b"\x1aE\xdf\xa3")
_MP4_MARK = b"ftyp"
_WAV_FORM, _WAV_RATE_AT = b"WAVEfmt ", 28  # where a WAV says how many bytes a second it has
_USUAL_BYTES_A_SECOND = 16_000
_SECONDS_A_SENTENCE = 5


def speech(sent: Sent, setting: Setting) -> Answer:
    """The file itself, MP3 unless another form is asked for."""
    text = sent.text("input", _LONGEST_TEXT)
    sent.text("voice")
    sent.choice("stream_format", ("audio",))
    make, media_type = _FORMS[sent.choice("response_format", tuple(_FORMS))]
    return Answer(make(min(_LONGEST_S, max(0.2, len(text) / _CHARACTERS_A_SECOND))), media_type)


def transcription(sent: Sent, setting: Setting) -> Answer:
    """What is said in the file."""
    return _heard(sent, setting, "transcribe")


def translation(sent: Sent, setting: Setting) -> Answer:
    """The same in English, which is what it was."""
    return _heard(sent, setting, "translate")


def _mp3(seconds: float) -> bytes:
    return _FRAME * math.ceil(seconds * RATE / FRAME_SAMPLES)


def _pcm(seconds: float) -> bytes:
    periods = math.ceil(seconds * RATE / len(_PERIOD))
    return struct.pack(f"<{len(_PERIOD)}h", *_PERIOD) * periods


def _wav(seconds: float) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(_pcm(seconds))
    return file.getvalue()


_FORMS: Mapping[str, tuple[Callable[[float], bytes], str]] = MappingProxyType(
    {"mp3": (_mp3, "audio/mpeg"), "wav": (_wav, "audio/wav"), "pcm": (_pcm, "audio/pcm")}
)


def _heard(sent: Sent, setting: Setting, task: str) -> Answer:
    data = sent.file("file")
    if not data.startswith(_MARKS) and data[4:8] != _MP4_MARK:
        known = json.dumps(["flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm"])
        raise Malformed(f"Invalid file format. Supported formats: {known}", "file")
    seconds = len(data) / _bytes_a_second(data)
    dice = Dice(setting.seed, setting.model, sha256(data).hexdigest())
    text = setting.phrases.heard(dice, 1 + int(seconds) // _SECONDS_A_SENTENCE)
    return _WRITTEN[sent.choice("response_format", tuple(_WRITTEN))](text, seconds, task)


def _bytes_a_second(data: bytes) -> int:
    """What a WAV says, else what compressed sound usually has."""
    if data[8:16] != _WAV_FORM or len(data) < _WAV_RATE_AT + 4:
        return _USUAL_BYTES_A_SECOND
    said: int = struct.unpack_from("<I", data, _WAV_RATE_AT)[0]
    return said or _USUAL_BYTES_A_SECOND


def _json(text: str, seconds: float, task: str) -> Answer:
    usage = {"usage": {"type": "duration", "seconds": math.ceil(seconds)}} if task == "transcribe" else {}
    return Answer(to_json({"text": text, **usage}))


def _verbose(text: str, seconds: float, task: str) -> Answer:
    segment: Object = {
        "id": 0,
        "seek": 0,
        "start": 0.0,
        "end": round(seconds, 2),
        "text": text,
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": -0.2,
        "compression_ratio": 1.1,
        "no_speech_prob": 0.01,
    }
    whole = {"task": task, "language": "english", "duration": round(seconds, 2), "text": text, "segments": [segment]}
    return Answer(to_json(whole))


def _plain(text: str, seconds: float, task: str) -> Answer:
    return Answer(f"{text}\n".encode(), "text/plain; charset=utf-8")


def _srt(text: str, seconds: float, task: str) -> Answer:
    return _plain(f"1\n00:00:00,000 --> {_clock(seconds, ',')}\n{text}\n", seconds, task)


def _vtt(text: str, seconds: float, task: str) -> Answer:
    return _plain(f"WEBVTT\n\n00:00:00.000 --> {_clock(seconds, '.')}\n{text}\n", seconds, task)


def _clock(seconds: float, point: str) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"


_WRITTEN: Mapping[str, Callable[[str, float, str], Answer]] = MappingProxyType(
    {"json": _json, "text": _plain, "verbose_json": _verbose, "srt": _srt, "vtt": _vtt}
)
