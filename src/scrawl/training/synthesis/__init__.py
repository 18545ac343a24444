"""Training pictures that look like what people bring, made of MNIST and of chance."""

from scrawl.training.synthesis.epoch import epoch_size, reader_epoch, single_digits
from scrawl.training.synthesis.met import NOT_A_DIGIT

__all__ = ["NOT_A_DIGIT", "epoch_size", "reader_epoch", "single_digits"]
