"""Numbers and pages of many digits: shown, looked at closely, corrected, taken away."""

import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect


def digit(text, confidence, left, top, uncertain):
    probabilities = [0.0] * 10
    probabilities[int(text)] = confidence
    return {
        "digit": int(text), "text": text, "confidence": confidence, "uncertain": uncertain,
        "box": [left, top, left + 20, top + 30], "probabilities": probabilities,
    }  # fmt: skip


def line(groups, top, doubted=()):
    text = "".join(groups)
    digits = [
        digit(each, 0.6 if i in doubted else 0.999, 10 + 30 * i, top, i in doubted)
        for i, each in enumerate(text)
    ]
    return {
        "text": " ".join(groups), "confidence": 0.6, "uncertain": bool(doubted),
        "groups": [len(group) for group in groups], "digits": digits, "marks": [],
    }  # fmt: skip


ANSWER = {
    "digit": None, "text": "", "confidence": 0.0, "rejected": True, "reason": "several digits",
    "several": "12", "probabilities": [0.0] * 10, "box": [0, 0, 9, 9], "error": None, "share": 1,
    "size": [200, 100], "ink": None, "seen": None, "map": None, "number": True,
    "reading": {
        "text": "12 34\n56", "size": [200, 100],
        "lines": [line(["12", "34"], 10, {1, 3}), line(["56"], 60)],
    },
}  # fmt: skip


@pytest.fixture
def number(visit, collecting, hand):
    """The page with a reading of six digits in two lines, two of them to check."""
    page = visit(collecting, permissions=["clipboard-read", "clipboard-write"])
    page.route("**/v1/explain?whole=true", lambda route: route.fulfill(json=ANSWER))
    page.set_input_files("#file", hand.fives())
    expect(page.locator("#read")).to_have_text("12 34\n56")
    return page


def tally(page):
    return page.locator("#tally")


def test_a_number_is_read_digit_by_digit(visit, collecting, hand):
    page = visit(collecting)
    page.set_input_files("#file", hand.fives())
    expect(page.locator("#read")).to_have_text("55")
    expect(page.locator("#boxes rect")).to_have_count(2)
    page.locator("#read button").nth(1).click()
    expect(page.locator("#boxes .chosen")).to_have_count(1)
    page.get_by_text("Take it away").click()
    page.get_by_label("JSON").check()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save").click()
    files = [("file", ("made.png", hand.fives()["buffer"]))]
    answer = collecting.client.post("/v1/read", files=files)
    assert json.loads(Path(saved.value.path()).read_text()) == answer.json()


def test_a_drawn_number_is_shown_with_its_digits(visit, collecting, hand):
    page = visit(collecting)
    for at, each in ((-1.1, 4), (0, 7), (1.1, 2)):
        hand.mouse(page, hand.strokes[each], at, 0.45)
    expect(page.locator("#read")).to_have_text("472")
    expect(page.locator("#boxes rect")).to_have_count(3)


def test_only_doubt_has_a_label_and_is_red(number):
    visible = "all => all.map(each => getComputedStyle(each).visibility)"
    shown = number.locator("#boxes text").evaluate_all(visible)
    assert shown == ["hidden", "visible", "hidden", "visible", "hidden", "hidden"]
    red = number.locator("#boxes rect").evaluate_all(
        "all => all.map(each => getComputedStyle(each).stroke)"
    )
    assert len({red[1], red[3]}) == 1
    assert red[1] not in (red[0], red[2], red[4], red[5])
    number.locator("#boxes rect").nth(0).hover()
    expect(number.locator("#boxes text").nth(0)).to_be_visible()


def test_what_is_doubted_is_checked_by_keys(number):
    expect(number.locator("#sure")).to_have_text("2 lines, 6 digits, 2 to check")
    expect(tally(number)).to_have_text("1 of 2 to check")
    expect(number.locator("#value")).to_have_text("2")
    number.keyboard.press("7")
    expect(tally(number)).to_have_text("2 of 2 to check")
    expect(number.locator("#read")).to_have_text("17 34\n56")
    number.keyboard.press("ArrowLeft")  # no other is left
    expect(tally(number)).to_have_text("2 of 2 to check")
    number.keyboard.press("Enter")
    expect(number.locator("#sure")).to_have_text("6 digits, all checked")
    expect(tally(number)).to_have_text("Digit 4 of 6")
    number.keyboard.press("ArrowRight")
    expect(tally(number)).to_have_text("Digit 5 of 6")
    number.keyboard.press("Control+z")
    expect(tally(number)).to_have_text("2 of 2 to check")
    number.keyboard.press("Control+z")
    expect(number.locator("#read")).to_have_text("12 34\n56")
    number.keyboard.press("Control+Shift+z")
    expect(number.locator("#read")).to_have_text("17 34\n56")


