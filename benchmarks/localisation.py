"""Finding where a number moved: labelled public sets, shop-like cases with a known truth, and size.

    python benchmarks/localisation.py labelled      # Squeeze B0, RiskLoc's S and L, RobustSpot (samples of each)
    python benchmarks/localisation.py shop --cases 50
    python benchmarks/localisation.py scale

Times are CPU milliseconds a case, reading excluded, the least of `--repeat` runs.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from localisation_rivals import adtributor, riskloc
from localisation_shop import ATTRIBUTES, KINDS, make

from duoshou.analysts.diagnosis import localise, localise_ratio

DATA = Path(os.environ.get("DUOSHOU_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


def parse(text):
    return {frozenset(tuple(pair.split("=")) for pair in cause.split("&")) for cause in text.split(";")}


def squeeze():
    for path in sorted((DATA / "rca_squeeze_b0_sample").glob("*.parquet")):
        truth = pd.read_csv(path.with_name(path.stem + "__injection_info.csv")).set_index("timestamp")["set"]
        for moment, frame in pd.read_parquet(path).groupby("timestamp"):
            yield frame.drop(columns="timestamp").reset_index(drop=True), parse(truth.loc[int(moment)])


def synthetic(name):
    folder = DATA / "rca_synthetic" / name
    truth = pd.read_csv(folder / "injection_info.csv").set_index("timestamp")["set"]
    for path in sorted(folder.glob("*.csv.gz")):
        yield pd.read_csv(path), parse(truth.loc[int(path.name.split(".")[0])])


def robustspot():
    text = (DATA / "rca_robustspot" / "anomaly.yaml").read_text(encoding="utf-8")
    for name, moment, cause in re.findall(r"- data: (\S+)\s+timestamp: (\d+)\s+cause: (.*)", text):
        causes = ast.literal_eval(cause.strip())
        frame = pd.read_csv(DATA / "rca_robustspot" / f"{name}.csv")
        frame = frame[frame["min"] <= int(moment)]
        now = frame["min"] == int(moment)
        leaves = frame.drop(columns=["min", "value", "cnt"])
        names = list(leaves.columns)
        leaves = leaves.assign(
            now=frame["value"] * now, of=frame["cnt"] * now, before=frame["value"] * ~now, of_before=frame["cnt"] * ~now
        )
        wanted = causes if isinstance(causes, list) else [causes]
        yield leaves, names, [{key: str(value) for key, value in one.items()} for one in wanted]


def timed(function, repeat):
    least, answer = float("inf"), None
    for _ in range(repeat):
        start = time.process_time()
        answer = function()
        least = min(least, time.process_time() - start)
    return answer, 1000 * least


class Tally:
    def __init__(self):
        self.right = self.wrong = self.missed = 0
        self.times = []
        self.alarms = self.cases = 0

    def add(self, found, truth, milliseconds):
        self.right += len(found & truth)
        self.wrong += len(found - truth)
        self.missed += len(truth - found)
        self.times.append(milliseconds)
        self.alarms += bool(found)
        self.cases += 1

    def line(self, title):
        score = 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)
        spread = f"{np.mean(self.times):8.1f} {np.quantile(self.times, 0.95):8.1f}"
        print(f"{title:42} {score:6.3f} {self.right:5} {self.wrong:5} {self.missed:5} {spread}")


def encode(frame, names):
    pairs = [np.unique(frame[name].to_numpy(dtype=object).astype(str), return_inverse=True) for name in names]
    return [values for values, _ in pairs], [codes for _, codes in pairs]


def rivals(frame, names, actual, expected, repeat):
    """Yield name, cells and milliseconds; encoding is not counted for the rivals."""
    values, codes = encode(frame, names)
    sizes = [len(one) for one in values]
    v, f = (np.maximum(frame[column].to_numpy(float), 0) for column in (actual, expected))
    for title, method in (("RiskLoc's formulas", riskloc), ("Adtributor", adtributor)):
        cells, milliseconds = timed(lambda method=method: method(codes, sizes, v, f), repeat)
        named = {
            frozenset(
                (name, values[axis][code])
                for axis, (name, code) in enumerate(zip(names, cell, strict=True))
                if code >= 0
            )
            for cell in cells
        }
        yield title, named, milliseconds


def compare(cases, names, actual, expected, repeat, title):
    tallies = {"duoshou": Tally(), "RiskLoc's formulas": Tally(), "Adtributor": Tally()}
    for frame, truth in cases:
        used = names or [name for name in frame.columns if name not in (actual, expected)]
        result, milliseconds = timed(lambda f=frame, u=used: localise(f, u, actual, expected), repeat)
        tallies["duoshou"].add(
            {frozenset((k, str(v)) for k, v in cell.values.items()) for cell in result}, truth, milliseconds
        )
        for rival, found, spent in rivals(frame, used, actual, expected, repeat):
            tallies[rival].add(found, truth, spent)
    for method, tally in tallies.items():
        tally.line(f"{title}: {method}")
    return tallies


def labelled(repeat):
    print(f"{'':42} {'F1':>6} {'right':>5} {'wrong':>5} {'miss':>5} {'mean ms':>8} {'p95 ms':>8}")
    compare(squeeze(), None, "real", "predict", repeat, "B0")
    for name in "SL":
        compare(synthetic(name), None, "real", "predict", repeat, name)
    hits, times, first, cases = np.zeros(3), [], 0, 0
    for leaves, names, causes in robustspot():
        arguments = (leaves, names, "now", "of", "before", "of_before")
        result, milliseconds = timed(lambda a=arguments: localise_ratio(*a, limit=5, alternatives=True), repeat)
        ranked = [{key: str(value) for key, value in cell.values.items()} for cell in result]
        hits += [any(one in causes for one in ranked[:place]) for place in (1, 3, 5)]
        single = localise_ratio(*arguments)
        first += bool(len(single)) and {k: str(v) for k, v in single[0].values.items()} in causes
        times.append(milliseconds)
        cases += 1
    at = " ".join(f"@{place} {hit / cases:.3f}" for place, hit in zip((1, 3, 5), hits, strict=True))
    print(f"RobustSpot, {cases} cases: hit {at}; first of the default result {first / cases:.3f};", end=" ")
    print(f"{np.mean(times):.1f} ms mean, {np.quantile(times, 0.95):.1f} ms p95")


def shop(cases, repeat):
    print(f"{'':42} {'F1':>6} {'right':>5} {'wrong':>5} {'miss':>5} {'mean ms':>8} {'p95 ms':>8}   tables with a cell")
    for kind in KINDS:
        made = []
        for seed in range(cases):
            case = make(kind, seed)
            text = {name: np.char.add("v", code.astype(str)).astype(object) for name, code in case.codes.items()}
            truth = {frozenset((name, f"v{value}") for name, value in cell) for cell in case.truth}
            made.append((pd.DataFrame(text | {"actual": case.actual, "expected": case.expected}), truth))
        tallies = compare(made, list(ATTRIBUTES), "actual", "expected", repeat, kind)
        print(f"{'':42} " + ", ".join(f"{name} {one.alarms}/{one.cases}" for name, one in tallies.items()))


def scale(repeat):
    generator = np.random.default_rng(1)
    for sizes in ((20, 20, 10, 10, 25), (1000, 50, 30, 8, 6)):
        rows = 1_000_000
        filled = int(np.prod(sizes)) <= rows
        codes = np.indices(sizes).reshape(5, -1) if filled else [generator.integers(0, size, rows) for size in sizes]
        expected = generator.lognormal(3, 1, rows)
        noises = {
            "amounts": expected * generator.normal(1, 0.05, rows).clip(0),
            "counts": generator.poisson(expected) * 1.0,
        }
        for kind, actual in noises.items():
            actual[(codes[0] == 3) & (codes[2] == 2)] *= 0.5
            columns = {f"x{axis}": pa.array(np.char.add("v", code.astype(str))) for axis, code in enumerate(codes)}
            table = pa.table(columns | {"v": np.floor(actual) if kind == "counts" else actual, "f": expected})
            result, milliseconds = timed(lambda t=table: localise(t, [f"x{a}" for a in range(5)], "v", "f"), repeat)
            form = "filled" if filled else "thin"
            print(
                f"1,000,000 rows, {form} space {sizes}, {kind}: {milliseconds / 1000:.2f} s CPU,",
                [c.values for c in result],
            )
    engine(repeat)


def engine(repeat):
    import duckdb
    import ibis

    from duoshou.engine.cells import cell_table, leaf_table

    connection = duckdb.connect(config={"threads": 2, "memory_limit": "900MB", "preserve_insertion_order": False})
    columns = ", ".join(
        f"CAST(floor({size} * pow(random(), {skew})) AS INTEGER) AS x{axis}"
        for axis, (size, skew) in enumerate(((100, 3), (31, 2), (20, 2), (4, 1), (6, 1)))
    )
    connection.execute(f"CREATE TABLE facts AS SELECT {columns}, random() AS v, random() AS f FROM range(10000000)")
    table = ibis.duckdb.from_connection(connection).table("facts")
    names = [f"x{axis}" for axis in range(5)]
    for title, ask in (
        ("leaves", lambda: leaf_table(table, names, {"v": "v", "f": "f"})),
        ("all cells of up to three dimensions", lambda: cell_table(table, names, ["v", "f"])),
    ):
        for _ in range(repeat):
            start, spent = time.time(), time.process_time()
            answer = ask()
            wall, cpu = time.time() - start, time.process_time() - spent
            print(f"10,000,000 rows × 5 → {answer.num_rows:,} {title}: {wall:.1f} s, {cpu:.1f} s CPU over 2 threads")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MiB, rows and all that went before included")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["labelled", "shop", "scale"])
    parser.add_argument("--cases", type=int, default=30, help="shop-like cases of each kind")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each, of which the fastest counts")
    arguments = parser.parse_args()
    if arguments.part == "labelled":
        labelled(arguments.repeat)
    elif arguments.part == "shop":
        shop(arguments.cases, arguments.repeat)
    else:
        scale(arguments.repeat)
