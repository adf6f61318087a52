# Makes cross-validated-path.json beside it: figures of R's cv.glmnet for data of our own making
# (python3 cross-validated-path.py; Rscript with glmnet is called).
import json
import subprocess
import numpy as np

random = np.random.default_rng(3)
n, d = 90, 8
x = np.round(random.normal(size=(n, d)) * np.array([1, 5, 1, 0.2, 1, 1, 3, 1]), 2)
line = x @ np.array([1, 0.1, 0, 2, 0, -0.6, 0, 0])
real = np.round(line + random.normal(size=n), 2)
label = (line + random.logistic(size=n) > 0).astype(int)
fold = random.permutation(np.arange(n) % 4) + 1  # 23, 23, 22 and 22 rows


def cv(y, family, alpha, largest):
    lambdas = largest * 0.7 ** np.arange(20)
    numbers = lambda v: 'c(' + ','.join(repr(float(e)) for e in np.ravel(v)) + ')'
    code = f'''
suppressMessages(library(glmnet))
x <- matrix({numbers(x)}, ncol = {d}, byrow = TRUE)
m <- cv.glmnet(x, {numbers(y)}, family = '{family}', alpha = {alpha}, lambda = {numbers(lambdas)},
  foldid = {numbers(fold)}, type.measure = 'deviance', thresh = 1e-20, maxit = 1e8)
cat(sprintf('%.17g', c(m$lambda.min, m$lambda.1se, m$cvm, m$cvsd)), as.character(packageVersion('glmnet')))
'''
    *found, version = subprocess.run(
        ['Rscript', '-'], input=code, capture_output=True, text=True, check=True).stdout.split()
    found = list(map(float, found))
    return version, dict(alpha=alpha, lambdas=list(lambdas), lambdaMin=found[0], lambda1se=found[1],
                         mean=found[2:22], standardError=found[22:])


version, linear = cv(real, 'gaussian', 1, 1.5)
_, logistic = cv(label, 'binomial', 0.5, 0.6)
columns = {f'x{j}': list(x[:, j]) for j in range(d)}
json.dump(dict(
    made_by=f'glmnet {version}: cross-validated-path.py',
    columns=dict(**columns, real=list(real), label=[int(v) for v in label], fold=[int(v) for v in fold]),
    linear=linear, logistic=logistic,
), open('cross-validated-path.json', 'w'))
