"""Everything a newcomer runs, with nothing but Python 3.11 or later.

python3 tasks.py demo     make the environment, then run the main job on the sample shop
python3 tasks.py test     make the environment for tests, then check and test everything
python3 tasks.py lock     (maintainers) write the lock files again; needs uv
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
RUN_LOCK = "requirements.lock"
TEST_LOCK = "requirements-dev.lock"
OLDEST = (3, 11)


def main(words: list[str]) -> int:
    """Run the task that `words` name and return its exit code."""
    tasks = {"demo": demo, "test": test, "lock": lock}
    if not words or words[0] not in tasks:
        print((__doc__ or "").strip())
        return 0 if words in ([], ["-h"], ["--help"]) else 2
    if sys.version_info < OLDEST:
        return with_newer_python(words)
    return tasks[words[0]](words[1:])


def demo(words: list[str]) -> int:
    """Make the environment and run `duoshou demo`."""
    prepare(RUN_LOCK)
    return run(PYTHON, "-m", "duoshou", "demo", *words)


def test(words: list[str]) -> int:
    """Make the environment for tests, run every check and every test, and say which failed."""
    prepare(TEST_LOCK)
    # Each process of the tests has a core: threads of linear algebra would only wait for one another.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    checks: list[tuple[str, ...]] = [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
        ("pytest", "-n", "auto", *words),
    ]
    failed = []
    for program, *arguments in checks:
        say(" ".join((program, *arguments)))
        if run(SCRIPTS / program, *arguments) != 0:
            failed.append(program)
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def lock(words: list[str]) -> int:
    """Write both lock files again, for every supported Python and system; `--upgrade` takes newer versions."""
    uv = shutil.which("uv")
    if uv is None:
        print("`uv` is needed to write the lock files: https://docs.astral.sh/uv/", file=sys.stderr)
        return 2
    options: tuple[str, ...] = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate")
    options += ("--no-header", "--no-emit-index-url", "--no-emit-find-links", "--quiet", *words)
    for target, extra in ((RUN_LOCK, ()), (TEST_LOCK, ("--extra", "spark", "--group", "dev"))):
        code = run(uv, "pip", "compile", "pyproject.toml", "--group", "build", *extra, *options, "-o", target)
        if code != 0:
            return code
    return 0


def prepare(lock_name: str) -> None:
    """Make `.venv` hold what the lock file names and the project itself; do nothing when it already does."""
    stamp = ENVIRONMENT / f"{lock_name}.sha256"
    wanted = digest(lock_name)
    if PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    # A folder that was moved or copied holds programs that point to the old place.
    home = ENVIRONMENT / "made-for"
    moved = home.exists() and home.read_text(encoding="utf-8") != str(ROOT)
    if moved or not PYTHON.exists() or run(PYTHON, "-c", f"import sys; sys.exit(sys.version_info < {OLDEST})") != 0:
        make_environment()
        home.write_text(str(ROOT), encoding="utf-8")
    say(f"installing what {lock_name} names (the first time takes a few minutes)")
    pip("install", "--require-hashes", "-r", str(ROOT / lock_name))
    # Installed as a link to src/; `--no-build-isolation` because the build tool came with the lock file, hash-checked.
    pip("install", "--no-deps", "--no-build-isolation", *editable(), str(ROOT))
    # The test lock holds everything of the other one.
    for name in {lock_name, RUN_LOCK}:
        (ENVIRONMENT / f"{name}.sha256").write_text(digest(name), encoding="utf-8")


def editable() -> tuple[str, ...]:
    """Return pip's option for a link instead of a copy.

    Python before 3.13 reads the link in the code page of Windows, which garbles a folder name that is not ASCII.
    """
    return () if os.name == "nt" and not str(ROOT).isascii() else ("--editable",)


def make_environment() -> None:
    """Make `.venv`, with this Python's own pip where the system has left `ensurepip` out."""
    say(f"making {ENVIRONMENT.name} with Python {sys.version_info.major}.{sys.version_info.minor}")
    command = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return
    asked = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False)
    if asked.returncode == 0 and run(*command, "--without-pip") == 0:
        return
    print(made.stdout + made.stderr, file=sys.stderr)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    sys.exit(
        "无法创建虚拟环境。Debian、Ubuntu 请先运行：sudo apt-get install python3-venv\n"
        "The virtual environment could not be made. On Debian or Ubuntu first run: "
        f"sudo apt-get install python{version}-venv"
    )


def pip(*arguments: str) -> None:
    """Run pip on `.venv`, quietly, and stop with its message when it fails."""
    has_own = run(PYTHON, "-c", "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)") == 0
    command = [str(PYTHON), "-m", "pip"] if has_own else [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    options = ["-qq", "--disable-pip-version-check", "--no-input"]
    if subprocess.run([*command, *arguments[:1], *options, *arguments[1:]], cwd=ROOT, check=False).returncode != 0:
        sys.exit(
            "安装失败，原因见上；多半是网络问题，可重试。\n"
            "The installation failed for the reason above; where it is the network, try again."
        )


def digest(lock_name: str) -> str:
    """Return the SHA-256 of what decides about the environment: the lock file, the project file, this Python."""
    content = hashlib.sha256()
    for name in (lock_name, "pyproject.toml"):
        content.update((ROOT / name).read_bytes())
    content.update(f"{sys.version_info[:2]} {ROOT}".encode())
    return content.hexdigest()


def with_newer_python(words: list[str]) -> int:
    """Run the task with a newer Python of this machine, or say that one is needed."""
    for minor in (13, 12, 11, 14):
        newer = shutil.which(f"python3.{minor}")
        if newer is not None:
            return subprocess.run([newer, str(Path(__file__)), *words], check=False).returncode
    sys.stderr.write("需要 Python 3.11 或更高版本。Python 3.11 or later is needed: https://www.python.org/downloads/\n")
    return 2


def run(*command: object) -> int:
    """Run a command in the repository, where it writes to this terminal, and return its exit code."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run([str(word) for word in command], cwd=ROOT, env=environment, check=False).returncode


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"▸ {text}" if (sys.stdout.encoding or "").lower().startswith("utf") else f"> {text}", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
