"""A run of the evaluation: from the names of files to scores, with all that is needed to repeat it."""

import dataclasses
import pathlib
from collections.abc import Mapping, Sequence

import msgspec

from rift import __version__
from rift.eval import metadata, slices
from rift.eval.coverage import check_track
from rift.eval.inputs import (
    InputFile,
    Inputs,
    Reader,
    fingerprint_file,
    in_file,
    read_inputs,
    read_spans,
    read_whole,
    whole,
)
from rift.eval.metadata import By
from rift.eval.resample import Bootstrap
from rift.eval.scoring import Scores, collect, score
from rift.eval.slices import Facts, Slicing
from rift.guidelines import scheme
from rift.issues import InputError


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is to be scored and how.

    `gold` is a layer file, a collection, or a split of one (`briefs/dev`); `predicted` is a file. `documents` are the
    gold documents to score (None: all), `by` the slicings that are asked for.
    """

    gold: str
    predicted: str
    track: str = "spans"
    bootstrap: Bootstrap = Bootstrap()
    documents: Sequence[str] | None = None
    by: Sequence[By] = ()


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a result came about: the version of the program, the request, and the files read."""

    version: str
    request: Request
    gold: InputFile
    predicted: InputFile


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """The outcome of a run: how it came about, the scores, and the slicings by name."""

    run: Run
    scores: Scores
    slices: Mapping[str, Slicing]


def evaluate(request: Request, sources: pathlib.Path | None) -> Result:
    """Read, check and score what `request` names; `sources` holds the source texts, for checks of offsets.

    Raises InputError as `rift.eval.inputs.read_inputs`, `rift.eval.coverage.check_track` and `rift.eval.scoring.score`
    do, ValueError for an unknown track.
    """
    inputs = read_request(request, sources, read_spans if request.track == "spans" and not request.by else read_whole)
    check_track(request.track, request.gold, inputs.coverage)
    (predicted,) = inputs.predictions
    try:
        scores = score(
            inputs.gold,
            predicted.layer,
            request.track,
            labels=inputs.coverage.labels if inputs.coverage else scheme().labels,
            split=inputs.split,
            bootstrap=request.bootstrap,
        )
    except InputError as error:
        raise InputError(in_file(error.issues, predicted.path)) from error
    issues = (*inputs.issues, *in_file(scores.issues, predicted.path))
    return Result(
        run=Run(__version__, request, fingerprint_file(inputs.gold_path), fingerprint_file(predicted.path)),
        scores=msgspec.structs.replace(scores, issues=issues),
        slices=_slices(request, inputs),
    )


def as_json(result: Result) -> bytes:
    """Return a result as JSON: the scores, and beside them `slices` and `run`."""
    content = {**msgspec.to_builtins(result.scores), "slices": result.slices, "run": result.run}
    return msgspec.json.format(msgspec.json.encode(content))


def read_request(request: Request, sources: pathlib.Path | None, read: Reader = read_whole) -> Inputs:
    """Read what `request` names; raises InputError as `rift.eval.inputs.read_inputs` does."""
    return read_inputs(request.gold, [request.predicted], request.documents, sources, read)


def _slices(request: Request, inputs: Inputs) -> Mapping[str, Slicing]:
    if not request.by:
        return {}
    gold, predicted = whole(inputs.gold), whole(inputs.predictions[0].layer)
    facts = Facts(inputs.documents, metadata.corpus_metadata(), metadata.training_surfaces(inputs.documents))
    counts = collect(gold, predicted, request.track).statistics
    found: dict[str, Slicing] = {}
    for by in request.by:
        match by:
            case "label" | "form" | "seen" | "length":
                found[by] = slices.slice_spans(gold, predicted, request.track, by, facts, request.bootstrap)
            case _:
                found[by] = slices.slice_documents(counts, by, facts, request.bootstrap)
    return found
