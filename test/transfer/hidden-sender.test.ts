import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case } from '../../src/domain/case/case.js';
import { decide } from '../../src/domain/decision/decide.js';
import { DATA_LABELS, maskOf, NEVER } from '../../src/domain/labels/labels.js';
import { newId, type OrganizationId, type TaskId, type TransferId } from '../../src/kernel/ids.js';
import { writeJson } from '../../src/kernel/json.js';
import { createPairwiseIds } from '../../src/kernel/pairwise.js';
import { buildDisclosure } from '../../src/transfer/build-disclosure.js';
import type { Organization } from '../../src/transfer/partner.js';
import { loadPack } from '../mappings/pack.js';
import { shippedRules } from '../support/label-rules.js';
import { leaksInto } from '../support/leaks.js';
import { RECIPIENT, request, SENDER, terms } from '../support/terms.js';

const NAME = 'Clinique des Addictions Saint-Éloi';
const publicUrl = 'https://relais.test';
const pairwiseId = createPairwiseIds(createHash('sha256').update('hidden').digest());
const everything = maskOf(DATA_LABELS.filter((label) => label !== NEVER));

/** Says who sends wherever it can be said. */
const record = {
  schemaVersion: 1,
  person: {
    id: 'p-1',
    names: [{ id: 'n', kind: 'legal', family: 'Okafor', given: ['Grace'] }],
    identifiers: [
      { id: 'i1', type: 'agency', system: 'https://saint-eloi.example/patients', value: 'X-7731' },
      { id: 'i2', type: 'other', value: '99', assigner: 'clinique des addictions SAINT ELOI' },
    ],
    domiciliation: { kind: 'association', organization: NAME, city: 'Valmont' },
  },
  caseFile: {
    status: 'active',
    programme: 'Sevrage ambulatoire',
    service: 'Unité de sevrage',
    leadWorker: { id: 'w', function: 'Addictologue', name: 'Dr Benali', email: 'benali@saint-eloi.example' },
    team: [{ id: 'w2', function: 'Infirmière en addictologie', name: 'Mme Roy' }],
  },
  needs: [
    {
      id: 'n1',
      category: 'housing',
      status: 'active',
      description: `Suivie à la ${NAME}.`,
      codeSystem: 'https://saint-eloi.example/codes',
      code: 'Z-42',
    },
  ],
  interventions: [
    { id: 'a', date: '2026-01-01', kind: 'interview', participants: [{ id: 'q', role: 'worker', organization: NAME }] },
  ],
} as const satisfies Case;

let compiled: Awaited<ReturnType<typeof loadPack<'case'>>>;
beforeAll(async () => {
  compiled = await loadPack('case');
}, 60_000);

const organization = (confidentialByNature: boolean): Organization => ({
  id: SENDER,
  name: NAME,
  sector: 'health',
  function: { en: 'clinic', fr: 'clinique' },
  secrecy: 'professional-secrecy',
  confidentialByNature,
});

async function sent(organizations: readonly Organization[]): Promise<string> {
  const decision = decide(terms(), request());
  if (decision.outcome !== 'permit') throw new Error('The default terms permit.');
  const permit = { ...decision.permit, permitted: everything };
  const stored = {
    caseId: permit.request.caseId,
    personId: permit.personId,
    version: 1,
    content: writeJson(record),
    storedAt: permit.decidedAt,
  };
  const tx = {
    loadCase: () => Promise.resolve(stored),
    loadOrganization: (id: OrganizationId) => Promise.resolve(organizations.find((one) => one.id === id) ?? null),
  };
  const mapping = { compiled, labelRules: shippedRules, pairwiseId, publicUrl };
  const facts = {
    transferId: newId<TransferId>(),
    taskId: newId<TaskId>(),
    answerExpectedBy: null,
    at: permit.decidedAt,
  };
  const { wire } = await buildDisclosure({ mapping, frame: { publicUrl, pairwiseId } }, tx, permit, facts);
  return wire.toString('utf8');
}

const REVEALING = [
  ...[NAME, 'SAINT ELOI', 'saint-eloi.example', 'Sevrage ambulatoire', 'Unité de sevrage', 'Addictologue'],
  ...['Infirmière en addictologie', 'Z-42', 'X-7731', SENDER],
];

describe('a sender whose mere name reveals something', () => {
  it('is named nowhere in the bundle, nor by its id, its systems, its services or its staff', async () => {
    const bundle = await sent([organization(true)]);
    expect(leaksInto(bundle, REVEALING)).toEqual([]);
    expect(bundle).toContain('Okafor');
    expect(bundle).toContain(RECIPIENT);
  });

  it('is called by an id that the recipient can tell it by, and no other recipient', async () => {
    const bundle = await sent([organization(true)]);
    const id = pairwiseId(RECIPIENT, 'sender', SENDER);
    expect(bundle).toContain(`"value":"${id}"`);
    expect(bundle).toContain(`${publicUrl}/organizations/${id}/need`);
    expect(pairwiseId('another', 'sender', SENDER)).not.toBe(id);
  });

  it('is also one that the directory does not know', async () => {
    expect(leaksInto(await sent([]), [SENDER, 'saint-eloi.example', 'Addictologue'])).toEqual([]);
  });

  it('and any other sender is called as it is', async () => {
    const bundle = await sent([organization(false)]);
    expect(leaksInto(bundle, REVEALING)).toEqual(REVEALING.filter((value) => bundle.includes(value)));
    expect(bundle).toContain(SENDER);
    expect(bundle).toContain(NAME);
  });
});
