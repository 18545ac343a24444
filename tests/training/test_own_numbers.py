"""Fine-tuning the reader of lines on pictures of numbers with their text alone."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("scrawl.training.backend", exc_type=ImportError)

from scrawl import PageReader, training
from scrawl.bundle import DIGITS
from scrawl.data.numbers import numbers
from scrawl.data.pictures import labelled
from scrawl.errors import DataError, InputError
from scrawl.pages.strip import HEIGHT
from scrawl.training import own_numbers as module
from scrawl.training.backend import keras
from scrawl.training.beforehand import BUNDLED, learner
from scrawl.training.own_numbers import OwnNumbers, own_numbers
from scrawl.training.progress import Silent
from scrawl.training.recipes import get
from scrawl.training.run import Run
from scrawl.training.synthesis.lines import ANY_LETTER, LONGEST, NOTHING, UNTOLD, WIDTH
from scrawl.training.tasks.transcriber import accuracy, told
from scrawl.training.trainer import training_for


@pytest.fixture(scope="module")
def amounts(tmp_path_factory):
    """Five numbers that scikit-learn's digits write, and a CSV of their texts."""
    from sklearn.datasets import load_digits

    folder, glyphs = tmp_path_factory.mktemp("amounts"), load_digits()
    rng = np.random.default_rng(0)
    rows = [["file", "text"]]
    for number in range(5):
        text = "".join(map(str, rng.integers(0, 10, 4)))
        parts = [glyphs.images[rng.choice(np.flatnonzero(glyphs.target == int(c)))] for c in text]
        ink = np.kron(np.hstack(parts), np.ones((5, 5)))
        sheet = np.pad(ink, 20) * 14
        Image.fromarray((250 - sheet).clip(0, 255).astype(np.uint8)).save(folder / f"{number}.png")
        rows.append([f"{number}.png", f"{text[:1]}.{text[1:]}"])
    with (folder / "amounts.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder / "amounts.csv"


@pytest.fixture(scope="module")
def own(amounts):
    return own_numbers(amounts, DIGITS)


def written(path, *lines, head="file,text"):
    path.write_text("\n".join([head, *lines]) + "\n")
    return path


def test_a_text_is_its_digits_and_what_is_none_is_named(amounts, tmp_path):
    items = numbers(amounts, DIGITS)
    assert [len(item.digits) for item in items] == [4] * 5
    lines = tmp_path / "labels.jsonl"
    lines.write_text(json.dumps({"file": "a.png", "text": "1 200,-", "source": "desk"}) + "\n")
    [item] = numbers(tmp_path, DIGITS)  # the folder that holds it
    assert (item.digits, item.source) == ((1, 2, 0, 0), "desk")
    for text, said in (("12a4", "received '12a4'"), ("", "an empty text"), ("--", "'--'")):
        table = written(tmp_path / "a.csv", "0.png,17", f"1.png,{text}")
        with pytest.raises(DataError, match=rf"a\.csv, line 3: expected the text .*{said}"):
            numbers(table, DIGITS)
    table = written(tmp_path / "b.csv", "0.png,17", head="file,amount")
    with pytest.raises(DataError, match=r"received amount, file \(without label\)"):
        numbers(table, DIGITS)


def test_texts_are_not_taken_for_classes(amounts):
    with pytest.raises(DataError, match="scrawl train lines --from bundled --pictures learns"):
        training.train(get("mlp-512").change({"data": str(amounts)}), "never")
    with pytest.raises(DataError, match="scrawl train lines --from bundled --pictures learns"):
        labelled(amounts, DIGITS)


def test_strips_are_those_that_reading_sees_and_a_part_is_held_out(amounts, own, monkeypatch):
    seen = []

    def watching(reader, strip, words=True):
        seen.append(strip)
        return shown(reader, strip, words)

    assert (len(own.strips), len(own.test), own.how) == (4, 1, "every fifth held out")
    assert own.lost == ()
    shown = module.LineReader.digit_steps
    monkeypatch.setattr(module.LineReader, "digit_steps", watching)
    reader = PageReader.load()
    reader.read(numbers(amounts, DIGITS)[0].picture, number=True, digits=4)
    np.testing.assert_array_equal(seen[-1], own.strips[0])


def test_an_epoch_has_each_as_often_as_the_others_and_the_same_seed_gives_the_same(own):
    pixels, labels = own.epoch(np.random.default_rng(1))
    again, _ = own.epoch(np.random.default_rng(1))
    np.testing.assert_array_equal(pixels, again)
    assert pixels.shape == (own.rows, HEIGHT, WIDTH)
    assert labels.shape == (own.rows, LONGEST)
    assert (labels[:, -1] == UNTOLD).all()
    texts = ["".join(map(chr, text)) for text in own.texts]
    said = "".join("".join(map(chr, row[(row > 0) & (row != UNTOLD)])) for row in labels)
    counts = [said.count(text) for text in texts]
    assert max(counts) - min(counts) <= 2
    assert min(counts) * len(texts) >= own.rows


def test_missing_pictures_and_texts_that_nothing_shows_are_refused(amounts, tmp_path):
    table = written(tmp_path / "a.csv", "no.png,17", "none.png,18", f"{amounts.parent}/0.png,19")
    with pytest.raises(DataError, match=r"no\.png.*no such file, and 1 more \(scrawl data check"):
        own_numbers(table, DIGITS)
    Image.new("L", (90, 40), 255).save(tmp_path / "blank.png")
    table = written(tmp_path / "b.csv", "blank.png,17")
    with pytest.raises(DataError, match="found none of the 1 texts on its picture"):
        own_numbers(table, DIGITS)


def test_what_nobody_told_of_counts_as_nothing_new():
    says = np.full((2, 8, 1 + ANY_LETTER), -9, np.float32)
    for step, what in enumerate((3, 0, ANY_LETTER, 11, 0, 4, 0, 0)):
        says[:, step, what] = 9
    labels = np.zeros((2, LONGEST), np.int32)
    labels[:, :2] = 3, 4
    labels[1, -1] = UNTOLD
    clean, logits = map(keras.ops.convert_to_numpy, told(labels, says))
    assert (clean[:, 2:] == NOTHING).all()
    assert logits[0].tolist() == says[0].tolist()
    assert logits[1].argmax(-1).tolist() == [3, 0, 0, 0, 0, 4, 0, 0]
    assert keras.ops.convert_to_numpy(accuracy(labels, says)).tolist() == [0, 1]


def test_the_detector_refuses_them(amounts, random_dataset):
    recipe = get("pages").change({"pictures": str(amounts)})
    with pytest.raises(InputError, match=r"scrawl train lines --from bundled --pictures .*amounts"):
        training_for(recipe, random_dataset((28, 28), 255))


def test_the_page_reader_learns_from_them_by_its_reader_of_lines(amounts, tmp_path):
    assert learner(get("pages"), amounts) == "lines"
    assert learner(get("reader"), amounts) == "reader"  # which refuses them
    (tmp_path / "7").mkdir()
    Image.new("L", (9, 9)).save(tmp_path / "7" / "a.png")
    with pytest.raises(InputError, match="single digits: scrawl train reader --from bundled"):
        learner(get("pages"), tmp_path)


def test_a_step_from_the_bundled_weights_ends_in_a_reader_of_lines(
    amounts, own, tmp_path, random_dataset, monkeypatch
):
    monkeypatch.setattr("scrawl.training.tasks.transcriber.own_numbers", lambda *_: own)
    monkeypatch.setattr(OwnNumbers, "rows", 4)
    monkeypatch.setattr("scrawl.training.tasks.transcriber._MOST", 20)
    values = {"epochs": 1, "learning_rate": 1e-7, "start": BUNDLED, "batch_size": 8}
    recipe = get("lines").change({**values, "pictures": str(amounts), "validation_split": 0.5})
    training = training_for(recipe, random_dataset((28, 28), 255))
    model = training.build()
    assert training.steps == (4 + 4) // 8
    run = training.go(Run.create(tmp_path / "run", recipe), model, [], Silent())
    gains = run.metrics()["gains"]
    assert gains["pictures"]["n"] == 1
    assert gains["pictures"]["lost"] == 0
    assert gains["data"]["n"] > 0
    # What started from the carried weights and has hardly moved reads as the carried one does.
    picture = numbers(amounts, DIGITS)[0].picture
    said = [PageReader.load(lines=lines).read(picture, number=True) for lines in (None, run.model)]
    assert said[0].text == said[1].text
    assert abs(said[0].digits[0].confidence - said[1].digits[0].confidence) < 0.1
