from . import recipes as recipes
from .estimator import DigitClassifier as DigitClassifier
from .trainer import resume as resume
from .trainer import train as train