def test_by_buttons_and_by_touch(visit, collecting, hand):
    page = visit(collecting, **hand.phone)
    page.route("**/v1/explain?whole=true", lambda route: route.fulfill(json=ANSWER))
    page.set_input_files("#file", hand.fives())
    page.locator("#pad").get_by_role("button", name="It is no digit").tap()
    expect(tally(page)).to_have_text("2 of 2 to check")
    page.get_by_role("button", name="Right").tap()
    expect(page.locator("#sure")).to_have_text("6 digits, all checked")
    page.get_by_text("Take it away").tap()
    expect(page.locator("#preview")).to_have_text("1 34\n56")


def test_the_corrected_reading_is_taken_away(number):
    number.keyboard.press("7")
    number.keyboard.press("Delete")
    number.get_by_text("Take it away").click()
    preview = number.locator("#preview")
    expect(preview).to_have_text("17 3\n56")
    number.get_by_role("button", name="Copy", exact=True).click()
    expect(number.get_by_role("button", name="Copied")).to_be_visible()
    assert number.evaluate("navigator.clipboard.readText()") == "17 3\n56"
    number.get_by_label("Table").check()
    cells = [row.locator("td").all_inner_texts() for row in preview.locator("tr").all()]
    assert cells == [["17", "3"], ["56"]]
    number.get_by_label("CSV").check()
    with number.expect_download() as saved:
        number.get_by_role("button", name="Save").click()
    assert saved.value.suggested_filename == "made.csv"
    rows = list(csv.DictReader(Path(saved.value.path()).read_text().splitlines()))
    assert [(row["line"], row["digit"], row["checked"]) for row in rows] == [
        ("1", "1", "false"), ("1", "7", "true"), ("1", "3", "false"),
        ("2", "5", "false"), ("2", "6", "false"),
    ]  # fmt: skip
    number.get_by_label("JSON").check()
    [row] = json.loads(preview.inner_text())
    assert row["text"] == "17 3\n56"
    assert row["lines"][0]["groups"] == [2, 1]
    seven = row["lines"][0]["digits"][1]
    assert (seven["digit"], seven["uncertain"], seven["checked"]) == (7, False, True)


def test_what_takes_longer_than_it_may_is_read_as_a_job(visit, collecting, hand):
    page = visit(collecting)
    page.route(
        "**/v1/explain?whole=true",
        lambda route: route.fulfill(status=503, json={"error": "expected less"}),
    )
    with page.expect_request(lambda request: request.method == "DELETE") as ended:
        page.set_input_files("#file", hand.fives(3))
        expect(page.locator("#read")).to_have_text("555")
    expect(page.locator("#boxes rect")).to_have_count(3)
    ended.value.response()
    path = ended.value.url.removeprefix(collecting.url)
    assert collecting.client.get(path).status_code == 404


def test_a_corrected_digit_is_kept_with_its_piece_of_the_picture(number, collecting):
    with number.expect_response("**/v1/corrections?label=8") as answer:
        number.keyboard.press("8")
    kept = collecting.folder / answer.value.json()["kept"]
    expect(number.locator("#thanks")).to_have_text("Kept on this server as an 8.")
    assert kept.parent.name == "8"


def test_the_picture_is_looked_at_closely(number):
    view, fit = number.locator("#view"), number.locator("#fit")
    before = view.bounding_box()
    number.mouse.move(before["x"] + 5, before["y"] + 5)
    number.mouse.wheel(0, -400)
    expect(fit).not_to_have_text("Fit")
    after = view.bounding_box()
    assert after["width"] > 2 * before["width"]
    assert abs(after["x"] - before["x"]) < 20  # what is under the mouse stays there
    number.mouse.move(before["x"] + 200, before["y"] + 50)
    number.mouse.down()
    number.mouse.move(before["x"] + 150, before["y"] + 50)
    number.mouse.up()
    assert view.bounding_box()["x"] == pytest.approx(after["x"] - 50, abs=1)
    number.keyboard.press("ArrowRight")  # another digit comes into sight
    expect(number.locator("#boxes .chosen rect")).to_be_in_viewport()
    fit.click()
    expect(fit).to_have_text("Fit")
    number.keyboard.press("+")
    expect(fit).to_have_text("150%")
    number.get_by_role("button", name="Smaller").click()
    expect(fit).to_have_text("Fit")
    assert view.bounding_box() == before


