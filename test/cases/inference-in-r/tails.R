# t, F, χ² and normal tails far out: Rscript tails.R > tails.json
row <- function(k, a, v) if (v > 1e-290) sprintf('["%s",[%s],%.15g]', k, paste(sprintf("%.17g", a), collapse = ","), v)
o <- c()
for (df in c(1, 2, 5, 32, 142, 2013, 1e5)) for (t in c(0.3, 1.96, 5, 15, 37, 100)) o <- c(o, row("t", c(t, df), 2 * pt(-t, df)))
for (d1 in c(1, 2, 5, 15)) for (d2 in c(2, 26, 331, 1e5)) for (f in c(0.3, 2, 13, 200)) o <- c(o, row("F", c(f, d1, d2), pf(f, d1, d2, lower = FALSE)))
for (k in c(1, 4, 15, 100)) for (x in c(0.3, 5, 40, 300, 1300)) o <- c(o, row("chi", c(x, k), pchisq(x, k, lower = FALSE)))
for (z in c(0.3, 1.96, 6, 15, 25, 36)) o <- c(o, row("z", z, 2 * pnorm(-z)))
for (p in c(0.5, 0.9, 0.95, 0.999)) { for (df in c(1, 3, 32, 2013)) o <- c(o, row("tq", c(p, df), qt((1 + p) / 2, df))); for (k in c(1, 2, 10)) o <- c(o, row("chiq", c(p, k), qchisq(p, k))) }
cat("[", paste(o, collapse = ",\n"), "]\n", sep = "")
