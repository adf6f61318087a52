# Makes class-weights.json beside it: scikit-learn's class_weight on the data of cross-validation.json
# (python3 class-weights.py, scikit-learn 1.2 or newer).
import json
import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

columns = json.load(open('cross-validation.json'))['columns']
x = np.array([columns[name] for name in 'abc']).T
y = np.array(columns['label'])
weight = 1 + np.array(columns['group'], dtype=float)


def fit(class_weight, w=None):
    model = LogisticRegression(penalty=None, solver='newton-cholesky', tol=1e-14, class_weight=class_weight)
    model.fit(x, y, sample_weight=w)
    return [*model.intercept_, *model.coef_[0]]


total = lambda k: weight[y == k].sum()
json.dump(dict(
    made_by=f'scikit-learn {sklearn.__version__}: class-weights.py',
    balanced=fit('balanced'), record=fit({0: 1, 1: 5}), weighted=fit({0: 1, 1: 5}, weight),
    # balanced by weights: what scikit-learn counts by rows
    balancedWeighted=fit({k: weight.sum() / (2 * total(k)) for k in (0, 1)}, weight),
), open('class-weights.json', 'w'))
