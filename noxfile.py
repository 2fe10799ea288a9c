"""The checks: `nox -l` is the menu; `nox -s tests`, then `nox -s slow`, must pass before a change is merged."""

from __future__ import annotations

import ast
import os
import secrets
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2026.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"

PROJECT = nox.project.load_toml("pyproject.toml")
CORE_ROOMS = ("errors.py", "money/*", "periods/*", "rules/*", "ports/*", "services/*")
EXTRAS = "cli,frames,plots,testing"
SPREAD = ("-n", "auto")
EVEN_SLOW = ("-m", "not exhaustive")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the gate: style, imports, types, all tests and examples; `nox -s tests -- -k payment` runs some tests."""
    _install(session, "tests", "lint", "types", extras=EXTRAS)
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    _check_style(session)
    _check_imports(session)
    session.run("mypy")
    _run_on_a_hostile_host(session)


@nox.session(default=False)
def slow(session: nox.Session) -> None:
    """Run the rest of the gate: pyright, Spark, the notebooks, and all tests in short form on the host as it is."""
    _install(session, "tests", "lint", "types", "pyright", "spark", "notebooks", extras=EXTRAS)
    if session.posargs:
        session.run("pytest", *EVEN_SLOW, *session.posargs)
        return
    _check_with_pyright(session)
    session.run("pytest", *SPREAD, *EVEN_SLOW, env={"HYPOTHESIS_PROFILE": "short"})


@nox.session(default=False)
def lint(session: nox.Session) -> None:
    """Check the style alone; `nox -s lint -- --fix` repairs what can be repaired."""
    session.install(*_group("lint"))
    if "--fix" in session.posargs:
        session.run("ruff", "check", "--fix", "--exit-zero", "--quiet")
        session.run("ruff", "format", "--quiet")
    _check_style(session)


@nox.session(default=False)
def imports(session: nox.Session) -> None:
    """Check that every room imports only rooms below it."""
    _install(session, "lint")
    _check_imports(session)


@nox.session(default=False)
def types(session: nox.Session) -> None:
    """Check the types with mypy and pyright, and that the public ones are complete."""
    _install(session, "tests", "types", "pyright", extras=EXTRAS)
    session.run("mypy")
    _check_with_pyright(session)


@nox.session(default=False)
def exhaustive(session: nox.Session) -> None:
    """Prove periods on every zone and transition, formats on every locale, and properties on 2,000 examples (minutes)."""
    _install(session, "tests", "lint", "types", "spark", "notebooks", extras=EXTRAS)
    session.run(
        "pytest", *SPREAD, "-m", "", *session.posargs, env={"HYPOTHESIS_PROFILE": "exhaustive"}
    )


@nox.session(default=False)
def mutation(session: nox.Session) -> None:
    """Break money and rules in small ways, one at a time, and list what no test notices (long)."""
    _install(session, "tests", "mutation", extras=EXTRAS)
    session.run("mutmut", "run", *session.posargs, env={"HYPOTHESIS_PROFILE": "mutation"})
    session.run("mutmut", "results")


@nox.session(default=False)
def proof(session: nox.Session) -> None:
    """Prove rounding, allocation, brackets and reversal on whole numbers with CrossHair, or show a counterexample (minutes)."""
    _install(session, "proof")
    for file in session.posargs or sorted(map(str, Path("tests/proofs").glob("*.py"))):
        _prove(session, file)


@nox.session(default=False)
def benchmarks(session: nox.Session) -> None:
    """Measure speed beside comparable libraries, as a table of ratios."""
    _install(session, "benchmarks", extras=EXTRAS)
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Build the documentation into site/, without network; `nox -s docs -- serve` shows it while you write."""
    session.install(*_group("docs"))
    session.run(
        "mkdocs",
        *(session.posargs or ("build", "--strict", "--quiet")),
        env={"NO_MKDOCS_2_WARNING": "1"},
    )


@nox.session(default=False)
def package(session: nox.Session) -> None:
    """Build the wheel, look into it, and play the handbook from a clean environment that has nothing else."""
    session.install(*_group("package"))
    made = Path(session.create_tmp()).resolve()
    shutil.rmtree(made)
    session.run("python", "-m", "build", "--outdir", str(made))
    (wheel,) = made.glob("*.whl")
    session.run("twine", "check", "--strict", *map(str, made.iterdir()))
    session.run("check-wheel-contents", str(wheel))
    clean = made / "clean"
    python = str(clean / ("Scripts" if os.name == "nt" else "bin") / "python")
    session.run("python", "-m", "venv", str(clean))
    session.run(python, "-m", "pip", "install", "--quiet", f"{wheel}[cli]", external=True)
    session.run(
        python,
        "-I",
        "-m",
        "distbilling",
        "run",
        "examples/handbook.toml",
        silent=True,
        external=True,
    )


@nox.session(default=False)
def changelog(session: nox.Session) -> None:
    """Show what the next release would say, from the fragments in changelog.d/."""
    session.install(*_group("package"))
    session.run("towncrier", "build", "--draft", "--version", PROJECT["project"]["version"])


def _install(session: nox.Session, *groups: str, extras: str = "") -> None:
    session.install("-e", f".[{extras}]" if extras else ".", *_group(*groups))


def _group(*names: str) -> tuple[str, ...]:
    return nox.project.dependency_groups(PROJECT, *names)


def _check_style(session: nox.Session) -> None:
    session.run("ruff", "check", "--quiet")
    session.run("ruff", "format", "--check", "--quiet")


def _check_imports(session: nox.Session) -> None:
    session.run("lint-imports")


def _check_with_pyright(session: nox.Session) -> None:
    session.run("pyright")
    session.run("pyright", "--verifytypes", "distbilling", "--ignoreexternal")


def _prove(session: nox.Session, file: str) -> None:
    contracts = [
        node
        for node in ast.parse(Path(file).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    patience = ("--per_condition_timeout=120", "--per_path_timeout=120")
    check = ("crosshair", "check", "--analysis_kind=asserts", "--report_all", *patience, file)
    told = str(session.run(*check, silent=True, success_codes=(0, 1))).splitlines()
    unproven = [line for line in told if not line.endswith(": Confirmed over all paths.")]
    if unproven or len(told) != len(contracts):
        session.error(
            "\n".join(
                (f"{file}: {len(told)} of {len(contracts)} contracts were looked at", *unproven)
            )
        )
    session.log(f"{file}: {len(contracts)} contracts hold for all whole numbers that they speak of")


def _run_on_a_hostile_host(session: nox.Session) -> None:
    host = {"TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": str(secrets.randbelow(2**32))}
    session.log(f"The tests, in a host with 5 decimal digits and {host}")
    session.run("coverage", "erase")
    run = ("coverage", "run", "-m", "pytest", "--host-decimal-precision=5", *SPREAD)
    session.run(*run, env=host)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")
    core = ",".join(f"*/distbilling/{room}" for room in CORE_ROOMS)
    complete = ("--fail-under=100", "--format=total", f"--include={core}")
    session.run("coverage", "report", *complete, silent=True)
    session.log("Every line and branch of the core rooms is covered: %s", ", ".join(CORE_ROOMS))
