# Rscript glmnet.R FOLDER NAME ROWS COLUMNS FAMILY: times glmnet's lasso path on FOLDER/NAME-{x,y}.f64 and writes
# its lambdas and coefficients for the same columns to FOLDER/NAME-path.f64 (per lambda: lambda, intercept, w).
suppressMessages(library(glmnet))
args <- commandArgs(trailingOnly = TRUE)
file <- function(suffix) paste0(args[1], '/', args[2], suffix)
n <- as.integer(args[3]); p <- as.integer(args[4]); family <- args[5]
x <- matrix(readBin(file('-x.f64'), 'double', n * p), n, p, byrow = TRUE)
y <- readBin(file('-y.f64'), 'double', n)
best <- Inf
for (round in 1:3) {
  time <- system.time(fit <- glmnet(x, y, family = family))[['elapsed']]
  best <- min(best, time)
}
path <- rbind(fit$lambda, fit$a0, as.matrix(fit$beta))
writeBin(as.vector(path), file('-path.f64'))
cat(sprintf('{"milliseconds": %.1f, "points": %d, "version": "%s"}\n',
            1000 * best, length(fit$lambda), as.character(packageVersion('glmnet'))))
