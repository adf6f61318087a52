"""NumPy by hand, float64, and PyTorch and scikit-learn where they can be imported."""
import json
import sys
import time

import numpy as np


def timed(workload, library, work):
    for _ in range(3):
        work()
    times = []
    started = time.perf_counter()
    while len(times) < 5 or (time.perf_counter() - started < 1 and len(times) < 20000):
        before = time.perf_counter()
        work()
        times.append(time.perf_counter() - before)
    print(json.dumps({"workload": workload, "library": library, "median": sorted(times)[len(times) // 2]}))


rng = np.random.default_rng(1)


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def full():
    n, d = 200_000, 64
    x, w = rng.random((n, d)) - 0.5, rng.random(d)
    y = (rng.random(n) > 0.5) * 1.0
    timed("full", "NumPy by hand", lambda: x.T @ ((sigmoid(x @ w) - y) / n))


def minibatch():
    n, d, size = 100_000, 32, 32
    x, w, v = rng.random((n, d)) - 0.5, np.zeros(d), np.zeros(d)
    y = (rng.random(n) > 0.5) * 1.0
    order = rng.permutation(n)
    step = 0

    def work():
        nonlocal step
        rows = order[step % (n - size) : step % (n - size) + size]
        step += size
        xb, yb = x[rows], y[rows]
        np.multiply(v, 0.9, out=v)
        np.add(v, xb.T @ ((sigmoid(xb @ w) - yb) / size), out=v)
        np.subtract(w, 0.1 * v, out=w)

    timed("minibatch", "NumPy by hand", work)


def network():
    x = rng.random((128, 784)) - 0.5
    classes = np.arange(128) % 10
    w1, b1 = (rng.random((784, 128)) - 0.5) / 10, np.zeros(128)
    w2, b2 = (rng.random((128, 10)) - 0.5) / 10, np.zeros(10)

    def work():
        z = x @ w1 + b1
        h = np.maximum(z, 0)
        t = h @ w2 + b2
        e = np.exp(t - t.max(axis=1, keepdims=True))
        r = e / e.sum(axis=1, keepdims=True)
        r[np.arange(128), classes] -= 1
        r /= 128
        g = (r @ w2.T) * (z > 0)
        np.subtract(w2, 0.01 * (h.T @ r), out=w2)
        np.subtract(b2, 0.01 * r.sum(axis=0), out=b2)
        np.subtract(w1, 0.01 * (x.T @ g), out=w1)
        np.subtract(b1, 0.01 * g.sum(axis=0), out=b1)

    timed("network", "NumPy by hand", work)


def torch_network(torch):
    torch.set_default_dtype(torch.float64)
    model = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    x, classes = torch.rand(128, 784) - 0.5, torch.arange(128) % 10

    def work():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), classes).backward()
        optimizer.step()

    timed("network", f"PyTorch eager, {torch.get_num_threads()} threads", work)


full()
minibatch()
network()
try:
    import torch
except ImportError:
    print("PyTorch cannot be imported here", file=sys.stderr)
else:
    torch_network(torch)
