"""Answers of the server: mappings and lists as they came, with what a notebook shows of them."""

from __future__ import annotations

from collections import UserDict, UserList
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


def html_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table for a notebook. Whatever a cell says is text."""
    head = "".join(f"<th style='text-align:left'>{escape(column)}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td style='text-align:left'>{escape(_shown(cell))}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _column(values: list[Any]) -> Any:
    """Without a type of its own a column with a missing value holds doubles, which have 53 bits."""
    import pandas

    found = frozenset(type(value) for value in values if value is not None)
    types = {frozenset({int}): "Int64", frozenset({bool}): "boolean", frozenset({int, float}): "Float64"}
    return pandas.array(values, dtype=types[found]) if None in values and found in types else values


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


class Features(UserList[dict[str, Any]]):
    """Features as discovery lists them, the best first. ``total`` counts all that match."""

    def __init__(self, items: Iterable[dict[str, Any]] = (), total: int | None = None) -> None:
        super().__init__(items)
        self.total = len(self.data) if total is None else total

    def _repr_html_(self) -> str:
        rows = [
            (
                one["name"],
                one["type"],
                one["description"],
                one["owner"],
                ", ".join(f"{at['environment']} v{at['version']}" for at in one["pointers"]),
                one["leak"],
            )
            for one in self.data
        ]
        return html_table(["feature", "type", "description", "owner", "served", "leakage"], rows) + (
            f"<p>{len(self.data)} of {self.total}</p>"
        )


class OnlineRows(UserList[dict[str, Any]]):
    """Online values, one mapping for each entity row in the order asked for.

    Attributes:
        statuses: For each row, feature → ``PRESENT``, ``NOT_FOUND`` or ``OUTSIDE_MAX_AGE``.
    """

    def __init__(self, items: Iterable[dict[str, Any]] = (), statuses: list[dict[str, str]] | None = None) -> None:
        super().__init__(items)
        self.statuses = statuses or []

    def to_pandas(self) -> pandas.DataFrame:
        """One row for each entity row. Whole numbers stay exact (``Int64``) where some are missing."""
        import pandas

        names = list(self.data[0]) if self.data else []
        return pandas.DataFrame({name: _column([row[name] for row in self.data]) for name in names})

    def _repr_html_(self) -> str:
        names = list(self.data[0]) if self.data else []
        return html_table(names, [[row[name] for name in names] for row in self.data])


class Plan(UserDict[str, Any]):
    """What applying documents changes. ``documents`` is what was planned, so that exactly that can be applied."""

    def __init__(self, answer: dict[str, Any], documents: Any, prune: bool) -> None:
        super().__init__(answer)
        self.documents = documents
        self.prune = prune

    @property
    def is_empty(self) -> bool:
        """Whether the registry has all of it already."""
        return not self.data["differences"]

    def _repr_html_(self) -> str:
        rows = [
            (
                one["action"],
                f"{one['kind']} {one['name']}",
                ", ".join(change["path"] for change in one["changes"]),
                ", ".join(f"{read['kind']} {read['name']}" for read in one["consequences"]),
            )
            for one in self.data["differences"]
        ]
        warnings = "".join(f"<p>⚠ {escape(one['message'])}</p>" for one in self.data["warnings"])
        return html_table(["what", "object", "changes", "read by"], rows) + warnings


class Run(UserDict[str, Any]):
    """A run with everything that it read, did and wrote."""

    @property
    def state(self) -> str:
        """``queued``, ``running``, ``succeeded``, ``failed`` or ``canceled``."""
        return str(self.data["state"])

    @property
    def metrics(self) -> dict[str, dict[str, float]]:
        """Part → metric → value."""
        return self.data["metrics"] or {}

    def _repr_html_(self) -> str:
        parts = list(self.metrics)
        names = sorted({name for part in parts for name in self.metrics[part]})
        rows = [[name, *(self.metrics[part].get(name) for part in parts)] for name in names]
        return f"<p>Run {self.data['number']}: {escape(self.state)}</p>" + html_table(["metric", *parts], rows)


class TrainingDataset(UserDict[str, Any]):
    """A frozen training dataset: its recipe, digests, counts and verdicts."""

    def _repr_html_(self) -> str:
        rows = [
            (one["feature"], f"v{one['version']}", one["verdict"], ", ".join(one["reasons"]))
            for one in self.data.get("verdicts", [])
        ]
        return f"<p>{escape(self.data['name'])}: {self.data['rows']} rows of {escape(self.data['spine'])}</p>" + (
            html_table(["feature", "version", "leakage", "why"], rows)
        )
