/** The value as it stands and as it would hide: base64 at any offset, URL, JSON and HTML escapes. */
function disguises(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  // The characters that the value alone decides, wherever it stands in what was encoded.
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  const escaped = JSON.stringify(value).slice(1, -1);
  const ascii = escaped.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const html = value.replace(/&/g, '&amp;').replace(/'/g, '&#39;').replace(/"/g, '&quot;');
  const hex = bytes.toString('hex');
  const all = [
    value,
    escaped,
    ascii,
    html,
    encodeURIComponent(value),
    hex,
    ...base64.filter((text) => text.length >= 7),
  ];
  return [...new Set(all)];
}

/** The values of which a text holds any disguise. */
export function leaksInto(sink: string, values: readonly string[]): string[] {
  return values.filter((value) => disguises(value).some((disguise) => sink.includes(disguise)));
}
