// A wide table scrolls in itself: let the keyboard reach it.
window.addEventListener("load", () => {
  for (const wrapped of document.querySelectorAll(".md-typeset__scrollwrap")) {
    wrapped.tabIndex = 0;
  }
});
