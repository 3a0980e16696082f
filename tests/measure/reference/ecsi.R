# Commands for ecsi.json, R 4.2.2 with semPLS, plspm, seminr and psych (releases of the packages not recorded);
# covariances by ecsi.py. mobi: 250 customers of mobile phone companies, 24 questions from 1 to 10.
library(semPLS)
data(mobi); data(ECSImobi)

# Standardised items, centroid scheme: paths, R2, loadings.
fit <- sempls(ECSImobi, mobi, wscheme = "centroid")
fit$path_coefficients; rSquared(fit); fit$outer_loadings
sempls(ECSImobi, mobi, wscheme = "pathWeighting")$path_coefficients

# Raw items: plspm divides by nothing when scaled = FALSE. Goodness of fit as in Tenenhaus et al. (2005).
library(plspm)
blocks <- list(11:15, 1:3, 16:22, 23:24, 4:6, 7, 8:10)
inner <- rbind(c(0,0,0,0,0,0,0), c(1,0,0,0,0,0,0), c(0,1,0,0,0,0,0), c(0,1,1,0,0,0,0),
               c(1,1,1,1,0,0,0), c(0,0,0,0,1,0,0), c(1,0,0,0,1,1,0))
raw <- plspm(mobi, inner, blocks, modes = rep("A", 7), scheme = "centroid", scaled = FALSE)
raw$path_coefs; raw$inner_summary; raw$gof

# Index: 100 (sum w mean - sum w) / (9 sum w), w = outer weights of the raw items.
psych::alpha(mobi[, 11:15])$total
