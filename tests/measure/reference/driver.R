# Commands for the figures of driver.json that came from R 4.2.2 (packages relaimpo, domir, rwa,
# MASS as of then; their versions were not kept). The R below names what was asked, defaults
# otherwise.
library(relaimpo)
fit <- lm(Fertility ~ ., swiss)
calc.relimp(fit, type = c("lmg", "genizi"))          # swiss.lmg, swiss.johnson, swiss.r2
boot <- boot.relimp(fit, b = 5000, type = "lmg", diff = TRUE)
booteval.relimp(boot, bty = "perc", level = 0.95)    # swiss.limits, swiss.differ
domir::domin(Fertility ~ ., "lm", list("summary", "r.squared"), data = swiss)  # swiss.education
calc.relimp(lm(rating ~ ., attitude), type = "lmg")  # attitude.privileges
library(MASS)
polr(Sat ~ Infl + Type + Cont, weights = Freq, data = housing)  # housing.slopes, deviance
# The counts of MASS::housing are not committed; `table` is one of ours in the same form.
# rubin: of a pooled case only T, df and fmi were kept; the inputs in the test are ours.
