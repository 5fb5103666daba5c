import pytest

from tests.unit.extract.pages import make_page
from tracker.errors import ExtractError
from tracker.extract.decode import MAX_PAGE_BYTES, to_utf8

SPANISH = "<html><title>Señal</title><p>La peña señaló el año pasado que «mañana» votará. Según fuentes, sí.</p></html>"
RUSSIAN = "<html><title>Суд</title><p>Суд отклонил ходатайство в понедельник, сообщили агентства.</p></html>"


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (SPANISH, "utf-8", None),
        (SPANISH, "utf-8", "iso-8859-1"),  # valid UTF-8 is UTF-8, whatever the label
        (SPANISH, "cp1252", "iso-8859-1"),  # the label of Latin-1 means Windows-1252
        (SPANISH, "cp1252", "utf-8"),  # a wrong label
        (SPANISH, "cp1252", None),
        (SPANISH, "cp1252", "base64"),  # a codec that is no text encoding
        (SPANISH, "cp1252", "no\0such"),
        (SPANISH, "utf-16", None),  # with a byte order mark
        (SPANISH, "utf-8-sig", "windows-1252"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "cp1251", None),
        ("<html><p>日本語のテキスト</p></html>", "iso2022_jp", "iso-2022-jp"),  # valid ASCII bytes
    ],
)
def test_encodings(text, encoding, declared):
    assert to_utf8(make_page(text.encode(encoding), charset=declared)).decode() == text


def test_meta_charset_is_read():
    page = make_page(SPANISH.replace("<title>", "<meta charset='windows-1252'><title>").encode("cp1252"))
    assert "señaló" in to_utf8(page).decode()


def test_damaged_utf8_stays_utf8():
    text = to_utf8(make_page(SPANISH.encode() + b"\xc3")).decode()
    assert "señaló" in text
    assert text.endswith("\ufffd")


def test_control_characters_go():
    assert to_utf8(make_page("<p>a\x00b\x08c\td</p>" + "x" * 200)).startswith(b"<p>abc\td</p>")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"%PDF-1.7 x", "not_html"),
        (b"\x89PNG\r\n", "not_html"),
        (b"<p>" + bytes(range(256)) * 50, "not_html"),
        (b"x" * (MAX_PAGE_BYTES + 1), "too_large"),
    ],
)
def test_refusals(body, reason):
    with pytest.raises(ExtractError, match=f"^{reason}: "):
        to_utf8(make_page(body))
