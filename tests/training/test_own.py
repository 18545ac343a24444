"""Fine-tuning on a user's own pictures."""

import numpy as np
import pytest
from PIL import Image

keras = pytest.importorskip("scrawl.training.backend", exc_type=ImportError).keras

from scrawl import DigitReader  # noqa: E402
from scrawl.bundle import DIGITS, NOT_A_DIGIT  # noqa: E402
from scrawl.errors import DataError, InputError, ModelError  # noqa: E402
from scrawl.training.beforehand import BUNDLED, check  # noqa: E402
from scrawl.training.network import take_weights  # noqa: E402
from scrawl.training.own import own_pictures  # noqa: E402
from scrawl.training.progress import Silent  # noqa: E402
from scrawl.training.recipes import get  # noqa: E402
from scrawl.training.run import Run  # noqa: E402
from scrawl.training.synthesis import NOT_A_DIGIT_LABEL, epoch_size, reader_epoch  # noqa: E402
from scrawl.training.trainer import training_for  # noqa: E402

CLASSES = (*DIGITS, NOT_A_DIGIT)
SHAPE = (28, 28)


@pytest.fixture
def folder(tmp_path):
    """Pictures of 3, of 7 and of no digit, as corrections are kept."""
    from sklearn.datasets import load_digits

    glyphs, pictures = load_digits(), tmp_path / "pictures"
    pictures.mkdir()
    for label in (3, 7):
        (pictures / str(label)).mkdir()
        for number, row in enumerate(np.flatnonzero(glyphs.target == label)[:3]):
            dark = 255 - np.kron(glyphs.images[row] * 15, np.ones((8, 8))).astype(np.uint8)
            Image.fromarray(dark).save(pictures / str(label) / f"{number}.png")
    (pictures / "not-a-digit").mkdir()
    zigzag = np.full((60, 60), 240, np.uint8)
    zigzag[10:50:8, 10:50] = 30
    Image.fromarray(zigzag).save(pictures / "not-a-digit" / "lines.png")
    return pictures


def test_pictures_become_rows_and_are_repeated_so_that_they_count(folder):
    x, y = own_pictures(folder, DIGITS, CLASSES, SHAPE).repeated(700)
    assert x.shape == (70, 28, 28)
    assert np.bincount(y, minlength=11).tolist() == [0, 0, 0, 30, 0, 0, 0, 30, 0, 0, 10]
    assert len(own_pictures(folder, DIGITS, CLASSES, SHAPE).repeated(10**9)[0]) == 7 * 50


def test_a_network_without_the_class_takes_digits_alone(folder):
    _, y = own_pictures(folder, DIGITS, CLASSES[:10], SHAPE).repeated(60)
    assert set(y.tolist()) == {3, 7}


def test_a_class_at_the_same_place_is_not_taken_for_it(folder):
    _, y = own_pictures(folder, DIGITS, (*"0123456789", "."), SHAPE).repeated(60)
    assert set(y.tolist()) == {3, 7}


def test_a_folder_that_is_no_class_is_named(folder):
    (folder / "8").mkdir()
    (folder / "7").rename(folder / "seven")
    with pytest.raises(DataError, match=r"seven: expected a label 0 to 9, received 'seven'"):
        own_pictures(folder, DIGITS, CLASSES, SHAPE)


def test_a_recipe_of_small_pictures_is_refused(folder, random_dataset):
    recipe = get("cnn-8x8").change({"pictures": str(folder)})
    with pytest.raises(InputError, match="28×28, this recipe trains on 8×8"):
        training_for(recipe, random_dataset((8, 8), 16))


def test_the_card_names_own_pictures_and_first_weights(folder, tmp_path, random_dataset):
    values = {"epochs": 1, "start": BUNDLED, "pictures": str(folder)}
    recipe = get("reader").change(values)
    training = training_for(recipe, random_dataset((28, 28), 255))
    run = training.go(Run.create(tmp_path / "run", recipe), training.build(), [], Silent())
    card = (run.folder / "card.md").read_text(encoding="utf-8")
    assert f"the pictures in `{folder}`" in card
    assert "| started from | the weights of `bundled` |" in card


def test_what_cannot_be_used_is_named_before_anything_is_loaded(folder, tmp_path):
    def refused(recipe, match, kind=DataError, **values):
        with pytest.raises(kind, match=match):
            check(get(recipe).change(values))

    check(get("reader").change({"pictures": str(folder), "start": BUNDLED}))
    (folder / "seven").mkdir()
    (folder / "7" / "0.png").rename(folder / "seven" / "0.png")
    refused("reader", "seven: expected a label 0 to 9", pictures=str(folder))
    flat = folder / "3"
    refused("reader", r"3: 3 pictures, and nothing says what they show", pictures=str(flat))
    table = tmp_path / "a.csv"
    table.write_text("file,label\nno.png,1\nnone.png,2\n")
    gone = r"no\.png: no such file, and 1 more \(scrawl data check .*a\.csv lists them\)"
    refused("reader", gone, pictures=str(table))
    table.write_text("file,label\n")
    refused("reader", "without any row", pictures=str(table))
    table.write_text("file,text\n0.png,17\n")
    refused("reader", "scrawl train lines --from bundled --pictures learns", pictures=str(table))
    refused("lines", "expected --from bundled", InputError, pictures=str(table))
    refused("reader", r"none: expected a run folder", ModelError, start=str(tmp_path / "none"))


def test_blank_pictures_alone_are_refused(tmp_path):
    (tmp_path / "5").mkdir()
    Image.new("L", (40, 40), 255).save(tmp_path / "5" / "blank.png")
    with pytest.raises(DataError, match="all 1 are blank"):
        own_pictures(tmp_path, DIGITS, CLASSES, SHAPE).repeated(100)


