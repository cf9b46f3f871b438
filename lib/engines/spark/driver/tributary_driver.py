"""Executes one plan of Tributary's Spark engine.

The plan is a JSON file (lib/engines/spark/spark-plan.ts has its shape). What happens is told in an events file, one JSON object a line,
never on stdout, where Spark and Python write what they like. Every event has the attempt that it belongs to and a number that only
grows, so that one that is written twice is known. While the plan runs, the driver tells that it is alive, and watches a lease that
its engine renews: a driver whose engine is gone ends itself.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

BEAT_SECONDS = 5.0
LEASE_SECONDS = 45.0
MOST_CLASSES = 100

Json = dict[str, Any]


class Refused(Exception):
    """Rows or a stage that cannot be: the message is for the person who asked for the run."""

    def __init__(self, stage: str, message: str) -> None:
        super().__init__(f"Stage {stage}: {message}")
        self.stage = stage


class Events:
    """Appends events to a file; safe to call from several threads."""

    def __init__(self, path: Path, attempt: str) -> None:
        self._path = path
        self._attempt = attempt
        self._number = 0
        self._lock = threading.Lock()

    def tell(self, kind: str, **members: Any) -> None:
        """Writes one event as one line, in one write, and has it on the disk before it returns."""
        with self._lock:
            self._number += 1
            event = {"number": self._number, "attempt": self._attempt, "kind": kind, **members}
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(event, allow_nan=False) + "\n")
                file.flush()
                os.fsync(file.fileno())


class Lease:
    """Whether the engine still renews its lease; goes by this machine's own monotonic clock and the lease's content."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._seen: str | None = None
        self._since = clock()

    def is_over(self) -> bool:
        try:
            content = self._path.read_text(encoding="utf-8")
        except OSError:
            content = None
        if content is not None and content != self._seen:
            self._seen = content
            self._since = self._clock()
        return self._clock() - self._since > LEASE_SECONDS


def keep_alive(events: Events, lease: Lease, end: Callable[[int], None] = os._exit) -> None:
    """Tells of life every few seconds, and ends the process when the lease is over. Never returns."""
    while True:
        time.sleep(BEAT_SECONDS)
        if lease.is_over():
            events.tell("failed", message="The engine that asked for this run is gone.", code="unavailable")
            end(3)
        events.tell("beat")


def class_named(name: str) -> Any:
    """The class of a full name, such as ``pyspark.ml.feature.StringIndexer``."""
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def with_sizes(sql: str, sizes: list[int]) -> str:
    """Replaces ``{size0}``, ``{size1}`` … by how many labels or categories each input has. Raises ``IndexError`` beyond them."""
    return re.sub(r"\{size(\d+)\}", lambda found: str(sizes[int(found[1])]), sql)


def learned_of(model: Any) -> Json:
    """What a fitted stage learned, by Spark's names of it, as plain numbers and texts."""
    name = type(model).__name__
    if name == "StringIndexerModel":
        return {"labels": [list(labels) for labels in model.labelsArray]}
    if name == "OneHotEncoderModel":
        return {"categorySizes": list(model.categorySizes)}
    if name == "ImputerModel":
        row = model.surrogateDF.first()
        return {"surrogates": [float(row[column]) for column in model.getInputCols()]}
    if name == "StandardScalerModel":
        return {"mean": floats(model.mean), "std": floats(model.std)}
    if name == "MinMaxScalerModel":
        return {"min": floats(model.originalMin), "max": floats(model.originalMax)}
    if name == "MaxAbsScalerModel":
        return {"maxAbs": floats(model.maxAbs)}
    if name == "LogisticRegressionModel":
        return {
            "coefficients": model.coefficientMatrix.toArray().tolist(),
            "intercepts": floats(model.interceptVector),
            "classes": model.numClasses,
        }
    if name == "LinearRegressionModel":
        return {"coefficients": floats(model.coefficients), "intercept": float(model.intercept)}
    raise TypeError(f"Nobody knows what a {name} learned.")


def floats(vector: Any) -> list[float]:
    """The components of a vector, dense or sparse."""
    return [float(value) for value in vector.toArray()]


def sizes_of(learned: Json) -> list[int]:
    """How many labels or categories each input has, of those that have any."""
    if "labels" in learned:
        return [len(labels) for labels in learned["labels"]]
    return list(learned.get("categorySizes", []))


