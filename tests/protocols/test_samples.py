"""The generated files are what they say: another decoder opens them."""

from __future__ import annotations

import io
import struct
import wave
import zlib

from gatewaytui.protocols.samples import PNG_SIDE, png, png_file, wav, wav_file


def _pixels(data: bytes) -> tuple[int, int, bytes]:
    width, height = struct.unpack(">II", data[16:24])
    at = data.index(b"IDAT")
    length = struct.unpack(">I", data[at - 4 : at])[0]
    return width, height, zlib.decompress(data[at + 4 : at + 4 + length])


def test_the_image_is_a_small_red_square_with_alpha() -> None:
    width, height, rows = _pixels(png())
    assert width == height == PNG_SIDE
    assert rows == (b"\0" + b"\xff\x00\x00\xff" * PNG_SIDE) * PNG_SIDE
    assert len(png()) < 1_000 and png() == png()


def test_the_sound_is_a_tenth_of_a_second_of_silence() -> None:
    with wave.open(io.BytesIO(wav())) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        assert sound.getnframes() / sound.getframerate() == 0.1
        assert set(sound.readframes(sound.getnframes())) == {0}


def test_files_are_named_for_what_they_hold() -> None:
    assert (png_file().name, png_file().type) == ("image.png", "image/png")
    assert (wav_file().name, wav_file().type) == ("silence.wav", "audio/wav")
