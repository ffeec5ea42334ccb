// Every page there is, who opens it, and what is opened on it before it is looked at: for the pictures and for the tests.
// A new page of the console, of a guest or of the person is added here.

const GRACE = '/console/cases/VAL-2026-0417';

/**
 * Pages of the console: name, who looks, address, and what is unfolded there.
 *
 * @param {{ entryId: string, sentId: string, askedId: string, acceptedId: string, takenId: string, guestId: string }} seeded by seedPages
 */
export const consolePages = ({ entryId, sentId, askedId, acceptedId, takenId, guestId }) => [
  ['worklist', 'Hélène Roy', '/console'],
  ['find', 'Hélène Roy', '/console/find', find],
  ['open', 'Hélène Roy', '/console/open'],
  ['lost', 'Hélène Roy', '/console/nowhere'],
  ['file', 'Hélène Roy', GRACE],
  ['file-timeline', 'Hélène Roy', GRACE, (page) => page.getByRole('tab').nth(1).click()],
  ['file-identity', 'Hélène Roy', GRACE, (page) => page.getByRole('tab').nth(2).click()],
  ['send', 'Hélène Roy', `${GRACE}/send`, (page) => page.getByRole('radio', { name: /Conseil Dettes/ }).click()],
  ['preview', 'Hélène Roy', `${GRACE}/send`, (page) => page.getByRole('radio', { name: /Toit Commun/ }).click()],
  ['send-following', 'Hélène Roy', `${GRACE}/send?follows=${askedId}`],
  ['write', 'Hélène Roy', `${GRACE}/write`],
  ['correct', 'Hélène Roy', `${GRACE}/write/workingNotes/${entryId}`],
  ['transfer', 'Hélène Roy', `/console/transfers/${sentId}`, (page) => page.locator('#reminders').waitFor()],
  ['transfer-asked', 'Hélène Roy', `/console/transfers/${askedId}`, doubt],
  ['transfer-guest', 'Hélène Roy', `/console/transfers/${guestId}`],
  ['receipt', 'Hélène Roy', `/console/transfers/${sentId}/receipt`],
  ['inbox', 'Karim Benali', '/console'],
  ['answer', 'Karim Benali', `/console/transfers/${sentId}`, (page) => page.getByRole('radio').nth(1).check()],
  ['asked-here', 'Karim Benali', `/console/transfers/${askedId}`],
  ['take-over', 'Karim Benali', `/console/transfers/${acceptedId}`, lookWhose],
  [
    'taken-over',
    'Karim Benali',
    `/console/transfers/${takenId}`,
    (page) => page.getByRole('link', { name: /^(Ouvrir votre|Open your)/ }).waitFor(),
  ],
  ['agreements', 'Nadia Lefort', '/console/agreements'],
  ['agreement', 'Nadia Lefort', '/console/agreements', firstAgreement],
  [
    'agreement-draft',
    'Nadia Lefort',
    '/console/agreements',
    async (page) => {
      await firstAgreement(page);
      await page.locator('main a[href$="/draft"]').first().click();
      await page.locator('main form').waitFor();
    },
  ],
  [
    'agreement-new',
    'Nadia Lefort',
    '/console/agreements/new',
    (page) => page.getByRole('button', { name: /(Enregistrer le projet|Save the draft)/ }).click(),
  ],
  ['oversight', 'Paul Tremblay', '/console/oversight'],
  ['log', 'Paul Tremblay', '/console/log'],
  ['register', 'Paul Tremblay', '/console/register'],
  ['figures', 'Paul Tremblay', '/console/figures'],
  ['deliveries', 'Inès Morel', '/console/deliveries'],
  [
    'deliveries-again',
    'Inès Morel',
    '/console/deliveries',
    (page) =>
      page
        .getByRole('button', { name: /^(Renvoyer|Send again)/ })
        .first()
        .click(),
  ],
  ['partners', 'Inès Morel', '/console/partners'],
  ['partner', 'Inès Morel', '/console/partners', openPartner],
  ['partner-new', 'Inès Morel', '/console/partners/new', registerNew],
  ['partner-guest', 'Inès Morel', '/console/partners', openGuest],
  ['partner-guest-new', 'Inès Morel', '/console/partners/new', registerGuest],
  ['mapping', 'Inès Morel', '/console/mapping'],
];

async function find(page) {
  const fields = page.locator('form input');
  await fields.nth(0).fill('Grace');
  await fields.nth(1).fill('Okafor');
  await fields.nth(1).press('Enter');
  await page.getByRole('article').first().waitFor();
}

/** Words that may say too much, held back until they are read again. */
async function doubt(page) {
  await page.getByLabel(/^(Votre réponse écrite|Your answer in writing)/).fill('Elle est suivie pour sa dépression.');
  await page.getByRole('button', { name: /^(Envoyer la réponse|Send the answer)/ }).click();
  await page.getByRole('alert').waitFor();
}

async function lookWhose(page) {
  await page.getByRole('button', { name: /^(Voir de qui|See whose file)/ }).click();
  await page.getByRole('radio', { name: /^(Une personne qui n’a pas|Somebody new)/ }).waitFor();
}

