"""Which inputs does a model declare? MLflow's ModelSignature, as an MLmodel file holds it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gates.refusal import UserError

LARGEST = 16 << 20
"""Bytes of an MLmodel file; real ones have a few thousand, with an example of the input some more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One declared input."""

    name: str
    type: str
    """MLflow's word: boolean, integer, long, float, double, string, binary, datetime, array, object, map, any."""
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The declared inputs that have names; a model of tensors has none."""

    inputs: tuple[Field, ...]

    @classmethod
    def of(cls, signature: Mapping[str, object]) -> "Signature":
        """Parse `signature` of an MLmodel file, or the same as JSON: `inputs` is a list, or that list as JSON text.

        Raises `UserError` for what is none. Nameless inputs and tensors are left out: only names can be compared.
        """
        given = signature.get("inputs")
        try:
            inputs = json.loads(given) if isinstance(given, str) else given
        except (ValueError, RecursionError) as error:
            raise UserError(
                f"The signature's inputs are not JSON ({error}): save the model with MLflow again."
            ) from error
        if inputs is None:
            return cls(inputs=())
        if not isinstance(inputs, list) or not all(isinstance(one, dict) for one in inputs):
            raise UserError("The signature's inputs are no list of columns: save the model with MLflow again.")
        return cls(inputs=tuple(_field(one) for one in inputs if isinstance(one.get("name"), str)))


def _field(given: Mapping[str, object]) -> Field:
    if given.get("type") == "tensor":
        return Field(name=str(given["name"]), type="any")
    return Field(
        name=str(given["name"]), type=str(given.get("type", "any")), required=given.get("required") is not False
    )


def read_signature(path: Path) -> Signature:
    """Read the signature of an MLmodel file (or of the folder that holds one), or of a JSON file with `inputs`.

    Raises `UserError` for a file that has none.
    """
    file = path / "MLmodel" if path.is_dir() else path
    content = _mapping(file)
    found = content.get("signature", content if "inputs" in content else None)
    if not isinstance(found, Mapping):
        raise UserError(f"{file.name} holds no signature: log the model with one (mlflow.models.infer_signature).")
    return Signature.of(found)


def _mapping(file: Path) -> Mapping[str, object]:
    """Read YAML, of which JSON is a part."""
    import yaml  # noqa: PLC0415 - only a signature needs it

    try:
        with file.open("rb") as stream:
            start = stream.read(LARGEST + 1)
        content = yaml.safe_load(start.decode()) if len(start) <= LARGEST else None
    except FileNotFoundError as error:
        raise UserError(f"There is no MLmodel file {file}: name it, or the folder that mlflow wrote it to.") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise UserError(f"{file} cannot be read as an MLmodel file: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(content, Mapping):
        raise UserError(f"{file} is no MLmodel file: it holds no names and values.")
    return content
