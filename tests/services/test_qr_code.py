import struct

from sekisho.services.qr_code import PIXELS, png

OTPAUTH = "otpauth://totp/phone@111122223333?secret=" + "A" * 64


def test_a_picture_has_a_module_for_each_of_the_code_and_its_frame() -> None:
    picture = png(OTPAUTH)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", picture[16:24])
    assert width == height == (37 + 2 * 4) * PIXELS  # version 5
    assert png(OTPAUTH) == picture
    assert png(OTPAUTH.replace("A", "B")) != picture


def test_names_of_any_letters_fit() -> None:
    assert png("otpauth://totp/" + "語" * 128 + "?secret=" + "A" * 64)
