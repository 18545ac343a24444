"""What five well-known tutorials train, to their definition."""

from __future__ import annotations

from scrawl.training.recipe import Recipe

_TEST_AS_VALIDATION = (
    "The tutorial scores the test set after every epoch. Here it is opened once, after the last; "
    "--set validation_split=0.1 draws a validation curve from training rows instead."
)

RECIPES = (
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
)
