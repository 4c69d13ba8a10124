#!/usr/bin/python3
"""Do the CI examples of docs/ci.md work? Their steps are run as scripts in a folder that plays the repository.

usage: ci_examples_test.py <misfire> <source folder>
The baseline is of a model trained with noise. The pull request that brings the same model must be green, the second time with cells taken
from the cache; the one that brings a model trained on clean images only must be red.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml


def fence(page, kind):
    return re.search(rf"^```{kind}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[1]


class Repository:
    def __init__(self, program, source, folder, scenario):
        self.folder, self.models = folder, source / "models/zoo/models"
        self.environment = dict(os.environ, PATH=f"{program.parent}:{os.environ['PATH']}", GITHUB_STEP_SUMMARY=str(folder / "summary.md"))
        (folder / "ci.yaml").write_text(scenario.replace("limit: 1000", "limit: 400").replace("block: 250", "block: 200"))

    def bring(self, model):
        for ending in ("pt", "yaml"):
            shutil.copy(self.models / f"{model}.{ending}", self.folder / f"model.{ending}")

    def run(self, script):
        # As GitHub and GitLab call a shell.
        done = subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=self.folder, env=self.environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


def job_code(repository, steps, always):
    """Exit code of the first step that fails; the steps of `always` run whatever happens."""
    code, log = 0, ""
    for script in steps:
        code, output = repository.run(script)
        log += output
        if code != 0:
            break
    for script in always:
        end, output = repository.run(script)
        log += output
        assert end == 0, output
    return code, log


def github(text):
    job = yaml.safe_load(text)["jobs"]["misfire"]
    steps = [step for step in job["steps"] if "run" in step]
    return [s["run"] for s in steps if "if" not in s], [s["run"] for s in steps if "if" in s]


def gitlab(text):
    job = yaml.safe_load(text)["robustness"]
    return job["script"], job["after_script"]


def check(name, repository, steps, always):
    shutil.rmtree(repository.folder / "last-run", ignore_errors=True)
    repository.bring("fashion_resnet_noise")
    for pass_number in (1, 2):
        code, log = job_code(repository, steps, always)
        assert code == 0, f"{name}: the same model is red ({code})\n{log}"
        assert ("tiles taken from last-run" in log) == (pass_number == 2), log
    repository.bring("fashion_resnet")
    code, log = job_code(repository, steps, always)
    assert code == 1, f"{name}: a more fragile model ends with {code}\n{log}"
    junit, markdown = (repository.folder / "misfire.xml").read_text(), (repository.folder / "misfire.md").read_text()
    assert "<failure" in junit and "❌" in markdown, log
    if name == "github":
        assert "::error title=misfire" in log, log
        assert markdown in (repository.folder / "summary.md").read_text()
    print(f"{name}: green, green with cached cells, red")


def main():
    program, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    page = (source / "docs/ci.md").read_text()
    with tempfile.TemporaryDirectory(prefix="misfire-ci-") as folder:
        repository = Repository(program, source, pathlib.Path(folder), fence(page, "yaml file-only ci"))
        repository.bring("fashion_resnet_noise")
        for script in ("misfire run ci.yaml --out main", "misfire baseline set main"):
            code, log = repository.run(script)
            assert code == 0, log
        check("github", repository, *github(fence(page, "yaml github-actions")))
        check("gitlab", repository, *gitlab(fence(page, "yaml gitlab-ci")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
