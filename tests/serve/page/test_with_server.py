"""The page and its server: corrections, tokens, a server that went away, code to go on with."""

import json
import shutil
import subprocess
import sys

import pytest
from PIL import Image
from playwright.sync_api import expect


def read(page):
    return page.locator("#read")


def test_a_wrong_answer_is_corrected(visit, collecting, hand):
    page = visit(collecting)
    hand.mouse(page, hand.strokes[7])
    expect(read(page)).to_have_text("7")
    page.locator("#labels").get_by_role("button", name="It is a 1").click()
    expect(page.locator("#thanks")).to_have_text("Kept on this server as a 1.")
    file = max((collecting.folder / "1").glob("*.png"), key=lambda path: path.stat().st_mtime)
    width, height = Image.open(file).size
    assert 300_000 < width * height < 310_000


def test_without_collecting_the_page_keeps_nothing_and_says_so(visit, serve, hand):
    page = visit(serve())
    expect(page.locator("#keeps")).to_have_text("Pictures are read on this server and forgotten.")
    hand.mouse(page, hand.strokes[7])
    expect(read(page)).to_have_text("7")
    expect(page.locator("#correct")).to_be_hidden()


def test_a_server_that_went_away_loses_nothing(visit, serve, hand):
    server = serve()
    page = visit(server)
    hand.mouse(page, hand.strokes[7])
    expect(read(page)).to_have_text("7")
    server.finish()
    hand.mouse(page, [[(30, 52), (70, 52)]])
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The server does not answer.")
    expect(read(page)).to_have_text("No answer")
    serve("--port", server.port)
    alert.get_by_role("button", name="Try again").click()
    expect(alert).to_be_hidden()
    expect(read(page)).to_have_text("7")


def test_a_token_is_asked_for_on_the_page(browser, serve, hand):
    page = browser.new_page()
    page.goto(serve("--token", "secret").url)
    page.get_by_label("Token").fill("secret")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    hand.mouse(page, hand.strokes[7])
    expect(read(page)).to_have_text("7")
    page.get_by_text("Use this from code").click()
    expect(page.locator("#snippets")).to_contain_text("Authorization: Bearer $SCRAWL_TOKEN")
    page.close()


@pytest.mark.parametrize(("example", "text"), [("1-notebook.jpg", "1"), (None, "55")])
def test_what_the_page_shows_as_code_does_what_it_says(
    visit, collecting, examples, hand, tmp_path, example, text
):
    name = example or "it's two.png"
    file = tmp_path / name
    file.write_bytes(
        (examples / "digits" / example).read_bytes() if example else hand.fives()["buffer"]
    )
    page = visit(collecting)
    page.set_input_files("#file", file)
    expect(read(page)).to_have_text(text)
    page.get_by_text("Use this from code").click()
    command, python, curl = page.locator("#snippets pre").all_inner_texts()

    def run(*arguments, **options):
        done = subprocess.run(
            arguments, capture_output=True, text=True, check=True, cwd=tmp_path, **options
        )
        return done.stdout

    assert command.startswith("scrawl ")
    program = f'"{sys.executable}" -m {command}'
    assert text in run("sh", "-c", program)
    assert run(sys.executable, "-c", python).split()[0] == text
    if shutil.which("curl"):
        [row] = json.loads(run("sh", "-c", curl))
        assert row["text"] == text
