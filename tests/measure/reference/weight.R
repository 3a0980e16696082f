# Commands for weight.json, R 4.2.2 with survey.
library(survey)
data(api)
design <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
raked <- rake(design, list(~stype, ~sch.wide), list(types, wide))
svymean(~api00, raked)          # 641.2303, SE 23.7036
range(weights(raked))           # 29.8707 67.1255
sum(weights(raked))^2 / sum(weights(raked)^2)  # 174 of 183
svymean(~api00, design, deff = TRUE)           # design effect 9.35