def check_classes(stage: str, column: str, values: list[float], binary: bool) -> None:
    """Raises ``Refused`` for a label that does not number two or more classes from 0, or more than its outputs can tell apart."""
    present = sorted(values)
    if len(present) > MOST_CLASSES or any(value < 0 or value != int(value) for value in present):
        raise Refused(
            stage,
            f"the label {column} must hold class numbers 0, 1, 2 …, at most {MOST_CLASSES}. Number other values with a StringIndexer.",
        )
    if len(present) < 2:
        found = present[0] if present else "none"
        raise Refused(
            stage,
            f"the label {column} has only the value {found} in the rows to fit on: there is nothing to tell apart. "
            "Fit on rows that hold several classes.",
        )
    if binary and present[-1] > 1:
        raise Refused(
            stage,
            f"the label {column} has {int(present[-1]) + 1} classes, and one probability cannot tell them apart. "
            "Declare the output as a vector of probabilities, or as bigint for the class.",
        )


class Driver:
    """Frames by name, and the steps that add columns to them."""

    def __init__(self, spark: Any, plan: Json, events: Events) -> None:
        self.spark = spark
        self.plan = plan
        self.events = events
        self.frames: dict[str, Any] = {}
        self.kept: list[Any] = []

    def run(self) -> None:
        """Reads, takes every step, and writes. Raises ``Refused`` for what cannot be."""
        from pyspark.sql import functions as F

        for rows in self.plan["rows"]:
            frame = self.spark.read.parquet(rows["file"])
            columns = [F.col(quoted(column["from"])).alias(column["as"]) for column in rows["columns"]]
            self.frames[rows["frame"]] = frame.select(*columns)
        steps = self.plan["steps"]
        total = len(steps) + 1
        for done, step in enumerate(steps):
            if step["step"] == "lookup":
                self.lookup(step)
                continue
            self.progress(done, total, step, step["operator"])
            started = time.monotonic()
            fit = self.operator(step) if step["step"] == "operator" else self.sql(step)
            seconds = time.monotonic() - started
            self.events.tell("stage", instance=step["instance"], stage=step["stage"], seconds=seconds, fit=fit)
        for output in self.plan["outputs"]:
            self.events.tell("progress", done=total - 1, total=total, instance=None, message=f"Spark writes {output['frame']}")
            self.write(output)
        for frame in self.kept:
            frame.unpersist()

    def progress(self, done: int, total: int, step: Json, message: str) -> None:
        self.events.tell(
            "progress", done=done, total=total, instance=step["instance"], message=f"{step['stage']}: {message} on Spark"
        )

    def keep(self, name: str) -> Any:
        """The frame, held so that what reads it next does not compute it anew."""
        self.frames[name] = self.frames[name].persist()
        self.kept.append(self.frames[name])
        return self.frames[name]

    def sql(self, step: Json) -> None:
        from pyspark.sql import functions as F

        frame = self.frames[step["frame"]]
        added = [F.expr(column["sql"]).alias(column["as"]) for column in step["columns"]]
        self.frames[step["frame"]] = frame.select("*", *added)

    def lookup(self, step: Json) -> None:
        """Adds another frame's columns: of the row with equal keys, or of the newest such row at or before this row's time."""
        from pyspark.sql import Window
        from pyspark.sql import functions as F

        own, other = self.frames[step["frame"]], self.frames[step["from"]]
        keys = step["on"]
        struct = F.struct(*[F.col(column["from"]).alias(column["as"]) for column in step["columns"]])
        time_of = step["time"]
        found, key = "tributary_found", "tributary_key"
        if time_of is None or time_of["own"] is None:
            columns = [F.col(pair["other"]).alias(f"{key}{i}") for i, pair in enumerate(keys)]
            right = other.select(*columns, struct.alias(found), *([F.col(time_of["other"]).alias("at")] if time_of else []))
            if time_of:
                right = right.where("at IS NOT NULL").groupBy(f"{key}0").agg(F.max_by(found, "at").alias(found))
            condition = [F.col(pair["own"]) == F.col(f"{key}{i}") for i, pair in enumerate(keys)]
            joined = own.join(right, condition, "left").drop(*[f"{key}{i}" for i in range(len(keys))])
        else:
            [pair] = keys
            names = own.columns
            rows = own.select(
                F.struct("*").alias("row"), F.col(pair["own"]).alias(key), F.col(time_of["own"]).alias("at"),
                F.lit(1).alias("side"), F.lit(None).cast(other.select(struct.alias("s")).schema["s"].dataType).alias("value"),
            )
            values = other.where(F.col(time_of["other"]).isNotNull()).select(
                F.lit(None).cast(rows.schema["row"].dataType).alias("row"), F.col(pair["other"]).alias(key),
                F.col(time_of["other"]).alias("at"), F.lit(0).alias("side"), struct.alias("value"),
            )
            # Of equal times, values come before the rows that read them.
            window = Window.partitionBy(key).orderBy("at", "side").rowsBetween(Window.unboundedPreceding, Window.currentRow)
            newest = F.last("value", ignorenulls=True).over(window)
            both = rows.unionByName(values).select("row", "side", F.when(F.col(key).isNotNull(), newest).alias(found))
            metadata = {field.name: field.metadata for field in own.schema.fields}
            joined = both.where("side = 1").select(
                *[F.col(f"row.{name}").alias(name, metadata=metadata[name]) for name in names], found
            )
        taken = []
        for column in step["columns"]:
            value = F.col(f"{found}.{column['as']}")
            if "ok" in column:
                taken.append(value.isNotNull().alias(column["ok"]))
                value = as_vector(other, column["from"], value)
            taken.append(value.alias(column["as"], metadata=nominal(column.get("categories"))))
        self.frames[step["frame"]] = joined.select(*[column for column in joined.columns if column != found], *taken)

    def operator(self, step: Json) -> Json | None:
        """Fits what is to be fitted, scores every row, and answers what was learned; None for what was fitted before or never is."""
        from pyspark.ml.functions import vector_to_array
        from pyspark.sql import functions as F

        frame = self.frames[step["frame"]]
        made = [
            F.expr(column["sql"]).alias(column["as"], metadata=frame.schema[column["like"]].metadata if "like" in column else {})
            for column in step["before"]
        ]
        self.frames[step["frame"]] = frame.select("*", *made)
        report: Json | None = None
        learned: Json = {}
        if step["fit"]:
            scorer, report = self.fit(step)
            learned = report["learned"]
        elif step["saved"]:
            scorer = class_named(f"{step['className']}Model").load(step["saved"])
            learned = learned_of(scorer)
        else:
            scorer = self.made(step)
        sizes = sizes_of(learned)
        for name, value in step["scoring"].items():
            scorer._set(**{name: value})
        for name in ("inputCols", "outputCols", "inputCol", "outputCol", "featuresCol", "predictionCol", "probabilityCol", "rawPredictionCol"):
            if step["params"].get(name) is not None and scorer.hasParam(name):
                scorer._set(**{name: step["params"][name]})
        scored = scorer.transform(self.frames[step["frame"]])
        for entry in step["lists"]:
            scored = scored.withColumn(entry["as"], vector_to_array(entry["from"]))
        self.frames[step["frame"]] = scored
        if step["refused"]:
            self.refuse(step, sizes)
            scored = self.frames[step["frame"]]
        after = [
            F.expr(with_sizes(column["sql"], sizes)).alias(column["as"], metadata=self.categories_after(step, column, sizes))
            for column in step["after"]
        ]
        # Columns that were made for this stage alone are not carried along.
        self.frames[step["frame"]] = scored.select("*", *after).drop(*[column["as"] for column in step["before"]])
        return report

    def categories_after(self, step: Json, column: Json, sizes: list[int]) -> Json:
        if "categoriesOf" not in column:
            return {}
        keeps = step["params"].get("handleInvalid") == "keep"
        return nominal(sizes[column["categoriesOf"]] + (1 if keeps else 0))

    def made(self, step: Json) -> Any:
        stage = class_named(step["className"])()
        return stage._set(**{name: value for name, value in step["params"].items() if value is not None})

    def fit(self, step: Json) -> tuple[Any, Json]:
        """Fits on the rows that are to be, saves what was fitted, and answers it with what it learned."""
        from pyspark.sql import functions as F

        fit = step["fit"]
        started = time.monotonic()
        chosen = self.keep(step["frame"]).where(fit["rows"])
        usable = chosen.where(fit["usable"])
        count, used = chosen.count(), usable.count()
        if count == 0:
            raise Refused(step["stage"], f"there is nothing to fit on: {fit['words']}. Choose parts that hold rows.")
        if used == 0:
            raise Refused(
                step["stage"],
                f"none of the {count} rows to fit on has every input and the label. "
                "Fill missing values with an Imputer, or fit on other rows.",
            )
        if used < count:
            self.events.tell(
                "log",
                level="warn",
                message=f"Stage {step['stage']} is fitted on {used} of {count} rows; the others lack an input or the label.",
            )
        if fit["classes"]:
            label = fit["classes"]["label"]
            found = usable.select(label).distinct().limit(MOST_CLASSES + 1).collect()
            check_classes(step["stage"], fit["classes"]["column"], [row[0] for row in found], fit["classes"]["binary"])
        model = self.made(step).fit(usable)
        learned = learned_of(model)
        if "coefficients" in learned:
            from pyspark.ml.stat import Summarizer

            std = usable.select(Summarizer.std(F.col(step["params"]["featuresCol"]))).first()[0]
            learned["std"] = floats(std)
            learned["iterations"] = int(model.summary.totalIterations) if model.hasSummary else 0
        model.write().overwrite().save(step["saved"])
        return model, {"rows": count, "used": used, "seconds": time.monotonic() - started, "learned": learned}

    def refuse(self, step: Json, sizes: list[int]) -> None:
        """Raises ``Refused`` when any row is one that the stage cannot take."""
        from pyspark.sql import functions as F

        frame = self.keep(step["frame"])
        counts = [F.count_if(F.expr(with_sizes(one["condition"], sizes))).alias(f"n{i}") for i, one in enumerate(step["refused"])]
        row = frame.agg(F.count("*").alias("all"), *counts).first()
        for i, one in enumerate(step["refused"]):
            if row[f"n{i}"] > 0:
                raise Refused(
                    step["stage"],
                    f"{row[f'n{i}']} of {row['all']} rows of {one['column']} hold {one['problem']}. {one['advice']}",
                )

    def write(self, output: Json) -> None:
        """Writes a frame's columns as one Parquet file in a folder; a vector as a list."""
        from pyspark.ml.functions import vector_to_array
        from pyspark.sql import functions as F

        columns = [
            F.when(F.expr(column["sql"]), vector_to_array(column["vector"])).alias(column["as"])
            if "vector" in column
            else F.expr(column["sql"]).alias(column["as"])
            for column in output["columns"]
        ]
        frame = self.frames[output["frame"]].select(*columns)
        frame.repartition(1).write.mode("overwrite").parquet(output["folder"])


