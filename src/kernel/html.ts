/** HTML that was escaped or written here. Only `html` makes it. */
export interface Html {
  readonly markup: string;
}

type Content = Html | string | number | readonly Content[] | null | false;

/** Template for pages: every value is escaped unless it is Html itself (threats 29 and 35). */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  return { markup: strings.map((text, index) => text + (index < values.length ? write(values[index]) : '')).join('') };
}

function write(value: Content | undefined): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escape(value);
  if (typeof value === 'number') return String(value);
  if ('markup' in value) return value.markup;
  return value.map(write).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
