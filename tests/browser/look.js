// What is wrong with the page as it stands: a list of sentences, empty when all is well.
({ chinese, phone }) => {
  const found = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const said = (element) => element.innerText.trim();

  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`wider than the window by ${root.scrollWidth - root.clientWidth} px`);
  if (!document.querySelector("main h1")?.innerText.trim()) found.push("no heading");

  const unfilled = document.body.innerText.match(/%\(\w+\)[sd]|\{[a-z_]+\}/g);
  if (unfilled) found.push(`places that nothing was written into: ${unfilled}`);

  // Headings and labels are ours, so they speak the reader's language; names of things may be in any.
  const ours = document.querySelectorAll("th[scope=col], label, legend, summary, main button, .tabs a, .incident-nav a, dt");
  const sameEverywhere = /^[\s\d\W]*(PDF|Word|CSV|JSON|SVG|PNG|Excel|SHA-256|English|GeoJSON|EARS|CUSUM|R|ID|UTC|WHO|PCR|[a-z]+\d+)?[\s\d\W]*$/;
  for (const element of ours) {
    const text = said(element);
    if (!shown(element) || element.closest("[lang] [lang], .user, .switcher, [data-name]")) continue;
    const isChinese = /[\u4e00-\u9fff]/.test(text);
    if (chinese && !isChinese && /[A-Za-z]{3}/.test(text) && !sameEverywhere.test(text)) found.push(`not in Chinese: “${text}”`);
    if (!chinese && isChinese && !/[A-Za-z]/.test(text)) found.push(`not in English: “${text}”`);
  }

  if (phone) {
    for (const element of document.querySelectorAll("a[href], button, select, summary, input:not([type=hidden]), textarea")) {
      const target = element.matches("[type=checkbox], [type=radio]") ? element.closest("label") || element : element;
      if (!shown(target) || target.closest(".skip, svg, canvas, .canvas")) continue;
      const words = target.parentElement.innerText.trim().length > said(target).length;
      if (target.matches("a") && getComputedStyle(target).display === "inline" && words) continue; // inside a sentence
      const { width, height } = target.getBoundingClientRect();
      if (width && Math.min(width, height) < 23.5) found.push(`hard to touch, ${width | 0} × ${height | 0}: “${said(target) || target.name}”`);
    }
  }
  return [...new Set(found)];
}
