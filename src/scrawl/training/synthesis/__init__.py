"""Training pictures that look like what people bring, made of MNIST and of chance."""

from scrawl.training.synthesis.epoch import NOT_A_DIGIT, epoch_size, reader_epoch

__all__ = ["NOT_A_DIGIT", "epoch_size", "reader_epoch"]
