// A wide table or block of code scrolls in itself: let the keyboard reach it, in whatever width the window has.
function letKeysReach() {
  for (const each of document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code")) {
    if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
    else each.removeAttribute("tabindex");
  }
}
window.addEventListener("load", letKeysReach);
window.addEventListener("resize", letKeysReach);
