"""Each form that people have labelled pictures in, and the data set that is made of it."""

import gzip
import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from scrawl import data
from scrawl.data import formats, own
from scrawl.errors import DataError, InputError


def drawn(path, number, kind="|"):
    """A bar, or a ring, black on white; each number is a little different."""
    picture = Image.new("L", (40, 40), 255)
    pen = ImageDraw.Draw(picture)
    at = 8 + number % 8
    pen.line((20, at, 20, 34), 0, 4) if kind == "|" else pen.ellipse((at, at, 33, 33), None, 0, 4)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)
    return path


def class_folders(folder):
    for number in range(5):
        drawn(folder / "١" / f"{number}.png", number)
        drawn(folder / "٠" / f"{number}.png", number, "o")
    return folder


def csv_of(folder):
    files = [(drawn(folder / f"{n}.png", n, "|o"[n % 2]), "١٠"[n % 2]) for n in range(10)]
    rows = "".join(f"{file.name},{label},me\n" for file, label in files)
    (folder / "labels.csv").write_text("file,label,writer\n" + rows, encoding="utf-8")
    return folder


def json_lines(folder):
    files = [(drawn(folder / f"{n}.png", n, "|o"[n % 2]), "١٠"[n % 2]) for n in range(10)]
    rows = [json.dumps({"file": file.name, "label": label}) for file, label in files]
    (folder / "mine.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return folder / "mine.jsonl"


def strokes(folder):
    ring = [[10 + 8 * np.cos(a), 10 + 8 * np.sin(a)] for a in np.linspace(0, 6.3, 20)]
    forms = {"١": [[[5, 0], [5, 20]]], "٠": [ring]}
    rows = [
        {"label": k, "strokes": v, "writer": f"w{n}"} for n in range(5) for k, v in forms.items()
    ]
    (folder / "pen.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder / "pen.jsonl"


def parquet(folder):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet as files

    raw = [drawn(folder / f"{n}.png", n, "|o"[n % 2]).read_bytes() for n in range(10)]
    table = pyarrow.table(
        {
            "image": [{"bytes": one, "path": None} for one in raw],
            "label": [n % 2 for n in range(10)],
        }
    )
    facts = {"info": {"features": {"label": {"names": ["١", "٠"]}}}}
    table = table.replace_schema_metadata({"huggingface": json.dumps(facts)})
    for number in range(10):
        (folder / f"{number}.png").unlink()
    files.write_table(table, folder / "train-0.parquet")
    return folder


def arrays():
    """Bars (class 0) and rings (class 1), ink 255 on 0, the first half to train on."""
    images = np.zeros((20, 6, 6), np.uint8)
    images[::2, 1:5, 3] = 255
    images[1::2, 1:5, 1:5] = 255
    images[1::2, 2:4, 2:4] = 0
    return images, np.arange(20, dtype=np.uint8) % 2


def idx_bytes(array):
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return head + array.tobytes()


def idx(folder):
    images, labels = arrays()
    for split, part in (("train", slice(0, 10)), ("t10k", slice(10, 20))):
        packed = gzip.compress(idx_bytes(images[part]))
        (folder / f"{split}-images-idx3-ubyte.gz").write_bytes(packed)
        (folder / f"{split}-labels-idx1-ubyte").write_bytes(idx_bytes(labels[part]))
    (folder / "classes.txt").write_text("١\n٠\n", encoding="utf-8")
    return folder


def npz(folder):
    images, labels = arrays()
    names = np.array(["١", "٠"])
    np.savez(folder / "x.npz", images=1 - images / 255, labels=labels, classes=names)
    return folder / "x.npz"


def kaggle(folder):
    images, labels = arrays()
    head = ["label", *(f"pixel{at}" for at in range(36))]
    rows = [[label, *image.ravel()] for image, label in zip(images, labels, strict=True)]
    text = "\n".join(",".join(map(str, row)) for row in [head, *rows])
    (folder / "train.csv").write_text(text)
    return folder


PICTURES = (class_folders, csv_of, json_lines, parquet, strokes)


@pytest.mark.parametrize("make", [*PICTURES, idx, npz, kaggle])
def test_a_source_becomes_a_data_set(tmp_path, make):
    path = make(tmp_path)
    dataset = data.load(str(path))
    signs = ("0", "1") if make is kaggle else ("٠", "١")
    assert dataset.info.classes == signs
    side = 28 if make in PICTURES else 6
    assert dataset.x_train.shape[1:] == dataset.info.image_shape == (side, side)
    assert len(dataset.x_train) == dataset.info.n_train
    assert set(dataset.y_train) == set(dataset.y_test) == {0, 1}
    # The last rows validate: they are not those of the last class.
    assert set(dataset.y_train[-(len(dataset.y_train) // 2) :]) == {0, 1}
    # Ink is high, whatever it was; a bar has less of it than a ring.
    ink = [dataset.x_train[dataset.y_train == label].mean() for label in (0, 1)]
    assert max(ink) < 128
    bar = 0 if make is kaggle else 1
    assert ink[bar] < ink[1 - bar]


def test_splits_are_the_sources_own(tmp_path):
    dataset = data.load(str(idx(tmp_path)))
    assert (dataset.info.n_train, dataset.info.n_test, dataset.info.split) == (
        10, 10, "as the source says",
    )  # fmt: skip
    for split, count in (("train", 4), ("test", 2)):
        for number in range(count):
            drawn(tmp_path / "f" / split / "a" / f"{number}.png", number)
            drawn(tmp_path / "f" / split / "b" / f"{number}.png", number, "o")
    assert data.get(str(tmp_path / "f")).info.n_test == 4


def test_no_writer_is_in_both_parts(tmp_path):
    items = formats.read(strokes(tmp_path))
    test, how = own.held_out(items)
    who = [{item.source for item, held in zip(items, test, strict=True) if bool(held) == at}
           for at in (True, False)]  # fmt: skip
    assert who[0]
    assert not who[0] & who[1]
    assert how.startswith("by source: w")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", '{"label": 3}', r"a\.jsonl, line 1: expected an object with label, and file"),
        ("a.jsonl", "{", "line 1: expected a JSON object"),
        ("a.jsonl", '{"label": 3, "strokes": [3]}', r"expected strokes as lists of \[x, y\]"),
        ("a.npz", "no", r"a\.npz: expected an \.npz of arrays"),
        ("a.csv", "label,pixel0,pixel1,pixel2\n1,2,3,4\n", "expected the pixels of a square"),
        ("a.csv", "label,pixel0,pixel1,pixel2,pixel3\n1,2,3,4,x\n", "expected whole numbers"),
        ("a.csv", "label,pixel0,pixel1,pixel2,pixel3\n1,2,3,4,999\n", "expected pixels 0 to 255"),
        ("a.parquet", "no", r"a\.parquet: expected a parquet file"),
        ("a-images-idx3-ubyte", "no", "expected its labels beside it, a-labels-idx1-ubyte"),
        ("a.txt", "no", "no labelled pictures"),
        ("a.csv", "file,label\nx.png,7\n", "expected at least two classes, received '7' alone"),
        ("a.csv", "file,label\n" + "x.png,7\ny.png,8\n" * 5, r"x\.png: .*and 9 more"),
    ],
)
def test_a_damaged_source_is_one_line(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match=message) as caught:
        own.load(tmp_path / name)
    assert len(str(caught.value).splitlines()) == 1


def test_an_npz_without_arrays_and_labels_that_do_not_fit_are_refused(tmp_path):
    np.savez(tmp_path / "a.npz", other=np.zeros(3))
    with pytest.raises(DataError, match=r"expected the arrays .* received other"):
        own.load(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", x=np.zeros((3, 4, 4)), y=np.zeros(2, int))
    with pytest.raises(DataError, match="received 2 labels and 3 images"):
        own.load(tmp_path / "b.npz")


def test_a_folder_without_classes_and_a_path_that_is_not_there_are_refused(tmp_path):
    with pytest.raises(DataError, match="no labelled pictures"):
        data.load(str(tmp_path))
    with pytest.raises(DataError, match="found neither"):
        data.load(str(tmp_path / "none"))
    with pytest.raises(InputError, match="unknown data set 'minst'"):
        data.load("minst")
