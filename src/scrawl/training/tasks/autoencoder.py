"""Training an autoencoder: a classifier that can also show what its code kept of a picture."""

from __future__ import annotations

import numpy as np

from scrawl.files import writing
from scrawl.report import plots
from scrawl.training.backend import keras
from scrawl.training.models.autoencoder import reconstruct
from scrawl.training.run import Epoch, Run
from scrawl.training.tasks.classifier import ClassifierTraining


class AutoencoderTraining(ClassifierTraining):
    """Besides what every run leaves, a picture of test digits and of what was made of their codes.

    The loss of its log is the sum of both: the reconstruction's and the classifier's.
    """

    def finish(self, run: Run, model: keras.Model, log: list[Epoch]) -> None:
        """Draws the reconstructions, then does what every training does."""
        images, labels = self.dataset.split("test")
        _, first = np.unique(labels, return_index=True)
        x, _ = self.arrays(model, (images[first], labels[first]))
        pixel_max = self.dataset.info.pixel_max
        drawn = np.rint(reconstruct(model, x) * pixel_max).astype(np.uint8)
        both = np.concatenate([images[first], drawn.reshape(-1, *self.image_shape)])
        titles = [
            *(self.classes[label] for label in labels[first]),
            *["from its code"] * len(first),
        ]
        figure = plots.grid(both, titles, pixel_max, columns=len(first))
        with writing(run.folder / "reconstructions.png") as aside:
            plots.save(figure, aside)
        super().finish(run, model, log)
