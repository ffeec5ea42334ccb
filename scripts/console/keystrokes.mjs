// A keystroke-level estimate of a handling (Card, Moran & Newell 1980, "The keystroke-level model"), in seconds.
const K = 0.28; // a key, average typist
const P = 1.1; // pointing at a target
const B = 0.2; // pressing and releasing the button
const H = 0.4; // hand between mouse and keyboard
const M = 1.35; // making up one's mind before each act
const WORDS_PER_SECOND = 4; // reading a screen for what one knows, 240 words a minute

/** Counts what a hand and an eye do, and how long the pages make them wait. */
export function keystrokes() {
  const counted = { clicks: 0, keys: 0, words: 0, waitedMs: 0, seconds: 0 };
  const timed = async (act) => {
    const from = performance.now();
    const result = await act();
    counted.waitedMs += performance.now() - from;
    return result;
  };
  return {
    counted,
    /** Points and presses. */
    async click(locator) {
      await locator.click();
      counted.clicks += 1;
      counted.seconds += M + P + B;
    },
    /** Moves the hand to the keys and types; the field is reached by Tab, as hands do that are there already. */
    async type(locator, text) {
      await locator.fill(text);
      counted.keys += text.length + 1;
      counted.seconds += H + M + K * (text.length + 1) + H;
    },
    /** Reads what stands there. */
    async read(locator) {
      // What a fold hides is not read.
      const words = await locator.evaluate((element) => {
        let found = 0;
        const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
          if (text.parentElement.checkVisibility()) found += text.data.split(/\s+/).filter(Boolean).length;
        }
        return found;
      });
      counted.words += words;
      counted.seconds += words / WORDS_PER_SECOND;
    },
    /** What the pages take to answer counts as it is measured. */
    async wait(locator) {
      await timed(() => locator.waitFor({ timeout: 30_000 }));
    },
    /** What the estimate is made of, for the log. */
    parts: () =>
      `${counted.clicks} clicks, ${counted.keys} keys, ${counted.words} words read (${Math.round(counted.words / WORDS_PER_SECOND)} s), ` +
      `${(counted.waitedMs / 1000).toFixed(1)} s waited for pages`,
    result: () => ({
      clicks: counted.clicks,
      estimatedSeconds: Math.round(counted.seconds + counted.waitedMs / 1000),
    }),
  };
}
