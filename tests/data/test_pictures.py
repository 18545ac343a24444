import pytest
from PIL import Image

from scrawl import data
from scrawl.bundle import DIGITS
from scrawl.data.pictures import from_dataset, labelled
from scrawl.errors import DataError


@pytest.fixture
def folders(tmp_path):
    for digit in (3, 7):
        (tmp_path / str(digit)).mkdir()
        for index in range(digit - 2):
            Image.new("L", (9, 9)).save(tmp_path / str(digit) / f"{index}.png")
    (tmp_path / "0").mkdir()
    return tmp_path


def test_class_folders_give_their_names_as_labels(folders):
    assert [item.label for item in labelled(folders, DIGITS)] == [3] + [7] * 5


def test_a_csv_gives_labels_and_sources(folders):
    rows = "file,label,source\n3/0.png,3,me\n7/0.png, 7 ,\n"
    (folders / "list.csv").write_text(rows)
    items = labelled(folders / "list.csv", DIGITS)
    assert [(item.label, item.source) for item in items] == [(3, "me"), (7, folders.name)]
    assert items[0].picture == folders / "3" / "0.png"


def test_a_folder_with_a_labels_csv_is_read_by_it(folders):
    (folders / "labels.csv").write_text("file,label\n7/0.png,1\n")
    assert [item.label for item in labelled(folders, DIGITS)] == [1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,label\na,1\n", "received label, name .without file."),
        ("file,label\na.png,12\n", "line 2: expected a label 0 to 9, received '12'"),
        ("file,label\na.png\n", "line 2: expected a label 0 to 9, received ''"),
        ("file,label\n", "no labelled pictures"),
        ("", "received nothing .without file and label."),
    ],
)
def test_a_csv_of_another_form_is_refused(tmp_path, content, message):
    (tmp_path / "x.csv").write_text(content)
    with pytest.raises(DataError, match=message):
        labelled(tmp_path / "x.csv", DIGITS)


def test_what_is_neither_csv_nor_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="found neither"):
        labelled(tmp_path / "nothing", DIGITS)
    with pytest.raises(DataError, match="no labelled pictures"):
        labelled(tmp_path, DIGITS)
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"x\.csv: expected a CSV"):
        labelled(tmp_path / "x.csv", DIGITS)


def test_a_data_set_becomes_pictures():
    items = from_dataset(data.load("digits8x8"), "test")
    assert len(items) == 200
    assert items[0].picture.max() == 255
