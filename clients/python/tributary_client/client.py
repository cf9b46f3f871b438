"""The client of a running Tributary."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import httpx

from .answers import Features, OnlineRows, Plan, Run, TrainingDataset
from .errors import RunFailed, TributaryError, refusal

if TYPE_CHECKING:
    import pandas

Documents = str | Path | Mapping[str, Any] | Sequence[Mapping[str, Any]]
Row = Mapping[str, Any]

_ATTEMPTS = 4
_LONGEST_PAUSE_S = 30.0
_PAGE = 200
_HISTORICAL = "/api/serving/historical-features"
_ENDED = ("succeeded", "failed", "canceled")


class Client:
    """Asks a Tributary server by its API.

    Args:
        url: Address of the server; ``TRIBUTARY_URL`` when left out.
        token: An API token (Settings → Tokens); ``TRIBUTARY_TOKEN`` when left out.
        workspace: The workspace of every call; ``TRIBUTARY_WORKSPACE`` when left out.
        timeout: Seconds that one request may take.
        transport: Takes the place of the network, for tests.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        workspace: str | None = None,
        *,
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = _given("url", url, "TRIBUTARY_URL").rstrip("/")
        self.workspace = _given("workspace", workspace, "TRIBUTARY_WORKSPACE")
        self._http = httpx.Client(
            base_url=self.url,
            headers={"authorization": f"Bearer {_given('token', token, 'TRIBUTARY_TOKEN')}"},
            timeout=timeout,
            transport=transport,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _in_workspace(self) -> dict[str, str]:
        return {"workspace": self.workspace}

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    # Finding

    def features(self, query: str = "", *, limit: int = 100, **filters: str) -> Features:
        """Finds features by words and filters (``entity="airport"``, ``owner=…``), the best first.

        Args:
            query: Words, as in the portal's search: ``airport delay owner:network``.
            limit: At most so many.
        """
        found: list[dict[str, Any]] = []
        total = 0
        cursor: str | None = None
        while len(found) < limit:
            params = {"workspace": self.workspace, "q": query, "limit": str(min(_PAGE, limit - len(found))), **filters}
            answer = self._json("GET", "/api/v1/features", params=params | ({"cursor": cursor} if cursor else {}))
            found += answer["items"]
            total = answer.get("total", len(found))
            cursor = answer.get("nextCursor")
            if not cursor:
                break
        return Features(found, total)

    def feature(self, name: str) -> dict[str, Any]:
        """One feature with its versions, pointers and lineage."""
        return self._json("GET", f"/api/v1/features/{quote(name)}", params=self._in_workspace)

    # Reading values

    def online_features(
        self,
        entities: Mapping[str, Sequence[Any]],
        features: Sequence[str] | None = None,
        *,
        service: str | None = None,
        environment: str | None = None,
        full_feature_names: bool = False,
    ) -> OnlineRows:
        """Reads the newest values of entities.

        Args:
            entities: Join key → its value for each row, all lists of one length.
            features: ``view:feature``, or ``view@v2:feature``. Either these or a service.
            service: Name of a feature service, whose features are read.
            environment: Whose pointers say which versions; that of the token when left out.
            full_feature_names: Whether columns are called ``view__feature``.
        """
        body = {
            "entities": dict(entities),
            **_chosen(features, service),
            "full_feature_names": full_feature_names,
        }
        params = self._in_workspace | ({"environment": environment} if environment else {})
        answer = self._json("POST", "/api/serving/get-online-features", json=body, params=params, again=True)
        names: list[str] = answer["metadata"]["feature_names"]
        results = answer["results"]
        rows = range(len(results[0]["values"]) if results else 0)
        return OnlineRows(
            [{name: results[at]["values"][row] for at, name in enumerate(names)} for row in rows],
            [{name: results[at]["statuses"][row] for at, name in enumerate(names)} for row in rows],
        )

    def historical_features(
        self,
        rows: str | Sequence[Row] | pandas.DataFrame,
        features: Sequence[str] | None = None,
        *,
        service: str | None = None,
        keys: Mapping[str, str] | None = None,
        time: str | None = None,
        environment: str | None = None,
        knowledge: Literal["event", "created"] = "event",
    ) -> list[dict[str, Any]]:
        """Joins features to rows, as they were known at each row's moment. Order and repeated rows are kept.

        Args:
            rows: Mappings with join keys and a moment, a DataFrame, or the name of a source whose rows are taken.
            keys: Join key → column that has it, where it is called otherwise.
            time: Column with the moment; ``event_timestamp``, or the source's own, when left out.
            knowledge: ``created`` counts a value from when it was written, not from its event time.
        """
        body = self._historical(rows, features, service, keys, time, environment, knowledge)
        request: dict[str, Any] = {"json": body | {"format": "json"}, "params": self._in_workspace}
        return list(self._json("POST", _HISTORICAL, again=True, **request)["rows"])

    def historical_frame(
        self,
        rows: str | Sequence[Row] | pandas.DataFrame,
        features: Sequence[str] | None = None,
        *,
        service: str | None = None,
        keys: Mapping[str, str] | None = None,
        time: str | None = None,
        environment: str | None = None,
        knowledge: Literal["event", "created"] = "event",
    ) -> pandas.DataFrame:
        """The same as a DataFrame. Needs ``tributary-client[pandas]``."""
        body = self._historical(rows, features, service, keys, time, environment, knowledge)
        request: dict[str, Any] = {"json": body | {"format": "arrow"}, "params": self._in_workspace}
        return _frame(self._send("POST", _HISTORICAL, again=True, **request).content)

    def _historical(
        self,
        rows: str | Sequence[Row] | pandas.DataFrame,
        features: Sequence[str] | None,
        service: str | None,
        keys: Mapping[str, str] | None,
        time: str | None,
        environment: str | None,
        knowledge: str,
    ) -> dict[str, Any]:
        spine = {"source": {"name": rows}} if isinstance(rows, str) else {"spine": _plain_rows(rows)}
        given = {"keys": keys and dict(keys), "time": time, "environment": environment}
        return {
            **spine,
            **_chosen(features, service),
            "knowledge": knowledge,
            **{name: value for name, value in given.items() if value is not None},
        }

    # Training datasets

    def freeze(
        self,
        name: str,
        *,
        source: str,
        features: Sequence[str] | None = None,
        service: str | None = None,
        description: str = "",
        **recipe: Any,
    ) -> TrainingDataset:
        """Freezes a training dataset: features joined to the rows of a source, with digests and what leaks.

        Args:
            source: Name of the source whose rows are the training rows.
            recipe: ``label``, ``split``, ``keys``, ``time``, ``asOf``, ``environment`` …, as in the API.
        """
        body = {
            "workspace": self.workspace,
            "name": name,
            "description": description,
            "spine": {"source": source},
            **_chosen(features, service),
            **recipe,
        }
        return TrainingDataset(self._json("POST", "/api/v1/training-datasets", json=body))

    def training_dataset(self, name: str) -> TrainingDataset:
        """A training dataset: its recipe, digests, counts and verdicts."""
        return TrainingDataset(self._json("GET", f"/api/v1/training-datasets/{quote(name)}", params=self._in_workspace))

    def training_frame(self, name: str) -> pandas.DataFrame:
        """The rows of a training dataset. Needs ``tributary-client[pandas]``."""
        params = {"workspace": self.workspace, "format": "arrow"}
        return _frame(self._send("GET", f"/api/v1/training-datasets/{quote(name)}/rows", params=params).content)

    # Declaring

    def plan(self, documents: Documents, *, prune: bool = False) -> Plan:
        """What applying documents would change. Nothing is changed.

        Args:
            documents: YAML text, a file or a folder of YAML files, or definitions as mappings.
            prune: Whether what the documents do not have is retired.
        """
        body = self._specs(documents, prune)
        return Plan(self._json("POST", "/api/v1/specs/plan", json=body, again=True), documents, prune)

    def apply(self, what: Documents | Plan, *, prune: bool = False) -> Plan:
        """Applies documents, all or nothing; a plan only while it is still what would happen."""
        documents, prune = (what.documents, what.prune) if isinstance(what, Plan) else (what, prune)
        body = self._specs(documents, prune) | ({"expected": what["digest"]} if isinstance(what, Plan) else {})
        return Plan(self._json("POST", "/api/v1/specs/apply", json=body), documents, prune)

    def _specs(self, documents: Documents, prune: bool) -> dict[str, Any]:
        return {"workspace": self.workspace, "documents": _documents(documents), "prune": prune}

    # Running

    def run(
        self,
        pipeline: str,
        *,
        wait: bool = True,
        timeout: float | None = None,
        on_progress: Callable[[Run], None] | None = None,
        **choice: Any,
    ) -> Run:
        """Runs one variant of a pipeline, the first when nothing is chosen.

        Args:
            wait: Whether to wait for its end. Raises RunFailed unless it succeeded.
            timeout: Seconds to wait; for ever when left out. The run goes on.
            on_progress: Is told of the run at every look.
            choice: ``pins``, ``variant`` …, as in the API.
        """
        body = {"workspace": self.workspace, "pipeline": pipeline, **choice}
        run = Run(self._json("POST", "/api/v1/runs", json=body))
        return self.wait(run, timeout=timeout, on_progress=on_progress) if wait else run

    def get_run(self, run_id: str) -> Run:
        """One run as it is now."""
        return Run(self._json("GET", f"/api/v1/runs/{quote(run_id)}"))

    def wait(self, run: Run, *, timeout: float | None = None, on_progress: Callable[[Run], None] | None = None) -> Run:
        """Waits for the end of a run. Raises RunFailed unless it succeeded, TimeoutError when it takes longer."""
        until = None if timeout is None else time.monotonic() + timeout
        pause = 0.25
        while run.state not in _ENDED:
            if until is not None and time.monotonic() >= until:
                raise TimeoutError(f"Run {run['number']} is {run.state} after {timeout} seconds, and goes on.")
            time.sleep(pause if until is None else max(0.0, min(pause, until - time.monotonic())))
            pause = min(5.0, pause * 1.3)
            run = self.get_run(run["id"])
            if on_progress:
                on_progress(run)
        if run.state != "succeeded":
            raise RunFailed(run)
        return run

    def deploy(self, pipeline: str, name: str | None = None, **choice: Any) -> dict[str, Any]:
        """Puts one variant into operation, with its fit and predict jobs."""
        body = {"workspace": self.workspace, "pipeline": pipeline, **({"name": name} if name else {}), **choice}
        return self._json("POST", "/api/v1/deployments", json=body)

    # Models

    def predict(
        self,
        model: str,
        *,
        entities: Mapping[str, Sequence[Any]] | None = None,
        rows: Sequence[Row] | None = None,
        alias: Literal["staging", "production"] | None = None,
        version: int | None = None,
    ) -> dict[str, Any]:
        """Predictions for entities, whose features are read online, or for rows with all inputs."""
        given = {
            "entities": entities and dict(entities),
            "rows": rows and _plain_rows(rows),
            "alias": alias,
            "version": version,
        }
        body = {"workspace": self.workspace, "model": model, **{k: v for k, v in given.items() if v is not None}}
        return self._json("POST", "/api/serving/predict", json=body)

    def log_predictions(self, model: str, predictions: Iterable[Row]) -> dict[str, int]:
        """Logs predictions that a service made: ``{key, at, prediction}`` each. Sending twice changes nothing."""
        return self._log(model, "predictions", predictions)

    def log_outcomes(self, model: str, outcomes: Iterable[Row]) -> dict[str, int]:
        """Logs what came of predicted things: ``{key, at, outcome}`` each. Sending twice changes nothing."""
        return self._log(model, "outcomes", outcomes)

    def _log(self, model: str, what: str, items: Iterable[Row]) -> dict[str, int]:
        """In requests of 10,000, which the server takes at once. Each is kept whole or not at all."""
        counts: dict[str, int] = {}
        rows = _plain_rows(list(items))
        for start in range(0, len(rows), 10_000):
            body = {"workspace": self.workspace, what: rows[start : start + 10_000]}
            answer = self._json("POST", f"/api/v1/models/{quote(model)}/{what}", json=body, again=True)
            counts = {name: counts.get(name, 0) + count for name, count in answer.items()}
        return counts

    # Requests

    def _json(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        answer = self._send(method, path, **request)
        try:
            body: dict[str, Any] = answer.json()
            return body
        except ValueError as error:
            raise TributaryError(
                f"{self.url} answered {path} with something else than JSON. Is it the address of a Tributary server?",
                status=answer.status_code,
            ) from error

    def _send(self, method: str, path: str, *, again: bool = False, **request: Any) -> httpx.Response:
        """Tries again what the server had no time for, and what reads only when the connection broke.

        Args:
            again: Whether doing it twice is the same as doing it once.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            is_last = attempt == _ATTEMPTS
            try:
                answer = self._http.request(method, path, **request)
            except httpx.TransportError as error:
                if is_last or not (again or method == "GET"):
                    raise TributaryError(f"{self.url} did not answer {path}: {error}") from error
                time.sleep(2.0 ** (attempt - 2))
                continue
            if answer.is_success:
                return answer
            pause = _pause(answer)
            if is_last or answer.status_code not in (429, 503) or pause is None:
                raise refusal(answer.status_code, answer.text)
            time.sleep(pause)
        raise AssertionError("unreachable")


def _given(what: str, value: str | None, variable: str) -> str:
    found = value or os.environ.get(variable)
    if not found:
        raise ValueError(f"No {what} was given. Pass {what}=… or set {variable}.")
    return found


def _pause(answer: httpx.Response) -> float | None:
    """Seconds that the server asks to wait; None when it says nothing, or longer than anybody waits."""
    try:
        seconds = float(answer.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds <= _LONGEST_PAUSE_S else None


def _chosen(features: Sequence[str] | None, service: str | None) -> dict[str, Any]:
    if (features is None) == (service is None):
        raise ValueError("Give either features=[…] or service=….")
    if isinstance(features, str):
        raise ValueError(f"features is a list of names, as in [{features!r}].")
    return {"feature_service": service} if service is not None else {"features": list(features or [])}


def _documents(documents: Documents) -> Any:
    if isinstance(documents, Path):
        files = sorted(one for one in documents.rglob("*") if one.suffix in (".yaml", ".yml", ".json"))
        files = files if documents.is_dir() else [documents]
        if not files:
            raise ValueError(f"{documents} has no file that ends with .yaml, .yml or .json.")
        base = documents if documents.is_dir() else documents.parent
        return [{"file": str(one.relative_to(base)), "text": one.read_text("utf-8")} for one in files]
    if isinstance(documents, str):
        return documents
    return [dict(documents)] if isinstance(documents, Mapping) else [dict(one) for one in documents]


def _plain_rows(rows: Sequence[Row] | pandas.DataFrame) -> list[dict[str, Any]]:
    """As JSON can say them: instants in ISO 8601, no value as null, a number of numpy as the number."""
    records = rows.to_dict("records") if hasattr(rows, "to_dict") else rows
    return [{str(name): _plain(value) for name, value in row.items()} for row in records]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "item") and not hasattr(value, "isoformat"):
        return _plain(value.item())
    # pandas.NA says neither yes nor no; NaN and NaT are not equal to themselves.
    if type(value).__name__ == "NAType" or value != value:
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value


def _frame(content: bytes) -> pandas.DataFrame:
    try:
        import pandas  # noqa: F401
        import pyarrow.ipc
    except ImportError as error:
        raise ImportError("DataFrames need pandas and pyarrow: pip install 'tributary-client[pandas]'") from error
    return pyarrow.ipc.open_stream(io.BytesIO(content)).read_all().to_pandas()
