"""Places: the links of a survey, one for each store, table or parcel (一店一码), their codes, and sheets to print."""
