"""The recipes. A recipe is one entry; ``tests/training`` trains and exports each of them."""

from __future__ import annotations

from scrawl.errors import unknown
from scrawl.training.recipe import Recipe

_TEST_AS_VALIDATION = (
    "The tutorial scores the test set after every epoch. Here it is opened once, after the last; "
    "--set validation_split=0.1 draws a validation curve from training rows instead."
)

_ALL = (
    Recipe(
        name="cnn",
        title="Two convolutions, pooling, dropout: the classic network for MNIST",
        data="mnist",
        model="cnn",
        options={"filters": (32, 64), "units": 128, "dropout": 0.25, "dropout_dense": 0.5},
        optimizer="adam",
        batch_size=128,
        epochs=12,
        parameters=1_199_882,
        published="about 99.1–99.25% test",
        source="Handwritten Digit Classification",
        notes=(
            _TEST_AS_VALIDATION,
            "The tutorial reshapes to 28×28×1 by hand; scrawl's data set does it.",
        ),
    ),
    Recipe(
        name="mlp-512",
        title="One hidden layer of 512: the smallest network that does well",
        data="mnist",
        model="mlp",
        options={"units": (512,)},
        optimizer="rmsprop",
        batch_size=128,
        epochs=5,
        parameters=407_050,
        published="98.23% test, 99.9% train",
        source="Handwritten Digits Classification",
    ),
    Recipe(
        name="mlp-256x2",
        title="Two hidden layers of 256",
        data="mnist",
        model="mlp",
        options={"units": (256, 256)},
        optimizer="adam",
        batch_size=128,
        epochs=20,
        parameters=269_322,
        published="97% test, 99% train",
        source="Creating a handwritten digit classifier",
        notes=(
            "The tutorial never compiles its network, so that fit fails: Adam and categorical "
            "cross-entropy are meant.",
            "InputLayer(input_shape=…) is Input(shape) in today's Keras.",
        ),
    ),
    Recipe(
        name="cnn-8x8",
        title="The classic network on scikit-learn's 8×8 digits; nothing to download",
        data="digits8x8",
        model="cnn",
        options={"filters": (32, 64), "units": 128, "dropout": 0.25, "dropout_dense": 0.5},
        loss="log_cosh",
        optimizer="rmsprop",
        learning_rate=0.001,
        batch_size=10,
        epochs=150,
        parameters=53_002,
        source="MNIST Digit Recognition",
        notes=(
            "The tutorial calls the data MNIST; it is UCI's optical digits, scikit-learn's "
            "load_digits.",
            "digits.targets is digits.target, RMSprop(lr=…) is RMSprop(learning_rate=…), the loss "
            "logcosh is log_cosh in today's Keras.",
            "Channels-first 1×8×8 does not run on every CPU: channels-last 8×8×1 is the same "
            "network.",
        ),
    ),
    Recipe(
        name="mlp-deep",
        title="Four hidden layers: the fully connected half of a comparison",
        data="mnist",
        model="mlp",
        options={"units": (512, 256, 128, 32)},
        optimizer="rmsprop",
        batch_size=128,
        epochs=3,
        validation_split=0.3,
        parameters=570_602,
        published="about 96% test",
        source="Handwritten numbers with a Convolutional Neural Net",
        notes=(
            "keras.utils.np_utils and keras.backend.clear_session are gone from today's Keras; "
            "neither is needed.",
        ),
    ),
    Recipe(
        name="cnn-small",
        title="One convolution: the convolutional half of the comparison",
        data="mnist",
        model="cnn_small",
        options={"filters": 32, "units": 128},
        optimizer="rmsprop",
        batch_size=128,
        epochs=3,
        validation_split=0.3,
        parameters=693_962,
        published="better than mlp-deep",
        source="Handwritten numbers with a Convolutional Neural Net",
        notes=("The tutorial pools before relu; it is kept, for the two commute.",),
    ),
    Recipe(
        name="softmax",
        title="No hidden layer: what a linear classifier gives",
        data="mnist",
        model="mlp",
        options={"units": ()},
        batch_size=128,
        epochs=10,
        parameters=7_850,
        published="88–92.4%: LeCun's page, linear classifiers",
    ),
    Recipe(
        name="rnn",
        title="A recurrent network that reads the picture row by row",
        data="mnist",
        model="recurrent",
        options={"cell": "simple", "units": (128,), "dropout": 0.0},
        optimizer="adamw",
        learning_rate=0.001,
        schedule="one-cycle",
        batch_size=128,
        epochs=10,
        parameters=21_386,
    ),
    Recipe(
        name="lstm",
        title="Long short-term memory over the rows",
        data="mnist",
        model="recurrent",
        options={"cell": "lstm", "units": (128,), "dropout": 0.2},
        optimizer="adamw",
        learning_rate=0.004,
        schedule="one-cycle",
        weight_decay=0.01,
        batch_size=128,
        epochs=12,
        augment="distorted",
        parameters=81_674,
    ),
    Recipe(
        name="autoencoder",
        title="Pictures to 32 numbers and back, and a softmax on those numbers",
        data="mnist",
        model="autoencoder",
        options={"units": (256,), "code": 32},
        optimizer="adamw",
        learning_rate=0.003,
        schedule="one-cycle",
        batch_size=128,
        epochs=20,
        parameters=419_450,
        notes=(
            "The code learns from the pictures alone; labels reach only the softmax. "
            "reconstructions.png in the run folder shows what the code keeps.",
        ),
    ),
    Recipe(
        name="fast",
        title="99% in seconds: one epoch of a network shaped for a CPU",
        data="mnist",
        model="fast",
        options={"filters": (16, 32, 64)},
        label_smoothing=0.1,
        optimizer="adamw",
        learning_rate=0.08,
        schedule="one-cycle",
        weight_decay=0.1,
        batch_size=256,
        epochs=1,
        parameters=29_658,
    ),
    Recipe(
        name="accurate",
        title="What a quarter of an hour on two cores gives: distorted digits, five looks at each",
        data="mnist",
        model="reader",
        options={
            "stem": 32,
            "stem_strides": 1,
            "filters": (64, 64, 128, 128),
            "units": 128,
            "dropout": 0.2,
            "shortcuts": 1,
            "looks": 5,
        },
        label_smoothing=0.1,
        optimizer="adamw",
        learning_rate=0.02,
        schedule="one-cycle",
        weight_decay=0.02,
        batch_size=128,
        epochs=12,
        augment="distorted",
        plain_share=0.1,
        parameters=428_202,
    ),
    Recipe(
        name="tiny",
        title="Under 8,000 parameters, for a microcontroller: export it with --int8",
        data="mnist",
        model="reader",
        options={
            "stem": 8,
            "stem_strides": 1,
            "filters": (12, 16, 16),
            "units": 16,
            "dropout": 0.0,
        },
        optimizer="adamw",
        learning_rate=0.04,
        schedule="one-cycle",
        weight_decay=0.001,
        batch_size=128,
        epochs=60,
        augment="distorted",
        parameters=7_842,
    ),
    Recipe(
        name="micro",
        title="99% in 3 kilobytes: export it with --int8",
        data="mnist",
        model="reader",
        options={
            "stem": 6,
            "stem_strides": 1,
            "filters": (8, 10),
            "units": 10,
            "dropout": 0.0,
        },
        optimizer="adamw",
        learning_rate=0.04,
        schedule="one-cycle",
        weight_decay=0.001,
        batch_size=128,
        epochs=30,
        augment="renormalised",
        parameters=2_448,
    ),
    Recipe(
        name="reader",
        title="The model that scrawl carries: reads real pictures, knows what is no digit",
        data="mnist",
        model="reader",
        options={"stem": 24, "filters": (32, 64, 64), "units": 128, "dropout": 0.2},
        optimizer="adamw",
        learning_rate=0.006,
        schedule="one-cycle",
        weight_decay=0.02,
        batch_size=128,
        epochs=45,
        validation_split=0.08333,
        augment="reader",
        parameters=139_203,
        notes=(
            "An epoch is 55,000 pictures made from the first 55,000 training rows and from pen "
            "strokes; no real picture is among them. The last 5,000 rows fix temperature and "
            "threshold.",
        ),
    ),
    Recipe(
        name="pages",
        title="The model that scrawl carries for numbers and pages: finds and reads every digit",
        data="mnist",
        model="detector",
        options={"stem": 24, "filters": (32, 72, 112)},
        loss="detection",
        optimizer="adamw",
        learning_rate=0.002,
        schedule="one-cycle",
        weight_decay=0.02,
        batch_size=16,
        epochs=28,
        validation_split=0.08333,
        augment="pages",
        parameters=687_738,
        notes=(
            "An epoch is 6,875 strips of pages, written with digits of the first 55,000 training "
            "rows and with pen strokes; no real picture is among them. Strips of the last 5,000 "
            "rows fix odds, temperature and threshold.",
        ),
    ),
)

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in _ALL}


def get(name: str) -> Recipe:
    """The recipe of a name.

    Raises:
        InputError: There is none; the message suggests the nearest.
    """
    if name not in RECIPES:
        raise unknown("recipe", name, RECIPES)
    return RECIPES[name]
