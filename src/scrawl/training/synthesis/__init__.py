"""Training pictures that look like what people bring, made of MNIST and of chance."""

from scrawl.training.synthesis.epoch import NOTHING, epoch_size, reader_epoch

__all__ = ["NOTHING", "epoch_size", "reader_epoch"]
