"""The client against a running portal with the deliveries of e2e/support/parcels.ts. Skipped without one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tributary_client import Client, RunFailed, TributaryError

pytestmark = pytest.mark.skipif(not os.environ.get("TRIBUTARY_URL"), reason="needs a running portal: set TRIBUTARY_URL")

VIEW = """
kind: FeatureView
name: parcel_late
entity: parcel
columns: [late_probability]
online: true
owner: post
"""
FEATURE = "parcel_late@v1:late_probability"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Client() as one:
        yield one


def test_plans_and_applies(client: Client) -> None:
    plan = client.plan(VIEW)
    assert [(one["action"], one["name"]) for one in plan["differences"]] == [("create", "parcel_late")]
    assert "parcel_late" in plan._repr_html_()
    assert client.apply(plan)["applied"] is True
    assert client.plan(VIEW).is_empty
    with pytest.raises(TributaryError) as refused:
        client.plan("kind: FeatureView\nname: x\nentity: nothing\ncolumns: [a]")
    assert refused.value.status == 422


def test_runs_and_waits(client: Client) -> None:
    seen: list[str] = []
    run = client.run("late_parcels", on_progress=lambda one: seen.append(one.state))
    assert run.metrics["test"]["auc"] > 0.9
    assert "auc" in run._repr_html_()
    with pytest.raises(TributaryError, match="nowhere"):
        client.run("nowhere")
    assert RunFailed.__mro__[1] is TributaryError


def test_finds_features(client: Client) -> None:
    found = client.features("late probability")
    assert [one["name"] for one in found][:1] == ["parcel.late_probability"]
    assert client.feature("parcel.late_probability")["name"] == "parcel.late_probability"


def test_reads_the_same_values_online_and_historically(client: Client) -> None:
    online = client.online_features({"parcel_id": [1, 2, 10**9]}, [FEATURE], environment="dev")
    assert [status["late_probability"] for status in online.statuses] == ["PRESENT", "PRESENT", "NOT_FOUND"]
    rows = [{"parcel_id": at, "event_timestamp": "2001-12-31T00:00:00Z"} for at in (1, 2, 10**9)]
    joined = client.historical_features(rows, [FEATURE])
    assert [row["late_probability"] for row in joined] == [row["late_probability"] for row in online]
    frame = client.historical_frame("parcels", [FEATURE])
    assert len(frame) == 900
    assert frame.loc[frame["parcel_id"] == 1, "late_probability"].tolist() == [online[0]["late_probability"]]


def test_freezes_training_data_and_reads_it(client: Client) -> None:
    made = client.freeze("late_rows", source="parcels", features=[FEATURE], label="late", split={"policy": "by_month"})
    assert (made["rows"], made["verdict"]) == (900, "safe")
    assert client.training_dataset("late_rows")["contentDigest"] == made["contentDigest"]
    frame = client.training_frame("late_rows")
    assert frame.groupby("split_part").size().to_dict() == made["parts"]
    assert int(frame["late"].sum()) == 458


def test_predicts_and_logs(client: Client) -> None:
    rows = [{"kilometres": 490, "kilograms": 30}, {"kilometres": 1, "kilograms": 1}]
    far, near = client.predict("late_parcels", rows=rows, alias="staging")["predictions"]
    assert far["probability"] > 0.9 > 0.1 > near["probability"]
    outcome = {"key": {"parcel_id": 1}, "at": "2001-01-01T00:00:00Z", "outcome": 0}
    assert client.log_outcomes("late_parcels", [outcome])["received"] == 1
    assert client.log_outcomes("late_parcels", [outcome])["unchanged"] == 1


def test_the_readme_says_what_works() -> None:
    text = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)  # noqa: S102
    assert len(names["frame"]) == 900  # type: ignore[arg-type]
    assert 0 < len(names["train"]) < 900  # type: ignore[arg-type]
