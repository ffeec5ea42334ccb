import { describe, expect, it } from 'vitest';
import { checkContact } from '../../src/transfer/check-contact.js';

const GOOD = { email: 'accueil@conseil-dettes.example', hint: '01 99 00 24 16' };
const faults = ({ email, hint }: typeof GOOD): string =>
  checkContact({ email, channel: { hint } })
    .map(({ path, rule }) => `${path} ${rule}`)
    .join();
const ofEmail = '/email partner.email';
const ofHint = '/channel/hint partner.channel';

describe('a guest’s contact', () => {
  it.each([
    GOOD,
    { ...GOOD, email: "o'brien+accueil@a.example" },
    { ...GOOD, email: `${'a'.repeat(64)}@example` },
    { ...GOOD, hint: 'Accueil du rez-de-chaussée, 12 rue de l’Église' },
    { ...GOOD, hint: 'x'.repeat(120) },
    { ...GOOD, hint: 'Tous les jours @ 14 h' },
  ])('is in order: %j', (contact) => expect(faults(contact)).toBe(''));

  it.each([
    ['nothing', '', ofEmail],
    ['a word', 'nobody', ofEmail],
    ['two addresses', 'a@b.example, c@d.example', ofEmail],
    ['two addresses without a blank', 'a@b.example,c@d.example', ofEmail],
    ['a name beside it', '"a" <a@b.example>', ofEmail],
    ['another header', 'a@b.example\r\nBcc: c@d.example', ofEmail],
    ['a line feed alone', 'a@b.example\n', ofEmail],
    ['a carriage return alone', 'a@b.example\r', ofEmail],
    ['another command of the protocol', 'a@b.example>\r\nRCPT TO:<c@d.example', ofEmail],
    ['a blank before it', ' a@b.example', ofEmail],
    ['an accent', 'dépôt@b.example', ofEmail],
    ['two at signs', 'a@b@c.example', ofEmail],
    ['nobody at a host', '@b.example', ofEmail],
    ['a host that begins with a dash', 'a@-b.example', ofEmail],
    ['a comment', 'a(c)@b.example', ofEmail],
    ['too many characters before the sign', `${'a'.repeat(65)}@b.example`, ofEmail],
    ['too many characters', `a@${`${'b'.repeat(63)}.`.repeat(4)}example`, ofEmail],
  ])('is told at one plain address, and not at %s', (_what, email, expected) =>
    expect(faults({ ...GOOD, email })).toBe(expected),
  );

  it.each([
    ['nowhere', '', ofHint],
    ['blanks', '  ', ofHint],
    ['several lines', 'a\r\nb', ofHint],
    ['a control character', 'a\u0000b', ofHint],
    ['more than fits', 'x'.repeat(121), ofHint],
    ['the mailbox itself', GOOD.email, '/channel/hint partner.channel-mail'],
    ['another mailbox', 'par mél : chef@d.example', '/channel/hint partner.channel-mail'],
  ])('has its code told where a person is, and not in %s', (_what, hint, expected) =>
    expect(faults({ ...GOOD, hint })).toBe(expected),
  );

  it('names all that is wrong at once', () => expect(faults({ email: '', hint: '' })).toBe(`${ofEmail},${ofHint}`));
});
