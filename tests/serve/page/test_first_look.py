"""What one sees first, on every screen; and what axe finds."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import scrawl.serve.page

SCREENS = {
    "phone": {"width": 390, "height": 780},
    "landscape": {"width": 780, "height": 390},
    "desk": {"width": 1280, "height": 800},
    "wide": {"width": 2200, "height": 1200},
}


def test_an_empty_sheet_invites_and_shows_no_empty_rows(visit, collecting):
    page = visit(collecting)
    expect(page.locator("#invite")).to_be_visible()
    expect(page.get_by_text("Draw a digit or a number")).to_be_visible()
    expect(page.locator("#bars li")).to_have_count(0)
    for name in ("check", "take", "why", "code", "correct", "progress", "zoom", "pager"):
        expect(page.locator(f"#{name}")).to_be_hidden()


def test_a_digit_writes_itself_and_is_read(visit, collecting):
    page = visit(collecting)
    page.get_by_role("button", name="a digit").click()
    expect(page.locator("#read")).to_have_text("4")
    expect(page.locator("#read")).not_to_have_class(re.compile("interim"))
    expect(page.locator("#invite")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#invite")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "text"),
    [("a number", "16480"), ("a form", "4008147\n7839183\n6184798\n9377680")],
)
def test_an_example_is_read(visit, collecting, name, text):
    page = visit(collecting)
    page.get_by_role("button", name=name).click()
    expect(page.locator("#read")).to_have_text(text)


def test_a_stroke_that_begins_on_an_example_is_drawn(visit, collecting):
    page = visit(collecting)
    box = page.get_by_role("button", name="a number").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 300, steps=8)
    page.mouse.move(x - 70, y - 220, steps=4)  # a 1 from its foot
    page.mouse.up()
    expect(page.locator("#read")).to_have_text("1")
    expect(page.locator("#picture")).to_be_hidden()


def test_the_ghost_is_drawn_once_and_stands_still_where_motion_is_unwanted(visit, collecting):
    running = "document.querySelector('#ghost path').getAnimations().length"
    assert visit(collecting, reduced_motion="reduce").evaluate(running) == 0
    page = visit(collecting, reduced_motion="no-preference")
    count = "getComputedStyle(document.querySelector('#ghost path')).animationIterationCount"
    assert page.evaluate(count) == "1"


@pytest.mark.parametrize("screen", SCREENS)
def test_the_paper_fills_the_screen_and_all_tools_are_in_one_row(visit, collecting, hand, screen):
    width, height = SCREENS[screen].values()
    page = visit(collecting, viewport=SCREENS[screen], has_touch=screen in ("phone", "landscape"))
    hand.mouse(page, hand.strokes[7])
    expect(page.locator("#read")).to_have_text("7")
    paper, answer = page.locator("#sheet").bounding_box(), page.locator("#read").bounding_box()
    assert paper["height"] > 0.72 * height
    assert paper["width"] > (0.99 if screen == "phone" else 0.6) * width
    tools = page.locator("#tools > :visible").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect()).filter(box => box.height)"
        ".map(box => box.top + box.height / 2)"
    )
    assert max(tools) - min(tools) < 2
    assert max(tools) < height
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if screen == "phone":  # on the paper's edge
        assert 0 <= paper["y"] - (answer["y"] + answer["height"]) < 60
    assert answer["y"] + answer["height"] < height


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend(visit, collecting, examples, hand, scheme):
    page = visit(collecting, color_scheme=scheme, reduced_motion="reduce")

    def look():
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()

    look()
    hand.mouse(page, hand.strokes[7])
    expect(page.locator("#read")).not_to_have_class(re.compile("interim"))
    look()
    page.keyboard.press("Escape")
    look()
    page.keyboard.press("Escape")
    for picture in (examples / "digits" / "1-notebook.jpg", hand.fives()):
        page.set_input_files("#file", picture)
        expect(page.locator("#boxes rect").first).to_be_attached()
        for summary in page.locator("#take > summary, #code > summary").all():
            if not summary.locator("..").get_attribute("open"):
                summary.click()
        page.get_by_label("Table").check()
        look()


def test_all_is_reached_by_the_keyboard(visit, collecting, hand):
    page = visit(collecting)
    for label in ("a digit", "a number", "a form"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=label)).to_be_focused()
    page.keyboard.press("Tab")  # undo, redo and clear cannot be pressed now
    expect(page.locator("#pen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#pen")).to_have_text("Pen width: broad")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Open picture")).to_be_focused()


def test_all_modules_are_fetched_at_once(collecting):
    web = Path(scrawl.serve.page.WEB)
    page = collecting.client.get("/").text
    first = set(re.findall(r'rel="modulepreload" href="([^"]+)"', page))
    assert first == {path.name for path in web.glob("*.js")} - {"app.js"}


def test_the_page_is_light_and_asks_nobody_else(browser, collecting):
    page = browser.new_page()
    sizes = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    page.goto(collecting.url, wait_until="networkidle")
    assert all(url.startswith(collecting.url) for url in sizes)
    assert len(sizes) >= 5
    assert sum(sizes.values()) < 150_000
    page.close()
