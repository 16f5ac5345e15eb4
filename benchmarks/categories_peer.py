"""The peer of `benchmarks.categories`, a process of its own: scikit-learn's TF-IDF and a linear SVM.

Reads {"train": [[text, category]...], "test": [text...]} as JSON from standard input, writes predictions, which of them
may stand, and seconds. Run by `benchmarks.categories` with a Python that has scikit-learn; imports nothing of Homie.
Words 1-2 and characters 2-5 within words, as smart_importer and the published comparisons do. Its threshold is set as
ours: the margin over the second class, cut where 95 % of the newest fifth of the training lines were right.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def pipeline() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion, make_pipeline
    from sklearn.svm import LinearSVC

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+")
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    return make_pipeline(FeatureUnion([("words", words), ("letters", letters)]), LinearSVC())


def margins(model: Any, texts: list[str]) -> list[float]:
    import numpy as np

    values = model.decision_function(texts)
    if values.ndim == 1:
        return [abs(float(value)) for value in values]
    ordered = np.sort(values, axis=1)
    return [float(value) for value in ordered[:, -1] - ordered[:, -2]]


def cut_of(model: Any, texts: list[str], truth: list[str], precision: float) -> float:
    """Return the lowest margin from which on `precision` of these lines are right."""
    right = model.predict(texts) == truth
    ordered = sorted(zip(margins(model, texts), right, strict=True), reverse=True)
    cut, hits = float("inf"), 0
    for number, (margin, hit) in enumerate(ordered, 1):
        hits += bool(hit)
        if hits >= precision * number:
            cut = margin
    return cut


def main() -> None:
    asked = json.load(sys.stdin)
    texts, truth = [one[0] for one in asked["train"]], [one[1] for one in asked["train"]]
    kept = int(len(texts) * 0.8)
    cut = float("inf")
    if len(set(truth[:kept])) > 1:
        earlier = pipeline().fit(texts[:kept], truth[:kept])
        cut = cut_of(earlier, texts[kept:], truth[kept:], asked["precision"])
    begun = time.process_time()
    model = pipeline().fit(texts, truth)
    fit = time.process_time() - begun
    begun = time.process_time()
    predicted = [str(one) for one in model.predict(asked["test"])]
    seconds = time.process_time() - begun
    values = margins(model, asked["test"])
    sure = [margin >= cut for margin in values]
    json.dump({"predicted": predicted, "sure": sure, "margins": values, "fit": fit, "predict": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
