// Every behaviour of the pages. A page works without them; each only saves a step.
import htmx from "htmx.org";
import { editSurveys } from "./survey/editor.js";
import { fetchCharts } from "./fetch_charts.js";
import { followFilters } from "./filter.js";
import { keepDrafts } from "./case_draft.js";
import { keepLive } from "./live.js";
import { copyAddresses } from "./survey/copy.js";
import { closeMenus } from "./menu.js";
import { moveSliders } from "./slider.js";
import { openSearch } from "./search.js";
import { showContrast } from "./survey/look.js";
import { showUploads } from "./upload.js";
import { switchTheme } from "./theme.js";

globalThis.htmx = htmx;

switchTheme();
closeMenus();
openSearch();
followFilters();
showUploads();
editSurveys();
showContrast();
copyAddresses();
keepDrafts();
keepLive();
moveSliders();
fetchCharts();
