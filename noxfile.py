"""The checks: `nox -l` is the menu; `tests` and `slow` must pass before a change is merged."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import nox
from nox.virtualenv import UV
from packaging.requirements import Requirement

nox.needs_version = ">=2026.2"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"

PROJECT = nox.project.load_toml("pyproject.toml")
if sys.version_info < (3, 11):  # noqa: UP036 - nox itself runs on older ones
    sys.exit("distbilling needs Python 3.11 or later; this is {}.{}.".format(*sys.version_info))

PYTHONS = nox.project.python_versions(PROJECT)
LOCKED = {
    "nox": ("nox",),
    "lint": ("lint",),
    "tests": ("tests", "lint", "types"),
    "types": ("tests", "lint", "types", "pyright"),
    "slow": ("tests", "lint", "types", "pyright", "spark", "notebooks"),
}
"""The files in requirements/, each with the groups of pyproject.toml that it pins."""
WITHOUT_PROJECT = {"nox", "lint"}
"""Those that pin neither what the project needs nor its extras."""
CORE_TESTS = (
    *("tests/test_errors.py", "tests/test_worked_examples.py", "src/distbilling/errors.py"),
    *("tests/money", "tests/periods", "tests/rules", "tests/ports", "tests/services"),
    *("src/distbilling/money", "src/distbilling/periods", "src/distbilling/rules"),
    *("src/distbilling/ports", "src/distbilling/services"),
)
"""The tests and examples that must cover every line and branch of the core by themselves."""
EXTRAS = "cli,frames,plots,testing"
SPREAD = ("-n", "auto")
EVEN_SLOW = ("-m", "not exhaustive")
FAILURES = {
    r"error sending request|dns error|timed out|Connection (refused|reset)": (
        "There is no network, and {file} was not installed yet: connect, and run it again"
    ),
    r"Hash mismatch": "A download is not the one that {file} pins, by its hash: {text}",
    r"matching platform|current platform|matching Python|Python version|there is no version of": (
        "{file} does not fit {here}: run `nox -s lock`, or take another Python: {text}"
    ),
}
"""What uv writes when it cannot install, and what that means."""
OTHER_FAILURE = "{file} could not be installed: {text}"


@nox.session
def tests(session: nox.Session) -> None:
    """Run the gate: style, imports, types, all tests; `nox -s tests -- -k payment` runs some."""
    _install(session, "tests")
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    _check_style(session)
    _check_imports(session)
    session.run("mypy")
    _run_on_a_hostile_host(session)


@nox.session(default=False)
def slow(session: nox.Session) -> None:
    """Run the rest of the gate: pyright, Spark, notebooks, and all tests again in short form."""
    _install(session, "slow")
    if session.posargs:
        session.run("pytest", *EVEN_SLOW, *session.posargs)
        return
    _check_with_pyright(session)
    session.run("pytest", *SPREAD, *EVEN_SLOW, env={"HYPOTHESIS_PROFILE": "short"})


@nox.session(default=False, reuse_venv=False)
def newest(session: nox.Session) -> None:
    """Run all tests with the newest versions that pyproject.toml allows today, Spark's too."""
    _run_with(session, "highest")


@nox.session(default=False, reuse_venv=False)
def lowest(session: nox.Session) -> None:
    """Run all tests with the lowest versions that pyproject.toml allows, Spark's too."""
    _run_with(session, "lowest-direct")


