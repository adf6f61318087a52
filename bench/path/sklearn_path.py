# python3 sklearn_path.py FOLDER NAME ROWS COLUMNS COUNT EPS: times lasso_path on centred, scaled columns.
import json, sys, time
import numpy as np
import sklearn
from sklearn.linear_model import lasso_path

folder, name, rows, columns, count, eps = sys.argv[1:]
n, p = int(rows), int(columns)
x = np.fromfile(f'{folder}/{name}-x.f64').reshape(n, p)
y = np.fromfile(f'{folder}/{name}-y.f64')
x = np.asfortranarray((x - x.mean(0)) / x.std(0))
y = y - y.mean()
best = float('inf')
for _ in range(5):
    started = time.perf_counter()
    alphas, _, gaps = lasso_path(x, y, n_alphas=int(count), eps=float(eps), tol=1e-4)
    best = min(best, time.perf_counter() - started)
# sklearn's gaps are those of n times the objective here
print(json.dumps({'milliseconds': 1000 * best, 'points': len(alphas), 'version': sklearn.__version__,
                  'gap': float(max(gaps) / (y @ y / 2))}))
