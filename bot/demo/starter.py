"""With which rulebook does the demo's workspace begin?"""

import re
import sys
from importlib.resources import files

import yaml

from bot.demo.training import TRAINER

PATHS = (
    "models/loan-approval/model.yaml",
    "policies/lending.yaml",
    "policies/people.yaml",
    "policies/principles.yaml",
)
EVALUATION_SHA256 = "EVALUATION_SHA256"
"""Stands in model.yaml where the digest of the evaluation data belongs."""
TRAINER_ACCOUNTS = "TRAINER_ACCOUNTS"
"""Stands in people.yaml where alice's accounts at MLflow belong."""
SHA256 = re.compile(r"[0-9a-f]{64}")


def rulebook_files(*, evaluation_sha256: str, trainer_accounts: tuple[str, ...]) -> dict[str, bytes]:
    """Return path and bytes of every file of the starter rulebook.

    `trainer_accounts` are accounts at MLflow that are alice's besides `alice`: whoever trains with MLflow in this
    workspace is known there by the account of the operating system. Raises `ValueError` for what is no SHA-256.
    """
    if not SHA256.fullmatch(evaluation_sha256):
        raise ValueError(f"The evaluation data are pinned by a SHA-256 in hexadecimal, not by {evaluation_sha256!r}.")
    values = {EVALUATION_SHA256: evaluation_sha256, TRAINER_ACCOUNTS: _flow_list(TRAINER, *trainer_accounts)}
    return {path: _filled(_template(path), values).encode() for path in PATHS}


def _template(path: str) -> str:
    return files("bot.demo").joinpath("rulebook", path).read_text(encoding="utf-8")


def _flow_list(*texts: str) -> str:
    """Write texts as a YAML list on one line; quotes keep any text a text."""
    unique = list(dict.fromkeys(texts))
    return yaml.safe_dump(unique, default_flow_style=True, default_style='"', width=sys.maxsize).strip()


def _filled(template: str, values: dict[str, str]) -> str:
    """Put each value where its name stands, in one pass: a value that looks like a name is left alone."""
    return re.sub("|".join(values), lambda found: values[found[0]], template)
