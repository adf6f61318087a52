"""Derives the polynomial coefficients of src/kernels/entries: python3 minimax.py (needs mpmath).

Remez's exchange: the polynomial of degree n whose weighted error |w(x) (f(x) - p(x))| has n + 2
equal extremes is the best one. Prints the coefficients, lowest power first, as the nearest float64,
and the error that these rounded coefficients leave.
"""

from mpmath import mp, mpf

mp.dps = 60


def remez(f, weight, low, high, degree, rounds=12, grid=4000):
    low, high = mpf(low), mpf(high)
    middle, half = (low + high) / 2, (high - low) / 2
    count = degree + 2
    # A little off, so that no node falls on a zero of the weight.
    nodes = [middle - half * mp.cos(mp.pi * (2 * i + 1.1) / (2 * count)) for i in range(count)]
    xs = [middle - half * mp.cos(mp.pi * i / grid) for i in range(grid + 1)]
    values = [(f(x), weight(x)) for x in xs]
    for _ in range(rounds):
        system = mp.matrix(count, count)
        right = mp.matrix(count, 1)
        for i, x in enumerate(nodes):
            for j in range(degree + 1):
                system[i, j] = weight(x) * x**j
            system[i, degree + 1] = (-1) ** i
            right[i] = weight(x) * f(x)
        solution = mp.lu_solve(system, right)
        coefficients = list(solution[: degree + 1])
        errors = [w * (v - evaluate(coefficients, x)) for x, (v, w) in zip(xs, values)]
        nodes = extremes(xs, errors, count)
    return coefficients


def extremes(xs, errors, count):
    """The largest error of each run of one sign; the smallest ones at the ends are dropped."""
    found = []
    for x, error in zip(xs, errors):
        if found and (found[-1][1] > 0) == (error > 0):
            if abs(error) > abs(found[-1][1]):
                found[-1] = (x, error)
        else:
            found.append((x, error))
    while len(found) > count:
        found.pop(0 if abs(found[0][1]) < abs(found[-1][1]) else -1)
    return [x for x, _ in found]


def evaluate(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def report(name, f, weight, low, high, degree):
    rounded = [float(c) for c in remez(f, weight, low, high, degree)]
    worst = max(
        abs(weight(x) * (f(x) - evaluate([mpf(c) for c in rounded], x)))
        for x in (mpf(low) + (mpf(high) - mpf(low)) * i / 5000 for i in range(5001))
    )
    print(f"{name}: degree {degree}, error 2^{mp.nstr(mp.log(worst, 2), 5)}")
    for c in rounded:
        print(f"  {c!r},")


def exponential_tail(r):
    """Q in e^r = 1 + r + r^2 Q(r)."""
    if abs(r) < mpf(10) ** -12:
        return mpf(1) / 2 + r / 6
    return (mp.expm1(r) - r) / r**2


def logarithm_tail(z):
    """R in log(1 + f) = 2 atanh(s) = s (2 + z R(z)), where s = f / (2 + f) and z = s^2."""
    if z < mpf(10) ** -12:
        return mpf(2) / 3 + mpf(2) / 5 * z
    s = mp.sqrt(z)
    return (2 * mp.atanh(s) / s - 2) / z


if __name__ == "__main__":
    half_log2 = mp.log(2) / 2 * mpf("1.0005")
    report("exp", exponential_tail, abs, -half_log2, half_log2, 10)
    largest = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mpf("1.0005")
    report("log", logarithm_tail, lambda z: z, 0, largest, 6)
    report("log1p up to 1/2", logarithm_tail, lambda z: z, 0, mpf("0.0401"), 7)

    log2 = mp.log(2)
    high = mp.floor(log2 * 2**42) / 2**42  # times |k| < 2^11: exact
    print("log 2, high and low:", repr(float(high)), repr(float(log2 - high)))
