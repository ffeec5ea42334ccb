import type { GuestContact } from './guest-ports.js';

/** What is wrong with a guest's contact. `path` is a JSON Pointer (RFC 6901) within it. */
export interface ContactFault {
  readonly path: '/email' | '/channel/hint';
  readonly rule: 'partner.email' | 'partner.channel' | 'partner.channel-mail';
}

/** Characters of an address (RFC 5321 section 4.5.3.1.3, less the brackets around it), and of a hint. */
const MOST = { email: 254, hint: 120 };

/** One address, without a name or a second one beside it: it goes into a header (RFC 5321 section 4.1.2; threat 29). */
const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\.[A-Za-z0-9-]{1,63}){0,8}$/;

/**
 * The rules of a guest's contact: one plain address, and where the code is told, which is not by e-mail: whoever reads the
 * mailbox must not have both halves. Pure; the console shows by it what the gateway would refuse.
 */
export function checkContact({
  email,
  channel: { hint },
}: {
  readonly email: string;
  readonly channel: Pick<GuestContact['channel'], 'hint'>;
}): readonly ContactFault[] {
  const faults: ContactFault[] = [];
  if (!EMAIL.test(email) || email.length > MOST.email) faults.push({ path: '/email', rule: 'partner.email' });
  if (hint.trim() === '' || hint.length > MOST.hint || /\p{Cc}/u.test(hint)) {
    faults.push({ path: '/channel/hint', rule: 'partner.channel' });
  } else if (/\S@\S/.test(hint)) faults.push({ path: '/channel/hint', rule: 'partner.channel-mail' });
  return faults;
}

/** English, for whoever reads the API; other languages by rule (http/rule-texts). */
export const CONTACT_RULES: Readonly<Record<ContactFault['rule'], string>> = {
  'partner.email': 'One plain e-mail address is needed, like accueil@service.example.',
  'partner.channel': 'Say in 1 to 120 printable characters where the code is told.',
  'partner.channel-mail': 'The code must not be told by e-mail: the link comes that way.',
};
