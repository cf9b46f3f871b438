/** The Python module that goes with a model to MLflow: it scores rows with what is in model.json, by the engine's own formulas. */
export const PREDICTOR_SOURCE = `"""Scores rows as Tributary's local engine does. Needs numpy only.

Input: a table of the columns in the model's signature, such as a pandas DataFrame. Numbers may be missing (NaN); a vector is a list
of numbers, or None. Output: a table of the same kind with the columns that the model's stage writes. A row with a missing input has
NaN or None as its prediction. Raises ValueError for infinite inputs, for a missing column, and for vectors of another length.
"""

import json

import numpy as np


def _numbers(column):
    if hasattr(column, "to_numpy"):
        return column.to_numpy(dtype=float, na_value=np.nan)
    return np.array([np.nan if value is None else float(value) for value in column], dtype=float)


def _vectors(name, column):
    rows = list(column)
    present = [row for row in rows if row is not None and not np.isscalar(row)]
    size = len(present[0]) if present else 0
    matrix = np.full((len(rows), size), np.nan)
    for place, row in enumerate(rows):
        if row is None or np.isscalar(row):
            continue
        if len(row) != size:
            raise ValueError(f"Column {name} has vectors of {size} and of {len(row)} numbers.")
        matrix[place] = [np.nan if value is None else value for value in row]
    return matrix


def _scored(present, values, kind):
    """Values of all rows; rows that cannot be scored are missing."""
    if kind == "double":
        return np.where(present, values, np.nan)
    if present.all():
        return values.astype(np.int64 if kind == "bigint" else bool)
    cast = int if kind == "bigint" else bool
    return np.array([cast(value) if there else None for value, there in zip(values, present)], dtype=object)


class Predictor:
    def __init__(self, model):
        self.model = model

    def predict(self, model_input, params=None):
        x = self._matrix(model_input)
        present = ~np.isnan(x).any(axis=1)
        # Rows that cannot be scored are computed as rows of zeros, and left out in the end.
        filled = np.where(present[:, None], x, 0.0)
        with np.errstate(over="ignore", divide="ignore"):
            outputs = {
                output["name"]: self._output(filled, present, output["type"]) for output in self.model["outputs"]
            }
        if hasattr(model_input, "index") and hasattr(model_input, "columns"):
            return type(model_input)(outputs, index=model_input.index)
        return outputs

    def _matrix(self, table):
        parts = []
        for column in self.model["inputs"]:
            name = column["name"]
            try:
                values = table[name]
            except KeyError:
                raise ValueError(f"Column {name} is missing.") from None
            part = _vectors(name, values) if column["type"] == "vector" else _numbers(values)[:, None]
            if np.isinf(part).any():
                raise ValueError(f"Column {name} holds infinite numbers, which no prediction is made of.")
            parts.append(part)
        x = np.hstack(parts)
        size = self.model["size"]
        if any(part.shape[1] == 0 for part in parts):
            # A vector that no row has: nothing can be scored.
            return np.full((x.shape[0], size or 1), np.nan)
        if size is not None and x.shape[1] != size:
            raise ValueError(f"The model reads {size} numbers in each row, and was given {x.shape[1]}.")
        return x

    def _output(self, x, present, kind):
        model = self.model
        if model["task"] == "number":
            return _scored(present, self._number(x), kind)
        if model["task"] == "margin":
            margin = self._forms(x)[:, 0]
            if kind == "vector":
                return self._lists(np.column_stack([-margin, margin]), present)
            return _scored(present, margin if kind == "double" else margin > model["threshold"], kind)
        shares = self._probabilities(x)
        if kind == "vector":
            return self._lists(shares, present)
        if kind == "double":
            return _scored(present, shares[:, 1], kind)
        chosen = self._classes(shares)
        return _scored(present, chosen if kind == "bigint" else chosen == 1, kind)

    @staticmethod
    def _lists(matrix, present):
        return [row.tolist() if there else None for row, there in zip(matrix, present)]

    def _forms(self, x):
        return x @ np.array(self.model["coefficients"], dtype=float).T + np.array(self.model["intercepts"], dtype=float)

    def _number(self, x):
        if self.model["kind"] == "trees":
            return self._trees(x)[:, 0]
        z = self._forms(x)[:, 0]
        link = self.model["link"]
        if link == "log":
            return np.exp(z)
        if link == "inverse":
            return 1 / z
        if link == "logit":
            return 1 / (1 + np.exp(-z))
        if link == "cloglog":
            return 1 - np.exp(-np.exp(z))
        return z * z if link == "sqrt" else z

    def _probabilities(self, x):
        """Of every class, in columns."""
        model = self.model
        if model["kind"] == "trees":
            shares = self._trees(x)
            if model["boosted"]:
                shares = 1 / (1 + np.exp(-2 * shares))
        else:
            shares = self._forms(x)
            if model["present"] is None:
                shares = 1 / (1 + np.exp(-shares))
            else:
                # Of each class by its differences to the others: exp of one may overflow to infinity without harm.
                one = [1 / np.exp(shares - shares[:, [k]]).sum(axis=1) for k in range(shares.shape[1])]
                shares = np.zeros((x.shape[0], model["classes"]))
                shares[:, model["present"]] = np.column_stack(one)
        return np.column_stack([1 - shares[:, 0], shares[:, 0]]) if shares.shape[1] == 1 else shares

    def _classes(self, shares):
        """The class of the largest probability divided by its threshold; the lower one of equals."""
        thresholds = self.model["thresholds"]
        if thresholds is not None:
            weighed = [
                shares[:, c] / t if t > 0 else np.where(shares[:, c] > 0, np.inf, 0.0)
                for c, t in enumerate(thresholds)
            ]
            shares = np.column_stack(weighed)
        return shares.argmax(axis=1)

    def _trees(self, x):
        """What the leaves say, added up, or their mean."""
        total = 0.0
        rows = np.arange(x.shape[0])
        for tree in self.model["trees"]:
            feature = np.array(tree["feature"])
            threshold = np.array(tree["threshold"], dtype=float)
            left, right = np.array(tree["left"]), np.array(tree["right"])
            node = np.zeros(x.shape[0], dtype=int)
            while (feature[node] >= 0).any():
                asks = feature[node] >= 0
                below = x[rows, np.maximum(feature[node], 0)] <= threshold[node]
                node = np.where(asks, np.where(below, left[node], right[node]), node)
            total = total + np.array(tree["values"], dtype=float)[node]
        return total / len(self.model["trees"]) if self.model["mean"] else total


def _load_pyfunc(path):
    with open(path, encoding="utf-8") as file:
        return Predictor(json.load(file))
`;
