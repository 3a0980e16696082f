# Commands for the "r" part of money.json: R 4.2.2 with survival, and the figures of the papers.
library(survival)
# rossi: 432 released prisoners, as shipped with carData (and with the Python package lifelines).
fit <- coxph(Surv(week, arrest) ~ fin + age + race + wexp + mar + paro + prio, data = rossi)
coef(fit)[c("fin", "age", "prio")]   # -.3794 -.0574 .0915 (ties by Efron)
fit$loglik[2]                        # -658.748
cox.zph(fit)                         # km transform; GLOBAL p .013, age beyond .05
logit <- glm(arrest ~ fin + age + prio, binomial, data = rossi)
mean(dlogis(predict(logit))) * coef(logit)["prio"]   # average marginal effect .0192
# CDNOW, 2,357 customers (BTYD; Fader, Hardie, Lee 2005): BG/NBD
# r .2426, alpha 4.4135, a .7929, b 2.4258, log-likelihood -9582.43;
# customer x = 2, t_x = 30.43, T = 38.86: E[Y(39)] 1.226, P(alive) .727.
# Gamma-Gamma on the 946 with repeats: p 6.25, q 3.74, v 15.45, mean 35.2, cor(x, m) .114.
100 * .8 / (1 + .1 - .8)             # 266.7
# Return: uplift 3 % (sd 1.2 %), 10,000 customers, margin 200, cost 45,000 (sd 5,000).
sd <- sqrt((.012 * 10000 * 200)^2 + 5000^2)
15000 + c(-1, 1) * qnorm(.975) * sd  # about -33,000 and 63,000
pnorm(15000 / sd)                    # .730