def test_two_fingers_zoom(visit, collecting, hand):
    page = visit(collecting, **hand.phone)
    page.route("**/v1/explain?whole=true", lambda route: route.fulfill(json=ANSWER))
    page.set_input_files("#file", hand.fives())
    expect(page.locator("#boxes rect")).to_have_count(6)
    before = page.locator("#view").bounding_box()
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    session = page.context.new_cdp_session(page)
    for kind, apart in (("touchStart", 20), ("touchMove", 40), ("touchMove", 60), ("touchEnd", 0)):
        touches = [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
        session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": touches if apart else []},
        )
    assert page.locator("#view").bounding_box()["width"] > 1.5 * before["width"]


def test_corrections_reach_the_cells_of_a_table(visit, collecting, hand):
    def cell(text, left, right):
        return {"text": text, "confidence": 0.6, "uncertain": True, "box": [left, 5, right, 45]}

    tables = [{"rows": [[cell("12", 5, 65), cell("34", 65, 125)]]}]
    page = visit(collecting)
    answer = {**ANSWER, "reading": {**ANSWER["reading"], "tables": tables}}
    page.route("**/v1/explain?whole=true", lambda route: route.fulfill(json=answer))
    page.set_input_files("#file", hand.fives())
    expect(tally(page)).to_have_text("1 of 2 to check")
    page.keyboard.press("7")
    page.get_by_text("Take it away").click()
    page.get_by_label("Table").check()
    rows = page.locator("#preview tr")
    assert [row.locator("td").all_inner_texts() for row in rows.all()] == [["17", "34"]]
    page.get_by_label("JSON").check()
    [row] = json.loads(page.locator("#preview").inner_text())
    [cells] = row["tables"][0]["rows"]
    assert [(each["text"], each["uncertain"]) for each in cells] == [("17", False), ("34", True)]


def test_a_digit_that_was_missed_is_added(number, collecting):
    def drag(*corners):
        frame = number.locator("#boxes").bounding_box()
        scale = frame["width"] / 200
        points = [(frame["x"] + x * scale, frame["y"] + y * scale) for x, y in corners]
        number.mouse.move(*points[0])
        number.mouse.down()
        number.mouse.move(*points[1], steps=3)
        number.mouse.up()

    number.locator("#read button").nth(5).click()
    number.keyboard.press("a")
    expect(number.locator("#boxes .new")).to_have_count(1)
    number.keyboard.press("ArrowRight")
    number.keyboard.press("Shift+ArrowDown")
    number.keyboard.press("7")
    expect(number.locator("#read")).to_have_text("12 34\n567")
    expect(tally(number)).to_have_text("2 to check")
    number.keyboard.press("Control+z")
    expect(number.locator("#read")).to_have_text("12 34\n56")
    number.keyboard.press("Control+Shift+z")
    expect(number.locator("#read")).to_have_text("12 34\n567")
    number.keyboard.press("a")
    number.keyboard.press("Escape")  # given up, and nobody is asked whether to clear
    expect(number.locator("#boxes .new")).to_have_count(0)
    expect(number.locator("#sure-clear")).to_be_hidden()

    number.get_by_role("button", name="Add a missed digit").click()
    drag((160, 10), (180, 40))
    with number.expect_response("**/v1/corrections?label=9") as answer:
        number.locator("#pad").get_by_role("button", name="It is a 9").click()
    assert (collecting.folder / answer.value.json()["kept"]).exists()
    expect(number.locator("#read")).to_have_text("12 34 9\n567")
    expect(number.locator("#boxes rect")).to_have_count(8)
    number.get_by_text("Take it away").click()
    number.get_by_label("Table").check()
    rows = number.locator("#preview tr").all()
    assert [row.locator("td").all_inner_texts() for row in rows] == [["12", "34", "9"], ["567"]]
    number.get_by_label("JSON").check()
    [row] = json.loads(number.locator("#preview").inner_text())
    assert row["lines"][0]["groups"] == [2, 2, 1]
    nine = row["lines"][0]["digits"][4]
    assert (nine["digit"], nine["checked"], nine["uncertain"]) == (9, True, False)
    scale = row["size"][0] / 200
    assert nine["box"] == pytest.approx([160 * scale, 10 * scale, 180 * scale, 40 * scale], abs=6)
