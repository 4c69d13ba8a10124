#!/usr/bin/python3
"""Which monitors notice the shipped changes of tables and series, how late and at what harm: the table of docs/monitors.md.

usage: who_noticed.py <misfire>      Runs covid-transit, broken-sensors and credit-stress with every monitor (a minute or two) and prints Markdown.
"""
import json
import statistics
import subprocess
import sys
import tempfile

STREAMING = ["adwin", "bocd", "conformal_martingale", "cusum", "ddm", "e_detector", "eddm", "fhddm", "gma", "hddm_a", "hddm_w", "kswin", "mddm_a",
             "mddm_e", "mddm_g", "page_hinkley", "rddm", "shewhart", "stepd", "wstd"]
BATCH = ["ks", "psi", "wasserstein", "jensen_shannon", "mmd", "c2st"]


def results(program, scenario, window):
    monitors = [{"monitor": name, "on": "error"} for name in STREAMING]
    monitors += [{"monitor": name, "on": "error", "window": window} for name in BATCH]
    monitors += [{"monitor": name, "on": "input", "window": window} for name in ["ks", "mmd"]]
    if scenario == "credit-stress":
        monitors.append({"monitor": "bbsd", "on": "output", "window": window})
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "run", scenario, "--json", "--out", folder + "/out", "--set", "monitors=" + json.dumps(monitors), "--set", "monitor_trials=200"]
        if scenario != "credit-stress":
            command += ["--set", "models=[zoo:chicago_ridership]"]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def key_of(row):
    return f"{row['monitor']} on {row['on']}"


def noticed(run):
    rows = {}
    for row in run["monitors"]:
        if row["status"] == "ok" and row["level"] != 0:
            rows.setdefault(key_of(row), []).append(row)
    trials = {}
    for trial in run["monitor_trials"]:
        if trial["status"] == "ok":
            trials.setdefault(key_of(trial), {})[trial["run"]] = 100 * trial["share"]
    table = {}
    for key, found in rows.items():
        alarmed = [row for row in found if row["alarm"]]
        days = [row["delay_days"] if row["delay_days"] is not None else row["delay_samples"] for row in alarmed]
        table[key] = (f"{len(alarmed)}/{len(found)}", f"{statistics.median(days):.0f}" if days else "-",
                      f"{statistics.median(row['harm'] for row in found):.0f}",
                      " / ".join(f"{share:.0f}" for _, share in sorted(trials.get(key, {}).items())) or "-")
    return table


def main():
    runs = {name: noticed(results(sys.argv[1], name, window)) for name, window in [("covid-transit", 28), ("broken-sensors", 28), ("credit-stress", 50)]}
    print("| monitor | covid-transit: noticed | days | harm | broken-sensors: noticed | days | harm | credit-stress: noticed | samples | harm |"
          " false alarm in a clean trial, %: rides one by one / in runs of 28 | credit |")
    print("|---|" + "--:|" * 11)
    for key in runs["credit-stress"]:
        cells = []
        for name in runs:
            cells += list(runs[name].get(key, ("-", "-", "-", "-"))[:3])
        print(f"| `{key.split(' on ')[0]}` on {key.split(' on ')[1]} | " + " | ".join(cells) + " | " +
              runs["covid-transit"].get(key, ("", "", "", "-"))[3] + " | " + runs["credit-stress"][key][3] + " |")


main()