def test_an_epoch_has_the_pictures_of_no_digit_and_keeps_its_size(mnist):
    x, y = mnist.x_train[:600].copy(), mnist.y_train[:600].copy()
    x[:20], y[:20] = 255, NOT_A_DIGIT_LABEL
    images, labels = reader_epoch(x, y, np.random.default_rng(0))
    assert len(images) == len(labels) == epoch_size(600)
    full = (images.reshape(len(images), -1) > 250).mean(1) > 0.5
    assert full.sum() == 20
    assert (labels[full] == NOT_A_DIGIT_LABEL).all()


def test_fine_tuning_starts_from_the_bundled_weights_and_ends_in_a_bundle(
    folder, tmp_path, random_dataset
):
    recipe = get("reader").change(
        {"epochs": 1, "batch_size": 16, "learning_rate": 1e-9, "start": BUNDLED}
    )
    recipe = recipe.change({"pictures": str(folder)})
    training = training_for(recipe, random_dataset((28, 28), 255))
    assert len(training.rows[0]) == 36 + 7
    model = training.build()
    before = [keras.ops.convert_to_numpy(weight) for weight in model.trainable_variables]
    run = training.go(Run.create(tmp_path / "run", recipe), model, [], Silent())
    after = [keras.ops.convert_to_numpy(weight) for weight in model.trainable_variables]
    assert max(np.abs(a - b).max() for a, b in zip(before, after, strict=True)) < 1e-5
    x, y = own_pictures(folder, DIGITS, CLASSES, SHAPE).repeated(0)
    assert DigitReader.load(run.folder).probabilities(x[:6]).shape == (6, 11)
    # By chance, weights would read one or two.
    assert (DigitReader.load().probabilities(x[:6]).argmax(1) == y[:6]).sum() >= 5


def test_the_bundled_weights_are_those_of_the_bundled_model(random_dataset):
    training = training_for(get("reader").change({"start": BUNDLED}), random_dataset((28, 28), 255))
    reader = DigitReader.load()
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
    x = images[..., None].astype(np.float32) / 255
    given = keras.ops.convert_to_numpy(training.build()(x, training=False))
    expected = reader.probabilities(images)
    np.testing.assert_allclose(reader.info.calibrated(given), expected, atol=1e-4)


def test_weights_of_another_network_are_refused(tmp_path, random_dataset):
    dataset = random_dataset((28, 28), 255)
    model = training_for(get("mlp-512"), dataset).build()
    recipe = get("mlp-512").change({"start": BUNDLED})
    with pytest.raises(InputError, match=r"expected a network of the same layers \(407,050"):
        take_weights(model, recipe)
    missing = recipe.change({"start": str(tmp_path / "none.keras")})
    with pytest.raises(ModelError, match=r"none\.keras: expected a run folder or a \.keras file"):
        take_weights(model, missing)
    with pytest.raises(InputError, match="no network of a detector for Keras"):
        take_weights(model, get("pages").change({"start": BUNDLED}))


def test_what_is_gained_and_lost_is_said_of_pictures_held_out(tmp_path, random_dataset):
    from sklearn.datasets import load_digits

    glyphs, source = load_digits(), tmp_path / "mine"
    for row, label in enumerate(glyphs.target[:60]):
        (source / str(label)).mkdir(parents=True, exist_ok=True)
        dark = 255 - np.kron(glyphs.images[row] * 15, np.ones((8, 8))).astype(np.uint8)
        Image.fromarray(dark).save(source / str(label) / f"{row}.png")
    recipe, dataset = get("mlp-512").change({"epochs": 1}), random_dataset((28, 28), 255)

    def trained(name, **values):
        training = training_for(recipe.change(values), dataset)
        run = Run.create(tmp_path / name, training.recipe)
        return training.go(run, training.build(), [], Silent())

    first = trained("first")
    assert "gains" not in first.metrics()
    fine = trained("fine", pictures=str(source), start=str(first.folder), epochs=20, batch_size=8)
    gains = fine.metrics()["gains"]
    assert gains["pictures"]["n"] == 9  # ten digits, of one too few for a fifth
    assert gains["pictures"]["held_out"] == "every fifth of each class held out"
    assert gains["pictures"]["before"] < 0.6 < gains["pictures"]["after"]
    assert gains["data"]["before"] == first.metrics()["test"]["accuracy"]
    assert gains["data"]["after"] == fine.metrics()["test"]["accuracy"]
    card = (fine.folder / "card.md").read_text(encoding="utf-8")
    assert "| own pictures | " in card
    assert " after, of 9 (every fifth of each class held out) |" in card
    table = tmp_path / "by-hand.csv"
    rows = [
        f"mine/{label}/{row}.png,{label},test,{'ab'[row % 2]}"
        for row, label in enumerate(glyphs.target[:9])
    ]
    rows += [
        f"mine/{label}/{row + 9}.png,{label},train,c"
        for row, label in enumerate(glyphs.target[9:60])
    ]
    table.write_text("\n".join(["file,label,split,writer", *rows]) + "\n")
    alone = trained("alone", pictures=str(table))
    gains = alone.metrics()["gains"]["pictures"]
    assert gains["before"] is None
    assert [(one["source"], one["n"]) for one in gains["sources"]] == [("a", 5), ("b", 4)]
    right = sum(one["n"] * one["after"] for one in gains["sources"])
    assert right == pytest.approx(9 * gains["after"])
    assert "|   b | " in (alone.folder / "card.md").read_text(encoding="utf-8")
