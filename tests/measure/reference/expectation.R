# How to get the figures under "r" in expectation.json again. They were made with R 4.2.2; the
# versions of its packages were not recorded. Frozen to the digits printed.
library(semPLS); library(psych); library(sandwich); library(lmtest); library(car)
data(mobi)                            # 250 x 24, European mobile phone customers
E <- rowMeans(mobi[, c("CUEX1", "CUEX2", "CUEX3")])
P <- rowMeans(mobi[, paste0("PERQ", 1:7)])
S <- rowMeans(mobi[, paste0("CUSA", 1:3)])

# Gap and its reliability.
t.test(P, E, paired = TRUE)
a <- function(x) alpha(x)$total$raw_alpha
rE <- a(mobi[, paste0("CUEX", 1:3)]); rP <- a(mobi[, paste0("PERQ", 1:7)]); r <- cor(E, P)
(rE * var(E) + rP * var(P) - 2 * r * sd(E) * sd(P)) / (var(E) + var(P) - 2 * r * sd(E) * sd(P))

# Alpha: raw with Feldt's interval, standardised; omega of one maximum-likelihood factor.
alpha(attitude)
for (block in c("IMAG", "CUEX", "PERQ", "PERV", "CUSA", "CUSL")) {
  items <- mobi[, grep(block, names(mobi))]
  print(alpha(items)$total[c("raw_alpha", "std.alpha")])
  if (ncol(items) > 2) {
    f <- factanal(items, 1)
    print(sum(f$loadings)^2 / (sum(f$loadings)^2 + sum(f$uniquenesses)))
  }
}
alpha(mobi[, c("CUSL1", "CUSL3")])

# Response surface, centred at 5.5.
e <- E - 5.5; p <- P - 5.5
summary(lm(S ~ I(P - E)))$r.squared; plane <- lm(S ~ e + p); summary(plane)$r.squared
linearHypothesis(plane, "e + p = 0")
whole <- lm(S ~ e + p + I(e^2) + I(e * p) + I(p^2)); anova(plane, whole)
deltaMethod(whole, "b1 + b2", parameterNames = paste0("b", 0:5))

# Penalty and reward: dummies <= 6 and >= 9 of the seven qualities, first item of satisfaction.
d <- do.call(cbind, lapply(1:7, function(j) {
  x <- mobi[[paste0("PERQ", j)]]; cbind(x <= 6, x >= 9) }))
fit <- lm(mobi$CUSA1 ~ d); summary(fit)$r.squared; coeftest(fit, vcov = vcovHC(fit, "HC3"))

# Kano with A 60, O 40, M 10, I 30, R 3, Q 2.
c(better = 100 / 140, worse = -50 / 140, needed = 1.65 * sqrt(100 * (290 - 100) / 290))
