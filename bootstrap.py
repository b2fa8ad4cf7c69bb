#!/usr/bin/env python3
"""From a bare Python to the running product, or to passing tests. Standard library only.

Everything is installed into `.venv` beside this file, in the versions and with the hashes of the lock files, and only
when those have changed since. What the surroundings tell Python (another virtual environment, PYTHONPATH, PYTHONHOME)
is left aside.
"""
# ruff: noqa: E402 - the first function comes before the imports, so that nothing else can go wrong before it

import os
import subprocess
import sys
from typing import NoReturn

OLDEST, NEWEST = (3, 11), (3, 13)


def _be_the_right_python() -> None:
    """Starts this file again: isolated, and by a Python that fits. Runs on Python 3.6, so as to be able to say no."""
    if os.name != "posix":
        sys.exit("civicbot: needs Linux or macOS; on Windows, run it inside WSL")
    here = os.path.abspath(__file__)  # noqa: PTH100
    if not sys.flags.isolated:
        os.execv(sys.executable, [sys.executable, "-I", here, *sys.argv[1:]])
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        code = f"import sys; sys.exit(sys.version_info[:2] != (3, {minor}))"
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
            python = os.path.join(folder, f"python3.{minor}")  # noqa: PTH118
            if os.access(python, os.X_OK) and subprocess.call([python, "-Ic", code], stderr=subprocess.DEVNULL) == 0:
                os.execv(python, [python, "-I", here, *sys.argv[1:]])
    this, oldest, newest = (f"{major}.{minor}" for major, minor in (sys.version_info[:2], OLDEST, NEWEST))
    sys.exit(
        f"civicbot: this is Python {this}, and civicbot needs Python {oldest} to {newest}."
        f" Install one of these beside it, then: python{newest} bootstrap.py"
    )


if __name__ == "__main__":
    _be_the_right_python()

import collections
import contextlib
import fcntl
import hashlib
import json
import re
import shutil
import signal
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "civicbot-setup.json"
RUN_LOCK, TEST_LOCK, INSTALLER_LOCK = "requirements.txt", "requirements-test.txt", "requirements-installer.txt"
NEEDED_MB = {RUN_LOCK: 600, TEST_LOCK: 1000}
BASE_PYTHON = str(getattr(sys, "_base_executable", "") or sys.executable)
"""Where a virtual environment started us: the Python that it was made from."""

USAGE = """\
python3 bootstrap.py COMMAND

  run [OPTIONS]       install what civicbot needs, then `civicbot run`
  test [-- OPTIONS]   install, then every check and test; OPTIONS go to pytest
  check               install, then what runs nothing: ruff, mypy, import contracts
  setup [--test]      install only; --test: what checks and tests need, too
  prove [OPTIONS]     install, then the large proofs; their tables go to docs/proof/
  lock [--upgrade]    make the lock files again from pyproject.toml
"""
COMMANDS = {
    "run": (RUN_LOCK, ["-m", "bot.cli", "run"]),
    "test": (TEST_LOCK, ["-m", "tests.suite", "test"]),
    "check": (TEST_LOCK, ["-m", "tests.suite", "check"]),
    "prove": (TEST_LOCK, ["-m", "tests.proof.prove"]),
}

NO_NETWORK = (
    r"name resolution|dns error|failed to lookup|connection (refused|reset|error|aborted)|network is unreachable"
    r"|timed? ?out|newconnectionerror|error sending request|max retries|proxyerror|tunnel error|from versions: none"
)
SYMPTOMS = (
    (r"no space left on device|disk quota exceeded|os error 28\b", "the disk is full"),
    (
        r"do(es)? not match the hash|hash mismatch|hashes are required",
        "a package is not the one that the lock file names: it was changed on the way, or the lock file is stale",
    ),
    (r"permission denied|read-only file system", "this folder, or the cache in the home folder, cannot be written to"),
    (r"certificate|\bssl\b|\btls\b", "the package index's certificate is not trusted here: set SSL_CERT_FILE"),
    (NO_NETWORK, "the package index cannot be reached: is this machine on the network, is HTTPS_PROXY needed?"),
)


