"""Training pictures that look like what people bring, made of MNIST and of chance."""

from scrawl.training.synthesis.epoch import epoch_size, reader_epoch
from scrawl.training.synthesis.hands import NOT_A_DIGIT_LABEL, Hands

__all__ = ["NOT_A_DIGIT_LABEL", "Hands", "epoch_size", "reader_epoch"]
