from .digit_reader import DigitReader as DigitReader
from .errors import DataError as DataError
from .errors import InputError as InputError
from .errors import MissingExtraError as MissingExtraError
from .errors import ModelError as ModelError
from .errors import PictureError as PictureError
from .errors import ScrawlError as ScrawlError
from .forms import FieldReading as FieldReading
from .forms import Form as Form
from .forms import FormReader as FormReader
from .forms import FormReading as FormReading
from .forms import load_form as load_form
from .forms import read_form as read_form
from .one_digit import OneDigitReader as OneDigitReader
from .one_digit import read_one as read_one
from .pages import Cell as Cell
from .pages import Digit as Digit
from .pages import Line as Line
from .pages import Mark as Mark
from .pages import PageReader as PageReader
from .pages import Reading as Reading
from .pages import Table as Table
from .pages import read as read
from .prediction import Prediction as Prediction

__version__: str
