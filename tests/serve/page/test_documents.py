"""PDFs and TIFFs on the page: page by page, each checked, all taken away."""

import io
import json

import pytest
from PIL import Image
from playwright.sync_api import expect


def document(examples, kind):
    pages = [
        Image.open(examples / "digits" / name).convert("L").resize((300, 300))
        for name in ("5-canvas.png", "3-sticky.jpg")
    ]
    buffer = io.BytesIO()
    pages[0].save(buffer, kind, save_all=True, append_images=pages[1:])
    return {"name": f"two.{kind.lower()}", "mimeType": "", "buffer": buffer.getvalue()}


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_a_document_is_read_page_by_page(visit, collecting, examples, kind):
    page = visit(collecting)
    page.set_input_files("#file", document(examples, kind))
    expect(page.locator("#read")).to_have_text("5")
    expect(page.locator("#leaf")).to_have_text("Page 1 of 2")  # the second is read meanwhile
    page.get_by_text("Take it away").click()
    expect(page.locator("#preview")).to_have_text("5\n\n3")
    page.get_by_role("button", name="Next page").click()
    expect(page.locator("#read")).to_have_text("3")
    expect(page.locator("#leaf")).to_have_text("Page 2 of 2")
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()
    page.get_by_label("JSON").check()
    rows = json.loads(page.locator("#preview").inner_text())
    assert [(row["page"], row["digit"]) for row in rows] == [(1, 5), (2, 3)]
    page.get_by_role("button", name="Page before").click()
    expect(page.locator("#read")).to_have_text("5")


def test_a_phone_has_room_for_the_tools_of_a_document(visit, collecting, hand, examples):
    page = visit(collecting, **hand.phone)
    page.route("**/v1/explain*", lambda route: None)  # it need not be read
    page.set_input_files("#file", document(examples, "PDF"))
    expect(page.get_by_role("button", name="Next page")).to_be_in_viewport(ratio=1)
    for name in ("file", "shot"):
        expect(page.locator(f".button:has(#{name})")).to_be_in_viewport(ratio=1)


def test_what_nobody_can_open_is_told_by_its_name_and_in_sight(visit, collecting, hand):
    page = visit(collecting, **hand.phone)
    page.set_input_files("#file", {"name": "a.png", "mimeType": "image/png", "buffer": b"none"})
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("a.png: cannot be opened as a picture")
    expect(alert).to_be_in_viewport(ratio=1)
    expect(page.locator("#read")).to_have_text("No answer")
    expect(page.locator("#zoom")).to_be_hidden()  # there is nothing to look at closely
