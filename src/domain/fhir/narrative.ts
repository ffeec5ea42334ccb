/**
 * The narrative's XHTML (rules txt-1 and txt-2, https://hl7.org/fhir/R4/narrative.html): one well-formed `div`, only the
 * elements and attributes that the standard lists, and something to read. One pass over the text, no backtracking.
 */
export interface NarrativeFindings {
  /** txt-1: only the listed elements and attributes. */
  readonly isSafe: boolean;
  /** txt-2: text or an image. */
  readonly hasContent: boolean;
}

const ELEMENTS = new Set(
  // HTML 4.0 chapters 7 to 11 (without 9.4) and 15, links and images.
  (
    'a abbr acronym address area b bdo big blockquote br caption center cite code col colgroup dd dfn dir div dl dt em ' +
    'font h1 h2 h3 h4 h5 h6 hr i img kbd li map menu ol p pre q s samp small span strike strong sub sup table tbody td ' +
    'tfoot th thead tr tt u ul var'
  ).split(' '),
);
const ATTRIBUTES = new Set(
  (
    'abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset ' +
    'cite class clear color colspan compact coords dir face frame headers height href hreflang hspace id ismap lang longdesc name nohref noshade nowrap rel ' +
    'rev rowspan rules scope shape size span src start style summary tabindex title type usemap valign value vspace width ' +
    'xml:id xml:lang xml:space xmlns'
  ).split(' '),
);
/** Deeper than this no reader follows. */
const DEEPEST = 100;
const UNSAFE = { isSafe: false, hasContent: true } as const;
const NAME = /[A-Za-z_][\w:.-]*/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;
const SCRIPT_URL = /^\s*(?:javascript|vbscript)\s*:/i;

/** @param onElement told of each element, so that a caller can bound the work: it may throw */
export function readNarrative(xhtml: string, onElement: () => void = () => undefined): NarrativeFindings {
  const open: string[] = [];
  let at = xhtml.length - xhtml.trimStart().length;
  const end = xhtml.trimEnd().length;
  let hasContent = false;
  let roots = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(xhtml);
    if (match !== null) at += match[0].length;
    return match;
  };
  while (at < end) {
    if (xhtml.charAt(at) !== '<') {
      const next = xhtml.indexOf('<', at);
      const text = xhtml.slice(at, next < 0 ? end : next);
      if (open.length === 0) return UNSAFE;
      hasContent ||= text.trim() !== '';
      at += text.length;
    } else if (xhtml.startsWith('<!--', at)) {
      const close = xhtml.indexOf('-->', at);
      if (close < 0 || open.length === 0) return UNSAFE;
      at = close + 3;
    } else if (xhtml.startsWith('</', at)) {
      at += 2;
      if (take(NAME)?.[0] !== open.pop() || take(TAG_END)?.[1] !== '') return UNSAFE;
    } else {
      at += 1;
      const name = take(NAME)?.[0];
      onElement();
      if (open.length >= DEEPEST) return UNSAFE;
      if (name === undefined || !ELEMENTS.has(name)) return UNSAFE;
      if (open.length === 0 && (name !== 'div' || (roots += 1) > 1)) return UNSAFE;
      for (let attribute = take(ATTRIBUTE); attribute !== null; attribute = take(ATTRIBUTE)) {
        if (!isAllowed(attribute[1]!, attribute[2] ?? attribute[3] ?? '')) return UNSAFE;
      }
      const tagEnd = take(TAG_END);
      if (tagEnd === null) return UNSAFE;
      if (name === 'img') hasContent = true;
      if (tagEnd[1] === '') open.push(name);
    }
  }
  return { isSafe: open.length === 0 && roots === 1, hasContent };
}

function isAllowed(attribute: string, value: string): boolean {
  if (!ATTRIBUTES.has(attribute) && !attribute.startsWith('xmlns:')) return false;
  return (attribute !== 'href' && attribute !== 'src') || !SCRIPT_URL.test(value);
}