class Failed(Exception):
    """Something that the person at the keyboard has to mend. The message says what."""


def say(text: str) -> None:
    print(f"civicbot: {text}", file=sys.stderr, flush=True)


def child_environment() -> dict[str, str]:
    """The environment of everything that we start: inside our own `.venv`, and inside nothing else."""
    kept = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
    dropped = {"CONDA_PREFIX", "PIP_TARGET", "PIP_PREFIX", "PIP_PYTHON", "PIP_NO_DEPS"}
    system_certificates = ssl.get_default_verify_paths().cafile is not None  # uv by itself trusts only its own list
    return {
        "UV_SYSTEM_CERTS": str(system_certificates).lower(),
        **{
            name: value
            for name, value in os.environ.items()
            if name not in dropped and (name in kept or not name.startswith("PYTHON"))
        },
        "VIRTUAL_ENV": str(VENV),
        "PATH": os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH") or os.defpath]),
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_USER": "0",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "UV_NO_PROGRESS": "1",
    }


def set_up(lock: str) -> None:
    """Installs what the lock file names, and the project itself, unless that has been done already."""
    wanted = {name: _hash_of(name) for name in (RUN_LOCK, lock, "pyproject.toml")}
    with _alone():
        done = _find_done()
        if wanted.items() <= done.items():
            return
        STAMP.unlink(missing_ok=True)
        if not done:
            _make_venv()
        if any(done.get(name) != wanted[name] for name in (RUN_LOCK, lock)):
            _install_lock(lock)
        _install(["--no-deps", "--no-build-isolation", "-e", str(ROOT)], what="civicbot itself")
        stamp = {**done, **wanted, "folder": str(ROOT), "python": _version_of_venv()}
        STAMP.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One set-up at a time in this folder. The kernel drops the lock when we end, or are killed."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up in this folder …")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _hash_of(name: str) -> str:
    try:
        return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
    except OSError as error:
        raise Failed(f"{name} cannot be read ({error.strerror}): is this a whole copy of the project?") from error


