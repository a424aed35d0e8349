"""A container engine, or the reason why there is none."""

import os
import shutil
import subprocess

import pytest


@pytest.fixture(scope="session", autouse=True)
def engine() -> None:
    """Skip where no engine answers; where CI says that there must be one, fail."""
    docker = shutil.which("docker")
    answers = docker and subprocess.run([docker, "info"], capture_output=True, check=False).returncode == 0
    if not answers and os.environ.get("CI") == "true":
        pytest.fail("no container engine answers")
    if not answers:
        pytest.skip("no container engine answers")
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
