/** What a person reads of a mail. */
export interface ReadableMail {
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
}

/**
 * A mail of one part as its reader sees it: headers unfolded (RFC 5322 section 2.2.3), encoded words (RFC 2047) and the
 * transfer encoding (RFC 2045) undone. UTF-8 is the only character set that Relais writes.
 */
export function readMail(data: string): ReadableMail {
  const end = data.indexOf('\r\n\r\n');
  const head = (end === -1 ? data : data.slice(0, end)).replace(/\r\n[ \t]+/g, ' ');
  const headers = new Map(
    head.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const body = end === -1 ? '' : data.slice(end + 4);
  const encoding = (headers.get('content-transfer-encoding') ?? '7bit').toLowerCase();
  return {
    subject: readWords(headers.get('subject') ?? ''),
    text: readBody(body, encoding).replaceAll('\r\n', '\n').trim(),
    messageId: headers.get('message-id') ?? '',
  };
}

function readBody(body: string, encoding: string): string {
  if (encoding === 'quoted-printable') return readQuoted(body.replace(/=\r\n/g, ''));
  return encoding === 'base64' ? Buffer.from(body, 'base64').toString('utf8') : body;
}

/** White space between two encoded words is none of the text (RFC 2047 section 6.2). */
function readWords(header: string): string {
  const word = /=\?utf-8\?([bq])\?([^?]*)\?=/gi;
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(word, (_, kind: string, text: string) =>
      kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString('utf8') : readQuoted(text.replaceAll('_', ' ')),
    );
}

function readQuoted(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
