"""Fit the weights of assistant/support.py on one half of the labelled claims, and judge it on the other.

    python training/support.py [--pairs tests/golden/support.jsonl]

What is printed first goes into assistant/support.py: the weights, for each language, of a logistic
regression of "supported" on `Judge.traits`, and the threshold. All of it is fitted on the part "fit"; the
threshold by scores that come from ten folds of it, no source in two of them. A claim of which a figure, date
or name is missing in its sources is not supported, and not fitted on. The last lines are of the part "test",
whose sources are others.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.language import Language
from assistant.settings import Settings
from assistant.stated import missing
from assistant.support import WEIGHTS, Judge
from index import encoder as encoders

Row = dict[str, Any]
Floats = NDArray[np.float64]

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "golden" / "support.jsonl"
LANGUAGES = tuple(WEIGHTS)
FOLDS = 10
# Of the regression, the best of 0.3, 1 and 3 by the log loss in folds.
STRENGTH = 1.0


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--pairs", type=Path, default=PAIRS)
    told = arguments.parse_args()
    lines = told.pairs.read_text(encoding="utf-8").splitlines()
    rows: list[Row] = [json.loads(line) for line in lines]
    x, y, whole = measured(rows)
    languages = np.array([row["language"] for row in rows])
    groups = np.unique([row["sources"][0] for row in rows], return_inverse=True)[1]
    fit = np.array([row["part"] == "fit" for row in rows])
    chance = np.zeros(len(rows))
    for language in LANGUAGES:
        complete = whole & (languages == language)
        own, test = fit & complete, ~fit & complete
        folds = GroupKFold(FOLDS)
        chance[own] = cross_val_predict(
            regression(), x[own], y[own], groups=groups[own], cv=folds, method="predict_proba"
        )[:, 1]
        model = regression().fit(x[own], y[own])
        chance[test] = model.predict_proba(x[test])[:, 1]
        show(language, model)
    missed = fit & ~whole
    print(f"{missed.sum()} pairs with something missing, {y[missed].sum()} of them supported")
    loss = log_loss(y[fit & whole], chance[fit & whole])
    print(f"log loss of the other pairs, by folds: {loss:.4f}")
    threshold = best_threshold(chance[fit], y[fit])
    print(f"THRESHOLD = {threshold:.2f}")
    for name, part in (("fit, by folds", fit), ("test", ~fit)):
        for language in LANGUAGES:
            own = part & (languages == language)
            report(f"{name}, {language}", chance[own], y[own], threshold)


def measured(rows: list[Row]) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """The traits of every pair, whether it is supported, and whether nothing of it is missing."""
    judge = Judge(encoders.load(encoders.BUNDLED, Settings.load().cache, print))
    x = [judge.traits(row["claim"], row["sources"], row["language"]) for row in rows]
    whole = [not missing(row["claim"], row["sources"], "", row["language"]) for row in rows]
    return np.array(x), np.array([row["label"] == "supported" for row in rows]), np.array(whole)


def regression() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=2000))


def show(language: Language, model: Pipeline) -> None:
    """Print the weights of the traits as they are, not as they were scaled."""
    scaler, fitted = model[0], model[-1]
    weights = fitted.coef_[0] / scaler.scale_
    base = float(fitted.intercept_[0] - (weights * scaler.mean_).sum())
    print(
        f"WEIGHTS[{language!r}] =",
        dict(zip(WEIGHTS[language], weights.round(3).tolist(), strict=True)),
    )
    print(f"BASE[{language!r}] =", round(base, 3))


def best_threshold(chance: Floats, y: NDArray[np.bool_]) -> float:
    """The one with the best of the worse of precision and recall of the unsupported, to two decimals."""
    return max(np.arange(0.2, 0.81, 0.01), key=lambda least: worse(chance < least, ~y))


def worse(flagged: NDArray[np.bool_], wrong: NDArray[np.bool_]) -> float:
    right = (flagged & wrong).sum()
    return float(min(right / max(1, flagged.sum()), right / max(1, wrong.sum())))


def report(name: str, chance: Floats, y: NDArray[np.bool_], threshold: float) -> None:
    flagged = chance < threshold
    right = (flagged & ~y).sum()
    print(f"{name}: {len(y)} pairs, AUROC {roc_auc_score(y, chance):.3f}, ", end="")
    print(f"unsupported: precision {right / max(1, flagged.sum()):.3f}, ", end="")
    print(f"recall {right / max(1, (~y).sum()):.3f}")


if __name__ == "__main__":
    main()
