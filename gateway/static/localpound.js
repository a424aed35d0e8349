// An enhancement only: menus that fold on small screens, focus that moves to an error.
import { initAll } from "./govuk-frontend.min.js";
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
