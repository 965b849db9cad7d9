"""`benchmarks/coverage.py`: its model has the true value that it says, and it prints its rates."""

import importlib.util
import json
import pathlib
import types

import numpy as np
import pytest
from click.testing import CliRunner

from rift.eval.significance import micro_f1

SCRIPT = pathlib.Path(__file__).parents[1] / "benchmarks" / "coverage.py"

pytestmark = pytest.mark.skipif(not SCRIPT.exists(), reason="the benchmarks are not part of a source distribution")


@pytest.fixture(scope="module")
def coverage() -> types.ModuleType:
    """Return the script as a module."""
    found = importlib.util.spec_from_file_location("coverage_benchmark", SCRIPT)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_true_value_is_that_of_very_many_documents(coverage: types.ModuleType) -> None:
    for counts in coverage.simulate(np.random.default_rng(5), 200_000):
        assert float(micro_f1(counts.sum(axis=0))) == pytest.approx(coverage.TRUE_F1, abs=0.002)


def test_intervals_cover_and_the_test_keeps_its_level_at_fifty_documents(coverage: types.ModuleType) -> None:
    covered, rejected = np.array(list(coverage.outcomes(50, 300, 500, 1))).mean(axis=0)
    assert 0.90 < covered < 0.98
    assert 0.02 < rejected < 0.085


def test_a_rate_has_a_binomial_interval_and_says_whether_it_meets_its_aim(coverage: types.ModuleType) -> None:
    found = coverage.rate(95, 100, (0.93, 0.97))
    assert found.met
    assert found.interval == pytest.approx((0.8872, 0.9836), abs=1e-4)
    assert not coverage.rate(98, 100, (0.93, 0.97)).met


def test_it_prints_tables_and_json(coverage: types.ModuleType) -> None:
    table = CliRunner().invoke(coverage.main, ["--quick", "--simulations", "30"])
    assert table.exit_code == 0
    assert [line.split()[0] for line in table.stdout.splitlines()[3:] if line.split()][-4:] == ["10", "20", "50", "200"]
    rows = json.loads(CliRunner().invoke(coverage.main, ["--quick", "--simulations", "30", "--json"]).stdout)
    assert [(row["documents"], row["simulations"]) for row in rows] == [(5, 3), (10, 3), (20, 3), (50, 3), (200, 3)]
