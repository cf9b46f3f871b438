"""Runs every expectation that Tributary can run through the real Great Expectations and keeps what it answered.

    python3 -m venv great-expectations && great-expectations/bin/pip install great_expectations==1.24.1 "sqlalchemy<2.1"
    npx vitest run test/great-expectations/suites.test.ts -u   # only if what is exported changed
    great-expectations/bin/python test/great-expectations/make-results.py

It writes `test/fixtures/great-expectations-results.json`:

- `made_with`: versions, engine, and how to make the file again; nothing of the machine or of the time
- `columns`, `rows`: the data, in Tributary's types
- `suite`: the cases as one suite, as Great Expectations itself saves it (`ExpectationSuite.to_json_dict`)
- `results`: for each expectation of the suite `success`, `result`, or `exception` (the last line of it) on a pandas data frame;
  where Great Expectations gives another answer on a database (SQLite), that one as `sql`
- `exported`: the same for `test/fixtures/great-expectations-export.json`, a suite that Tributary exported: that it loads is part
  of making this file
- `disputed`: expectations that Great Expectations takes and Tributary, on purpose, does not; or the other way round

The tests that read it need no Python.
"""

import json
import logging
import math
import sys
import tempfile
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import great_expectations as gx  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import sqlalchemy  # noqa: E402
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration  # noqa: E402
from great_expectations.expectations.row_conditions import Column  # noqa: E402

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"

COLUMNS = {
    "id": "bigint",
    "place": "string",
    "count": "bigint",
    "price": "double",
    "note": "string",
    "at": "timestamp",
    "late": "boolean",
    "low": "bigint",
    "high": "bigint",
    "void": "double",
    "blank": "string",
    "code": "string",
    "day": "string",
}

# Made by hand: nulls alone and together, ties, negatives, empty and unusual texts, one column with nothing in it.
ROWS = [
    [1, "ATL", 3, 1.5, "plain", "2001-01-01T00:00:00", True, 1, 2, None, None, "A-1", "2001-01-01"],
    [2, "ATL", 3, 2.25, "", "2001-01-01T00:00:00", False, 2, 2, None, None, "A-2", "2001-1-2"],
    [3, "ORD", None, None, "Ünïcödé", "2001-01-02T03:04:05", True, None, 5, None, None, "A-3", "31/12/01"],
    [4, "ORD", -7, -0.5, None, None, False, 4, None, None, None, "A-4", "2001-02-30"],
    [5, None, 0, 0.0, " space ", "2001-01-03T00:00:00", False, None, None, None, None, "B-5", "2001-01-01 10:11:12"],
    [6, "DFW", 12, 99.99, "two words", "2001-01-03T12:00:00", True, 9, 3, None, None, "B-6", "2001-01-01T10:11:12+0100"],
    [7, "ATL", 3, 1.5, "plain", "2001-01-04T00:00:00", True, 7, 8, None, None, "b-7", "Jan 05, 2001"],
    [8, "dfw", 5, 17.0, "日本語", "2001-01-05T00:00:00", False, -3, -9, None, None, "B-8", "jan 5, 2001"],
    [9, "ATL", 8, 1e6, "🙂", "2001-01-06T23:59:59", True, -9, -3, None, None, "C9", "032 2001"],
    [10, "", 8, 3.125, "a\nb", "2001-01-06T23:59:59", False, 0, 0, None, None, "C-10", "11:30 PM"],
    [11, "ORD", 9, 3.5, "e\u0301", "2001-01-05T00:00:00", True, 11, 12, None, None, "C-11", "100%"],
    [12, "ATL", 10, -1e-9, "tab\there", "2001-02-01T00:00:00", False, 12, 11, None, None, "C-12", None],
    [13, "ATL", None, 4.75, "123", "2001-02-02T00:00:00", True, None, 1, None, None, "C-13", "2001-01-01 "],
    [14, "ORD", 11, None, "null", "2001-02-03T00:00:00", True, 14, None, None, None, "C-14", " 2001-01-01"],
    [15, "JFK", 11, 4.75, None, "2001-02-04T00:00:00", False, None, None, None, None, "D-15", "2001-01-01T10:11:12Z"],
    [16, "JFK", 13, 6.0, "plain", None, False, 16, 17, None, None, "D-16", "2001-01-01T10:11:12+01:00"],
    [17, "SFO", 13, 6.5, "'quoted'", "2001-02-05T00:00:00", True, 17, 17, None, None, "D-17", "12:00 am"],
    [18, "SFO", 14, 7.25, '"double"', "2001-02-06T00:00:00", True, 18, 19, None, None, "D-18", "366 2001"],
    [19, "SFO", 2, 8.0, "semi;colon", "2001-02-07T00:00:00", False, 1, 2, None, None, "D-19", "01-01-2001"],
    [20, "ATL", 15, 9.0, "ATL", "2001-02-08T00:00:00", True, 2, 2, None, None, "D-20", "20010101"],
    [21, None, 16, 10.0, "line", "2001-02-09T00:00:00", False, 21, 22, None, None, "E-21", ""],
    [22, "ORD", 16, -273.15, "Line", "2001-02-10T00:00:00", True, 22, 21, None, None, "E-22", "２００１-01-01"],
    [23, "ORD", 17, 11.5, "LINE", "2001-02-11T00:00:00", False, 23, 23, None, None, "E-23", "2001-12-31"],
    [24, "ATL", 40, 12.0, "long text that goes on and on", "2001-03-01T00:00:00", True, 24, 30, None, None, "E-24", "99/99/99"],
]