def _version_of_venv() -> str:
    """The version of `.venv`'s Python, or nothing where there is none that works."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return _call([str(PYTHON), "-Ic", code]).output.strip()


def _find_done() -> dict[str, str]:
    """What was installed into a `.venv` that still works. It stops working when the folder, or its Python, moves."""
    try:
        done: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
        fits = done["folder"] == str(ROOT) and done["python"] == _version_of_venv()
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return done if fits else {}


def _make_venv() -> None:
    say(f"making .venv with Python {sys.version_info.major}.{sys.version_info.minor} …")
    command = [BASE_PYTHON, "-I", "-m", "venv", "--clear", str(VENV)]
    made = _call(command)
    if made.status:  # Debian leaves pip out of Python unless python3-venv is installed
        made = _call([*command, "--without-pip"])
    if made.status:
        raise Failed(f"no virtual environment could be made: {_told(made.output)}")


def _install_lock(lock: str) -> None:
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < NEEDED_MB[lock]:
        raise Failed(f"only {free} MB are free on this disk, and installing takes about {NEEDED_MB[lock]} MB")
    say(f"installing {lock} (seconds with uv, a minute with pip) …")
    _fetch_uv()
    _install(["--require-hashes", "-r", str(ROOT / lock)], what=lock)


def _fetch_uv() -> None:
    """uv installs several times faster than pip. Where it cannot be had, pip does the same."""
    pip = _find_pip()
    if _find_uv() is None and pip is not None:
        _call([*pip, "--retries", "1", "--require-hashes", "-r", str(ROOT / INSTALLER_LOCK)])


def _install(arguments: Sequence[str], *, what: str) -> None:
    outputs = []
    for installer in (_find_uv(), _find_pip()):
        if installer is not None:
            result = _call([*installer, *arguments])
            if result.status == 0:
                return
            outputs.append(result.output)
    if not outputs:
        raise Failed(
            "this Python came without pip; on Debian and Ubuntu, `apt-get install python3-venv` as root brings it"
        )
    raise Failed(f"{what} could not be installed: {_told(*outputs)}")


def _find_uv() -> list[str] | None:
    for uv in (shutil.which("uv"), str(VENV / "bin" / "uv")):
        if uv and _call([uv, "--version"]).status == 0:
            return [uv, "pip", "install", "--python", str(PYTHON)]
    return None


def _find_pip() -> list[str] | None:
    """The pip of `.venv`, else that of the Python which made it, told to work on `.venv`."""
    inside, outside = [str(PYTHON), "-m", "pip"], [BASE_PYTHON, "-m", "pip", "--python", str(PYTHON)]
    for pip in (inside, outside):
        if _call([*pip, "--version"]).status == 0:
            return [*pip, "install"]
    return None


@dataclass(frozen=True)
class _Result:
    status: int
    output: str


def _call(command: Sequence[str]) -> _Result:
    """Runs a command to its end, whatever that is. On a terminal its latest line is shown, and wiped afterwards."""
    lines: collections.deque[str] = collections.deque(maxlen=300)
    on_terminal = sys.stderr.isatty()
    try:
        child = subprocess.Popen(
            command, env=child_environment(), cwd=ROOT, text=True, errors="replace", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except OSError as error:
        return _Result(127, str(error))
    with child:
        try:
            for line in child.stdout or ():
                lines.append(line.rstrip())
                if on_terminal:
                    shown = line.strip()[: shutil.get_terminal_size().columns - 4]
                    print(f"\r\033[K  {shown}", end="", file=sys.stderr, flush=True)
        except BaseException:
            child.kill()
            raise
        finally:
            if on_terminal:
                print("\r\033[K", end="", file=sys.stderr, flush=True)
    return _Result(child.returncode, "\n".join(lines))


def _told(*outputs: str) -> str:
    """What installers' words mean, and the last of those words."""
    last = "".join(f"\n  | {line[:160]}" for output in outputs for line in output.splitlines()[-8:])
    for pattern, meaning in SYMPTOMS:
        if any(re.search(pattern, output, re.IGNORECASE) for output in outputs):
            return meaning + last
    return "the last words of the installer:" + last


def lock(arguments: Sequence[str]) -> int:
    """The tests' lock first; what runs is held to the same versions."""
    set_up(RUN_LOCK)
    _fetch_uv()
    uv = _find_uv()
    if uv is None:
        raise Failed("uv is needed for this, and could not be installed")
    shape = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]
    for source in (
        ["pyproject.toml", "--extra", "test", "-o", TEST_LOCK],
        ["pyproject.toml", "-c", TEST_LOCK, "-o", RUN_LOCK],
        ["-", "-o", INSTALLER_LOCK],
    ):
        command = [*uv[:2], "compile", *source, *shape, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=child_environment(), input=b"uv\n", stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise Failed(f"{source[-1]} could not be made; uv says why above")
    return 0


def _become(arguments: Sequence[str]) -> NoReturn:
    """Puts `.venv`'s Python in our place, so that signals reach it and its status is ours."""
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), *arguments], child_environment())


def main(arguments: Sequence[str]) -> int:
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("--help", [])
    if command in COMMANDS:
        lock_file, start = COMMANDS[command]
        set_up(lock_file)
        _become([*start, *rest])
    if command == "setup" and rest in ([], ["--test"]):
        set_up(TEST_LOCK if rest else RUN_LOCK)
        say("everything is installed")
        return 0
    if command == "lock":
        return lock(rest)
    if command in {"-h", "--help", "help"}:
        print(USAGE, end="")
        return 0
    print(f"civicbot: there is no `{' '.join(arguments)}`\n\n{USAGE}", end="", file=sys.stderr)
    return 2


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main(sys.argv[1:]))
    except Failed as failure:
        say(str(failure))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
