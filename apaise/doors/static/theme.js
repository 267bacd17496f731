/* Sets the appearance chosen on this device before the page is drawn. Loaded in <head>, without defer, for that reason. */
(() => {
  "use strict";
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("apaise.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    if (localStorage.getItem("apaise.density") === "compact") root.dataset.density = "compact";
    if (localStorage.getItem("apaise.keys") === "off") root.dataset.keys = "off";
  } catch {
    // Storage may be refused; the page then follows the system.
  }
})();