def frame() -> pd.DataFrame:
    """The rows as pandas has them from a Parquet file: whole numbers with gaps as floats, times in nanoseconds."""
    data = pd.DataFrame(ROWS, columns=list(COLUMNS))
    for name, kind in COLUMNS.items():
        if kind == "timestamp":
            data[name] = pd.to_datetime(data[name]).astype("datetime64[ns]")
        elif kind == "double":
            data[name] = data[name].astype("float64")
        elif kind == "bigint":
            data[name] = data[name].astype("float64" if data[name].isna().any() else "int64")
    return data


def cases():
    """Type, arguments, severity."""

    def case(name, severity="critical", **kwargs):
        return (f"expect_{name}", kwargs, severity)

    col = "column"
    yield case("column_to_exist", column="price")
    yield case("column_to_exist", column="price", column_index=3)
    yield case("column_to_exist", column="price", column_index=0, severity="warning")
    yield case("column_to_exist", column="price", column_index=4)
    yield case("column_to_exist", column="nowhere", severity="info")

    yield case("table_columns_to_match_set", column_set=list(COLUMNS))
    yield case("table_columns_to_match_set", column_set=list(reversed(COLUMNS)), exact_match=True)
    yield case("table_columns_to_match_set", column_set=["id", "place"])
    yield case("table_columns_to_match_set", column_set=["place", "id"], exact_match=False)
    yield case("table_columns_to_match_set", column_set=["id", "nowhere"], exact_match=False)
    yield case("table_columns_to_match_set", column_set=["nowhere", "id", "elsewhere"])

    for kwargs in (
        dict(min_value=24, max_value=24),
        dict(min_value=25),
        dict(max_value=23),
        dict(min_value=24, strict_min=True),
        dict(max_value=24, strict_max=True),
        dict(min_value=23, max_value=25, strict_min=True, strict_max=True),
        dict(min_value=10, row_condition=Column("place") == "ATL"),
        dict(max_value=0, row_condition=Column("id") > 1000),
    ):
        yield case("table_row_count_to_be_between", **kwargs)

    for kind in ("not_be_null", "be_null"):
        for column in ("id", "place", "count", "at", "void", "blank", "note"):
            yield case(f"column_values_to_{kind}", column=column)
        yield case(f"column_values_to_{kind}", column="place", mostly=0.9)
        yield case(f"column_values_to_{kind}", column="place", mostly=22 / 24)
        yield case(f"column_values_to_{kind}", column="place", mostly=0.05, severity="warning")
        yield case(f"column_values_to_{kind}", column="place", row_condition=Column("late") == True)  # noqa: E712
        yield case(f"column_values_to_{kind}", column="place", row_condition=Column("id") > 1000)
        yield case(f"column_values_to_{kind}", column="place", mostly=0)

    for column in ("id", "place", "count", "price", "note", "at", "void", "blank", "late"):
        yield case("column_values_to_be_unique", column=column)
    yield case("column_values_to_be_unique", column="note", mostly=0.8)
    yield case("column_values_to_be_unique", column="note", mostly=0.9)
    yield case("column_values_to_be_unique", column="note", row_condition=Column("id") >= 8)
    yield case("column_values_to_be_unique", column="note", row_condition=Column("id") > 1000)

    for kwargs in (
        dict(column="id", min_value=1, max_value=24),
        dict(column="id", min_value=1, max_value=24, strict_min=True),
        dict(column="id", min_value=1, max_value=24, strict_max=True),
        dict(column="count", min_value=0),
        dict(column="count", max_value=16),
        dict(column="count", min_value=0, strict_min=True),
        dict(column="count", min_value=-7, max_value=17, mostly=0.95),
        dict(column="count", min_value=-7, max_value=17, mostly=0.96),
        dict(column="price", min_value=-300.5, max_value=100),
        dict(column="price", min_value=0.0, max_value=0.0),
        dict(column="price", min_value=0, severity="warning"),
        dict(column="at", min_value="2001-01-02", max_value="2001-02-01"),
        dict(column="at", max_value="2001-02-01T00:00:00", strict_max=True),
        dict(column="at", min_value="2001-01-06 23:59:59", strict_min=True),
        dict(column="void", min_value=1),
        dict(column="price", min_value=0, row_condition=Column("price") > 0),
        dict(column="price", min_value=0, max_value=10, row_condition=(Column("place") == "ATL") & (Column("id") > 2)),
        dict(column="price", min_value=0, max_value=10, row_condition=Column("id") > 1000),
    ):
        yield case("column_values_to_be_between", **kwargs)

    for kind in ("be_in_set", "not_be_in_set"):
        for kwargs in (
            dict(column="place", value_set=["ATL", "ORD", "DFW", "JFK", "SFO"]),
            dict(column="place", value_set=["ATL", "ORD", "DFW", "JFK", "SFO", "dfw", ""]),
            dict(column="place", value_set=["LAX"]),
            dict(column="place", value_set=["ATL"], mostly=0.3),
            dict(column="place", value_set=["ATL", None]),
            dict(column="place", value_set=[None]),
            dict(column="count", value_set=[3, 8, 11, 13]),
            dict(column="count", value_set=[3.0, -7]),
            dict(column="price", value_set=[1.5, 4.75, -1e-9]),
            dict(column="late", value_set=[True]),
            dict(column="late", value_set=[True, False]),
            dict(column="void", value_set=[1]),
            dict(column="id", value_set=["1", "2"]),
            dict(column="place", value_set=["ATL"], row_condition=Column("id") > 1000),
            dict(column="place", value_set=["ATL"], row_condition=Column("place").is_in(["ATL", "ORD"])),
            dict(column="place", value_set=["ATL"], row_condition=Column("count").is_in([3, 8])),
        ):
            yield case(f"column_values_to_{kind}", **kwargs)
    yield case("column_values_to_not_be_in_set", column="at", value_set=["2001-01-01", "2001-02-02T00:00:00"])

    for kind in ("match_regex", "not_match_regex"):
        for kwargs in (
            dict(column="place", regex="^[A-Z]{3}$"),
            dict(column="place", regex="[a-z]"),
            dict(column="note", regex="plain|line"),
            dict(column="note", regex="(?i)line"),
            dict(column="note", regex="^\\w+$"),
            dict(column="note", regex="^\\s|\\s$"),
            dict(column="note", regex="a.b"),
            dict(column="note", regex="(?s)a.b"),
            dict(column="note", regex="^.$"),
            dict(column="note", regex="[\\u00c0-\\u024f]"),
            dict(column="code", regex="^[A-Z]-\\d+$", mostly=0.9),
            dict(column="code", regex="^[A-Z]-\\d+$", mostly=0.95),
            dict(column="code", regex="-(?=1)"),
            dict(column="code", regex="\\d$"),
            dict(column="blank", regex="x"),
            dict(column="note", regex="plain", row_condition=Column("id") > 1000),
            dict(column="count", regex="^1"),
        ):
            yield case(f"column_values_to_{kind}", **kwargs)

    for direction in ("increasing", "decreasing"):
        for kwargs in (
            dict(column="id"),
            dict(column="id", strictly=True),
            dict(column="count"),
            dict(column="count", mostly=0.8),
            dict(column="count", strictly=True),
            dict(column="at"),
            dict(column="at", strictly=True, mostly=0.5),
            dict(column="void"),
            dict(column="count", row_condition=Column("place") == "ATL"),
            dict(column="count", row_condition=Column("id") > 1000),
        ):
            yield case(f"column_values_to_be_{direction}", **kwargs)

    for kwargs in (
        dict(column="note", min_value=1),
        dict(column="note", min_value=1, max_value=10),
        dict(column="note", max_value=5, mostly=0.6),
        dict(column="note", max_value=5, strict_max=True),
        dict(column="note", min_value=0, strict_min=True),
        dict(column="note", min_value=2, max_value=2),
        dict(column="blank", min_value=1),
        dict(column="place", min_value=3, row_condition=Column("place").is_not_null()),
    ):
        yield case("column_value_lengths_to_be_between", **kwargs)
    for kwargs in (
        dict(column="place", value=3),
        dict(column="place", value=3, mostly=0.95),
        dict(column="note", value=1),
        dict(column="place", value=3, row_condition=Column("id") > 1000),
    ):
        yield case("column_value_lengths_to_equal", **kwargs)

    pair = dict(column_A="high", column_B="low")
    for kwargs in (
        dict(),
        dict(or_equal=True),
        dict(ignore_row_if="either_value_is_missing"),
        dict(ignore_row_if="neither"),
        dict(or_equal=True, ignore_row_if="either_value_is_missing", mostly=0.7),
        dict(or_equal=True, ignore_row_if="either_value_is_missing", mostly=0.9),
        dict(ignore_row_if="either_value_is_missing", row_condition=Column("id") < 4),
        dict(row_condition=Column("id") > 1000),
    ):
        yield case("column_pair_values_a_to_be_greater_than_b", **pair, **kwargs)
    yield case("column_pair_values_a_to_be_greater_than_b", column_A="place", column_B="code", ignore_row_if="either_value_is_missing")

    for kwargs in (
        dict(column_list=["id", "place"]),
        dict(column_list=["place", "count"]),
        dict(column_list=["low", "high"]),
        dict(column_list=["low", "high"], ignore_row_if="any_value_is_missing"),
        dict(column_list=["low", "high"], ignore_row_if="never"),
        dict(column_list=["place", "note"], ignore_row_if="any_value_is_missing", mostly=0.9),
        dict(column_list=["low", "high"], row_condition=Column("id") > 7),
        dict(column_list=["low", "high"], row_condition=Column("id") > 1000),
    ):
        yield case("compound_columns_to_be_unique", **kwargs)

    for column, type_ in (
        ("id", "int64"),
        ("id", "int"),
        ("id", "float64"),
        ("price", "float64"),
        ("price", "float"),
        ("price", "int64"),
        ("place", "str"),
        ("place", "int64"),
        ("late", "bool"),
        ("at", "datetime64"),
        ("at", "datetime64[ns]"),
        ("at", "str"),
    ):
        yield case("column_values_to_be_of_type", column=column, type_=type_)
    yield case("column_values_to_be_of_type", column="price", type_="float64", mostly=0.5)

    bounds = {
        "min": [("count", -7), ("price", -273.15), ("at", "2001-01-01T00:00:00"), ("void", 0)],
        "max": [("count", 40), ("price", 1e6), ("at", "2001-03-01T00:00:00"), ("void", 0)],
        "mean": [("count", 10), ("price", 40000), ("void", 0)],
        "median": [("count", 10), ("price", 4.75), ("void", 0)],
        "stdev": [("count", 9), ("price", 200000), ("void", 0)],
        "sum": [("count", 219), ("price", 1000000), ("void", 0)],
        "unique_value_count": [("count", 15), ("place", 7), ("void", 0), ("note", 20)],
        "proportion_of_unique_values": [("count", 0.6), ("place", 0.3), ("void", 0), ("id", 1)],
    }
    for figure, columns in bounds.items():
        for column, bound in columns:
            for kwargs in (
                dict(min_value=bound),
                dict(max_value=bound),
                dict(min_value=bound, max_value=bound),
                dict(min_value=bound, strict_min=True),
                dict(max_value=bound, strict_max=True),
            ):
                yield case(f"column_{figure}_to_be_between", column=column, **kwargs)
        column, bound = columns[0]
        yield case(f"column_{figure}_to_be_between", column=column, max_value=bound, row_condition=Column("place") == "ATL")
        yield case(f"column_{figure}_to_be_between", column=column, max_value=bound, row_condition=Column("id") > 1000)
        yield case(f"column_{figure}_to_be_between", column=column, min_value=bound, row_condition=Column("id") == 1)

    def ranges(quantiles, value_ranges):
        return dict(quantile_ranges=dict(quantiles=quantiles, value_ranges=value_ranges))

    for kwargs in (
        dict(column="id", **ranges([0, 1], [[1, 1], [24, 24]])),
        dict(column="id", **ranges([0.1, 0.5, 0.9], [[1, 4], [12, 13], [21, 23]])),
        dict(column="id", **ranges([0.5], [[None, 5]])),
        dict(column="id", **ranges([0.25, 0.75], [[5, None], [None, 20]])),
        dict(column="count", **ranges([0.05, 0.5, 0.95], [[-7, 0], [9, 11], [16, 20]])),
        dict(column="price", **ranges([0.5], [[4, 5]])),
        dict(column="id", **ranges([0.5], [[2, 3]]), row_condition=Column("id") < 4),
        dict(column="void", **ranges([0.5], [[0, 1]])),
        dict(column="id", **ranges([0.5], [[0, 1]]), row_condition=Column("id") > 1000),
    ):
        yield case("column_quantile_values_to_be_between", **kwargs)

    for kwargs in (
        dict(column="place", value_set=["ATL"]),
        dict(column="place", value_set=["ORD", "LAX"]),
        dict(column="count", value_set=[3], ties_okay=True),
        dict(column="count", value_set=[3, 16]),
        dict(column="id", value_set=[1, 2], ties_okay=True),
        dict(column="id", value_set=[1, 2], ties_okay=False),
        dict(column="id", value_set=list(range(1, 25))),
        dict(column="late", value_set=[True]),
        dict(column="place", value_set=["ORD"], row_condition=Column("id") > 2),
        dict(column="void", value_set=[1]),
        dict(column="place", value_set=["ATL"], row_condition=Column("id") > 1000),
    ):
        yield case("column_most_common_value_to_be_in_set", **kwargs)

    places = ["ATL", "ORD", "SFO", "JFK", "DFW", "dfw", ""]
    for kwargs in (
        dict(column="place", partition_object=dict(values=places, weights=[0.36, 0.28, 0.12, 0.08, 0.06, 0.05, 0.05]), threshold=0.1),
        dict(column="place", partition_object=dict(values=places, weights=[0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2]), threshold=0.1),
        dict(column="place", partition_object=dict(values=places + ["LAX"], weights=[0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05]), threshold=0.2),
        dict(column="place", partition_object=dict(values=["ATL", "ORD"], weights=[0.5, 0.5]), threshold=0.5),
        dict(column="place", partition_object=dict(values=["ATL", "ORD"], weights=[0.5, 0.5]), threshold=2, tail_weight_holdout=0.2),
        dict(column="place", partition_object=dict(values=["ATL", "ORD", "LAX"], weights=[0.5, 0.5, 0]), threshold=2, tail_weight_holdout=0.2, internal_weight_holdout=0.05),
        dict(column="count", partition_object=dict(bins=[-10, 0, 5, 10, 50], weights=[0.1, 0.3, 0.2, 0.4]), threshold=0.1),
        dict(column="count", partition_object=dict(bins=[0, 5, 10], weights=[0.5, 0.5]), threshold=0.1),
        dict(column="count", partition_object=dict(bins=[0, 5, 10], weights=[0.5, 0.5]), threshold=1, tail_weight_holdout=0.1),
        dict(column="count", partition_object=dict(bins=[-10, 0, 5, 10, 50], weights=[0.5, 0.5, 0, 0]), threshold=1),
        dict(column="count", partition_object=dict(bins=[-10, 0, 5, 10, 50], weights=[0.5, 0.5, 0, 0]), threshold=1, internal_weight_holdout=0.2),
        dict(column="count", partition_object=dict(bins=[0, 5, 10], weights=[1, 0]), threshold=1, internal_weight_holdout=0.2, tail_weight_holdout=0.1),
        dict(column="count", partition_object=dict(bins=[0, 8, 16], weights=[0.5, 0.5]), threshold=1, row_condition=(Column("count") >= 0) & (Column("count") <= 16)),
    ):
        yield case("column_kl_divergence_to_be_less_than", **kwargs)

    yield case("column_kl_divergence_to_be_less_than", column="void", partition_object=dict(bins=[0, 1], weights=[1]), threshold=1)
    yield case(
        "column_kl_divergence_to_be_less_than",
        column="place",
        partition_object=dict(values=["ATL"], weights=[1]),
        threshold=1,
        row_condition=Column("id") > 1000,
    )

    for kwargs in (dict(value=24), dict(value=23), dict(value=9, row_condition=Column("place") == "ATL"), dict(value=0, row_condition=Column("id") > 1000)):
        yield case("table_row_count_to_equal", **kwargs)
    yield case("table_column_count_to_equal", value=len(COLUMNS))
    yield case("table_column_count_to_equal", value=3)
    for kwargs in (dict(min_value=13, max_value=13), dict(min_value=14), dict(max_value=12)):
        yield case("table_column_count_to_be_between", **kwargs)
    yield case("table_columns_to_match_ordered_list", column_list=list(COLUMNS))
    yield case("table_columns_to_match_ordered_list", column_list=list(reversed(COLUMNS)))
    yield case("table_columns_to_match_ordered_list", column_list=["id", "count", "place"])

    for kind in ("equal_set", "be_in_set", "contain_set"):
        for kwargs in (
            dict(column="place", value_set=["ATL", "ORD", "DFW", "JFK", "SFO", "dfw", ""]),
            dict(column="place", value_set=["ATL", "ORD"]),
            dict(column="place", value_set=["ATL", "ORD", "DFW", "JFK", "SFO", "dfw", "", "LAX"]),
            dict(column="late", value_set=[True, False]),
            dict(column="late", value_set=[True]),
            dict(column="count", value_set=[3, 8, 1000]),
            dict(column="id", value_set=list(range(1, 25))),
            dict(column="price", value_set=[1.5, 4.75, -1e-9]),
            dict(column="void", value_set=[1]),
            dict(column="place", value_set=["ATL"], row_condition=Column("place") == "ATL"),
            dict(column="place", value_set=["ATL"], row_condition=Column("id") > 1000),
        ):
            yield case(f"column_distinct_values_to_{kind}", **kwargs)

    for kwargs in (
        dict(column="price", threshold=3, double_sided=True),
        dict(column="price", threshold=5, double_sided=False),
        dict(column="count", threshold=1.5, double_sided=True),
        dict(column="count", threshold=1.5, double_sided=False),
        dict(column="count", threshold=1.5, double_sided=True, mostly=0.9),
        dict(column="count", threshold=1.5, double_sided=True, row_condition=Column("place") == "ATL"),
        dict(column="void", threshold=1, double_sided=True),
        dict(column="count", threshold=1, double_sided=True, row_condition=Column("id") == 1),
        dict(column="count", threshold=1, double_sided=True, row_condition=Column("id") > 1000),
    ):
        yield case("column_value_z_scores_to_be_less_than", **kwargs)

    for kwargs in (
        dict(column="code", strftime_format="%Y-%m-%d"),
        dict(column="day", strftime_format="%Y-%m-%d"),
        dict(column="day", strftime_format="%Y-%m-%d", mostly=0.5),
        dict(column="day", strftime_format="%d/%m/%y"),
        dict(column="day", strftime_format="%Y-%m-%d %H:%M:%S"),
        dict(column="day", strftime_format="%Y-%m-%dT%H:%M:%S%z"),
        dict(column="day", strftime_format="%b %d, %Y"),
        dict(column="day", strftime_format="%j %Y"),
        dict(column="day", strftime_format="%I:%M %p"),
        dict(column="day", strftime_format="100%%"),
        dict(column="blank", strftime_format="%Y"),
        dict(column="id", strftime_format="%Y"),
        dict(column="day", strftime_format="%Y-%m-%d", row_condition=Column("id") < 3),
    ):
        yield case("column_values_to_match_strftime_format", **kwargs)

    for kwargs in (
        dict(column="place", regex_list=["^A", "^O"]),
        dict(column="place", regex_list=["^A", "L$"], match_on="all"),
        dict(column="place", regex_list=["^A", "L$"], match_on="any"),
        dict(column="code", regex_list=["^[A-Z]", "-\\d+$"], match_on="all", mostly=0.9),
        dict(column="blank", regex_list=["x"]),
        dict(column="place", regex_list=["^A"], row_condition=Column("place") == "ATL"),
    ):
        yield case("column_values_to_match_regex_list", **kwargs)
        yield case("column_values_to_not_match_regex_list", **{key: value for key, value in kwargs.items() if key != "match_on"})

    for kwargs in (
        dict(),
        dict(ignore_row_if="either_value_is_missing"),
        dict(ignore_row_if="neither"),
        dict(ignore_row_if="either_value_is_missing", mostly=0.2),
        dict(row_condition=Column("id") > 1000),
    ):
        yield case("column_pair_values_to_be_equal", **pair, **kwargs)
    yield case("column_pair_values_to_be_equal", column_A="place", column_B="note", ignore_row_if="either_value_is_missing")
    yield case("column_pair_values_to_be_equal", column_A="at", column_B="at")
    for kwargs in (
        dict(column_A="high", column_B="low", value_pairs_set=[[2, 1], [2, 2]]),
        dict(column_A="high", column_B="low", value_pairs_set=[[2, 1], [2, 2]], ignore_row_if="either_value_is_missing"),
        dict(column_A="place", column_B="late", value_pairs_set=[["ATL", True], ["ORD", True]], ignore_row_if="either_value_is_missing"),
        dict(column_A="place", column_B="late", value_pairs_set=[["ATL", True]], ignore_row_if="either_value_is_missing", mostly=0.2),
    ):
        yield case("column_pair_values_to_be_in_set", **kwargs)

    for kwargs in (
        dict(column_list=["low", "high"], sum_total=4),
        dict(column_list=["low", "high"], sum_total=4, ignore_row_if="any_value_is_missing"),
        dict(column_list=["low", "high"], sum_total=4, ignore_row_if="never", row_condition=Column("id") < 12),
        dict(column_list=["low", "high", "id"], sum_total=6, ignore_row_if="any_value_is_missing", mostly=0.05),
        dict(column_list=["price", "id"], sum_total=2.5, ignore_row_if="any_value_is_missing"),
        dict(column_list=["low", "high"], sum_total=4, row_condition=Column("id") > 1000),
    ):
        yield case("multicolumn_sum_to_equal", **kwargs)

    for kwargs in (
        dict(column_list=["low", "high"]),
        dict(column_list=["low", "high", "id"], ignore_row_if="any_value_is_missing"),
        dict(column_list=["low", "high"], ignore_row_if="never"),
        dict(column_list=["low", "high"], ignore_row_if="any_value_is_missing", mostly=0.8),
        dict(column_list=["place", "note", "code"], ignore_row_if="any_value_is_missing"),
        dict(column_list=["low", "high"], row_condition=Column("id") > 1000),
    ):
        yield case("select_column_values_to_be_unique_within_record", **kwargs)

    # The forms of a condition, on one rule that answers which rows were looked at.
    text = dict(column="count", min_value=0, max_value=10)
    for condition in (
        dict(row_condition="id > 5", condition_parser="pandas"),
        dict(row_condition="id > 5 and place == 'ATL'", condition_parser="pandas"),
        dict(row_condition='(id > 5 and late == True) or place == "ORD"', condition_parser="pandas"),
        dict(row_condition="not (id > 5)", condition_parser="pandas"),
        dict(row_condition="place in ['ATL', 'ORD']", condition_parser="pandas"),
        dict(row_condition="place not in ['ATL', 'ORD']", condition_parser="pandas"),
        dict(row_condition="price != 1.5", condition_parser="pandas"),
        dict(row_condition="not (price > 3)", condition_parser="pandas"),
        dict(row_condition='col("id") > 5', condition_parser="great_expectations"),
        dict(row_condition='col("place") == "ATL"', condition_parser="great_expectations"),
        dict(row_condition='col("price").notNull()', condition_parser="great_expectations"),
        dict(row_condition=Column("id") <= 5),
        dict(row_condition=Column("place") != "ATL"),
        dict(row_condition=Column("price").is_null()),
        dict(row_condition=Column("price").is_not_null()),
        dict(row_condition=Column("place").is_not_in(["ATL", "ORD"])),
        dict(row_condition=(Column("id") > 3) & (Column("id") < 20) & (Column("place") == "ATL")),
        dict(row_condition=(Column("place") == "ORD") | ((Column("id") > 3) & (Column("late") == True))),  # noqa: E712
        dict(row_condition=Column("note") == "'quoted'"),
        dict(row_condition=Column("note") == '"double"'),
        dict(row_condition=Column("at") >= "2001-02-01"),
    ):
        yield case("column_values_to_be_between", **text, **condition)


