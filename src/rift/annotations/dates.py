"""Reading dates in EDTF, the Extended Date/Time Format (ISO 8601-2:2019)."""

from typing import Any

import edtf
from edtf.parser import parser_classes
from edtf.parser.edtf_exceptions import EDTFParseException

_LONGEST = 64  # characters; no expression of level 0 or 1 is longer

# The package prints a line for its authors where it fails at an expression such as `/..`. To catch the output would
# take from other threads what they print meanwhile.
vars(parser_classes)["print"] = lambda *_: None


def parse_date(value: str) -> Any | None:  # noqa: ANN401  (the parser has no types)
    """Return the date that `value` says, as `edtf` gives it; None for what is no EDTF. Prints nothing."""
    if len(value) > _LONGEST:
        return None
    try:
        return edtf.parse_edtf(value)
    except (EDTFParseException, ValueError, TypeError):  # the last for an interval between nothing and nothing
        return None
