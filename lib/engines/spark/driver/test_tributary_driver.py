"""What of the driver needs no Spark: its events, its lease, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tributary_driver import LEASE_SECONDS, Events, Lease, Refused, cause_of, check_classes, nominal, sizes_of, with_sizes


def test_events_are_numbered_lines_of_one_attempt(tmp_path: Path) -> None:
    events = Events(tmp_path / "events.jsonl", "a")
    events.tell("started", pid=1)
    events.tell("log", level="info", message="rosé\nin two lines")
    lines = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"number": 1, "attempt": "a", "kind": "started", "pid": 1},
        {"number": 2, "attempt": "a", "kind": "log", "level": "info", "message": "rosé\nin two lines"},
    ]


def test_events_hold_no_nan(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        Events(tmp_path / "events.jsonl", "a").tell("stage", seconds=float("nan"))


@pytest.mark.parametrize("is_there", [True, False])
def test_a_lease_is_over_when_nobody_renews_it(tmp_path: Path, is_there: bool) -> None:
    now = 0.0
    path = tmp_path / "lease"
    lease = Lease(path, lambda: now)
    if is_there:
        path.write_text("0", encoding="utf-8")
    assert not lease.is_over()
    now = LEASE_SECONDS
    assert not lease.is_over()
    now += 1
    assert lease.is_over()
    path.write_text("1", encoding="utf-8")
    assert not lease.is_over()


def test_sizes_stand_for_the_labels_of_each_input() -> None:
    sizes = sizes_of({"labels": [["a", "b"], ["c"]]})
    assert with_sizes("c1 >= {size0} OR c2 >= {size1}", sizes) == "c1 >= 2 OR c2 >= 1"
    assert sizes_of({"categorySizes": [4]}) == [4]
    assert sizes_of({"mean": [1.0]}) == []
    with pytest.raises(IndexError):
        with_sizes("{size2}", sizes)


@pytest.mark.parametrize(
    ("values", "binary", "message"),
    [
        ([1.0], False, "has only the value 1.0"),
        ([], False, "has only the value none"),
        ([0.0, 0.5], False, "must hold class numbers"),
        ([-1.0, 1.0], False, "must hold class numbers"),
        ([0.0, 2.0], True, "has 3 classes, and one probability cannot"),
    ],
)
def test_labels_that_tell_no_classes_apart(values: list[float], binary: bool, message: str) -> None:
    with pytest.raises(Refused, match=message):
        check_classes("model", "visit.bought", values, binary)


def test_labels_that_do() -> None:
    check_classes("model", "visit.bought", [1.0, 0.0], True)
    check_classes("model", "visit.kind", [2.0, 0.0], False)


def test_what_is_told_of_an_error() -> None:
    assert cause_of(ValueError("\n first \n second")) == "first"
    assert cause_of(KeyError()) == "KeyError"
    assert nominal(None) == {}
