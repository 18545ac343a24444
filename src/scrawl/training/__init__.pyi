from . import recipes as recipes
from .trainer import resume as resume
from .trainer import train as train