@nox.session(default=False, python=PYTHONS, download_python="never")
def pythons(session: nox.Session) -> None:
    """Run the tests in short form on every Python that is promised and that this machine has."""
    _install(session, "tests")
    session.run("pytest", *SPREAD, *session.posargs, env={"HYPOTHESIS_PROFILE": "short"})


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Renew the pins in requirements/ with the newest versions that pyproject.toml allows."""
    session.install(*_group("nox"))
    compile_ = ("uv", "pip", "compile", "--universal", "--generate-hashes", "--upgrade", "--quiet")
    plain = (
        "--no-emit-index-url",
        "--no-emit-find-links",
        "--custom-compile-command",
        "nox -s lock",
    )

    for name in reversed(LOCKED):  # the longest first: the others take what it took
        chosen = [f"--group={group}" for group in LOCKED[name]]
        if name not in WITHOUT_PROJECT:
            chosen += ["pyproject.toml", "--all-extras"]
        if name not in {"slow", "nox"}:
            chosen += ["--constraints", "requirements/slow.txt"]
        # An older Python can install nox, so that nox says what is wrong.
        oldest = "3.9" if name == "nox" else "3.11"
        to = ("--python-version", oldest, "--output-file", f"requirements/{name}.txt")
        session.run(*compile_, *plain, *chosen, *to, silent=True)


@nox.session(default=False)
def lint(session: nox.Session) -> None:
    """Check the style alone; `nox -s lint -- --fix` repairs what can be repaired."""
    _install(session, "lint")
    if "--fix" in session.posargs:
        session.run("ruff", "check", "--fix", "--exit-zero", "--quiet")
        session.run("ruff", "format", "--quiet")
    _check_style(session)


@nox.session(default=False)
def imports(session: nox.Session) -> None:
    """Check that every room imports only rooms below it."""
    _install(session, "tests")
    _check_imports(session)


@nox.session(default=False)
def types(session: nox.Session) -> None:
    """Check the types with mypy and pyright, and that the public ones are complete."""
    _install(session, "types")
    session.run("mypy")
    _check_with_pyright(session)


@nox.session(default=False)
def exhaustive(session: nox.Session) -> None:
    """Try every time zone and locale, and 2,000 examples of every property (minutes)."""
    _install(session, "slow")
    session.run(
        "pytest", *SPREAD, "-m", "", *session.posargs, env={"HYPOTHESIS_PROFILE": "exhaustive"}
    )


@nox.session(default=False)
def mutation(session: nox.Session) -> None:
    """Break money and rules in small ways, one at a time, and list what no test notices (long)."""
    session.install("-e", f".[{EXTRAS}]", *_group("tests", "mutation"))
    session.run("mutmut", "run", *session.posargs, env={"HYPOTHESIS_PROFILE": "mutation"})
    session.run("mutmut", "results")


@nox.session(default=False)
def proof(session: nox.Session) -> None:
    """Prove rounding, allocation, brackets and reversal with CrossHair (minutes)."""
    session.install("-e", ".", *_group("proof"))
    for file in session.posargs or sorted(map(str, Path("tests/proofs").glob("*.py"))):
        _prove(session, file)


@nox.session(default=False)
def benchmarks(session: nox.Session) -> None:
    """Measure speed beside comparable libraries, as a table of ratios."""
    session.install("-e", f".[{EXTRAS}]", *_group("benchmarks"))
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Build the documentation into site/; `nox -s docs -- serve` shows it while you write."""
    session.install(*_group("docs"))
    session.run(
        "mkdocs",
        *(session.posargs or ("build", "--strict", "--quiet")),
        env={"NO_MKDOCS_2_WARNING": "1"},
    )


@nox.session(default=False)
def package(session: nox.Session) -> None:
    """Build the wheel, check what it holds, and play the handbook from a clean environment."""
    session.install(*_group("package"))

    made = Path(session.create_tmp()).resolve()
    shutil.rmtree(made)
    session.run("python", "-m", "build", "--outdir", str(made))
    (wheel,) = made.glob("*.whl")
    session.run("twine", "check", "--strict", *map(str, made.iterdir()))
    session.run("check-wheel-contents", str(wheel))
    _check_contents(session, wheel)

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


