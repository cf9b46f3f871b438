"""Writes `test/fixtures/great-expectations-suite-0.18.json`: a suite as Great Expectations 0.18 saves it.

    python3 -m venv great-expectations-0.18 && great-expectations-0.18/bin/pip install great_expectations==0.18.22 "pandas<2.2"
    great-expectations-0.18/bin/python test/great-expectations/make-suite-0.18.py

The expectations are called on a validator over a small data frame, as people did, so that the suite has whatever 0.18 adds to it.
"""

import json
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import great_expectations as gx  # noqa: E402
import pandas as pd  # noqa: E402

data = pd.DataFrame(
    {
        "id": [1, 2, 3, 4],
        "place": ["ATL", "ORD", None, "ATL"],
        "delay": [1.5, -2.0, None, 4.0],
        "at": pd.to_datetime(["2001-01-01", "2001-01-02", "2001-01-03", "2001-01-04"]),
    }
)

context = gx.get_context(mode="ephemeral")
asset = context.sources.add_pandas("data").add_dataframe_asset("rows")
context.add_expectation_suite("flights.warning")
rows = context.get_validator(
    batch_request=asset.build_batch_request(dataframe=data), expectation_suite_name="flights.warning"
)

rows.expect_column_to_exist("id", column_index=0)
rows.expect_table_row_count_to_be_between(min_value=1, max_value=None)
rows.expect_table_columns_to_match_set(["id", "place", "delay", "at"], exact_match=True)
rows.expect_column_values_to_not_be_null("id", meta={"notes": {"format": "markdown", "content": ["the **key**"]}})
rows.expect_column_values_to_be_unique("id", result_format="SUMMARY")
rows.expect_column_values_to_be_of_type("id", "int64", mostly=1)
rows.expect_column_values_to_be_between("delay", -60, 360, strict_min=False, mostly=0.99)
rows.expect_column_values_to_be_between("at", "2001-01-01", "2001-12-31", parse_strings_as_datetimes=True)
rows.expect_column_values_to_be_in_set("place", ["ATL", "ORD"], row_condition="delay > 0", condition_parser="pandas")
rows.expect_column_values_to_match_regex("place", "^[A-Z]{3}$", row_condition='place in ["ATL", "ORD"]', condition_parser="pandas")
rows.expect_column_value_lengths_to_equal("place", 3)
rows.expect_column_values_to_be_increasing("id", strictly=True)
rows.expect_column_mean_to_be_between("delay", min_value=-10, max_value=10, strict_max=False)
rows.expect_column_quantile_values_to_be_between(
    "delay", quantile_ranges={"quantiles": [0.05, 0.5], "value_ranges": [[-5, None], [0, 5]]}, allow_relative_error=False
)
rows.expect_column_kl_divergence_to_be_less_than(
    "place", partition_object={"values": ["ATL", "ORD"], "weights": [0.6, 0.4]}, threshold=0.5, bucketize_data=True
)
rows.expect_column_most_common_value_to_be_in_set("place", ["ATL"], ties_okay=None)
rows.expect_compound_columns_to_be_unique(["id", "at"], ignore_row_if="all_values_are_missing")
rows.expect_column_pair_values_a_to_be_greater_than_b("id", "delay", or_equal=True, ignore_row_if="either_value_is_missing")

suite = rows.get_expectation_suite(discard_failed_expectations=False).to_json_dict()
suite["meta"].pop("citations", None)
target = Path(__file__).resolve().parent.parent / "fixtures" / "great-expectations-suite-0.18.json"
target.write_text(json.dumps(suite, indent=1, ensure_ascii=False) + "\n")
