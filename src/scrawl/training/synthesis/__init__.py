"""Training pictures that look like what people bring, made of MNIST and of chance."""

from scrawl.training.synthesis.epoch import epoch_size, reader_epoch
from scrawl.training.synthesis.hands import NOTHING, Hands

__all__ = ["NOTHING", "Hands", "epoch_size", "reader_epoch"]
