# Data of our own making, and what R says of it: Rscript figures.R writes clinic.csv and figures.json.
# R 4.2.2 with sandwich 3.0-2, car 3.1-1, lmtest 0.9-40, jsonlite 1.8.4.
library(sandwich); library(car); library(lmtest); library(jsonlite)
set.seed(20); n <- 120
d <- data.frame(age = round(runif(n, 20, 70)), dose = round(rexp(n, 1 / 5), 2),
  site = sample(c("a", "b", "c", "d"), n, TRUE), clinic = sample(paste0("k", 1:12), n, TRUE),
  weight = round(runif(n, 0.2, 3), 2), time = round(runif(n, 0.5, 4), 1))
u <- setNames(rnorm(12), paste0("k", 1:12))[d$clinic]
eta <- (d$age - 45) / 20 + 0.1 * d$dose - 0.5 * (d$site == "b") + 0.6 * (d$site == "d") + 0.4 * u
d$y <- round(20 + 3 * eta + rnorm(n) * (0.5 + d$dose / 5), 3)
d$event <- ifelse(runif(n) < plogis(eta - 0.7), "yes", "no")
d$visits <- rnbinom(n, size = 3, mu = d$time * exp(0.4 * eta))
d$cost <- round(rgamma(n, 3, 3 / exp(1 + 0.5 * eta)), 3)
g <- cbind(0, 0.8 * eta, 0.5 - 0.6 * eta); g <- exp(g) / rowSums(exp(g))
d$grade <- c("low", "mid", "high")[apply(g, 1, function(p) sample(3, 1, prob = p))]
write.csv(d, "clinic.csv", row.names = FALSE, quote = FALSE)
d <- read.csv("clinic.csv", stringsAsFactors = TRUE); d$grade <- factor(d$grade, c("low", "mid", "high"))
sharp <- glm.control(epsilon = 1e-15, maxit = 100)
again <- function(m) { for (k in 1:3) m <- update(m, start = coef(m)); m }
errors <- function(v) unname(sqrt(diag(v)))
hc <- function(m) lapply(setNames(nm = c("HC0", "HC1", "HC2", "HC3")), function(k) errors(vcovHC(m, type = k)))
cl <- function(m) lapply(setNames(nm = c("HC0", "HC1")), function(k) errors(vcovCL(m, cluster = d$clinic, type = k)))
infl <- function(m) list(response = residuals(m, "response"), pearson = residuals(m, "pearson"),
  deviance = residuals(m, "deviance"), working = residuals(m, "working"), standardized = rstandard(m),
  studentized = rstudent(m), leverage = hatvalues(m), cooksDistance = cooks.distance(m))
plain <- function(x) lapply(x, function(r) unname(r)[1:15])
gvif <- function(m) unname(if (is.matrix(v <- vif(m))) v[, 1] else v)
new <- data.frame(age = c(30, 61), dose = c(2, 11.5), site = c("b", "d"), time = c(1, 2.5))
# Where the deviance, the others at their best, has risen by the quantile.
profile <- function(m, level) { q <- qchisq(level, 1); X <- model.matrix(m); o <- if (is.null(m$offset)) rep(0, n) else m$offset
  t(sapply(seq_along(coef(m)), function(j) { b <- coef(m)[j]; s <- errors(vcov(m))[j]
    rise <- function(v) { r <- glm.fit(X[, -j, drop = FALSE], m$y, offset = o + v * X[, j], family = m$family, control = sharp)
      r$deviance - deviance(m) - q }
    c(uniroot(rise, c(b - 5 * s, b), tol = 1e-14)$root, uniroot(rise, c(b, b + 5 * s), tol = 1e-14)$root) })) }
table_of <- function(m) { s <- summary(m)$coefficients; list(estimate = unname(s[, 1]), error = unname(s[, 2]), statistic = unname(s[, 3]), p = unname(s[, 4])) }
# Derivatives for numbers, differences for labels; the delta method by differences of the whole.
grad <- function(f, b) sapply(seq_along(b), function(j) { h <- 1e-3 * max(1e-2, abs(b[j])) ; e <- replace(0 * b, j, h)
  D <- function(h) (f(b + e / 1e-0 * h) - f(b - e * h)) / (2 * h * e[j]); (64 * D(0.25) - 20 * D(0.5) + D(1)) / 45 })
margins <- function(m, dmean, means = FALSE) { X <- model.matrix(m); o <- if (is.null(m$offset)) rep(0, n) else m$offset
  if (means) { X <- t(colMeans(X)); o <- mean(o) }
  one <- function(name) function(b) { if (!grepl("^site", name)) return(mean(dmean(drop(X %*% b) + o)) * b[match(name, colnames(X))])
    A <- X; A[, grepl("^site", colnames(X))] <- 0; B <- A; B[, name] <- 1
    mean(m$family$linkinv(drop(B %*% b) + o) - m$family$linkinv(drop(A %*% b) + o)) }
  b <- unname(coef(m)); out <- lapply(colnames(X)[-1], function(name) { f <- one(name); g <- grad(f, b); c(f(b), sqrt(drop(g %*% vcov(m) %*% g))) })
  list(effect = sapply(out, `[`, 1), error = sapply(out, `[`, 2)) }