DISPUTED = [
    ("expect_column_values_to_be_between", dict(column="place", min_value="ATL", max_value="ORD")),
    ("expect_column_max_to_be_between", dict(column="place", max_value="zzz")),
    ("expect_column_values_to_be_in_set", dict(column="place", value_set=[])),
    ("expect_column_values_to_be_between", dict(column="id")),
    ("expect_column_mean_to_be_between", dict(column="count")),
    ("expect_column_values_to_be_between", dict(column="id", min_value=3, max_value=2)),
    ("expect_column_mean_to_be_between", dict(column="count", min_value=3, max_value=2)),
    ("expect_column_values_to_be_unique", dict(column="id", row_condition="id + 1 > 3", condition_parser="pandas")),
    ("expect_column_values_to_be_unique", dict(column="id", row_condition="place.str.startswith('A')", condition_parser="pandas")),
    ("expect_column_values_to_be_unique", dict(column="id", row_condition="low < high", condition_parser="pandas")),
]

# Every unexpected value, and where the rows stand in a data frame: Tributary keeps the first of them and values only.
POSITIONS = ("unexpected_index_list", "partial_unexpected_index_list", "unexpected_index_query", "unexpected_list")


def plain(value):
    """Numbers as JSON has them: Great Expectations lets NaN and infinity through, which JSON does not know."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (np.floating, np.integer, np.bool_)):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def answer(batch, expectation):
    outcome = batch.validate(expectation, result_format="COMPLETE").to_json_dict()
    exception = outcome["exception_info"]
    raised = [exception] if "raised_exception" in exception else list(exception.values())
    messages = [str(one["exception_message"]).strip().splitlines()[-1] for one in raised if one["raised_exception"]]
    result = {key: value for key, value in outcome["result"].items() if key not in POSITIONS}
    return {
        "success": plain(outcome["success"]),
        "result": plain(result),
        **({"exception": messages[0]} if messages else {}),
    }


def main():
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("data").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame()})

    suite = gx.ExpectationSuite(name="every-expectation")
    for kind, kwargs, severity in cases():
        suite.expectations.append(ExpectationConfiguration(type=kind, kwargs=kwargs, severity=severity).to_domain_obj())
    saved = json.loads(json.dumps(suite.to_json_dict()))

    results = [answer(batch, expectation) for expectation in suite.expectations]
    with tempfile.TemporaryDirectory() as directory:
        url = f"sqlite:///{directory}/rows.db"
        database = sqlalchemy.create_engine(url)
        frame().to_sql("rows", database, index=False)
        database.dispose()
        table = context.data_sources.add_sqlite("database", connection_string=url).add_table_asset("rows", table_name="rows")
        stored = table.add_batch_definition_whole_table("all").get_batch()
        for result, expectation in zip(results, suite.expectations):
            other = answer(stored, expectation)
            if "exception" not in other and other != result:
                result["sql"] = other

    disputed = []
    for kind, kwargs in DISPUTED:
        try:
            expectation = ExpectationConfiguration(type=kind, kwargs=kwargs).to_domain_obj()
            disputed.append({"expectation": expectation.configuration.to_json_dict(), **answer(batch, expectation)})
        except Exception as error:
            disputed.append({"expectation": {"type": kind, "kwargs": kwargs, "meta": {}}, "exception": str(error).strip().splitlines()[-1]})

    exported = []
    path = FIXTURES / "great-expectations-export.json"
    if path.exists():
        given = json.loads(path.read_text())
        loaded = gx.ExpectationSuite(**given)
        context.suites.add(loaded)
        exported = [
            # Without the identifier that a saved expectation gets, which is another every time.
            {"expectation": {**one.configuration.to_json_dict(), "id": None}, **answer(batch, one)}
            for one in loaded.expectations
        ]
        assert len(exported) == len(given["expectations"])

    lines = [
        '"made_with": '
        + json.dumps(
            {
                "great_expectations": gx.__version__,
                "pandas": pd.__version__,
                "engine": "PandasExecutionEngine; sql: SqlAlchemyExecutionEngine on SQLite",
                "result_format": "COMPLETE, without the list of every unexpected value",
                "how": "test/great-expectations/make-results.py",
            }
        ),
        '"columns": ' + json.dumps(COLUMNS),
        '"rows": [\n' + ",\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS) + "\n]",
        '"suite": '
        + json.dumps({**saved, "expectations": []})[:-1].replace('"expectations": [], ', "")
        + ', "expectations": [\n'
        + ",\n".join(json.dumps(one, ensure_ascii=False) for one in saved["expectations"])
        + "\n]}",
        *(
            f'"{name}": [\n' + ",\n".join(json.dumps(one, ensure_ascii=False) for one in entries) + "\n]"
            for name, entries in (
                ("results", results),
                ("exported", exported),
                ("disputed", disputed),
            )
        ),
    ]
    (FIXTURES / "great-expectations-results.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    sys.exit(main())