def _install(session: nox.Session, name: str) -> None:
    """Install what requirements/{name}.txt pins, and the project; nothing if that stands already.

    So a second run needs no network. What goes wrong is said in one line.
    """
    file, project = Path("requirements", f"{name}.txt"), name not in WITHOUT_PROJECT
    if missing := unpinned(requirements_of(name), file.read_text("utf-8")):
        session.error(f"{file} does not pin {', '.join(missing)}: run `nox -s lock`")

    installed = Path(session.virtualenv.location, "installed.sha256")
    contents = file.read_bytes() + Path("pyproject.toml").read_bytes()
    fingerprint = hashlib.sha256(contents).hexdigest()
    if installed.is_file() and installed.read_text("utf-8") == fingerprint:
        return

    session.log(f"Installing from {file}")
    _uv(session, file, "sync", "--require-hashes", str(file))
    if project:
        _uv(session, file, "install", "--no-deps", "--no-build-isolation", "--editable", ".")
    installed.write_text(fingerprint, "utf-8")


def requirements_of(name: str) -> list[str]:
    """Return what pyproject.toml asks of a file in requirements/."""
    groups = _group(*LOCKED[name])
    if name in WITHOUT_PROJECT:
        return [*groups]
    optional = PROJECT["project"]["optional-dependencies"].values()
    extras = (line for extra in optional for line in extra)
    return [*groups, *PROJECT["project"]["dependencies"], *extras]


def unpinned(requirements: Iterable[str], locked: str) -> list[str]:
    """Return the requirements that no pin of a requirements file meets."""
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ \\]+)", locked, re.MULTILINE):
        pins.setdefault(_normal(name), []).append(version)

    return [
        text
        for text, wanted in ((text, Requirement(text)) for text in requirements)
        if not any(map(wanted.specifier.contains, pins.get(_normal(wanted.name), ())))
    ]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _uv(session: nox.Session, file: Path, *arguments: str) -> None:
    python = ("--python", session.virtualenv.location)
    command = (UV, "pip", *arguments, *python, "--quiet")
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        session.error(install_failure(done.stderr, str(file)))


def install_failure(text: str, file: str) -> str:
    """Return in one line why nothing was installed, from all that uv writes."""
    text = " ".join(text.split())
    meaning = next((why for sign, why in FAILURES.items() if re.search(sign, text)), OTHER_FAILURE)
    here = f"Python {sys.version_info[0]}.{sys.version_info[1]} on {sys.platform}"
    return meaning.format(file=file, here=here, text=text)


def _group(*names: str) -> tuple[str, ...]:
    return nox.project.dependency_groups(PROJECT, *names)


def _run_with(session: nox.Session, resolution: str) -> None:
    groups = _group(*LOCKED["slow"])
    session.install("--resolution", resolution, "--upgrade", "-e", f".[{EXTRAS}]", *groups)
    options = (*SPREAD, *EVEN_SLOW, *session.posargs)
    session.run("pytest", *options, env={"HYPOTHESIS_PROFILE": "short"})


def _check_contents(session: nox.Session, wheel: Path) -> None:
    packed = {file for file in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in file}
    files = (file for file in Path("src/distbilling").rglob("*") if file.is_file())
    expected = {file.relative_to("src").as_posix() for file in files if file.suffix != ".pyc"}
    if wrong := sorted(packed ^ expected):
        session.error(f"The wheel and src/ differ in {', '.join(wrong)}")

    beside = sorted(file for file in packed if not file.endswith(".py"))
    session.log(f"Beside {len(packed) - len(beside)} modules the wheel holds {', '.join(beside)}")


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
    lines = str(session.run(*check, silent=True, success_codes=(0, 1))).splitlines()
    unproven = [line for line in lines if not line.endswith(": Confirmed over all paths.")]
    if unproven or len(lines) != len(contracts):
        summary = f"{file}: {len(lines)} of {len(contracts)} contracts were checked"
        session.error("\n".join((summary, *unproven)))
    session.log(f"{file}: {len(contracts)} contracts hold for all whole numbers in their bounds")


def _run_on_a_hostile_host(session: nox.Session) -> None:
    host = {"TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": str(secrets.randbelow(2**32))}
    session.log(f"The tests, in a host with 5 decimal digits and {host}")
    options = ("--host-decimal-precision=5", *SPREAD)

    # To trace each line takes as long as the test, so only what must be covered is traced.
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *options, *CORE_TESTS, env=host)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")

    session.run("pytest", *options, *(f"--ignore={path}" for path in CORE_TESTS), env=host)