tests <- function(a) list(statistic = unname(a[[ncol(a) - 1]][2]), p = unname(a[[ncol(a)]][2]))

l <- lm(y ~ age + dose + site, d); lw <- lm(y ~ age + dose + site, d, weights = weight); l0 <- lm(y ~ age, d)
b <- again(glm(event ~ age + dose + site, binomial, d, control = sharp)); b0 <- again(glm(event ~ age, binomial, d, control = sharp))
p <- again(glm(visits ~ age + dose + site + offset(log(time)), poisson, d, control = sharp))
p0 <- again(glm(visits ~ age + offset(log(time)), poisson, d, control = sharp))
qp <- again(glm(visits ~ age + dose + site + offset(log(time)), quasipoisson, d, control = sharp))
qp0 <- again(glm(visits ~ age + offset(log(time)), quasipoisson, d, control = sharp))
c1 <- again(glm(cost ~ age + dose, Gamma("log"), d, control = sharp))
pr <- predict(b, new, se.fit = TRUE)
# Softmax by Newton's method, with its sandwich.
X <- model.matrix(~ age + dose, d); Y <- sapply(levels(d$grade)[-1], function(k) d$grade == k); th <- rep(0, 6)
prob <- function(th) { e <- exp(cbind(0, X %*% th[1:3], X %*% th[4:6])); e / rowSums(e) }
H <- function(P) rbind(cbind(t(X) %*% (X * P[, 2] * (1 - P[, 2])), -t(X) %*% (X * P[, 2] * P[, 3])),
  cbind(-t(X) %*% (X * P[, 2] * P[, 3]), t(X) %*% (X * P[, 3] * (1 - P[, 3]))))
for (k in 1:30) { P <- prob(th); th <- th + solve(H(P), c(t(X) %*% (Y[, 1] - P[, 2]), t(X) %*% (Y[, 2] - P[, 3])), tol = 0) }
P <- prob(th); A <- solve(H(P), tol = 0); S <- cbind(X * (Y[, 1] - P[, 2]), X * (Y[, 2] - P[, 3])); G <- rowsum(S, d$clinic)
ame <- function(th, k, j) { P <- prob(th); B <- cbind(0, th[j], th[3 + j]); mean(P[, k] * (B[, k] - P %*% t(B))) }
out <- list(
  linear = list(table = table_of(l), robust = hc(l), clustered = cl(l), vif = gvif(l), influence = plain(infl(l)),
    anova = tests(anova(l0, l)), wald = tests(waldtest(l0, l, vcov = vcovHC(l, type = "HC1"))[, c("Df", "F", "Pr(>F)")]),
    confidence = unname(predict(l, new, interval = "confidence", level = 0.9)), prediction = unname(predict(l, new, interval = "prediction", level = 0.9))),
  weighted = list(table = table_of(lw), robust = hc(lw), clustered = cl(lw), influence = plain(infl(lw)), vif = gvif(lw)),
  logistic = list(table = table_of(b), robust = hc(b), clustered = cl(b), vif = gvif(b), influence = plain(infl(b)), profile = unname(profile(b, 0.95)),
    anova = tests(anova(b0, b, test = "LRT")), margins = margins(b, dlogis), marginsAtMeans = margins(b, dlogis, TRUE),
    tjur = diff(tapply(fitted(b), d$event, mean))[[1]], score = unname(pr$fit), scoreError = unname(pr$se.fit),
    mean = unname(predict(b, new, type = "response")), meanError = unname(predict(b, new, type = "response", se.fit = TRUE)$se.fit)),
  poisson = list(table = table_of(p), robust = hc(p), clustered = cl(p), profile = unname(profile(p, 0.9)), anova = tests(anova(p0, p, test = "LRT")),
    influence = plain(infl(p)), margins = margins(p, exp)),
  quasi = list(table = table_of(qp), dispersion = summary(qp)$dispersion, anova = tests(anova(qp0, qp, test = "F"))),
  gamma = list(table = table_of(c1), dispersion = summary(c1)$dispersion, deviance = c(c1$null.deviance, c1$deviance), influence = plain(infl(c1))),
  softmax = list(estimate = th, error = errors(A), HC0 = errors(A %*% crossprod(S) %*% A), clustered = errors(A %*% crossprod(G) %*% A * 12 / 11),
    margins = lapply(1:3, function(k) lapply(2:3, function(j) { g <- grad(function(t) ame(t, k, j), th); c(ame(th, k, j), sqrt(drop(g %*% A %*% g))) }))))
writeLines(toJSON(out, digits = I(14), auto_unbox = TRUE, matrix = "rowmajor", na = "string"), "figures.json")
