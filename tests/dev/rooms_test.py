#!/usr/bin/python3
"""rooms.py finds each kind of breach in a tree made for it, and nothing in a clean one."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOMS = pathlib.Path(__file__).with_name("rooms.py")

CLEAN = {
    "core/image.h": "#include <vector>\n",
    "models/network.cpp": '#include <torch/script.h>\n#include "core/image.h"\n// exit() is the harness\'s\n',
    "results/store.cpp": "#include <hdf5.h>\nvoid write() { std::snprintf(text, 8, \"x\"); }\n",
    "harness/main.cpp": '#include "models/network.h"\nint main() { std::cout << 1; }\n',
    "docs/page.md": "see share/misfire and ~/.local/share\n",
}

BREACHES = {
    "core/image.h": ("#include <zlib.h>\n", "core/ depends on the standard library only"),
    "scenarios/fog.cpp": ("#include <torch/script.h>\n", "headers of LibTorch"),
    "models/keep.cpp": ("#include <hdf5.h>\n", "headers of HDF5"),
    "harness/picture.cpp": ("#include <opencv2/core.hpp>\n", "headers of OpenCV"),
    "perturbations/fog.cpp": ('#include "scenarios/scenario.h"\n', "perturbations/ may include only"),
    "results/say.cpp": ("void f() { std::cerr << 1; }\n", "never prints"),
    "results/leave.cpp": ("void f() { std::exit(1); }\n", "never exits"),
    "docs/page.md": ("see /" + "work/main/file\n", "a path of one machine"),
    "tests/unit/slow_test.cpp": ("void f() { std::this_thread::sleep_for(1s); }\n", "a test that sleeps"),
    "harness/utils.cpp": ("\n", "a name that says nothing"),
}


def rooms_of(files):
    with tempfile.TemporaryDirectory(prefix="misfire-rooms-") as folder:
        for name, text in files.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, str(ROOMS), folder], capture_output=True, text=True)
        return done.returncode, done.stdout


class RoomsTest(unittest.TestCase):
    def test_clean_tree(self):
        self.assertEqual(rooms_of(CLEAN), (0, ""))

    def test_each_breach_is_named_with_file_and_line(self):
        for name, (text, words) in BREACHES.items():
            with self.subTest(name):
                code, output = rooms_of({name: text})
                self.assertEqual(code, 1)
                self.assertRegex(output, rf"^{name}:\d+: ")
                self.assertIn(words, output)
                self.assertEqual(output.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
