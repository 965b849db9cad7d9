"""What stands for a measure that is undefined."""

import math
import warnings
from typing import Literal

import numpy as np
import numpy.typing as npt

ZeroDivision = float | Literal["warn"]
"""What an undefined measure becomes: a number, NaN to leave it undefined, or seqeval's "warn" (0, and a warning)."""

UNDEFINED: ZeroDivision = math.nan


def settled(values: npt.NDArray[np.float64], zero_division: ZeroDivision) -> npt.NDArray[np.float64]:
    """Return `values` with `zero_division` in place of each NaN; "warn" puts 0 and gives a UserWarning if there is one.

    Raises ValueError for any other text.
    """
    if isinstance(zero_division, str):
        if zero_division != "warn":
            raise ValueError(f"zero_division is a number, NaN or 'warn', not {zero_division!r}")
        if np.isnan(values).any():
            warnings.warn("a measure with nothing to divide by is undefined and set to 0", stacklevel=4)
        zero_division = 0
    return np.where(np.isnan(values), zero_division, values)
