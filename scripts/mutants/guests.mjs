// Safeguards of partners without a system, each taken out of the sources: some test must be red. Same shape as links.mjs.
const SCHEMA = 'src/http/schemas/partner.ts';
const CONTACT = 'src/transfer/check-contact.ts';
const OPERATE = 'src/transfer/operate-partners.ts';
const REGISTRY = 'src/adapters/store/identity/registry.ts';
const RECEIVES = 'src/adapters/store/identity/must-receive-nothing.ts';
const CONTACT_TESTS = 'test/transfer/check-contact.test.ts';
const REGISTRY_TESTS = 'test/adapters/identity/registry.test.ts';
const PROBE_TESTS = 'test/adapters/mail/probe-guest.test.ts';
const ROLE_TESTS = 'test/http/partners.test.ts';
const LINK_TESTS = 'test/http/guests.test.ts';
const TESTS = 'test/http/operated-guests.test.ts';

export const OPERATED_GUEST_MUTANTS = [
  [
    'guest-that-could-call',
    'a guest has nothing of a system',
    [SCHEMA, '', 'Object.keys(system).map('],
    '[].map(',
    TESTS,
    'with keys|with an endpoint|with rights',
  ],
  [
    'system-without-keys',
    'a system has all that it needs',
    [SCHEMA, '', 'OF_A_SYSTEM.filter((member) => system[member] === undefined)'],
    '[]',
    TESTS,
    'without system and without contact',
  ],
  ['another-header', 'one plain address', [CONTACT, '', '!EMAIL.test(email) || '], '', CONTACT_TESTS, 'header'],
  [
    'address-without-end',
    'an address has a length',
    [CONTACT, '', ' || email.length > MOST.email'],
    '',
    CONTACT_TESTS,
    'too many characters',
  ],
  [
    'hint-of-lines',
    'a place of one line',
    [CONTACT, '', ' || /\\p{Cc}/u.test(hint)'],
    '',
    CONTACT_TESTS,
    'several lines',
  ],
  [
    'code-by-mail',
    'the code is not told by e-mail',
    [CONTACT, '', '/\\S@\\S/.test(hint)'],
    'false',
    CONTACT_TESTS,
    'mailbox',
  ],
  [
    'contact-unchecked',
    'each change of a contact is checked, by whichever way it comes',
    [REGISTRY, 'changeContact:', 'rules({ ...before, guest });'],
    '',
    REGISTRY_TESTS,
    'keeps out what breaks a rule',
  ],
  [
    'fault-at-another-place',
    'a fault is named at its place in what was sent',
    [OPERATE, '', 'if (faults.length > 0) {'],
    'if (faults.length > 99) {',
    TESTS,
    'is refused at its place',
  ],
  [
    'guest-for-nothing',
    'no guest where something receives',
    [RECEIVES, '', 'if (rowCount === 0) return;'],
    'if (rowCount !== null) return;',
    TESTS,
    'receives already',
  ],
  [
    'guest-twice',
    'one of two clicks registers a guest',
    [RECEIVES, '', `await client.query('select from organization where id = $1 for no key update', [organizationId]);`],
    '',
    TESTS,
    'two come at once',
  ],
  [
    'contact-for-anybody',
    'operators alone change a contact',
    ['src/http/routes.ts', '', `staff('operator'), putPartnerContact`],
    `staff('caseworker'), putPartnerContact`,
    ROLE_TESTS,
    'contact is refused',
  ],
  [
    'contact-unlogged',
    'a change of contact is in the log',
    [REGISTRY, '', 'await audit(client, changed(after, actor, change, requestId));'],
    '',
    TESTS,
    'audited without it',
  ],
  [
    'notice-to-another-address',
    'a test of another address does not count',
    ['src/adapters/store/identity/partner-tests.ts', '', `t.email = p.guest ->> 'email'`],
    't.email is not null',
    TESTS,
    'until the address changes',
  ],
  [
    'read-while-suspended',
    'a suspension is not got round by the software beside a guest',
    ['src/adapters/store/directory/partner-of.ts', '', '(endpoint is not null or guest is not null) desc, '],
    '',
    TESTS,
    'reads nothing of what was sent before',
  ],
  [
    'code-while-suspended',
    'no code for a guest that is suspended',
    ['src/transfer/received-page.ts', '', ` && partner.status === 'active'`],
    '',
    LINK_TESTS,
    'while the guest is suspended',
  ],
  [
    'test-in-the-clear',
    'a test notice goes over TLS too',
    ['src/adapters/mail/open-transport.ts', '', 'requireTLS: !isLocal,'],
    '',
    PROBE_TESTS,
    'over TLS alone',
  ],
];
