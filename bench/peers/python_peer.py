"""NumPy by hand, float64, as fast as we know how to write it; PyTorch and scikit-learn where they
can be imported. python3 python_peer.py"""
import json
import os
import sys
import time

import numpy as np


def timed(workload, library, work, least=5, seconds=1):
    for _ in range(3 if seconds else 0):
        work()
    times = []
    started = time.perf_counter()
    while len(times) < least or (time.perf_counter() - started < seconds and len(times) < 20000):
        before = time.perf_counter()
        work()
        times.append(time.perf_counter() - before)
    print(json.dumps({"workload": workload, "library": library, "median": sorted(times)[len(times) // 2]}))


rng = np.random.default_rng(1)
name = f"NumPy {np.__version__} by hand"


def sigmoid_into(t):
    """1 / (1 + exp(-t)) in t's own memory."""
    np.negative(t, out=t)
    np.exp(t, out=t)
    t += 1
    return np.reciprocal(t, out=t)


def problem(n, d):
    return rng.random((n, d)) - 0.5, (rng.random(n) > 0.5) * 1.0


def full():
    n, d = 200_000, 64
    (x, y), w = problem(n, d), rng.random(d)
    t, g = np.empty(n), np.empty(d)

    def work():
        np.matmul(x, w, out=t)
        sigmoid_into(t)
        np.subtract(t, y, out=t)
        np.matmul(t, x, out=g)
        g[:] /= n

    timed("full", name, work)


def minibatch():
    n, d, size = 100_000, 32, 32
    (x, y), w, v = problem(n, d), np.zeros(d), np.zeros(d)
    order = rng.permutation(n)
    step = 0
    xb, yb = np.empty((size, d)), np.empty(size)

    def work():
        nonlocal step
        rows = order[step % (n - size) : step % (n - size) + size]
        step += size
        np.take(x, rows, axis=0, out=xb, mode="clip")
        np.take(y, rows, out=yb, mode="clip")
        r = sigmoid_into(xb @ w)
        r -= yb
        np.multiply(v, 0.9, out=v)
        np.add(v, (r @ xb) / size, out=v)
        np.subtract(w, 0.1 * v, out=w)

    timed("minibatch", name, work)


def network():
    x = rng.random((128, 784)) - 0.5
    classes = np.arange(128) % 10
    w1, b1 = (rng.random((784, 128)) - 0.5) / 10, np.zeros(128)
    w2, b2 = (rng.random((128, 10)) - 0.5) / 10, np.zeros(10)

    def work():
        z = x @ w1
        z += b1
        h = np.maximum(z, 0)
        t = h @ w2
        t += b2
        t -= t.max(axis=1, keepdims=True)
        np.exp(t, out=t)
        t /= t.sum(axis=1, keepdims=True)
        t[np.arange(128), classes] -= 1
        t *= 0.01 / 128
        g = t @ w2.T
        g *= z > 0
        np.subtract(w2, h.T @ t, out=w2)
        np.subtract(b2, t.sum(axis=0), out=b2)
        np.subtract(w1, x.T @ g, out=w1)
        np.subtract(b1, g.sum(axis=0), out=b1)

    timed("network", name, work)


def with_torch(torch):
    torch.set_default_dtype(torch.float64)
    for threads in sorted({1, os.cpu_count()}):
        torch.set_num_threads(threads)
        steps_of_torch(torch)


def steps_of_torch(torch):
    library = f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"
    bce = torch.nn.functional.binary_cross_entropy_with_logits

    x, y = (torch.from_numpy(each) for each in problem(200_000, 64))
    w = torch.zeros(64, requires_grad=True)

    def whole():
        w.grad = None
        bce(x @ w, y).backward()

    timed("full", library, whole)

    n, size = 100_000, 32
    x2, y2 = (torch.from_numpy(each) for each in problem(n, 32))
    w2 = torch.zeros(32, requires_grad=True)
    descent = torch.optim.SGD([w2], lr=0.1, momentum=0.9)
    order = torch.randperm(n)
    step = 0

    def batch():
        nonlocal step
        rows = order[step % (n - size) : step % (n - size) + size]
        step += size
        descent.zero_grad()
        bce(x2[rows] @ w2, y2[rows]).backward()
        descent.step()

    timed("minibatch", library, batch)

    model = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    images, classes = torch.rand(128, 784) - 0.5, torch.arange(128) % 10

    def layers():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(images), classes).backward()
        optimizer.step()

    timed("network", library, layers)


def with_sklearn(sklearn):
    from sklearn.linear_model import LogisticRegression

    n = 200_000
    x, y = problem(n, 64)
    for solver in ["lbfgs", "newton-cholesky"]:
        # The penalty (l2 / 2) |w|^2 of a mean loss is C = 1 / (n l2) of a summed one.
        model = LogisticRegression(C=1 / (n * 1e-3), solver=solver, tol=1e-8, max_iter=1000)
        timed("solve", f"scikit-learn {sklearn.__version__} {solver}", lambda: model.fit(x, y), 3, 0)


full()
minibatch()
network()
for module, run in [("torch", with_torch), ("sklearn", with_sklearn)]:
    try:
        found = __import__(module)
    except ImportError:
        print(f"{module} cannot be imported by {sys.executable}", file=sys.stderr)
        continue
    run(found)
