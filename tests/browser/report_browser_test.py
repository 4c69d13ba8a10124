#!/usr/bin/python3
"""Reports and galleries in a real browser: Debian's Chromium, headless, through Selenium.

usage: report_browser_test.py <misfire> [--bench]      --bench: only how long a report of 200 cells and more takes to load
"""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

if not shutil.which("chromium") or not shutil.which("chromedriver"):
    print("SKIPPED: there is no chromium or no chromedriver (Debian packages chromium, chromium-driver); ./dev install-deps test installs them")
    sys.exit(77)
try:
    import h5py
    import numpy
    from PIL import Image
    from selenium import webdriver
    from selenium.webdriver import ActionChains
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select
except ImportError as missing:
    print(f"SKIPPED: {missing} (Debian packages python3-selenium, python3-h5py, python3-pil); ./dev install-deps test installs them")
    sys.exit(77)

MISFIRE = pathlib.Path(sys.argv[1]).resolve()
EVIL = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
LONG = "a_very_long_name_" * 40
SCENARIO = """name: browser_test
seed: 7
models: [zoo:fashion_resnet, zoo:fashion_resnet_int8]
data: {images: images, labels: labels.csv, groups: [class, camera], match: index, classes: classes.txt}
shifts: [{perturb: [gaussian_noise, contrast, fog], severities: 0-5}]
metrics: [accuracy, nll, ece]
"""


