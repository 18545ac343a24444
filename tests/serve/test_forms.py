"""Forms over HTTP: a form file and sheets in, a table out."""

import csv
import io

import cv2
import numpy as np
import pytest

from scrawl.serve.schemas import FieldRow, FormRow

FORM = b"""
name = "card"
page = [100, 60]
[[field]]
name = "number"
box = [10, 10, 90, 30]
digits = 4
[[field]]
name = "mark"
box = [10, 40, 30, 55]
"""


@pytest.fixture(scope="module")
def sheet() -> bytes:
    """The form, filled in: 4711 and 3."""
    page = np.full((600, 1000), 255, np.uint8)
    for x in range(100, 901, 200):
        cv2.line(page, (x, 100), (x, 300), 0, 3)
    for y in (100, 300):
        cv2.line(page, (100, y), (900, y), 0, 3)
    cv2.rectangle(page, (100, 400), (300, 550), 0, 3)
    for x, text in zip(range(150, 900, 200), "4711", strict=False):
        cv2.putText(page, text, (x, 260), 0, 4, 0, 12)
    cv2.putText(page, "3", (170, 520), 0, 3, 0, 10)
    return cv2.imencode(".png", page)[1].tobytes()


def post(server, path, form, *pictures, **more):
    files = [("form", ("card.toml", form))] if form is not None else []
    files += [("file", (f"{n}.png", data)) for n, data in enumerate(pictures)]
    return server.client.post(path, files=files + list(more.items()))


def test_a_form_and_its_sheets_make_a_table(server, sheet):
    rows = post(server, "/v1/forms", FORM, sheet, b"none", sheet).json()
    assert [(row["file"], row["page"]) for row in rows] == [
        ("0.png", 1),
        ("1.png", 1),
        ("2.png", 1),
    ]
    assert [field["name"] for field in rows[0]["fields"]] == ["number", "mark"]
    assert rows[0]["fields"] == rows[2]["fields"]
    assert rows[0].keys() <= FormRow.model_fields.keys()  # what OpenAPI says that there is
    assert rows[0]["fields"][0].keys() == FieldRow.model_fields.keys()
    assert (rows[1]["fields"], rows[1]["error"][:25]) == ([], "1.png: cannot be opened a")


def test_the_table_as_csv(server, sheet):
    answer = post(server, "/v1/forms?as=csv", FORM, sheet, b"none")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    first, second = csv.DictReader(io.StringIO(answer.text))
    [row, _] = post(server, "/v1/forms", FORM, sheet, b"none").json()
    assert {item["name"]: item["text"] for item in row["fields"]}.items() <= first.items()
    assert (second["number"], second["error"][:6]) == ("", "1.png:")


def test_a_job_of_a_form_gives_the_same_rows(server, sheet):
    path = post(server, "/v1/jobs", FORM, sheet, sheet).headers["location"]
    server.until(lambda: server.client.get(path).json()["state"] == "done")
    assert (
        server.client.get(path).json()["rows"]
        == post(server, "/v1/forms", FORM, sheet, sheet).json()
    )


def test_a_scan_proposes_a_form_that_reads_it(server, sheet):
    proposed = server.post("/v1/forms/new", sheet).json()
    assert {region["columns"] for region in proposed["regions"]} >= {4}
    assert len(proposed["located"]["fields"]) > 0
    [row] = post(server, "/v1/forms", proposed["form"].encode(), sheet).json()
    assert row["error"] is None


@pytest.mark.parametrize(
    ("form", "says"),
    [
        (None, "form: expected a form file"),
        (b"\xff\xfe", "card.toml: is no form file"),
        (b"page = [", "card.toml: is no form file"),
        (b"page = [1, 2]", "card.toml: expected at least one [[field]]"),
        (b"reference = '/etc/passwd'\n" + FORM, "expected the scan as the file 'reference'"),
        (b"reference = 'a.png'\n" + FORM, "expected the scan as the file 'reference'"),
        (b"a = " + b"[" * 100_000, "card.toml: is no form file"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/forms", "/v1/jobs"])
def test_a_form_that_is_none_gets_one_line(server, sheet, path, form, says):
    if path == "/v1/jobs" and form is None:
        return
    answer = post(server, path, form, sheet)
    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert "tmp" not in answer.json()["error"]


def test_a_reference_comes_with_the_request(server, sheet):
    form = b"reference = 'blank.png'\n" + FORM
    for name in ("../blank.png", "/tmp/blank.png"):  # noqa: S108 - it is refused
        wrong = f"reference = '{name}'\n".encode() + FORM
        assert (
            post(server, "/v1/forms", wrong, sheet, reference=("b.png", sheet)).status_code == 400
        )
    [row] = post(server, "/v1/forms", form, sheet, reference=("b.png", sheet)).json()
    assert row["aligned_by"] == "reference" or "does not show the form" in row["error"]
