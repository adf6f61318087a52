# Draws families.csv and prints the figures of more-families.test.ts: R 4.2.2, MASS 7.3
library(MASS); set.seed(11); options(digits=16)
n <- 40
x <- round(rnorm(n),2); z <- rep(0:1, n/2)
mu <- exp(0.5+0.6*x+0.4*z)
count <- rnbinom(n, mu=mu, size=1.7)
cost <- round(rgamma(n, shape=2.5, scale=mu/2.5),3)
label <- as.integer(0.3+0.9*x-0.5*z+rnorm(n)>0)
y <- round(1+2*x-z+rnorm(n)*0.5,2); y[c(3,17,30)] <- y[c(3,17,30)]+c(9,-8,12)
cat("x,z,count,cost,label,y\n"); cat(paste(x,z,count,cost,label,y,sep=","),sep="\n")
show <- function(name,m){ s<-summary(m); cat(name,"\n"); print(coef(s)[,1:3]); cat("dev",deviance(m),"logLik",as.numeric(logLik(m)),"aic",AIC(m),"\n") }
c0 <- list(epsilon=1e-14,maxit=100)
# glm stops when the deviance does: from there on, single steps until the coefficients stay too.
polished <- function(formula, family, weights=NULL) {
  m <- glm(formula, family=family, control=c0)
  for (k in 1:60) m <- suppressWarnings(glm(formula, family=family, start=coef(m), control=list(maxit=1)))
  m
}
show("gamma", polished(cost~x+z, Gamma("log")))
show("probit", polished(label~x+z, binomial("probit")))
show("nb fixed 1.5", polished(count~x+z, negative.binomial(1.5)))
show("poisson", polished(count~x+z, poisson()))
# glm.nb estimates theta to 1e-4 only: by turns, to the end
th <- 2
for (k in 1:60) { m <- polished(count~x+z, negative.binomial(th)); th <- theta.ml(count, fitted(m), limit=100, eps=1e-14) }
s <- summary(m, dispersion=1); cat("nb\n"); print(coef(s)[,1:2]); cat("theta", th, "se", attr(th,"SE"), "logLik", sum(dnbinom(count, size=th, mu=fitted(m), log=TRUE)), "\n")
h <- function(b){ r <- abs(y-b[1]-b[2]*x-b[3]*z); d<-1; sum(ifelse(r<=d,r^2/2,d*r-d^2/2)) }
b <- coef(lm(y~x+z)); for(i in 1:500){ r<-y-cbind(1,x,z)%*%b; w<-pmin(1,1/abs(r)); b<-coef(lm(y~x+z,weights=as.vector(w)))}
cat("huber",b,"value",h(b)/n,"\n")
