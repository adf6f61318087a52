"""Rosenbrock's valley by SciPy's L-BFGS-B with NumPy's gradient: a list of times as JSON."""
import json
import sys
import time

import numpy as np
from scipy.optimize import minimize, rosen, rosen_der

size, rounds = int(sys.argv[1]), int(sys.argv[2])
start = np.where(np.arange(size) % 2 == 0, -1.2, 1.0)
times = []
for _ in range(rounds):
    begin = time.perf_counter()
    result = minimize(
        rosen,
        start,
        jac=rosen_der,
        method="L-BFGS-B",
        options={"maxiter": 100000, "maxfun": 100000, "gtol": 1e-8, "ftol": 0},
    )
    times.append({"milliseconds": 1000 * (time.perf_counter() - begin), "evaluations": int(result.nfev)})
print(json.dumps(times))
