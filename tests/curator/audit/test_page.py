"""The HTML page: other people's text is escaped, nothing is fetched, a browser has no complaints."""

import base64
import html
import io
import re

import pytest
from PIL import Image as Pillow

from curator.audit.page import blanks, code, page
from curator.audit.run import audit
from curator.blobs import Blobs
from curator.store.captions import Writing

HOSTILE = (
    "<script>alert(1)</script><img src=http://example.com/x.png onerror=alert(2)> {{ 7 * 7 }} \x1b[31m ' \" lavendar "
)


@pytest.fixture
def audited(filled, store_of, put_picture, picture):
    """The page of a small set with hostile captions, names, subjects and authors, and a picture that is missing."""
    store, blobs = store_of(filled), Blobs(filled.blobs)
    for number, text in enumerate([HOSTILE, HOSTILE, "a short one "]):
        name = f"<b>{number}</b>.png"
        image = put_picture(store, blobs, picture(200 + number), name, "</style><i>owl")
        store.captions.submit(Writing(image, "<u>ada</u>", text, origin="import"))
    blobs.path(store.records.find("00.png").image.blob).unlink()

    def render():
        return page(audit(store, blobs, filled.config), blobs)

    return render


def test_other_peoples_text_is_escaped(audited):
    shown = audited()
    for tag in ("<script", "<img src=http", "<b>0</b>", "<i>owl", "<u>ada", "\x1b"):
        assert tag not in shown
    assert html.escape("<script>alert(1)</script>") in shown
    assert "{{ 7 * 7 }}" in shown


def test_the_page_is_whole_and_the_same_again(audited, filled):
    shown = audited()
    assert shown == audited()
    assert str(filled.path) not in shown
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", shown)
    assert "url(" not in shown
    assert "no picture" in shown


def test_pictures_of_findings_are_shown_small(audited):
    sources = re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', audited())
    assert sources
    for source in sources:
        with Pillow.open(io.BytesIO(base64.b64decode(source))) as shown:
            assert max(shown.size) <= 192


def test_an_empty_set_has_a_page(workspace, store):
    blobs = Blobs(workspace.blobs)
    shown = page(audit(store, blobs, workspace.config), blobs)
    assert "Nothing was found." in shown
    assert "no pictures yet" in shown


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")], ids=["wide light", "narrow dark"])
def test_a_browser_shows_it_without_complaint_and_without_network(audited, need, tmp_path, width, scheme):
    chromium = need("chromium")
    from playwright.sync_api import sync_playwright

    file = tmp_path / "audit.html"
    file.write_text(audited(), encoding="utf-8")
    told, asked = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        tab.on("console", lambda message: told.append(message.text))
        tab.on("pageerror", lambda error: told.append(str(error)))
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(file.as_uri())
        across = tab.evaluate("document.documentElement.scrollWidth")
        broken = tab.evaluate("[...document.images].filter(image => !image.naturalWidth).length")
        heading = tab.text_content("h1")
        browser.close()
    assert told == []
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert across <= width
    assert broken == 0
    assert heading == "dogs"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("a dog", (0, "a dog", 0)), ("  a dog ", (2, "a dog", 1)), (" ", (1, "", 0)), ("", (0, "", 0))],
    ids=["none", "both", "only", "empty"],
)
def test_blanks(text, pieces):
    before, body, after = blanks(text)
    assert (len(before), body, len(after)) == pieces


def test_code_marks_commands_and_escapes_the_rest():
    assert code("a < b: `run <x>`.") == "a &lt; b: <code>run &lt;x&gt;</code>."
