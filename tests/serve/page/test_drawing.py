"""Drawing on the page: it reads what is drawn, and says only what is true."""

import re

import pytest
from playwright.sync_api import expect


def read(page):
    return page.locator("#read")


def final(page, text):
    """Waits for an answer that is not one in between."""
    expect(read(page)).to_have_text(text)
    expect(read(page)).not_to_have_class(re.compile("interim"))


def test_ten_digits_by_mouse(visit, collecting, hand):
    page = visit(collecting)
    for digit, strokes in hand.strokes.items():
        hand.mouse(page, strokes)
        final(page, str(digit))
        expect(page.locator("#bars .best")).to_contain_text(str(digit))
        hand.clear(page)
        expect(read(page)).to_have_text("Nothing yet")
    expect(page.locator("#bars li")).to_have_count(0)


def test_ten_digits_by_touch_and_the_phone_does_not_scroll(visit, collecting, hand):
    page = visit(collecting, color_scheme="dark", **hand.phone)
    for digit, strokes in hand.strokes.items():
        hand.touch(page, strokes)
        final(page, str(digit))
        assert page.evaluate("scrollY") == 0
        hand.clear(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight > innerHeight")


def test_it_reads_while_one_draws_and_shows_that_it_goes_on(visit, collecting, hand):
    """What is drawn while a request is under way is read when that one has returned."""
    page = visit(collecting)
    asked = []

    def hold_the_first(route):
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    page.route("**/v1/explain", hold_the_first)
    [stroke] = hand.strokes[7]
    first, *rest = hand.points(page, stroke)
    page.mouse.move(*first)
    with page.expect_request("**/v1/explain"):
        page.mouse.down()
    for point in rest:
        page.mouse.move(*point, steps=8)
    page.evaluate("new Promise(requestAnimationFrame).then(() => null)")
    assert len(asked) == 1
    asked[0].continue_()
    expect(read(page)).to_have_text("7")  # the pen is still down
    expect(read(page)).to_have_class(re.compile("interim"))
    expect(page.locator("#sure")).to_have_text("…")
    page.mouse.up()
    final(page, "7")
    expect(page.locator("#sure")).to_contain_text("ure, ")


def test_while_the_server_is_slow_nothing_false_is_said(visit, collecting, hand):
    page = visit(collecting)
    held = []
    page.route("**/v1/explain", lambda route: held.append(route))
    hand.mouse(page, hand.strokes[7])
    expect(read(page)).to_have_text("Reading …")
    assert "Nothing" not in page.locator("#answer").inner_text()
    page.unroute("**/v1/explain")
    hand.mouse(page, [[(30, 52), (70, 52)]])
    final(page, "7")


def test_an_answer_to_fewer_strokes_is_no_answer(visit, collecting, hand):
    page = visit(collecting)
    hand.mouse(page, hand.strokes[1])
    final(page, "1")
    page.route("**/v1/explain", lambda route: None)
    hand.mouse(page, [[(20, 15), (80, 15)]])
    expect(read(page)).to_have_class(re.compile("interim"))
    expect(page.locator("#sure")).to_have_text("…")


def test_a_busy_server_is_waited_for(visit, collecting, hand):
    page = visit(collecting)
    answers = iter([503, 503])

    def busy(route):
        if status := next(answers, None):
            route.fulfill(status=status, headers={"Retry-After": "0.1"}, json={"error": "full"})
        else:
            route.continue_()

    page.route("**/v1/explain", busy)
    hand.mouse(page, hand.strokes[7])
    final(page, "7")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_dot_is_not_called_blank(visit, collecting, hand):
    page = visit(collecting)
    hand.mouse(page, [[(50, 50), (50.2, 50.2)]])
    expect(page.locator("#sure")).not_to_have_text("…")
    said = page.locator("#answer").inner_text()
    assert "blank" not in said
    assert "Nothing" not in said


def test_undo_redo_and_clear(visit, collecting, hand):
    page = visit(collecting)
    undo, redo, clear = (
        page.get_by_role("button", name=name, exact=True).first
        for name in ("Undo", "Redo", "Clear")
    )
    for button in (undo, redo, clear):
        expect(button).to_be_disabled()
    hand.mouse(page, hand.strokes[1])
    final(page, "1")
    hand.mouse(page, [[(15, 15), (90, 90)], [(15, 90), (90, 15)]])
    expect(read(page)).not_to_have_text("1")
    page.keyboard.press("Control+z")
    undo.click()
    final(page, "1")
    page.keyboard.press("Control+Shift+z")
    expect(read(page)).not_to_have_text("1")
    undo.click()
    final(page, "1")
    clear.click()
    expect(read(page)).to_have_text("Nothing yet")
    undo.click()  # what was cleared comes back
    final(page, "1")
    undo.click()
    expect(undo).to_be_disabled()
    redo.click()
    final(page, "1")
    hand.mouse(page, [[(40, 85), (70, 85)]])
    expect(redo).to_be_disabled()


def test_escape_asks(visit, collecting, hand):
    page = visit(collecting)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()  # there is nothing to clear
    hand.mouse(page, hand.strokes[7])
    final(page, "7")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(read(page)).to_have_text("7")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(read(page)).to_have_text("Nothing yet")


def inked(page) -> int:
    """Pixels of the paper that have ink, counted in every fourth."""
    return page.evaluate(
        """() => {
            const paper = document.getElementById("paper");
            const data = paper.getContext("2d").getImageData(0, 0, paper.width, paper.height).data;
            let count = 0;
            for (let i = 0; i < data.length; i += 16) count += data[i] < 128;
            return count;
        }"""
    )


def test_the_pen_has_three_widths_and_ink_is_finer_where_the_hand_is_quick(visit, collecting, hand):
    page = visit(collecting)
    line = [[(10, 50), (90, 50)]]
    counts = {}
    for _ in range(3):
        hand.mouse(page, line)
        name = page.locator("#pen").inner_text()
        counts[name] = inked(page)
        hand.clear(page)
        page.locator("#pen").click()
    assert (
        counts["Pen width: fine"] * 1.4
        < counts["Pen width: medium"]
        < counts["Pen width: broad"] / 1.4
    )
    slow = [[(x, 50) for x in range(10, 91)]]
    hand.mouse(page, slow)
    assert inked(page) > 1.05 * counts["Pen width: medium"]


@pytest.mark.parametrize("turned", [{"width": 500, "height": 900}, {"width": 900, "height": 380}])
def test_a_drawing_stays_on_paper_that_is_turned(visit, collecting, hand, turned):
    page = visit(collecting)
    hand.mouse(page, hand.strokes[4], at=-0.3)
    final(page, "4")
    page.set_viewport_size(turned)
    hand.mouse(page, [[(97, 97), (97.2, 97.2)]])
    page.keyboard.press("Control+z")
    final(page, "4")


def test_what_the_network_saw(visit, collecting, hand):
    page = visit(collecting)
    held = []
    page.route("**/v1/explain/map", lambda route: held.append(route))
    with page.expect_request("**/v1/explain/map"):
        hand.mouse(page, hand.strokes[4])
    expect(page.get_by_alt_text("The 28 by 28 pixels that the network saw")).to_be_visible()
    assert page.evaluate("document.getElementById('seen').naturalWidth") == 28
    expect(page.locator("#mattered")).to_have_text("which ink mattered …")
    expect(page.locator("#faint")).to_be_visible()  # the pane is not empty meanwhile
    broken = {"status": 500, "json": {"error": "broken"}}
    page.route("**/v1/explain/map", lambda route: route.fulfill(**broken))
    for route in held:  # more than one, where the pen rested on its way
        route.fulfill(**broken)
    expect(page.locator("#mattered")).to_have_text("which ink mattered: no answer")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.unroute("**/v1/explain/map")
    summary = page.get_by_text("What the network saw")
    summary.click()
    summary.click()  # opened again, it is asked again
    expect(page.locator("#mattered")).to_have_text("ink for and against")
    expect(page.locator("#faint")).to_be_hidden()
    map_ = "document.getElementById('map').getContext('2d').getImageData(0, 0, 28, 28).data"
    assert page.evaluate(f"{map_}.some(Boolean)")


def test_only_what_may_be_has_a_bar_and_no_digit_has_one(visit, collecting, hand):
    page = visit(collecting)
    answer = {
        "digit": None, "text": "", "confidence": 0.5, "rejected": True, "reason": "unsure",
        "probabilities": [0.004, 0.2, 0, 0, 0, 0, 0, 0.5, 0, 0], "box": [0, 0, 9, 9], "error": None,
        "share": 1, "size": [20, 20], "ink": None, "seen": None, "map": None, "reading": None,
        "number": False,
    }  # fmt: skip
    page.route("**/v1/explain*", lambda route: route.fulfill(json=answer))
    hand.mouse(page, hand.strokes[7])
    final(page, "7?")
    expect(page.locator("#sure")).to_have_text("Not sure: a 7, or a 1?")
    texts = [text.split("\n") for text in page.locator("#bars li").all_inner_texts()]
    assert [row[0] for row in texts] == ["7", "no digit", "1"]
    assert texts[1][-1] == "29.6%"


def test_an_exported_page_reads_without_a_server_and_asks_for_nothing(browser, hand, tmp_path):
    pytest.importorskip("jinja2")
    from scrawl import weights
    from scrawl.training.exporters import export

    out = tmp_path / "digits.html"
    export(weights.reader_for("cpu"), out)
    context = browser.new_context(color_scheme="dark", offline=True)
    page, asked, wrong = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(out.as_uri())
    expect(read(page)).to_have_text("Nothing yet")
    hand.mouse(page, hand.strokes[3])
    final(page, "3")
    expect(page.locator("#bars .best")).to_contain_text("3")
    page.keyboard.press("Escape")
    expect(read(page)).to_have_text("Nothing yet")
    page.keyboard.press("Control+z")  # what was cleared comes back
    final(page, "3")
    context.close()
    assert [url for url in asked if not url.startswith("data:")] == [out.as_uri()]
    assert wrong == []
