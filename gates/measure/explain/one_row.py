"""Why did the model answer so for this row? Shapley values, by the `shap` package.

The model is asked once. Both of shap's explainers used here ask for the same combinations of values whatever the
answers are, so they run twice: first only to hear what they would ask, then with the answers. What they combine are not
values but numbers that stand for them, so that any type of column can be explained.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from gates.importance_facts import Contribution, Explanation
from gates.measure.explain.asked import ExplanationAsked, Predict
from gates.measure.quality.profiles import plain
from gates.measure.rounding import rounded
from gates.measure.rows import Floats
from gates.measure.unusable import UnusableError
from gates.refusal import UserError
from gates.wording import count

MOST_EXACT = 10
"""Features that differ from the background, up to which all combinations are asked for."""
PERMUTATIONS = 10


def explain_row(row: Any, background: Any, asked: ExplanationAsked, predict: Predict) -> Explanation:  # noqa: ANN401 - pyarrow Tables
    """Return what each feature adds to the prediction for `row` (one row), compared with `background` (some rows).

    `predict` is called once. Raises `UserError` for a missing column, `UnusableError` for answers that cannot be used.
    """
    missing = [name for name in asked.features if name not in row.column_names or name not in background.column_names]
    if missing or not asked.features:
        raise UserError(f"There is no column {missing[0]!r} to explain." if missing else "No feature was named.")
    if row.num_rows != 1 or not background.num_rows:
        raise UserError(f"One row is explained against others; there are {row.num_rows} and {background.num_rows}.")
    coded = _Coded(row, background.slice(0, asked.background), asked.features)
    conversation = _Conversation(coded, asked)
    answers = _asked(coded, conversation.questions(), predict)
    return _explanation(coded, conversation, answers, asked)


class _Coded:
    """A row and its background as numbers that stand for values: one for each different value of a column."""

    def __init__(self, row: Any, background: Any, features: tuple[str, ...]) -> None:  # noqa: ANN401 - pyarrow Tables
        import pyarrow as pa  # noqa: PLC0415 - heavy

        self.features = features
        self._values = {}
        places = []
        for name in features:
            column = pa.chunked_array([row.column(name).combine_chunks(), background.column(name).combine_chunks()])
            self._values[name] = column.combine_chunks()
            places.append(_first_places(self._values[name].to_pylist()))
        codes = np.array(places, dtype=np.float64).T
        self.row, self.background = codes[0], codes[1:]

    def table(self, codes: Floats) -> Any:  # noqa: ANN401 - a pyarrow Table
        """Return the rows that codes stand for."""
        import pyarrow as pa  # noqa: PLC0415 - heavy

        columns = codes.astype(np.int64).T
        return pa.table(
            {
                name: self._values[name].take(pa.array(column))
                for name, column in zip(self.features, columns, strict=True)
            }
        )

    def value(self, feature: str) -> Any:  # noqa: ANN401 - whatever a column holds
        """Return the row's own value."""
        return self._values[feature][0].as_py()


def _first_places(values: list[Any]) -> list[int]:
    """Return for each value the place where it first occurs; types are told apart by how they are written."""
    seen: dict[str, int] = {}
    return [seen.setdefault(repr(value), place) for place, value in enumerate(values)]


