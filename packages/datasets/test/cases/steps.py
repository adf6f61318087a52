# Makes steps.json beside it: R's splines and model matrices, scikit-learn's hashing, for data of our own
# making (python3 steps.py; Rscript is called).
import json
import subprocess
import numpy as np
import sklearn
from sklearn.feature_extraction import FeatureHasher

random = np.random.default_rng(2)
n = 40
x = np.round(random.gamma(2, 3, size=n), 1)
z = np.round(random.normal(size=n), 2)
kind = [str(v) for v in random.choice(['u', 'v', 'w'], size=n)]
size = [str(v) for v in random.choice(['big', 'little'], size=n)]
at = np.array([-2.0, *np.round(np.linspace(x.min(), x.max(), 9), 3), x.max() + 3])


def r(code):
    numbers = lambda v: 'c(' + ','.join(repr(float(e)) for e in v) + ')'
    quoted = lambda v: 'c(' + ','.join(f'"{e}"' for e in v) + ')'
    head = f'''
library(splines)
x <- {numbers(x)}; z <- {numbers(z)}; kind <- factor({quoted(kind)}); size <- factor({quoted(size)}); at <- {numbers(at)}
show <- function(m) cat(nrow(m), ncol(m), sprintf('%.17g', t(m)), '\\n')
'''
    out = subprocess.run(['Rscript', '-'], input=head + code, capture_output=True, text=True, check=True).stdout.split()
    rows, columns = int(out[0]), int(out[1])
    return np.array(list(map(float, out[2:]))).reshape(rows, columns).tolist()


words = [f'kind={k}' for k in kind]
cities = ['Zürich', 'Łódź', 'São Paulo', '東京', 'Oslo', 'Ulm', 'Lima', 'Bern', 'Rom', '']
hasher = FeatureHasher(n_features=8, input_type='string')
version = subprocess.run(['Rscript', '-e', 'cat(R.version.string)'], capture_output=True, text=True).stdout
json.dump(dict(
    made_by=f'{version}, scikit-learn {sklearn.__version__}: steps.py',
    columns=dict(x=list(x), z=list(z), kind=kind, size=size), at=list(at),
    splines=[
        dict(options=dict(kind='natural'), values=r('show(predict(ns(x, df = 4), at))')),
        dict(options=dict(kind='natural', df=1), values=r('show(predict(ns(x, df = 1), at))')),
        dict(options=dict(kind='natural', knots=[4, 9]), values=r('show(predict(ns(x, knots = c(4, 9)), at))')),
        dict(options=dict(kind='b'), values=r('show(predict(bs(x, df = 6), at))')),
        dict(options=dict(kind='b', degree=2, df=4), values=r('show(predict(bs(x, degree = 2, df = 4), at))')),
        dict(options=dict(kind='b', df=3), values=r('show(predict(bs(x, df = 3), at))')),
    ],
    interactions=r('show(model.matrix(~ x + z + kind + size + x:z + x:kind + kind:size + x:z:size)[, -(1:6)])'),
    hashing=dict(city=cities, values=hasher.transform([[f'city={c}'] for c in cities]).toarray().tolist()),
), open('steps.json', 'w'))
