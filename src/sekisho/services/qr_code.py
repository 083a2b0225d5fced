"""QR codes, as pictures that authenticator apps scan."""

import io

import segno

PIXELS = 4  # a module's side


def png(text: str) -> bytes:
    """A PNG of a text, with the quiet zone that readers need.

    Raises segno.DataOverflowError above 2,953 bytes of UTF-8.
    """
    picture = io.BytesIO()
    code = segno.make_qr(text, error="l", mode="byte", encoding="utf-8", boost_error=False)
    code.save(picture, kind="png", scale=PIXELS)
    return picture.getvalue()