def misfire(*words, cwd):
    done = subprocess.run([str(MISFIRE), *map(str, words)], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def write_data(folder):
    """60 images of Fashion-MNIST as files, with groups whose names a browser must not believe."""
    share = pathlib.Path(os.environ.get("MISFIRE_SHARE", MISFIRE.parent.parent / "share" / "misfire"))
    images = numpy.load(share / "zoo/data/fashion_test.npy")[:60]
    labels = numpy.load(share / "zoo/data/fashion_test.labels.npy")[:60]
    (folder / "images").mkdir()
    rows = ["file,label,camera"]
    for i, (pixels, label) in enumerate(zip(images, labels)):
        Image.fromarray(pixels.reshape(28, 28)).save(folder / "images" / f"{i:02}.png")
        rows.append(f'{i:02}.png,{label},"{[EVIL, LONG, "plain"][i % 3]}"')
    (folder / "labels.csv").write_text("\n".join(rows) + "\n")
    (folder / "classes.txt").write_text("\n".join([f"<i>class {c}</i>" for c in range(10)]) + "\n")


def browser(width=1280, height=900, script=True, dark=False):
    options = Options()
    options.binary_location = shutil.which("chromium")
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
    return driver


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="misfire-browser-"))
        write_data(cls.folder)
        (cls.folder / "scenario.yaml").write_text(SCENARIO)
        misfire("run", "scenario.yaml", "--out", "run", "--threads", "2", cwd=cls.folder)
        misfire("report", "run", cwd=cls.folder)
        shutil.copytree(cls.folder / "run", cls.folder / "unfinished")
        with h5py.File(cls.folder / "unfinished" / "results.h5", "r+") as file:
            file.attrs["complete"] = 0
        misfire("report", "unfinished", cwd=cls.folder)
        misfire("gallery", "run", "--samples", "2", "--pick", "first_flip,near_misses,hallucinations", cwd=cls.folder)
        cls.page = (cls.folder / "run" / "report.html").as_uri()
        cls.driver = browser()

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        shutil.rmtree(cls.folder)

    def open(self, page=None):
        self.driver.get("about:blank")
        self.driver.get_log("browser"), self.driver.get_log("performance")
        self.driver.get(page or self.page)

    def click(self, element):
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def open_shift(self, name):
        for figure in self.driver.find_elements(By.CSS_SELECTOR, ".multiple"):
            if figure.find_element(By.CSS_SELECTOR, ".name").text == name:
                return self.click(figure.find_element(By.CSS_SELECTOR, ".open"))
        self.fail(f"no panel of {name}")

    def point_at(self, share):
        """Hovers over the open chart, `share` of the way from its first to its last level."""
        chart = self.find("#detail-chart")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
        left, right, width = 56, 984, 1000  # of the drawing, in its own units
        unit = chart.rect["width"] / width
        x = (left + share * (right - left)) * unit - chart.rect["width"] / 2
        ActionChains(self.driver).move_to_element_with_offset(chart, int(x), 0).perform()

    def tip(self):
        return {row.find_elements(By.TAG_NAME, "td")[0].text: [cell.text for cell in row.find_elements(By.TAG_NAME, "td")[1:]]
                for row in self.driver.find_elements(By.CSS_SELECTOR, "#tip tr")}

    def point(self, model, shift, level, metric="accuracy", group=""):
        with h5py.File(self.folder / "run" / "results.h5") as file:
            for row in file["points"][:]:
                if [row[c].decode() for c in ("model", "shift", "metric", "group")] == [model, shift, metric, group] and row["level"] == level:
                    return row
        self.fail("no such point")

    def requests(self):
        urls = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                urls.append(message["params"]["request"]["url"])
        return urls

    # ---- reports ------------------------------------------------------------------------------------------------------------

    def test_nothing_is_asked_of_the_network_and_nothing_complains(self):
        self.open()
        self.open_shift("fog")
        Select(self.find("#metric")).select_by_visible_text("nll")
        self.assertEqual(self.driver.get_log("browser"), [])
        for url in self.requests():
            self.assertTrue(url == self.page or url.startswith("data:"), url[:200])

    def test_names_are_text(self):
        self.open()
        self.assertIsNone(self.driver.execute_script("return window.hacked ?? null"))
        self.assertIn("<i>class 3</i>", self.find("#section-groups").get_attribute("textContent"))
        self.assertIn(EVIL, self.find("#section-groups").get_attribute("textContent"))
        self.assertEqual(self.driver.find_elements(By.CSS_SELECTOR, "img[src=x]"), [])
        width = self.driver.execute_script("return document.documentElement.scrollWidth")
        self.assertLessEqual(width, 1280, "a long name makes the page wider than the window")

    def test_hover_says_what_the_file_holds(self):
        self.open()
        self.open_shift("contrast")
        for level in (0, 3, 5):
            self.point_at(level / 5)
            for model in ("fashion_resnet", "fashion_resnet_int8"):
                row = self.point(model, "contrast", level)
                want = [f"{row['value']:.3f}", f"[{row['low']:.3f}, {row['high']:.3f}]", f"n = {row['n']}"]
                self.assertEqual(self.tip()[model], want)

    def test_metric_and_group_are_chosen(self):
        self.open()
        self.open_shift("fog")
        Select(self.find("#metric")).select_by_visible_text("nll")
        self.point_at(1.0)
        self.assertAlmostEqual(float(self.tip()["fashion_resnet"][0]), self.point("fashion_resnet", "fog", 5, "nll")["value"], delta=6e-4)
        Select(self.find("#metric")).select_by_visible_text("accuracy")
        Select(self.find("#group")).select_by_visible_text("camera=plain")
        self.point_at(0.4)
        row = self.point("fashion_resnet", "fog", 2, "accuracy", "camera=plain")
        self.assertEqual(self.tip()["fashion_resnet"][0], f"{row['value']:.3f}")
        cell = self.driver.execute_script("return document.getElementById('fashion_resnet/fog/2').textContent")
        self.assertEqual(cell, f"{row['value']:.3f}", "the heat map follows")

    def test_a_model_is_hidden_and_shown(self):
        self.open()
        self.open_shift("fog")
        lines = lambda: len(self.driver.find_elements(By.CSS_SELECTOR, "#detail-chart .line"))
        toggle = self.find("#section-curves button.model[data-model='0']")
        self.assertEqual((lines(), toggle.get_attribute("aria-pressed")), (2, "true"))
        self.click(toggle)
        self.assertEqual((lines(), toggle.get_attribute("aria-pressed")), (1, "false"))
        self.point_at(0.2)
        self.assertEqual(list(self.tip()), ["fashion_resnet_int8"])
        self.click(toggle)
        self.assertEqual(lines(), 2)

    def test_drag_zooms_and_reset_shows_all(self):
        self.open()
        self.open_shift("fog")
        ticks = lambda: [t.text for t in self.driver.find_elements(By.CSS_SELECTOR, "#detail-chart text")]
        before = ticks()
        chart = self.find("#detail-chart")
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
        ActionChains(self.driver).move_to_element_with_offset(chart, -200, -80).click_and_hold().move_by_offset(250, 160).release().perform()
        self.assertNotEqual(ticks(), before)
        self.assertTrue(self.find("#reset-zoom").is_enabled())
        self.click(self.find("#reset-zoom"))
        self.assertEqual(ticks(), before)

    def test_keys_alone_are_enough(self):
        self.open()
        self.driver.execute_script("document.querySelector('.multiple[data-shift=\"0\"] .open').focus()")
        ActionChains(self.driver).send_keys(Keys.ENTER).perform()
        self.assertEqual(self.driver.execute_script("return document.activeElement.id"), "detail-chart")
        ActionChains(self.driver).send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT).perform()
        row = self.point("fashion_resnet", "gaussian_noise", 1)
        self.assertIn(f"fashion_resnet {row['value']:.3f}", self.find("#said").get_attribute("textContent"))
        ActionChains(self.driver).send_keys("+").perform()
        self.assertTrue(self.find("#reset-zoom").is_enabled())
        ActionChains(self.driver).send_keys(Keys.ESCAPE).perform()
        self.assertFalse(self.find("#detail").is_displayed())

    def test_every_figure_has_words(self):
        self.open()
        unnamed = self.driver.execute_script(
            "return [...document.querySelectorAll('svg[role=img]')].filter(s => !s.querySelector('title') && !s.ariaLabel).length")
        self.assertEqual(unnamed, 0)
        small = self.driver.execute_script("return [...document.querySelectorAll('.multiple svg title')].map(t => t.textContent)")
        self.assertTrue(all("fashion_resnet: " in text for text in small), small)

    def test_contrast_of_text_in_both_schemes(self):
        script = """
            const parse = c => c.match(/[\\d.]+/g).slice(0, 3).map(Number);
            const light = c => { const [r, g, b] = parse(c).map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
                                 return .2126 * r + .7152 * g + .0722 * b; };
            const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
            const paper = getComputedStyle(document.body).backgroundColor;
            return ['p', '.about', 'a', '.word', 'caption', 'thead th'].map(s => [s, ratio(getComputedStyle(document.querySelector(s)).color, paper)]);"""
        for dark in (False, True):
            self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
            self.open()
            for selector, ratio in self.driver.execute_script(script):
                self.assertGreaterEqual(ratio, 4.5, f"{selector}, {'dark' if dark else 'light'}")

    def test_it_reads_without_script(self):
        driver = browser(script=False)
        try:
            driver.get(self.page)
            self.assertEqual(len(driver.find_elements(By.CSS_SELECTOR, ".multiple svg .line")), 6)
            self.assertEqual(len(driver.find_elements(By.CSS_SELECTOR, ".multiple svg .band")), 6)
            self.assertFalse(driver.find_element(By.ID, "metric").is_displayed(), "what needs a script stays away")
            self.assertTrue(driver.find_element(By.ID, "fashion_resnet/contrast/5").is_displayed())
            self.assertIn("misfire run", driver.find_element(By.ID, "section-run").text)
        finally:
            driver.quit()

    def test_a_phone_scrolls_down_only(self):
        driver = browser(width=390, height=844)
        try:
            driver.get(self.page)
            self.assertLessEqual(driver.execute_script("return document.documentElement.scrollWidth"), 390)
        finally:
            driver.quit()

    def test_an_unfinished_run_says_so_everywhere(self):
        self.open((self.folder / "unfinished" / "report.html").as_uri())
        self.assertIn("incomplete", self.find(".verdict .word").text.lower())
        mark = self.driver.execute_script("return getComputedStyle(document.body, '::before').backgroundImage")
        self.assertIn("INCOMPLETE", mark)

    def test_it_prints(self):
        self.open()
        pdf = self.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
        file = self.folder / "printed.pdf"
        file.write_bytes(base64.b64decode(pdf))
        text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
        self.assertIn("Degradation curves", text)
        self.assertNotIn("reset zoom", text)

    # ---- galleries ----------------------------------------------------------------------------------------------------------

    def test_the_gallerys_slider_shows_each_severity(self):
        self.open((self.folder / "run" / "gallery" / "index.html").as_uri())
        self.assertEqual(self.driver.get_log("browser"), [])
        slider = self.find(".walk input")
        self.driver.execute_script("arguments[0].value = 0; arguments[0].dispatchEvent(new Event('input'))", slider)
        answer = self.find(".walk output")
        self.assertEqual(answer.find_element(By.TAG_NAME, "b").text, "0")
        self.assertIn("✓", answer.text)
        slider.send_keys(Keys.END)
        self.assertEqual(answer.find_element(By.TAG_NAME, "b").text, "5")
        moved = self.driver.execute_script("const i = document.querySelector('.walk img'); return new DOMMatrix(getComputedStyle(i).transform).m42 / i.offsetHeight")
        self.assertAlmostEqual(moved, -20 / 21, places=3)
        broken = self.driver.execute_script("return [...document.images].filter(i => { i.loading = 'eager'; return i.complete && i.naturalWidth === 0; }).length")
        self.assertEqual(broken, 0)
        self.assertIn("Nothing to show", self.find("#hallucinations").text)
        for url in self.requests():
            self.assertTrue(url.startswith("file://") or url.startswith("data:"), url[:200])


def bench():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="misfire-bench-"))
    misfire("run", "demo", "--limit", "100", "--set", "shifts.0.severities=0-5+0.4", "--out", "run", cwd=folder)
    page = misfire("report", "run", cwd=folder).strip()
    driver = browser()
    times = []
    for _ in range(5):
        driver.get((folder / page).as_uri())
        times.append(driver.execute_script("const t = performance.getEntriesByType('navigation')[0]; return t.loadEventEnd"))
    with h5py.File(folder / "run" / "results.h5") as file:
        print(f"{len(file['cells'])} cells, {(folder / page).stat().st_size / 1e6:.1f} MB, loaded in {min(times):.0f} ms (best of 5; limit 2000)")
    driver.quit()
    shutil.rmtree(folder)


if "--bench" in sys.argv:
    bench()
else:
    unittest.main(argv=sys.argv[:1], verbosity=2)
