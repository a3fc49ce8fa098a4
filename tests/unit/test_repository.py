"""What may be in the repository at all, and what its own pages must hold."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 1_000_000
SYSTEMS = [f"P{i}" for i in range(1, 13)] + [f"F{i}" for i in range(1, 38)]
DECISIONS = ROOT / "docs" / "decisions"
DECISION_PARTS = ["## What", "## Why", "## What it costs", "## Held by"]

# Written in pieces, so that this file does not hold what it looks for.
REGISTRIES = re.compile("|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + "js", r"deb\." + "debian"]))
PRIVATE = ["wor" + "k", "far" + "m", "roo" + "t", r"hom" + r"e/\w+", r"User" + r"s/\w+"]
MACHINE_PATHS = re.compile(r"(?<![\w.~*-])/(?:" + "|".join(PRIVATE) + ")/")


@cache
def files() -> list[Path]:
    """The files of the repository: those tracked and those about to be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not in a git working copy")
    paths = [ROOT / name for name in sorted(set(done.stdout.split("\0"))) if name]
    return [path for path in paths if path.is_file()]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.split("\n"), 1)
            if pattern.search(line)
        ]
    return found


def requirements(lock: Path) -> list[str]:
    """The requirements of a lock file, each as one line with its hashes."""
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in joined.split("\n") if line.strip() and not line.startswith("#")]


def test_no_address_of_a_package_registry() -> None:
    assert lines_with(REGISTRIES) == []


def test_no_path_of_a_machine() -> None:
    assert lines_with(MACHINE_PATHS) == []


def test_no_file_is_large() -> None:
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in files()}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRIES, "https://files.python" + "hosted.org/packages"),
        (REGISTRIES, "index = " + "py" + "pi.org"),
        (MACHINE_PATHS, "see /wor" + "k/main/src"),
        (MACHINE_PATHS, "'/hom" + "e/someone/data'"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


@pytest.mark.parametrize("text", ["the wor" + "k/main", "a/wor" + "k/b", "https://example.net/hom" + "e/"])
def test_ordinary_text_is_no_machine_path(text: str) -> None:
    assert not MACHINE_PATHS.search(text)


@pytest.mark.parametrize("name", ["run", "dev", "web", "build", "lock"])
def test_every_locked_requirement_is_pinned_and_has_hashes(name: str) -> None:
    locked = requirements(ROOT / "requirements" / f"{name}.txt")
    assert locked
    pinned = re.compile(r"[a-z0-9][a-z0-9._-]*==[^\s;]+( ; [^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")
    assert [line[:60] for line in locked if not pinned.fullmatch(line)] == []


def pins(name: str) -> dict[str, str]:
    locked = requirements(ROOT / "requirements" / f"{name}.txt")
    return dict(line.split()[0].split("==") for line in locked)


def test_users_get_the_versions_that_tests_try() -> None:
    assert pins("run").items() <= pins("dev").items()


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {"run": project["project"]["dependencies"], **project["dependency-groups"]}
    for name, texts in asked.items():
        locked = pins(name)
        wants = [Requirement(text) for text in texts]
        wrong = [str(w) for w in wants if not w.specifier.contains(locked.get(w.name, "0"), prereleases=True)]
        assert wrong == [], f"{name}: run `make lock`"


def test_coverage_has_one_line_for_each_system() -> None:
    coverage = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([PF]\d+) \|(.*)\|$", coverage, flags=re.MULTILINE)
    assert [system for system, _ in rows] == SYSTEMS
    assert [system for system, cells in rows if not all(cell.strip() for cell in cells.split("|"))] == []
    assert {cells.count("|") for _, cells in rows} == {3}


@pytest.mark.parametrize("number", range(1, 13))
def test_each_founding_decision_has_its_page(number: int) -> None:
    pages = list(DECISIONS.glob(f"{number:04d}-*.md"))
    assert len(pages) == 1


def test_decision_pages_have_their_parts() -> None:
    for page in sorted(DECISIONS.glob("[0-9]*.md")):
        lines = page.read_text(encoding="utf-8").split("\n")
        assert lines[0].startswith(f"# {int(page.name[:4])}. "), page.name
        assert lines[2].startswith("Status: "), page.name
        assert [line for line in lines if line.startswith("## ")] == DECISION_PARTS, page.name


def broken_links(page: Path) -> list[str]:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    return [t for t in targets if "://" not in t and not (page.parent / t).exists()]


def test_links_between_pages_lead_somewhere() -> None:
    pages = [path for path in files() if path.suffix == ".md"]
    found = {str(page.relative_to(ROOT)): broken_links(page) for page in pages}
    assert {name: links for name, links in found.items() if links} == {}


def test_changelog_has_a_place_for_what_comes_next() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_make_help_names_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    assert phony
    assert re.findall(r"^([a-z-]+):.*## \S", makefile, flags=re.MULTILINE) == phony[1].split()
