# Commands for the R part of change.json, R 4.2.2 with the packages named.
# Difference in differences: Wooldridge, Introductory Econometrics, example 13.3.
data(kielmc, package = "wooldridge")
summary(lm(rprice ~ y81 * nearinc, data = kielmc))$coefficients["y81:nearinc", ]
# Interrupted series: log(drivers), two harmonics, time after the law counted from 1.
time <- 1:192; law <- as.numeric(time >= 170); after <- law * (time - 169)
angle <- 2 * pi * outer(time - 1, 1:2) / 12
fit <- lm(log(Seatbelts[, "drivers"]) ~ time + law + after + sin(angle) + cos(angle))
coef(fit)[c("law", "after")]; sqrt(diag(vcov(fit)))["law"]
sqrt(diag(sandwich::NeweyWest(fit, lag = 12, prewhite = FALSE, adjust = TRUE)))["law"]
lmtest::dwtest(fit)
# p-chart of package qcc.
data(orangejuice, package = "qcc"); first <- subset(orangejuice, trial)
qcc::qcc(first$D, sizes = first$size, type = "p")
qcc::qcc(first$D[-c(15, 23)], sizes = first$size[-c(15, 23)], type = "p")
# Average run lengths of a two-sided CUSUM, k = 0.5.
sapply(c(4, 5), function(h) spc::xcusum.arl(0.5, h, 0, sided = "two"))
sapply(c(4, 5), function(h) spc::xcusum.arl(0.5, h, 1, sided = "two"))
# Repeated looks: chance of a false alarm at 1.96, and bounds.
sapply(c(1, 2, 3, 4, 5, 10, 20), function(k) ldbounds::ldPower(
  za = rep(-1.96, k), zb = rep(1.96, k), t = (1:k) / k)$exit.pr)
gsDesign::gsDesign(k = 5, test.type = 2, alpha = 0.025, sfu = "Pocock")$upper$bound
gsDesign::gsDesign(k = 5, test.type = 2, alpha = 0.025, sfu = "OF")$upper$bound
ldbounds::ldBounds((1:5) / 5, iuse = 1, alpha = 0.05)
