"""The tests of `nlu/` run where its code runs: in Rasa's environment, by its interpreter."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"

# They train a whole model.
pytestmark = pytest.mark.timeout(600)


def test_the_tests_of_nlu_pass(redis_url):
    environment = os.environ | {
        "REDIS_URL": redis_url,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "RASA_MAX_CACHE_SIZE": "0",
        "RASA_TELEMETRY_ENABLED": "false",
    }

    run = subprocess.run(
        [PYTHON, "-m", "pytest", "-q", "-c", "nlu/tests/pytest.ini", "nlu/tests"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