class _Conversation:
    """One explainer, asked twice the same."""

    def __init__(self, coded: _Coded, asked: ExplanationAsked) -> None:
        self._coded, self._asked = coded, asked
        varying = int((coded.background != coded.row).any(axis=0).sum())
        rows = len(coded.background)
        self.exact = varying <= MOST_EXACT and 2**varying * rows <= asked.most_rows
        self.varying = varying
        turns = 2 * varying + 1
        self.permutations = max(1, min(PERMUTATIONS, asked.most_rows // (turns * rows)))
        if not self.exact and turns * rows > asked.most_rows:
            raise UserError(
                f"{count(varying, 'feature')} against {count(rows, 'row')} need {turns * rows:,} rows scored, "
                f"more than {asked.most_rows:,}: take a smaller background."
            )

    def questions(self) -> Floats:
        """Return the combinations that it asks for, each once, in an order of their own."""
        heard: list[Floats] = [self._coded.row[None, :], self._coded.background]
        if not self.varying:
            return heard[0]

        def hear(codes: Floats) -> Floats:
            heard.append(codes.copy())
            return np.zeros(len(codes))

        self.told(hear)
        return np.unique(np.concatenate(heard), axis=0)

    def concluded(self, answer: Any) -> tuple[Floats, Floats | None]:  # noqa: ANN401 - a function
        """Return the Shapley values, and their standard errors where orders were drawn.

        shap tells the spread of single orders; here it is that of their mean. It is not asked when nothing differs.
        """
        if not self.varying:
            return np.zeros(len(self._coded.features)), None
        told = self.told(answer)
        values = np.asarray(told.values[0], dtype=np.float64)
        if self.exact:
            return values, None
        return values, np.asarray(told.error_std[0], dtype=np.float64) / np.sqrt(2 * self.permutations)

    def told(self, answer: Any) -> Any:  # noqa: ANN401 - shap has no types
        """Let the explainer ask, and return what it concludes."""
        with _quiet(), _own_random_numbers(self._asked.seed):
            shap = _shap()
            masker = shap.maskers.Independent(self._coded.background, max_samples=len(self._coded.background))
            row = self._coded.row[None, :]
            if self.exact:
                return shap.explainers.Exact(answer, masker)(row, max_evals=2**self.varying, silent=True)
            explainer = shap.explainers.Permutation(answer, masker, seed=self._asked.seed)
            evaluations = self.permutations * (2 * self.varying + 1)
            return explainer(row, max_evals=evaluations, error_bounds=True, silent=True)


def _shap() -> Any:  # noqa: ANN401 - shap has no types
    """Import shap without compiling its loops: for one row that takes a hundred times as long as running them."""
    from numba import config  # noqa: PLC0415 - heavy

    compiled = config.DISABLE_JIT  # type: ignore[attr-defined]  # it is set when numba is imported
    config.DISABLE_JIT = True  # type: ignore[attr-defined]  # as above
    try:
        import shap  # type: ignore[import-untyped]  # noqa: PLC0415 - very heavy
    finally:
        config.DISABLE_JIT = compiled  # type: ignore[attr-defined]  # as above
    return shap


@contextmanager
def _quiet() -> Iterator[None]:
    """Let shap, and the plotting library that it loads, not warn of their own matters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _own_random_numbers(seed: int) -> Iterator[None]:
    """Seed numpy's global numbers, which shap draws from, and put them back afterwards."""
    before = np.random.get_state()  # noqa: NPY002 - it is the global state that shap uses
    np.random.seed(seed)  # noqa: NPY002 - as above
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002 - as above


def _asked(coded: _Coded, questions: Floats, predict: Predict) -> dict[bytes, float]:
    """Ask the model about all combinations at once."""
    answers = np.asarray(predict(coded.table(questions)), dtype=np.float64)
    if answers.shape != (len(questions),) or not np.isfinite(answers).all():
        raise UnusableError(
            f"the model's answers for {len(questions):,} rows are no {len(questions):,} finite numbers."
        )
    return {codes.tobytes(): float(one) for codes, one in zip(questions, answers, strict=True)}


def _explanation(
    coded: _Coded, conversation: _Conversation, answers: dict[bytes, float], asked: ExplanationAsked
) -> Explanation:
    def look_up(codes: Floats) -> Floats:
        return np.array([answers[np.ascontiguousarray(one).tobytes()] for one in codes])

    values, errors = conversation.concluded(look_up)
    base, prediction = float(look_up(coded.background).mean()), answers[coded.row.tobytes()]
    largest = max(abs(base), abs(prediction), float(np.max(np.abs(values), initial=0.0)))
    contributions = [
        Contribution(
            feature=name,
            value=plain(coded.value(name)),
            contribution=_told(float(values[place]), largest),
            error=None if errors is None else rounded(errors[place]),
        )
        for place, name in enumerate(coded.features)
    ]
    return Explanation(
        of=asked.of,
        base=rounded(base) or 0.0,
        prediction=rounded(prediction) or 0.0,
        contributions=tuple(sorted(contributions, key=lambda one: (-abs(one.contribution), one.feature))),
        gap=_gap(prediction - base - float(values.sum()), prediction),
        explainer="exact" if conversation.exact else "permutation",
        background_rows=len(coded.background),
        scored=len(answers),
        warnings=_warnings(conversation),
    )


def _told(contribution: float, largest: float) -> float:
    """Return a contribution; what rounding leaves of sums of much larger numbers is nothing."""
    return 0.0 if abs(contribution) <= 1e-12 * largest else rounded(contribution) or 0.0


def _gap(difference: float, prediction: float) -> float:
    """Return what is missing; less than rounding could make is nothing."""
    return 0.0 if abs(difference) <= 1e-9 * max(1.0, abs(prediction)) else rounded(difference) or 0.0


def _warnings(conversation: _Conversation) -> tuple[str, ...]:
    if conversation.exact:
        return ()
    orders = count(2 * conversation.permutations, "order")
    return (f"{orders} of the features were drawn; contributions have a standard error.",)
