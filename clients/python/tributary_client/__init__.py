"""Features, training data, plans and runs of a Tributary feature store."""

from .answers import Features, OnlineRows, Plan, Run, TrainingDataset
from .client import Client
from .errors import RunFailed, TributaryError

__all__ = ["Client", "Features", "OnlineRows", "Plan", "Run", "RunFailed", "TrainingDataset", "TributaryError"]
