"""The benchmark of the spans track runs; how fast it is, it says itself."""

import json
import pathlib
import subprocess
import sys

SCRIPT = pathlib.Path(__file__).parents[1] / "benchmarks" / "score.py"


def test_the_benchmark_runs_on_few_documents_and_agrees_with_the_other_scorers() -> None:
    command = [sys.executable, str(SCRIPT), "--quick", "--json"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    result = json.loads(run.stdout)
    assert result["documents"] == 50
    assert all(value > 0 for value in result["found"].values())
    assert {"seqeval / rift", "nervaluate / rift", "rift / decode"} <= result["ratios"].keys()
    assert [row[:2] for row in result["linearity"]][-2:] == [[5, 25], [5, 250]]
