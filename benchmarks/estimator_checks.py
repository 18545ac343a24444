"""What scikit-learn asks of an estimator, asked of `DigitClassifier` with its own networks.

    python benchmarks/estimator_checks.py [--only check_classifiers_train ...] [--skip 20 --most 10]

Prints a row a check: whether it passed, and the CPU seconds. `tests/training` asks the same with a
linear model in the network's place, in seconds; here each check trains one network or more, by the
passes that small data has by itself, a minute a fit on a busy machine: hence the parts.
"""

from __future__ import annotations

import argparse
import time
from itertools import islice
from unittest import SkipTest

from sklearn.utils.estimator_checks import estimator_checks_generator

from scrawl.training import DigitClassifier


def name_of(check) -> str:  # type: ignore[no-untyped-def]
    """What scikit-learn calls a check."""
    return str(getattr(check, "func", check).__name__)


def asked(estimator, check) -> str:  # type: ignore[no-untyped-def]
    """What came of a check."""
    try:
        check(estimator)
    except SkipTest as error:
        return f"skipped: {error}"
    except Exception as error:  # whatever a check stumbles over
        first = next(iter(str(error).strip().splitlines()), "")
        return f"failed: {type(error).__name__}: {first}"
    return "passed"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", metavar="CHECK", help="names of checks")
    parser.add_argument("--skip", type=int, default=0, help="checks that are passed over")
    parser.add_argument("--most", type=int, help="checks that are asked; all if none")
    arguments = parser.parse_args()
    print("| check | | CPU s |\n| --- | --- | --- |", flush=True)
    pairs = estimator_checks_generator(DigitClassifier())
    if arguments.only:
        pairs = (pair for pair in pairs if name_of(pair[1]) in arguments.only)
    stop = None if arguments.most is None else arguments.skip + arguments.most
    for estimator, check in islice(pairs, arguments.skip, stop):
        start = time.process_time()
        told = asked(estimator, check)
        spent = time.process_time() - start
        print(f"| `{name_of(check)}` | {told} | {spent:.1f} |", flush=True)


if __name__ == "__main__":
    main()
