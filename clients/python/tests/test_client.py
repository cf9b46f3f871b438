"""The client against a server that is none: what is sent, what is made of answers, and what is tried again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tributary_client import Client, Features, RunFailed, TributaryError
from tributary_client import client as module

Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    monkeypatch.setattr(module.time, "sleep", lambda _seconds: None)
    return []


@pytest.fixture
def client_of(asked: list[httpx.Request]) -> Callable[..., Client]:
    def make(*answers: Answer | Exception) -> Client:
        waiting = list(answers)

        def handle(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            answer = waiting.pop(0)
            if isinstance(answer, Exception):
                raise answer
            status, body, *headers = answer
            text = body if isinstance(body, str) else json.dumps(body)
            return httpx.Response(status, text=text, headers=headers[0] if headers else {})

        return Client("http://portal/", "secret", "shop", transport=httpx.MockTransport(handle))

    return make


def body_of(request: httpx.Request) -> Any:
    return json.loads(request.content)


def test_needs_an_address_a_token_and_a_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("TRIBUTARY_URL", "TRIBUTARY_TOKEN", "TRIBUTARY_WORKSPACE"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(ValueError, match="No url was given. Pass url=… or set TRIBUTARY_URL"):
        Client()
    monkeypatch.setenv("TRIBUTARY_URL", "http://portal")
    monkeypatch.setenv("TRIBUTARY_WORKSPACE", "shop")
    with pytest.raises(ValueError, match="TRIBUTARY_TOKEN"):
        Client()


def test_reads_pages_of_features_until_the_limit(client_of: Any, asked: list[httpx.Request]) -> None:
    page = [
        {"name": f"a.f{at}", "type": "double", "description": "<b>", "owner": "x", "pointers": [], "leak": None}
        for at in range(200)
    ]
    client = client_of(
        (200, {"items": page, "total": 900, "nextCursor": "n"}),
        (200, {"items": page[:50], "total": 900, "nextCursor": "m"}),
    )
    found = client.features("airport", limit=250, entity="a")
    assert (len(found), found.total) == (250, 900)
    assert [dict(one.url.params) for one in asked] == [
        {"workspace": "shop", "q": "airport", "limit": "200", "entity": "a"},
        {"workspace": "shop", "q": "airport", "limit": "50", "entity": "a", "cursor": "n"},
    ]
    assert all(one.headers["authorization"] == "Bearer secret" for one in asked)
    assert "&lt;b&gt;" in found._repr_html_() and "<b>" not in found._repr_html_()


def test_turns_online_answers_into_rows(client_of: Any, asked: list[httpx.Request]) -> None:
    answer = {
        "metadata": {"feature_names": ["id", "big"]},
        "results": [
            {"values": [1, 2], "statuses": ["PRESENT", "PRESENT"], "event_timestamps": []},
            {"values": [9007199254740993, None], "statuses": ["PRESENT", "NOT_FOUND"], "event_timestamps": []},
        ],
    }
    rows = client_of((200, answer)).online_features({"id": [1, 2]}, ["v:big"], environment="dev")
    assert list(rows) == [{"id": 1, "big": 9007199254740993}, {"id": 2, "big": None}]
    assert [status["big"] for status in rows.statuses] == ["PRESENT", "NOT_FOUND"]
    assert dict(asked[0].url.params) == {"workspace": "shop", "environment": "dev"}
    assert body_of(asked[0]) == {"entities": {"id": [1, 2]}, "features": ["v:big"], "full_feature_names": False}
    frame = rows.to_pandas()
    assert (frame["big"].dtype, frame["big"].iloc[0]) == ("Int64", 9007199254740993)
    assert frame["big"].isna().tolist() == [False, True]


@pytest.mark.parametrize("chosen", [{}, {"features": ["a"], "service": "s"}, {"features": "v:f"}])
def test_refuses_to_guess_which_features(client_of: Any, chosen: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="features"):
        client_of().online_features({"id": [1]}, **chosen)


def test_says_moments_numbers_and_nothing_as_json_can(client_of: Any, asked: list[httpx.Request]) -> None:
    import numpy
    import pandas

    frame = pandas.DataFrame(
        {
            "id": pandas.array([1, None], dtype="Int64"),
            "at": pandas.to_datetime(["2024-05-01T12:00:00Z", None]),
            "x": numpy.array([1.5, float("nan")]),
        }
    )
    client_of((200, {"rows": [{}]})).historical_features(frame, ["v:f"], time="at", keys={"iata": "origin"})
    assert body_of(asked[0]) == {
        "spine": [{"id": 1, "at": "2024-05-01T12:00:00+00:00", "x": 1.5}, {"id": None, "at": None, "x": None}],
        "features": ["v:f"],
        "knowledge": "event",
        "keys": {"iata": "origin"},
        "time": "at",
        "format": "json",
    }
    assert asked[0].url.params["workspace"] == "shop"


def test_applies_what_was_planned_and_nothing_else(client_of: Any, asked: list[httpx.Request], tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.yaml").write_text("kind: Entity", "utf-8")
    (tmp_path / "a.yml").write_text("kind: Workspace", "utf-8")
    (tmp_path / "notes.txt").write_text("no", "utf-8")
    planned = {"differences": [], "warnings": [], "digest": "d1"}
    client = client_of((200, planned), (200, planned))
    plan = client.plan(tmp_path, prune=True)
    assert plan.is_empty
    client.apply(plan)
    files = [{"file": "a.yml", "text": "kind: Workspace"}, {"file": "deep/b.yaml", "text": "kind: Entity"}]
    assert body_of(asked[0]) == {"workspace": "shop", "documents": files, "prune": True}
    assert body_of(asked[1]) == {"workspace": "shop", "documents": files, "prune": True, "expected": "d1"}
    with pytest.raises(ValueError, match="has no file that ends with"):
        client.plan(tmp_path / "empty" if (tmp_path / "empty").mkdir() is None else tmp_path)


def test_waits_for_a_run_and_raises_for_one_that_failed(client_of: Any) -> None:
    run = {"id": "r", "number": 7, "state": "running", "metrics": None, "error": None}
    seen: list[str] = []
    client = client_of(
        (201, run | {"state": "queued"}),
        (200, run),
        (200, run | {"state": "succeeded", "metrics": {"test": {"auc": 0.9}}}),
    )
    done = client.run("late", on_progress=lambda one: seen.append(one.state))
    assert (done.metrics["test"]["auc"], seen) == (0.9, ["running", "succeeded"])
    client = client_of((201, run | {"state": "failed", "error": {"code": "invalid", "message": "No rows."}}))
    with pytest.raises(RunFailed, match="Run 7 failed: No rows.") as failed:
        client.run("late")
    assert failed.value.run["id"] == "r"
    with pytest.raises(TimeoutError, match="Run 7 is running after 0 seconds, and goes on"):
        client_of((201, run)).run("late", timeout=0)


@pytest.mark.parametrize(
    ("answer", "message", "code"),
    [
        ((404, {"detail": "There is no run.", "code": "not_found", "requestId": "q"}), "There is no run.", "not_found"),
        ((422, {"detail": [{"loc": ["body", "x"], "msg": "Field required"}]}), "body.x: Field required", None),
        ((404, '"{\\"class\\": \\"FeatureViewNotFoundException\\", \\"message\\": \\"no view\\"}"'), "no view", None),
        ((502, "<html>bad gateway"), "The server answered 502: <html>bad gateway", None),
        ((503, {"detail": "The disk is full."}), "The disk is full.", None),
    ],
)
def test_says_what_the_server_said(client_of: Any, answer: Answer, message: str, code: str | None) -> None:
    with pytest.raises(TributaryError) as refused:
        client_of(answer).get_run("x")
    assert (str(refused.value), refused.value.code, refused.value.status) == (message, code, answer[0])
    assert "secret" not in str(refused.value)


def test_tries_again_what_may_be_tried_again(client_of: Any, asked: list[httpx.Request]) -> None:
    busy: Answer = (503, {"detail": "busy"}, {"retry-after": "1"})
    run = {"id": "r", "number": 1, "state": "succeeded", "metrics": {}}
    assert client_of(busy, (201, run)).run("late").state == "succeeded"
    assert client_of(httpx.ConnectError("no"), (200, run)).get_run("r").state == "succeeded"
    asked.clear()
    # Whether the run was queued is not known: a second one could be one too many.
    with pytest.raises(TributaryError, match="did not answer /api/v1/runs"):
        client_of(httpx.ReadError("broke"), (201, run)).run("late")
    assert len(asked) == 1
    with pytest.raises(TributaryError, match="busy"):
        client_of(busy, busy, busy, busy).get_run("r")


def test_logs_in_lots_and_adds_up(client_of: Any, asked: list[httpx.Request]) -> None:
    counted = {"received": 10_000, "added": 9000, "replaced": 0, "unchanged": 1000}
    rest = {"received": 1, "added": 1, "replaced": 0, "unchanged": 0}
    client = client_of((200, counted), (200, rest))
    item = {"key": {"id": 1}, "at": "2024-01-01T00:00:00Z", "outcome": 1}
    assert client.log_outcomes("m", [item] * 10_001)["added"] == 9001
    assert [len(body_of(one)["outcomes"]) for one in asked] == [10_000, 1]


def test_shows_nothing_of_a_cell_as_html() -> None:
    evil = {"name": "<script>", "type": "t", "description": "d", "owner": "o", "pointers": [], "leak": None}
    assert "<script>" not in Features([evil])._repr_html_()
