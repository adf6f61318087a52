# Makes cross-validation.json beside it: scikit-learn's figures for data of our own making
# (python3 cross-validation.py, scikit-learn 1.2 or newer).
import json
import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, GroupKFold, PredefinedSplit, TimeSeriesSplit, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(11)
n = 60
x = np.round(random.normal(size=(n, 3)) * [1, 20, 0.1] + [0, 50, 3], 2)
line = x @ [1, 0.05, 4] - 14
real = np.round(line + random.normal(size=n), 2)
label = (line + random.normal(size=n) > 0).astype(int)
fold = random.permutation(np.arange(n) % 5)
# 11 groups of 1, 2, … rows: no two equally large but the last, which has what is left
group = np.repeat(np.arange(11), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 5])[:n]
group[group == 10] = 9
group = random.permutation(group)
time = random.permutation(n)

splits = PredefinedSplit(fold)
ridge = make_pipeline(StandardScaler(), Ridge(alpha=0.1 * 48))
logistic = make_pipeline(StandardScaler(), LogisticRegression(C=1 / (0.1 * 48), solver='newton-cholesky', tol=1e-14))


def scores(model, y, names):
    found = cross_validate(model, x, y, cv=splits, scoring=list(names))
    return {ours: list(sign * found['test_' + theirs]) for theirs, (ours, sign) in names.items()}

strengths = [0.001, 0.01, 0.1, 1, 10]
grid = GridSearchCV(
    logistic, dict(logisticregression__C=[1 / (l2 * 48) for l2 in strengths]), cv=splits, scoring='neg_log_loss',
).fit(x, label)


def rows_of(parts):
    return [dict(train=[int(i) for i in train], validation=[int(i) for i in held]) for train, held in parts]


order = np.argsort(time)
json.dump(
    dict(
        made_by=f'scikit-learn {sklearn.__version__}, numpy {np.__version__}: cross-validation.py',
        columns=dict(
            a=list(x[:, 0]), b=list(x[:, 1]), c=list(x[:, 2]), real=list(real),
            label=[int(v) for v in label], fold=[int(v) for v in fold],
            group=[int(v) for v in group], time=[int(v) for v in time],
        ),
        linear=scores(ridge, real, dict(
            neg_mean_squared_error=('meanSquaredError', -1),
            neg_mean_absolute_error=('meanAbsoluteError', -1),
            r2=('rSquared', 1),
        )),
        logistic=scores(logistic, label, dict(
            neg_log_loss=('logLoss', -1),
            roc_auc=('areaUnderCurve', 1),
            accuracy=('accuracy', 1),
            neg_brier_score=('brierScore', -1),
        )),
        grid=dict(l2=strengths, logLoss=list(-grid.cv_results_['mean_test_score']), best=strengths[grid.best_index_]),
        groups=rows_of(GroupKFold(4).split(x, groups=group)),
        times=rows_of([(order[a], order[b]) for a, b in TimeSeriesSplit(4).split(x)]),
    ),
    open('cross-validation.json', 'w'),
)
