# Commands for scores.json, with R 4.2.2 and PropCIs. Figures are frozen to the digits given there.
library(PropCIs)

score <- function(det, pas, pro) {
  # Tango's interval for paired shares: promoters and detractors are the discordant pairs.
  scoreci.mp(b = det, c = pro, n = det + pas + pro, conf.level = 0.95)$conf.int
}
for (row in list(c(3, 3, 4), c(0, 0, 10), c(0, 10, 0), c(0, 0, 1), c(10, 30, 60))) {
  print(score(row[1], row[2], row[3]))
}

# Two groups: Wald and pooled p-values, MOVER from the two score intervals.
v <- function(x) (sum(x[c(1, 3)]) / sum(x)) - ((x[3] - x[1]) / sum(x))^2
a <- c(30, 30, 40); b <- c(18, 32, 50)
d <- (b[3] - b[1]) / sum(b) - (a[3] - a[1]) / sum(a)
2 * pnorm(-abs(d) / sqrt(v(a) / sum(a) + v(b) / sum(b)))
2 * pnorm(-abs(d) / sqrt(v(a + b) * (1 / sum(a) + 1 / sum(b))))

# Top box (Wilson) and effort (t).
prop.test(8, 10, correct = FALSE)$conf.int
prop.test(10, 10, correct = FALSE)$conf.int
prop.test(0, 10, correct = FALSE)$conf.int
t.test(rep(1:7, c(2, 1, 3, 5, 12, 20, 17)))
prop.test(49, 60, correct = FALSE)$conf.int

# Several touchpoints.
p <- c(.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1)
sum(p.adjust(p, "BH") <= .05); sum(p.adjust(p, "bonferroni") <= .05)
