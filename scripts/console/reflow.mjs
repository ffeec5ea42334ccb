// What is wrong with a page at 400 % zoom: WCAG 2.2, 1.4.10 (reflow) and 2.4.11 (focus not obscured).

/** 1280 × 1024 px of a screen at 400 %: so many CSS px are left of it (WCAG 2.2, 1.4.10, note 1). */
export const ZOOMED = { width: 320, height: 256, deviceScaleFactor: 4 };

/**
 * Nothing goes beyond the window, no bar takes more than a third of its height, no text is cut off where nobody can get
 * at it, and nothing that has the focus is behind a bar. While a dialog is open, only what is in it can be reached.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>} what is wrong, each with its place
 */
export function reflowFaults(page) {
  return page.evaluate(() => {
    const placeOf = (element) => {
      const { tagName, id, className, textContent } = element;
      const classes = typeof className === 'string' && className !== '' ? `.${className.split(' ').join('.')}` : '';
      const words = textContent.trim().slice(0, 40);
      return `${tagName.toLowerCase()}${id === '' ? classes : `#${id}`}${words === '' ? '' : ` “${words}”`}`;
    };
    const dialog = [...document.querySelectorAll('[role="dialog"][aria-modal="true"], dialog[open]')].at(-1);
    const whole = dialog ?? document.body;
    const isOf = (element, position) => position.includes(getComputedStyle(element).position);
    const barOf = (element) => {
      for (let one = element; one !== null; one = one.parentElement) {
        if (one === dialog) return null;
        if (isOf(one, ['fixed', 'sticky'])) return one;
      }
      return null;
    };
    return [...tooWide(), ...bars(), ...cutOff(), ...hiddenFocus()];

    function tooWide() {
      const over = document.documentElement.scrollWidth - window.innerWidth;
      if (over <= 0) return [];
      const widest = [...document.body.querySelectorAll('*')].filter(
        (element) => element.getBoundingClientRect().right > window.innerWidth + 1,
      );
      return [`${over} px too wide: ${widest.slice(0, 3).map(placeOf).join(', ')}`];
    }

    function bars() {
      return (
        [...document.body.querySelectorAll('*')]
          .filter(
            (element) => isOf(element, ['fixed', 'sticky']) && element.checkVisibility({ visibilityProperty: true }),
          )
          // What darkens the page behind a dialog holds nothing.
          .filter((element) => dialog === undefined || element.textContent !== '')
          .filter(
            (element) => !element.contains(dialog ?? null) && !(dialog?.parentElement?.contains(element) ?? false),
          )
          .filter((element) => {
            const { width, height } = element.getBoundingClientRect();
            return width > window.innerWidth / 2 && height > window.innerHeight / 3;
          })
          .map((element) => `a bar of ${Math.round(element.getBoundingClientRect().height)} px: ${placeOf(element)}`)
      );
    }

    /** Text beyond an edge where nothing scrolls. What is for screen readers alone is one pixel wide. */
    function cutOff() {
      const found = new Set();
      const texts = document.createTreeWalker(whole, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
        const parent = text.parentElement;
        if (text.data.trim() === '' || !parent.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
          continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const rects = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
        for (let box = parent; box !== null && box !== document.documentElement; box = box.parentElement) {
          const { overflowX, overflowY } = getComputedStyle(box);
          const edge = box.getBoundingClientRect();
          if (edge.width <= 1 || edge.height <= 1) break;
          const hides = (overflow) => overflow === 'hidden' || overflow === 'clip';
          const isCut = rects.some(
            ({ left, right, top, bottom }) =>
              (hides(overflowX) && (right > edge.right + 2 || left < edge.left - 2)) ||
              (hides(overflowY) && (bottom > edge.bottom + 3 || top < edge.top - 3)),
          );
          // The beginning of something, with dots and in a link to the whole of it, is no loss.
          const isTeaser = getComputedStyle(box).webkitLineClamp !== 'none' && box.closest('a[href]') !== null;
          if (isCut && !isTeaser) found.add(`cut off: “${text.data.trim().slice(0, 40)}” in ${placeOf(box)}`);
          // What stands in something that scrolls can be brought into sight.
          if (isCut || ['auto', 'scroll'].includes(overflowX) || ['auto', 'scroll'].includes(overflowY)) break;
        }
      }
      return [...found];
    }

    function hiddenFocus() {
      const found = [];
      const stops = whole.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]');
      for (const stop of stops) {
        if (stop.tabIndex < 0 || stop.matches(':disabled') || !stop.checkVisibility({ visibilityProperty: true }))
          continue;
        stop.focus();
        if (document.activeElement !== stop) continue;
        const { left, right, top, bottom } = stop.getBoundingClientRect();
        const points = [0.05, 0.5, 0.95].flatMap((x) =>
          [0.05, 0.5, 0.95].map((y) => [left + (right - left) * x, top + (bottom - top) * y]),
        );
        const seen = points.filter(([x, y]) => {
          if (x < 0 || y < 0 || x >= window.innerWidth || y >= window.innerHeight) return false;
          const bar = barOf(document.elementFromPoint(x, y));
          return bar === null || bar.contains(stop);
        });
        if (seen.length === 0) found.push(`the focus cannot be seen: ${placeOf(stop)}`);
      }
      return found;
    }
  });
}