def as_vector(frame: Any, column: str, value: Any) -> Any:
    """A list as a vector, which is of zeros where the list is null. Lists of a column have one length."""
    from pyspark.ml.functions import array_to_vector
    from pyspark.sql import functions as F

    length = frame.agg(F.max(F.size(column))).first()[0] or 0
    return array_to_vector(F.coalesce(value, F.array_repeat(F.lit(0.0), max(length, 0))))


def nominal(categories: int | None) -> Json:
    """Spark ML's metadata of a column of category numbers; none where nobody says how many."""
    return {} if categories is None else {"ml_attr": {"type": "nominal", "num_vals": categories}}


def quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def cause_of(error: BaseException) -> str:
    """The first line of what went wrong, without the stack that the virtual machine adds."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def main() -> int:
    parser = argparse.ArgumentParser(description="Executes one plan of Tributary's Spark engine.")
    parser.add_argument("plan", type=Path, help="the plan as JSON")
    plan: Json = json.loads(parser.parse_args().plan.read_text(encoding="utf-8"))
    if plan.get("format") != 1:
        print(f"This driver reads plans of format 1, and this one is of {plan.get('format')}.", file=sys.stderr)
        return 2
    events = Events(Path(plan["events"]), plan["attempt"])
    events.tell("started", pid=os.getpid())
    threading.Thread(target=keep_alive, args=(events, Lease(Path(plan["lease"]))), daemon=True).start()
    spark = None
    try:
        started = time.monotonic()
        from pyspark.sql import SparkSession

        spark = SparkSession.builder.appName(plan["application"]).getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        events.tell("session", version=spark.version, master=spark.sparkContext.master, seconds=time.monotonic() - started)
        Driver(spark, plan, events).run()
        events.tell("done")
        return 0
    except Refused as refused:
        events.tell("failed", message=str(refused), code="invalid", stage=refused.stage)
        return 1
    except Exception as error:
        traceback.print_exc()
        events.tell("failed", message=cause_of(error), code=code_of(error))
        return 1
    finally:
        if spark is not None:
            try:
                spark.stop()
            except Exception:
                traceback.print_exc()


def code_of(error: BaseException) -> str:
    """``unavailable`` for what another attempt may not meet: a connection that broke, an executor that was lost."""
    name = type(error).__name__
    return "unavailable" if name.startswith("Py4J") and name != "Py4JJavaError" or isinstance(error, OSError) else "invalid"


if __name__ == "__main__":
    sys.exit(main())
