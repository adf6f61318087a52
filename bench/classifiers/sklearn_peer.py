"""Prints JSON: for each solver of scikit-learn the fastest time to an objective within 1e-8 of the best.

    sklearn_peer.py digits CSV            writes the digits as CSV first, so that others read the same
    sklearn_peer.py digits CSV L2 BEST
    sklearn_peer.py sparse FOLDER COLUMNS L2 BEST

BEST is an objective that is known to be reached, which they are to come near.
"""
import json
import sys
import time
import warnings

import numpy as np
import scipy.sparse as sp
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
goal, rounds = 1e-8, 3


def timed(run):
    least, result = float("inf"), None
    for _ in range(rounds):
        began = time.perf_counter()
        result = run()
        least = min(least, time.perf_counter() - began)
        if least > 1:
            break
    return 1000 * least, result


def solve(x, y, l2, best, objective, solvers, intercept):
    """Each solver with the loosest tolerance that gets within the goal."""
    c = 1 / (x.shape[0] * l2)
    tried = {}
    for name in solvers:
        for tolerance in [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8]:
            make = lambda: LogisticRegression(
                C=c, solver=name, tol=tolerance, max_iter=5000, fit_intercept=intercept, random_state=0
            ).fit(x, y)
            try:
                milliseconds, model = timed(make)
            except ValueError:
                break
            tried.setdefault(name, []).append((milliseconds, objective(model)))
            if milliseconds > 4000 or tried[name][-1][1] - best <= goal:
                break
    return tried


def softmax(x, y, l2):
    classes = np.arange(10)

    def objective(model):
        z = x @ model.coef_.T + model.intercept_
        top = z.max(axis=1, keepdims=True)
        log = top[:, 0] + np.log(np.exp(z - top).sum(axis=1))
        return (log - z[np.arange(len(y)), y]).mean() + l2 / 2 * (model.coef_**2).sum()

    return objective


def logistic(x, y, l2):
    def objective(model):
        w = model.coef_.ravel()
        z = x @ w
        return (np.logaddexp(0, z) - y * z).mean() + l2 / 2 * w @ w

    return objective


kind = sys.argv[1]
if kind == "digits":
    digits = load_digits()
    x, y = digits.data / 16, digits.target
    if len(sys.argv) == 3:
        table = np.column_stack([x, y])
        names = [f"p{j}" for j in range(x.shape[1])] + ["digit"]
        np.savetxt(sys.argv[2], table, delimiter=",", header=",".join(names), comments="", fmt="%.17g")
        sys.exit()
    l2, best = float(sys.argv[3]), float(sys.argv[4])
    tried = solve(x, y, l2, best, softmax(x, y, l2), ["lbfgs", "newton-cg", "saga"], True)
else:
    folder, columns, l2, best = sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])
    read = lambda name, kind: np.fromfile(f"{folder}/{name}", dtype=kind)
    starts = read("starts", np.int32)
    shape = (len(starts) - 1, columns)
    x = sp.csr_matrix((read("values", np.float64), read("columns", np.int32), starts), shape=shape)
    y = read("y", np.float64)
    # saga takes minutes here.
    solvers = ["lbfgs", "newton-cg", "liblinear"]
    tried = solve(x, y, l2, best, logistic(x, y, l2), solvers, False)
print(json.dumps(tried))
