# Makes metrics.json beside it: scikit-learn's figures for data of our own making (python3 metrics.py).
import json
import numpy as np
import sklearn
from sklearn import metrics as m

random = np.random.default_rng(7)
n = 60
score = np.round(random.normal(size=n), 1)  # with ties
label = (score + random.normal(size=n) > 0).astype(int)
called = (score > 0.1).astype(int)
weight = np.round(random.exponential(size=n), 2)
weight[::7] = 0
probability = np.round(1 / (1 + np.exp(-score)), 3)
real = np.round(score * 2 + random.normal(size=n), 2)
guess = np.round(score * 2, 2)
count = random.poisson(np.exp(score))
mean = np.round(np.exp(score), 3)
table = np.round(random.dirichlet(np.ones(4), size=n), 3)
kinds = np.array([random.choice(4, p=row / row.sum()) for row in table])
kinds[:4] = range(4)
most = table.argmax(axis=1)


def figures(w):
    s = dict(sample_weight=w)
    fpr, tpr, _ = m.roc_curve(label, score, drop_intermediate=False, **s)
    precision, recall, _ = m.precision_recall_curve(label, score, **s)
    return dict(
        meanSquaredError=m.mean_squared_error(real, guess, **s),
        meanAbsoluteError=m.mean_absolute_error(real, guess, **s),
        rSquared=m.r2_score(real, guess, **s),
        poissonDeviance=m.mean_poisson_deviance(count, mean, **s),
        accuracy=m.accuracy_score(label, called, **s),
        logLoss=m.log_loss(label, probability, eps=1e-300, **s),
        brierScore=m.brier_score_loss(label, probability, **s),
        areaUnderCurve=m.roc_auc_score(label, score, **s),
        averagePrecision=m.average_precision_score(label, score, **s),
        f1=m.f1_score(label, called, **s),
        f2=m.fbeta_score(label, called, beta=2, **s),
        f1Macro=m.f1_score(kinds, most, average="macro", **s),
        f1Prevalence=m.f1_score(kinds, most, average="weighted", **s),
        f1Micro=m.f1_score(kinds, most, average="micro", **s),
        balancedAccuracy=m.balanced_accuracy_score(kinds, most, **s),
        matthews=m.matthews_corrcoef(label, called, **s),
        matthewsOfFour=m.matthews_corrcoef(kinds, most, **s),
        top2=m.top_k_accuracy_score(kinds, table, k=2, **s),
        top3=m.top_k_accuracy_score(kinds, table, k=3, **s),
        fpr=fpr.tolist(),
        tpr=tpr.tolist(),
        precision=precision.tolist(),
        recall=recall.tolist(),
    )


data = dict(score=score, label=label, called=called, weight=weight, probability=probability)
data |= dict(real=real, guess=guess, count=count, mean=mean, kinds=kinds, most=most)
out = dict(
    source=f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
    data={k: v.tolist() for k, v in data.items()},
    table=table.ravel().tolist(),
    plain=figures(None),
    weighted=figures(weight),
)
print(json.dumps(out))
