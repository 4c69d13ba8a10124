#!/usr/bin/env python3
"""The house rules that a grep can check: which headers each room may see, what the library may not do, what no file may hold.

usage: rooms.py [root]      prints one line per breach, `file:line: what`; exit code 1 when there is any
"""
import os
import pathlib
import re
import subprocess
import sys

# Rooms of the product and those they may include (DESIGN: dependencies point one way).
ROOMS = {
    "core": {"core"},
    "perturbations": {"core", "perturbations"},
    "scenarios": {"core", "perturbations", "scenarios"},
    "models": {"core", "models"},
    "results": {"core", "results"},
    "harness": {"core", "perturbations", "scenarios", "models", "results", "harness"},
}

# Headers of a library, and the places of the product that may include them (tests may: they compare).
LIBRARIES = {
    "LibTorch": (r"(torch|ATen|c10|caffe2)/", ("models/",)),
    "Eigen": (r"Eigen/", ("models/scores/",)),
    "HDF5": (r"(hdf5|hdf5_hl|H5\w*)\.h", ("results/",)),
    "SQLite": (r"sqlite3\.h", ("results/",)),
    "Cairo and Pango": (r"(cairo|pango|fontconfig)", ("harness/pictures/",)),
    # environment.cpp: the version macros only, for the record of a run.
    "OpenCV": (r"opencv2/", ("perturbations/", "scenarios/data/", "harness/environment.cpp")),
}

# What the library (every room but the harness) leaves to the harness.
LIBRARY_RULES = {
    r"std::(cout|cerr|clog)|(?<![\w:])(std::)?(printf|fprintf|puts|perror)\s*\(": "the library never prints",
    r"(?<![\w:.])(std::)?(exit|_exit|abort|quick_exit)\s*\(": "the library never exits",
}

# What no text file of the project may hold.
TEXT_RULES = {
    r"(^|[^A-Za-z0-9_.])/(work|tmp|root|farm)/": "a path of one machine",
    r"https?://[^/\s]*(registry|proxy|mirror)[^/\s]*": "a host of a package registry",
}

TEST_RULES = {
    r"\bDISABLED_": "a disabled test",
    r"\b(sleep_for|sleep_until|usleep)\b": "a test that sleeps",
    r"(EXPECT|ASSERT)_TRUE\(true\)": "a test that asserts nothing",
}

VAGUE_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "misc"}


def files(root):
    """Tracked or new files, not the ignored ones; without git, everything outside build and run folders."""
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True)
    if listed.returncode == 0:
        return sorted({name for name in listed.stdout.decode().split("\0") if name and (root / name).is_file()})
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if not f.startswith(".") and f not in {"build", "runs", "__pycache__"}]
        found += [str((pathlib.Path(folder) / name).relative_to(root)) for name in names]
    return sorted(found)


def text_of(path):
    """Lines of a text file, none for a binary one."""
    data = path.read_bytes()
    if b"\0" in data[:8192]:
        return []
    try:
        return data.decode().splitlines()
    except UnicodeDecodeError:
        return []


def include_breaches(name, line):
    room = name.split("/")[0]
    quoted = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
    included = re.match(r'\s*#\s*include\s+[<"]([^>"]+)[>"]', line)
    if not included:
        return
    if quoted and room in ROOMS:
        other = quoted[1].split("/")[0]
        if other not in ROOMS[room]:
            yield f'{room}/ may include only {", ".join(sorted(ROOMS[room]))}, not "{quoted[1]}"'
    allowed_in_core = r"[a-z_]+|openssl/evp\.h" if name == "core/digest.h" else r"[a-z_]+"
    if room == "core" and not quoted and not re.fullmatch(allowed_in_core, included[1]):
        yield f"core/ depends on the standard library only (and libcrypto in digest.h), not <{included[1]}>"
    for library, (pattern, folders) in LIBRARIES.items():
        if room in ROOMS and re.match(pattern, included[1]) and not name.startswith(folders):
            yield f"headers of {library} are seen only in {', '.join(folders)}"


def rules_for(name):
    """Patterns that apply to a file, with what a hit means."""
    rules = dict(TEXT_RULES)
    if name.endswith((".cpp", ".h")):
        if name.split("/")[0] in set(ROOMS) - {"harness"}:
            rules.update(LIBRARY_RULES)
        if name.startswith("tests/"):
            rules.update(TEST_RULES)
    return rules


def breaches(root):
    for name in files(root):
        path = pathlib.PurePosixPath(name)
        if VAGUE_NAMES & {path.stem, *path.parts[:-1]}:
            yield name, 0, "a name that says nothing: call it after what it does"
        rules = rules_for(name)
        for number, line in enumerate(text_of(root / name), 1):
            if name.endswith((".cpp", ".h")):
                for what in include_breaches(name, line):
                    yield name, number, what
            code = line.split("//")[0] if name.endswith((".cpp", ".h")) and "http" not in line else line
            for pattern, what in rules.items():
                if re.search(pattern, line if pattern in TEXT_RULES else code):
                    yield name, number, what


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2])
    found = list(breaches(root))
    for name, number, what in found:
        print(f"{name}:{number}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
