"""What a server refused, as exceptions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


class TributaryError(Exception):
    """A request that the server refused, or a server that did not answer.

    Attributes:
        status: HTTP status; None when there was no answer.
        code: Kind of the problem, such as ``not_found`` or ``invalid``; None where the server names none.
        issues: What is wrong, each with its ``path`` and ``message``.
        request_id: Names the request in the server's log; None when there is none.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        issues: list[dict[str, Any]] | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.issues = issues or []
        self.request_id = request_id


class RunFailed(TributaryError):
    """A run that ended otherwise than ``succeeded``. ``run`` is the whole run."""

    def __init__(self, run: Mapping[str, Any]) -> None:
        error = run.get("error") or {}
        said = error.get("message") or f"It ended {run['state']}."
        super().__init__(f"Run {run['number']} {run['state']}: {said}", code=error.get("code"))
        self.run = run


def refusal(status: int, text: str) -> TributaryError:
    """The error of an answer: problem+json, Feast's ``{"detail"}``, or Feast's exceptions (JSON in a JSON text)."""
    try:
        body = json.loads(text)
        if isinstance(body, str):
            body = json.loads(body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return TributaryError(f"The server answered {status}: {text[:300]}", status=status)
    detail = body.get("detail", body.get("message", text[:300]))
    issues = body.get("issues")
    if isinstance(detail, list):
        issues = [{"path": one.get("loc", []), "message": one.get("msg", "")} for one in detail]
        detail = "; ".join(f"{'.'.join(str(part) for part in one['path'])}: {one['message']}" for one in issues)
    return TributaryError(
        str(detail), status=status, code=body.get("code"), issues=issues, request_id=body.get("requestId")
    )
