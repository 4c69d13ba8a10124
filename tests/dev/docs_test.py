#!/usr/bin/python3
"""Is what the documentation says true of the program?

usage: docs_test.py <misfire> <source folder> [--write]      --write: bring docs/verbs/ up to date
Fences of README.md and docs/**/*.md are checked by the words after ```:
  yaml scenario     a whole scenario: `misfire validate` must accept it, data and models included
  yaml file-only    a whole scenario that names the reader's own files: only the file is validated
  yaml part         some keys of a scenario: they replace those of a base scenario, which is then validated as a file
  yaml github-actions, yaml gitlab-ci     run by tests/dev/ci_examples_test.py
  sh                every `misfire <verb> --option` must exist
Besides: relative links lead somewhere, docs/scenario.md names every key that the parser knows, and docs/verbs/ holds what the program says of its verbs.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

BASE = """name: base
models: [zoo:fashion_resnet]
data: zoo:fashion_test
shifts: [{perturb: gaussian_noise}]
"""


def run(*words, cwd=None):
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def fences(text):
    """(line number, words after ```, body) of each fenced block."""
    for match in re.finditer(r"^```([^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield text.count("\n", 0, match.start()) + 1, match[1].strip(), match[2]


def keys_of(body):
    return re.findall(r"^([a-z_]+):", body, re.MULTILINE)


def without_keys(base, keys):
    return "".join(line + "\n" for line in base.splitlines() if line.split(":")[0] not in keys)


def check_scenario(program, kind, body, folder):
    file = folder / "scenario.yaml"
    file.write_text(without_keys(BASE, keys_of(body)) + body if kind == "yaml part" else body)
    code, output = run(program, "validate", file, *([] if kind == "yaml scenario" else ["--file-only"]), cwd=folder)
    return [] if code == 0 else [output.strip()]


class Commands:
    """What the program's own help says of its verbs."""

    def __init__(self, program):
        self.program = program
        self.help = {}

    def help_of(self, verb):
        if verb not in self.help:
            code, output = run(self.program, verb, "--help")
            self.help[verb] = output if code == 0 else None
        return self.help[verb]

    def faults(self, body):
        for line in body.splitlines():
            words = line.split("#")[0].split()
            if not words or words[0] != "misfire" or len(words) == 1 or words[1].startswith("-"):
                continue
            help_text = self.help_of(words[1])
            if help_text is None:
                yield f"there is no verb: {line}"
                continue
            for option in re.findall(r"\s(--[a-z-]+)", line):
                if option + " " not in help_text.replace("\n", " "):
                    yield f"misfire {words[1]} has no {option}"


def link_faults(path, text):
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)):
        if "://" not in target and not (path.parent / target).exists():
            yield f"dead link {target}"


def key_faults(source):
    """Keys that the parser allows and docs/scenario.md does not name."""
    page = (source / "docs/scenario.md").read_text()
    for listed in re.findall(r"\ballow\(\{([^}]*)\}\)", (source / "scenarios/scenario.cpp").read_text()):
        for key in re.findall(r'"([^"]+)"', listed):
            if not re.search(rf"`{key}`|\b{key}:", page):
                yield f"the key {key} is not documented"


def verb_pages(program):
    """(file name, text) of the page of each verb."""
    for verb in re.findall(r"-n __fish_use_subcommand -a ([a-z]+)", run(program, "--completion", "fish")[1]):
        yield f"{verb}.md", run(program, verb, "--markdown")[1]


def page_faults(program, folder):
    pages = dict(verb_pages(program))
    if not pages:
        yield "the program names no verbs"
    for path in folder.glob("*.md"):
        if path.name not in pages:
            yield f"{path.name} is of no verb"
    for name, text in pages.items():
        if not (folder / name).exists() or (folder / name).read_text() != text:
            yield f"{name} is not what the program says: tests/dev/docs_test.py <misfire> <source folder> --write"


def write_pages(program, folder):
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.md"):
        path.unlink()
    for name, text in verb_pages(program):
        (folder / name).write_text(text)


def faults_of(path, program, commands):
    text = path.read_text()
    for fault in link_faults(path, text):
        yield 1, fault
    for number, kind, body in fences(text):
        kind = re.sub(r"^yaml file-only ci$", "yaml file-only", kind)  # the scenario that ci_examples_test.py runs
        if kind in ("yaml scenario", "yaml file-only", "yaml part"):
            with tempfile.TemporaryDirectory(prefix="misfire-docs-") as folder:
                for fault in check_scenario(program, kind, body, pathlib.Path(folder)):
                    yield number, fault
        elif kind == "sh":
            for fault in commands.faults(body):
                yield number, fault
        elif kind.startswith("yaml") and kind not in ("yaml card", "yaml github-actions", "yaml gitlab-ci"):
            yield number, f"```{kind} is checked by nobody: say scenario, file-only, part or card"


def main():
    program, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    if sys.argv[3:] == ["--write"]:
        write_pages(program, source / "docs/verbs")
    commands = Commands(program)
    found = [("docs/verbs", 1, fault) for fault in page_faults(program, source / "docs/verbs")]
    found += [("docs/scenario.md", 1, fault) for fault in key_faults(source)]
    checked = 0
    for path in [source / "README.md", *sorted((source / "docs").rglob("*.md"))]:
        checked += len(list(fences(path.read_text())))
        found += [(path.relative_to(source), number, fault) for number, fault in faults_of(path, program, commands)]
    for path, number, fault in found:
        print(f"{path}:{number}: {fault}")
    print(f"{checked} blocks checked, {len(found)} wrong")
    return 1 if found or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
