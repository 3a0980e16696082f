# Commands for the R part of shrink.json, R 4.2.2.
# Baseball of Efron & Morris (1975): James-Stein on the arcsine scale, variance 1, towards the mean.
hits <- c(18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7)
x <- sqrt(45) * asin(2 * hits / 45 - 1)
k <- 1 - (length(x) - 3) / sum((x - mean(x))^2)
round((sin((mean(x) + k * (x - mean(x))) / sqrt(45)) + 1) / 2, 3)
# Ten touchpoints: metafor::rma(y, v, method = "REML"), then blup(); v = adjusted Wald variance.