async function firstAgreement(page) {
  await page.locator('main a[href*="/agreements/"]:not([href$="/new"])').first().click();
  await page.locator('main a[href$="/draft"]').first().waitFor();
}

/** Tested, and with the form that replaces its keys. */
async function openPartner(page) {
  await page.getByRole('link', { name: /Toit Commun/ }).click();
  await page.getByRole('button', { name: /^(Test|Tester) / }).click();
  await page.getByText(/(Passed on|Réussi le)/).waitFor();
  await page.getByRole('button', { name: /(Replace the keys|Remplacer les clés)/ }).click();
}

/** A new organization with software of its own, and what is missing said beside each field. */
async function registerNew(page) {
  await page.getByRole('radio').first().check();
  await page.locator('select').first().selectOption('new');
  await page.getByRole('radio').nth(2).click();
  await page.getByRole('button', { name: /^(Register|Enregistrer)$/ }).click();
}

/** Told by a test notice, and with the form that changes how it is told. */
async function openGuest(page) {
  await page.getByRole('link', { name: /Conseil Dettes/ }).click();
  await page.getByRole('button', { name: /(test notice|avis d’essai)$/ }).click();
  await page.getByText(/(Accepted on|Accepté le)/).waitFor();
  await page.getByRole('button', { name: /(Change how|Changer la façon)/ }).click();
}

/** A known organization without a system: an address that is none, and a code that would go by e-mail. */
async function registerGuest(page) {
  await page.getByRole('radio').nth(1).check();
  const fields = page.getByRole('textbox');
  await fields.nth(0).fill('accueil, chef@service.example');
  await page.getByRole('radio').nth(2).click();
  await fields.nth(1).fill('chef@service.example');
  await page.getByRole('button', { name: /^(Register|Enregistrer)$/ }).click();
}

/** What the gateway writes by itself, for who is signed in: name, who looks, address. @param {{ personId: string }} seeded */
export const writtenPages = ({ personId }) => [
  ['landing', null, '/'],
  ['docs', null, '/docs'],
  ['docs-errors', null, '/docs/errors'],
  ['report', 'Hélène Roy', `/api/v1/persons/${personId}/disclosures`],
];

/**
 * What no account opens: a guest from the mail to its answer, and where that goes wrong; the person from the link to a
 * withdrawal.
 *
 * @param {import('./browser.mjs').OpenedConsole} console
 * @param {{ personId: string, guestId: string, guestUrl: string }} seeded
 * @param {{ page: import('playwright-core').Page, lang: 'en' | 'fr', look: (page: import('playwright-core').Page, name: string) => Promise<void> }} options
 */
export async function visitLinks(console, { personId, guestId, guestUrl }, { page, lang, look }) {
  const person = await console.call('POST', `/api/v1/persons/${personId}/access-links`, {
    body: { lang, hours: 24, safeChannel: true },
  });
  await page.goto(person.url.replace(/lang=../, `lang=${lang}`));
  await look(page, 'access');
  await enter(person.code);
  await page.waitForURL(/mine/);
  await look(page, 'person');
  const ways = await page
    .locator('main a[href*="/access/mine/"]')
    .evaluateAll((links) => links.map(({ href }) => href));
  for (const [name, part] of [
    ['person-withdraws', '/consents/'],
    ['person-contests', '/contests'],
  ]) {
    const way = ways.find((href) => href.includes(part));
    if (way === undefined) throw new Error(`The person's page leads nowhere to ${part}`);
    await page.goto(way);
    await look(page, name);
  }
  const door = guestUrl.replace(/lang=../, `lang=${lang}`);
  const { code } = await console.call('POST', `/api/v1/transfers/${guestId}/access-code`, { body: {} });
  await open(code === '000000' ? '000001' : '000000');
  await look(page, 'guest-wrong-code');
  await open(code);
  await look(page, 'guest-received');
  await page.locator('#words-ask').fill(lang === 'fr' ? 'Il me manque une fiche de paie.' : 'I miss a payslip.');
  await page.getByRole('button', { name: /(Envoyer la question|Send the question)/ }).click();
  await page.waitForLoadState();
  await look(page, 'guest-asked');
  await open(code);
  await look(page, 'guest-closed');
  await page.getByRole('button', { name: /(nouveau code|new code)/ }).click();
  await page.waitForLoadState();
  await look(page, 'guest-code-asked');
  await page.goto(`${console.world.publicUrl}/access/received?lang=${lang}&nothing`);
  await look(page, 'guest-gone');
  await page.goto(`${console.world.publicUrl}/access/left?lang=${lang}`);
  await look(page, 'left');

  async function open(digits) {
    // Another fragment alone would be no new page.
    await page.goto('about:blank');
    await page.goto(door);
    await enter(digits);
  }
  async function enter(digits) {
    await page.locator('input[name="code"]').fill(digits);
    await page.locator('form button').first().click();
    await page.waitForLoadState();
  }
}
