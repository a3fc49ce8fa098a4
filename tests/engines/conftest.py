"""A Spark session for all the tests of engines; without PySpark and Java they are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers import new_workspace
from openpeel.engine.measure.spark import Spark


@pytest.fixture(scope="session")
def spark() -> Iterator[Spark]:
    """Spark on two small workers of a cluster on this machine: records and cubes go from process to process."""
    pytest.importorskip("pyspark", reason="PySpark is not installed: make test-spark installs it")
    if shutil.which("java") is None:
        pytest.skip("there is no Java on this machine")
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {"spark.sql.shuffle.partitions": "4", "spark.log.level": "ERROR"}
    engine = Spark(Path(), os.environ.get("OPENPEEL_SPARK", "local-cluster[2,1,1024]"), settings)
    engine.session()
    yield engine
    engine.stop()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return new_workspace(tmp_path / "workspace")
