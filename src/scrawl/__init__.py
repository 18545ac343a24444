"""scrawl reads handwritten digits, and trains the classic classifiers.

    >>> import scrawl
    >>> scrawl.read("amount.jpg").text
    >>> scrawl.DigitReader.load().read("photo.jpg").digit

Importing it loads nothing else: each public name brings its module when it is first used. Which
names those are stands in ``__init__.pyi``.
"""

import lazy_loader

__version__ = "0.2.0.dev0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
