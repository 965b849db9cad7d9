"""The forms of input that nervaluate takes, read as spans."""

from collections.abc import Mapping, Sequence

from rift.annotations.layer import Span
from rift.eval.columns import FARTHEST
from rift.eval.compat.tags import LENIENT, Sides, checked, read_spans

LOADERS = ("default", "list", "conll", "dict")
"""The names of the forms."""

_SIDES = Sides("true", "pred")

Documents = list[list[Span]]


def load(true: object, pred: object, loader: str) -> tuple[Documents, Documents]:
    """Read both sides in the form `loader`; see `rift.eval.compat.evaluator.Evaluator` for the forms.

    Raises ValueError for an unknown loader, unequal numbers of documents or tokens, and anything that cannot be read,
    with document and position counted from 0.
    """
    if loader not in LOADERS:
        raise ValueError(f"there is no loader {loader!r}; the loaders known are: {', '.join(LOADERS)}")
    form = _form(true, pred) if loader == "default" else loader
    if form == "dict":
        ours, theirs = _entities(true, _SIDES.gold), _entities(pred, _SIDES.predicted)
        if len(ours) != len(theirs):
            raise ValueError(f"true has {len(ours)} documents and pred {len(theirs)}")
        return ours, theirs
    if form == "conll":
        true, pred = _columns(true, _SIDES.gold), _columns(pred, _SIDES.predicted)
    ours_tags, theirs_tags = checked(true, pred, _SIDES)
    return (
        read_spans(ours_tags, LENIENT, suffix=False, side=_SIDES.gold),
        read_spans(theirs_tags, LENIENT, suffix=False, side=_SIDES.predicted),
    )


def _form(true: object, pred: object) -> str:
    """Tell the form by the first document that holds anything, on either side."""
    if isinstance(true, str):
        return "conll"
    for side in (true, pred):
        for document in side if isinstance(side, Sequence) else ():
            for first in document if isinstance(document, Sequence) else ():
                return "dict" if isinstance(first, Mapping) else "list"
    return "list" if isinstance(true, Sequence) and isinstance(pred, Sequence) and not [*true, *pred] else "dict"


def _columns(side: object, name: str) -> list[list[str]]:
    """Return the tags of a text of token, tab, tag; a blank line ends a document, several end one."""
    if not isinstance(side, str):
        raise ValueError(f"{name} must be text for the loader 'conll', not {type(side).__name__}")  # noqa: TRY004 - one error
    documents: list[list[str]] = [[]]
    for number, line in enumerate(side.splitlines(), start=1):
        if not line.strip():
            if documents[-1]:
                documents.append([])
            continue
        fields = line.split("\t")
        if len(fields) < 2:  # noqa: PLR2004 - token and tag
            raise ValueError(f"{name}, line {number}: {line!r} is not a token, a tab and a tag")
        documents[-1].append(fields[1].strip())
    return documents if documents[-1] else documents[:-1]


def _entities(side: object, name: str) -> Documents:
    if isinstance(side, str) or not isinstance(side, Sequence):
        raise ValueError(f"{name} must be a list of documents, not {type(side).__name__}")  # noqa: TRY004 - one error
    found = []
    for number, document in enumerate(side):
        if isinstance(document, str) or not isinstance(document, Sequence):
            raise ValueError(  # noqa: TRY004 - bad input has one error
                f"{name}, document {number}, counted from 0: a list of spans is needed, not {type(document).__name__}"
            )
        found.append(
            [
                _entity(entity, f"{name}, document {number}, span {place}, counted from 0")
                for place, entity in enumerate(document)
            ]
        )
    return found


def _entity(entity: object, where: str) -> Span:
    """Read one span; nervaluate's ends are inclusive."""
    if not isinstance(entity, Mapping):
        raise ValueError(f"{where}: a mapping is needed, not {type(entity).__name__}")  # noqa: TRY004 - one error
    if missing := [key for key in ("label", "start", "end") if key not in entity]:
        raise ValueError(f"{where}: {' and '.join(missing)} missing")
    label, start, end = entity["label"], entity["start"], entity["end"]
    if not isinstance(label, str):
        raise ValueError(f"{where}: the label {label!r} is not a string")  # noqa: TRY004 - bad input has one error
    whole = all(isinstance(offset, int) and not isinstance(offset, bool) for offset in (start, end))
    if not whole or not 0 <= start <= end < FARTHEST:
        raise ValueError(f"{where}: {start!r} to {end!r} are not offsets; whole numbers from 0, the end inclusive, are")
    return Span(start=start, end=end + 1, label=label)
