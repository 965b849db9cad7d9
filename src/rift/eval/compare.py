"""Several systems on the same gold: from the names of files to ranks and differences."""

import pathlib
from collections import Counter
from collections.abc import Sequence

import msgspec

from rift.eval.coverage import check_track
from rift.eval.inputs import Inputs, Prediction, in_file, read_inputs, read_spans, read_whole
from rift.eval.resample import Bootstrap
from rift.eval.scoring import collect, fingerprint, score
from rift.eval.signature import signature
from rift.eval.significance import Comparison, Randomisation, compare, detectable_alone
from rift.eval.statistics import Counts
from rift.eval.tracks import Mode
from rift.issues import InputError, Issue


class ComparisonRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be compared: gold and systems as `rift.eval.run.Request` names them, one measure, the settings."""

    gold: str
    systems: Sequence[str]
    track: str
    mode: Mode
    documents: Sequence[str] | None = None
    bootstrap: Bootstrap = Bootstrap()
    randomisation: Randomisation = Randomisation()


class ComparisonResult(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome: the micro F1 of every system in one mode of a track, compared; its signature, and the warnings."""

    track: str
    mode: Mode
    gold: str
    signature: str
    comparison: Comparison
    issues: Sequence[Issue]


def compare_files(request: ComparisonRequest, sources: pathlib.Path | None) -> ComparisonResult:
    """Read, check and compare what `request` names; `sources` holds the source texts, for checks of offsets.

    A system has the name of its layer, that of its file where two layers share a name. For one system the smallest
    detectable difference is that of `detectable_alone`. Raises InputError as `rift.eval.inputs.read_inputs`,
    `rift.eval.coverage.check_track` and `rift.eval.scoring.score` do, with the issues of all systems, and ValueError
    for an unknown track or mode.
    """
    read = read_spans if request.track == "spans" else read_whole
    inputs = read_inputs(request.gold, request.systems, request.documents, sources, read)
    check_track(request.track, request.gold, inputs.coverage)
    names = _names(inputs.predictions)
    counted = [_counts(request, inputs, prediction) for prediction in inputs.predictions]
    if faults := [issue for counts, issues in counted if counts is None for issue in issues]:
        raise InputError(faults)
    systems = {name: counts for name, (counts, _) in zip(names, counted, strict=True) if counts is not None}
    comparison = compare(systems, bootstrap=request.bootstrap, randomisation=request.randomisation)
    if len(systems) == 1:
        comparison = msgspec.structs.replace(comparison, detectable=detectable_alone(systems[names[0]]))
    signed = signature(
        request.track,
        request.mode,
        split=inputs.split,
        gold=fingerprint(inputs.gold, request.track),
        documents=comparison.documents,
        bootstrap=request.bootstrap,
    )
    return ComparisonResult(
        track=request.track,
        mode=request.mode,
        gold=inputs.gold.name,
        signature=f"{signed}|rounds:{request.randomisation.rounds}",
        comparison=comparison,
        issues=[*inputs.issues, *(issue for _, issues in counted for issue in issues)],
    )


def _counts(
    request: ComparisonRequest, inputs: Inputs, prediction: Prediction
) -> tuple[Counts | None, Sequence[Issue]]:
    """Return the counts of one system (documents, 4) and its warnings, or None and what keeps it from being scored."""
    quick = Bootstrap(request.bootstrap.seed, resamples=0)
    try:
        scores = score(inputs.gold, prediction.layer, request.track, bootstrap=quick)
    except InputError as error:
        return None, in_file(error.issues, prediction.path)
    found = collect(inputs.gold, prediction.layer, request.track).statistics
    return found.counts[:, found.modes.index(request.mode)].sum(axis=1), in_file(scores.issues, prediction.path)


def _names(predictions: Sequence[Prediction]) -> list[str]:
    uses = Counter(found.layer.name for found in predictions)
    names = [found.layer.name if uses[found.layer.name] == 1 else str(found.path) for found in predictions]
    return names if len(set(names)) == len(names) else [str(found.path) for found in predictions]
