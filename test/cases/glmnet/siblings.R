suppressMessages(library(glmnet)); 
lcg <- function(seed, n) { s <- seed; r <- numeric(n); for (i in 1:n) { s <- (1664525 * (s %% 4096) + ((1664525 * ((s %/% 4096) %% 1048576)) %% 1048576) * 4096 + 1013904223) %% 4294967296; r[i] <- floor(s / 65536) / 65536 }; r }
n <- 60; p <- 8
u <- lcg(7, n * p + 4 * n)
x <- matrix(round(10 * (u[1:(n*p)] - 0.5), 3), n, p); x[,3] <- x[,1] * 2; x[,5] <- 3.5; x[,2] <- round(x[,2] + x[,4], 3)
r <- matrix(u[(n*p+1):(n*p+4*n)], n, 4)
t <- 0.4 * x[,1] - 0.3 * x[,4] + 0.2 * x[,7]
y <- list(gaussian = round(t + 3 * r[,1], 3), binomial = as.integer(t + 4 * (r[,1] - 0.5) > 0), poisson = as.integer(floor(exp(0.3 * t) + 2 * r[,2])))
w <- 1 + floor(3 * r[,3]); o <- round(r[,4] - 0.5, 3)
num <- function(v) paste0('[', paste(format(v, digits = 15, trim = TRUE, scientific = NA), collapse = ', '), ']')
cases <- character(0)
for (family in names(y)) for (alpha in c(1, 0.4)) for (kind in c('plain', 'weights', 'offset', 'no intercept', 'not standardized', 'factors')) {
  args <- list(x = x, y = y[[family]], family = family, alpha = alpha, thresh = 1e-16, maxit = 1e7)
  if (kind == 'weights') args$weights <- w
  if (kind == 'offset') args$offset <- o
  if (kind == 'no intercept') args$intercept <- FALSE
  if (kind == 'not standardized') args$standardize <- FALSE
  if (kind == 'factors') args$penalty.factor <- c(1, 0, 2, 1, 1, 0.5, 1, 1)
  first <- do.call(glmnet, args); l <- first$lambda[1] * c(0.6, 0.2, 0.03); args$lambda <- l
  fit <- do.call(glmnet, args)
  fits <- paste0('{"lambda": ', format(l, digits = 17, trim = TRUE), ', "intercept": ', format(fit$a0, digits = 15, trim = TRUE), ', "w": ', apply(as.matrix(fit$beta), 2, num), ', "explained": ', format(fit$dev.ratio, digits = 12, trim = TRUE), '}')
  cases <- c(cases, paste0('{"family": "', family, '", "alpha": ', alpha, ', "kind": "', kind, '", "points": [', paste(fits, collapse = ', '), ']}'))
}
cat('{"source": "R 4.2.2, glmnet 4.1-6, thresh = 1e-16", "x": [', paste(apply(x, 1, num), collapse = ', '), '], "gaussian": ', num(y$gaussian), ', "binomial": ', num(y$binomial), ', "poisson": ', num(y$poisson), ', "weights": ', num(w), ', "offset": ', num(o), ', "cases": [', paste(cases, collapse = ',\n'), ']}', sep = '')
