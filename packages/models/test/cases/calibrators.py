# Makes calibrators.json beside it: scikit-learn's isotonic regression and least costs, and R's fit of Platt's
# targets, for data of our own making (python3 calibrators.py; Rscript is called).
import json
import subprocess
import numpy as np
import sklearn
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import confusion_matrix

random = np.random.default_rng(5)
n = 80
score = np.round(random.normal(size=n) * 3, 1)  # with ties
label = (0.6 * score - 0.5 + random.logistic(size=n) > 0).astype(int)
weight = np.round(random.exponential(size=n), 2)
weight[::9] = 0
at = np.round(np.linspace(-12, 12, 49), 3)


def isotonic(w):
    kept = w > 0
    model = IsotonicRegression(out_of_bounds='clip').fit(score[kept], label[kept], sample_weight=w[kept])
    return list(model.predict(at))


def platt(w):
    ones, zeros = w[label == 1].sum(), w[label == 0].sum()
    target = np.where(label == 1, (ones + 1) / (ones + 2), 1 / (zeros + 2))
    numbers = lambda v: 'c(' + ','.join(repr(float(e)) for e in v) + ')'
    code = f'''
f <- {numbers(score)}; t <- {numbers(target)}; w <- {numbers(w)}
m <- glm(t ~ f, family = quasibinomial, weights = w, control = list(epsilon = 1e-16, maxit = 100))
cat(sprintf('%.17g\\n', coef(m)))
'''
    intercept, slope = map(float, subprocess.run(['Rscript', '-'], input=code, capture_output=True, text=True, check=True).stdout.split())
    return dict(intercept=intercept, slope=slope)


def least(w, false_positive, false_negative):
    def cost(threshold):
        (_, fp), (fn, _) = confusion_matrix(label, score >= threshold, sample_weight=w, labels=[0, 1])
        return (false_positive * fp + false_negative * fn) / w.sum()
    thresholds = [1e9, *sorted(set(score[w > 0]), reverse=True)]
    costs = [cost(t) for t in thresholds]
    best = int(np.argmin(np.round(costs, 12)))
    return dict(falsePositive=false_positive, falseNegative=false_negative, cost=costs[best],
                threshold=None if best == 0 else float(thresholds[best]))


one = np.ones(n)
json.dump(dict(
    made_by=f'scikit-learn {sklearn.__version__}, R: calibrators.py',
    score=list(score), label=[int(v) for v in label], weight=list(weight), at=list(at),
    plain=dict(isotonic=isotonic(one), platt=platt(one), least=[least(one, *c) for c in [(1, 1), (1, 8), (5, 1), (1, 0)]]),
    weighted=dict(isotonic=isotonic(weight), platt=platt(weight), least=[least(weight, *c) for c in [(1, 1), (1, 8), (5, 1)]]),
), open('calibrators.json', 'w'))
