#!/usr/bin/python3
"""signature.py on a stand-in for misfire: unknown, accepted, unchanged and changed signatures."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SIGNATURE = pathlib.Path(__file__).with_name("signature.py")

# Called as `misfire run signature --out <folder>`; accuracy comes from the environment.
STAND_IN = """#!/usr/bin/python3
import os, pathlib, sys
import h5py
import numpy
folder = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
folder.mkdir()
accuracy = float(os.environ["ACCURACY"])
rows = [(b"net/fog/1", b"accuracy", b"", accuracy), (b"net/fog/1", b"mean_confidence", b"", 0.71), (b"net/fog/1", b"accuracy", b"class=cat", 0.1)]
with h5py.File(folder / "results.h5", "w") as results:
    results.create_group("environment").attrs.update({"isa": "avx2", "libtorch": "1.13.0"})
    results["points"] = numpy.array(rows, dtype=[("cell", "S16"), ("metric", "S16"), ("group", "S16"), ("value", "f8")])
"""


class SignatureTest(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="misfire-signature-test-")
        self.folder = pathlib.Path(self.scratch.name)
        self.program = self.folder / "misfire"
        self.program.write_text(STAND_IN)
        self.program.chmod(0o755)
        self.file = self.folder / "signature.txt"

    def tearDown(self):
        self.scratch.cleanup()

    def signature(self, accuracy, *words):
        command = [sys.executable, str(SIGNATURE), "--program", str(self.program), "--file", str(self.file), *words]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "ACCURACY": str(accuracy)})
        return done.returncode, done.stdout + done.stderr

    def test_unknown_machine_is_said_and_no_error(self):
        code, output = self.signature(0.9)
        self.assertEqual(code, 0)
        self.assertIn("SKIPPED: no signature is recorded for avx2 libtorch-1.13.0", output)
        self.assertFalse(self.file.exists())

    def test_accepted_then_unchanged_then_changed(self):
        self.assertEqual(self.signature(0.9, "--accept")[0], 0)
        self.assertIn("net/fog/1 accuracy 0.90", self.file.read_text())
        self.assertNotIn("class=cat", self.file.read_text())
        code, output = self.signature(0.9004)
        self.assertEqual(code, 0, output)
        self.assertIn("unchanged", output)
        code, output = self.signature(0.87)
        self.assertEqual(code, 1)
        self.assertIn("- net/fog/1 accuracy 0.90\n  + net/fog/1 accuracy 0.87", output)
        self.assertIn("./dev signature --accept", output)

    def test_other_machines_are_kept(self):
        self.file.write_text("[sse4 libtorch-2.1.0] 0123456789abcdef\nnet/fog/1 accuracy 0.50\n")
        self.signature(0.9, "--accept")
        self.assertIn("[sse4 libtorch-2.1.0]", self.file.read_text())
        self.assertIn("net/fog/1 accuracy 0.50", self.file.read_text())

    def test_failing_run_shows_its_words(self):
        self.program.write_text("#!/bin/sh\necho no such model >&2\nexit 2\n")
        code, output = self.signature(0.9)
        self.assertEqual(code, 1)
        self.assertIn("ended with code 2", output)
        self.assertIn("no such model", output)


if __name__ == "__main__":
    unittest.main()
