import { z } from 'zod';
import {
  AGREEMENT_STATUSES,
  PROCESSING_ROLES,
  type Agreement,
  type DataProtectionBasis,
} from '../../domain/agreement/agreement.js';
import { statusAt } from '../../domain/agreement/lifecycle.js';
import { SECRECY_GROUND_KINDS } from '../../domain/decision/ground.js';
import { PURPOSES, type PurposeOfUse } from '../../domain/decision/purpose.js';
import { CATEGORIES, SENSITIVITIES } from '../../domain/labels/labels.js';
import type { AgreementId, OrganizationId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/clock.js';
import { bothLanguages, EXAMPLE, id, moment, words } from './parts.js';

export const purpose = z.enum(Object.keys(PURPOSES) as [PurposeOfUse, ...PurposeOfUse[]]);
const BASES = [
  'consent',
  'contract',
  'legal-obligation',
  'vital-interests',
  'public-task',
  'legitimate-interests',
] as const satisfies readonly DataProtectionBasis[];

const organizations = z.array(id<OrganizationId>()).min(1).max(200);
const categories = z.array(z.enum(CATEGORIES)).min(1).max(CATEGORIES.length);
const role = z.enum(PROCESSING_ROLES);
const days = z.int().min(0).max(36_500);

const agreementPurpose = z.strictObject({
  purpose,
  senders: organizations,
  recipients: organizations,
  categories,
  sensitivities: z
    .array(z.enum(SENSITIVITIES))
    .max(SENSITIVITIES.length)
    .meta({ description: 'Never shared by default: only what is named here.' }),
  dataProtectionBasis: z.enum(BASES).meta({ description: 'GDPR article 6(1), letters a to f.' }),
  article9Condition: words(40).optional().meta({ description: 'GDPR article 9(2) letter.' }),
  secrecyGrounds: z.array(z.enum(SECRECY_GROUND_KINDS)).min(1).max(SECRECY_GROUND_KINDS.length),
  roles: z
    .array(z.strictObject({ party: id<OrganizationId>(), role }))
    .max(200)
    .optional()
    .meta({ description: 'What each sender and recipient is in this processing (GDPR articles 4, 26, 28).' }),
  recipientFunctions: z
    .array(bothLanguages)
    .max(20)
    .optional()
    .meta({ description: 'Who at the recipient may read it, by function.' }),
});

const clauses = {
  dpia: z
    .strictObject({
      opinion: z.enum(['favourable', 'with-conditions', 'unfavourable', 'not-required']),
      reference: words(300).optional(),
      reason: words(1000).optional(),
    })
    .optional()
    .meta({ description: 'Impact assessment (GDPR article 35): where it is kept, and the opinion on it.' }),
  retention: z
    .strictObject({ days, then: z.enum(['return', 'delete']), certificate: z.boolean() })
    .optional()
    .meta({ description: 'How long the recipient keeps what it received, and what happens then.' }),
  onward: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('forbidden') }),
      z.strictObject({ kind: z.literal('consented') }),
      z.strictObject({ kind: z.literal('listed'), recipients: z.array(words(200)).min(1).max(50) }),
    ])
    .optional()
    .meta({ description: 'Whether the recipient may pass it on.' }),
  emergency: z
    .discriminatedUnion('allowed', [
      z.strictObject({ allowed: z.literal(false) }),
      z.strictObject({
        allowed: z.literal(true),
        categories,
        maxHours: z.int().min(1).max(72),
        reviewWithinDays: z.int().min(1).max(30),
      }),
    ])
    .optional()
    .meta({ description: 'Whether the glass may be broken: the most that may leave, for how long, reviewed when.' }),
  adhesion: z
    .discriminatedUnion('open', [
      z.strictObject({ open: z.literal(false) }),
      z.strictObject({
        open: z.literal(true),
        places: z
          .array(z.strictObject({ purpose, as: z.enum(['sender', 'recipient']), role }))
          .min(1)
          .max(20),
      }),
    ])
    .optional()
    .meta({ description: 'On which terms somebody may join without the others signing again.' }),
  auditRight: z.strictObject({ noticeDays: days }).optional(),
  breachNotice: z
    .strictObject({ withinHours: z.int().min(1).max(72) })
    .optional()
    .meta({ description: 'GDPR article 33 gives the controller 72 hours.' }),
  reviewOn: z.iso.date().optional().meta({ description: 'Day on which the parties look at it again.' }),
  thirdCountries: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .max(50)
    .optional()
    .meta({ description: 'Countries outside the EU that data reach (ISO 3166-1); none: empty.' }),
};

const text = {
  title: bothLanguages,
  parties: z.array(id<OrganizationId>()).min(2).max(200),
  purposes: z.array(agreementPurpose).min(1).max(50),
  validFrom: moment,
  validUntil: moment.optional().meta({ description: 'Exclusive end; absent: open-ended.' }),
  purgeAfterDays: z
    .int()
    .min(0)
    .max(3650)
    .meta({ description: 'Days after the receipt until Relais deletes its copy of the content; proofs stay.' }),
  ...clauses,
  answerWithinDays: z
    .int()
    .min(1)
    .max(365)
    .optional()
    .meta({ description: 'Days within which notices, objections and corrections are answered; 30 when absent.' }),
};
const version = z.int().min(1).max(1_000_000);

export const agreementInput = z
  .strictObject({ id: id<AgreementId>().optional(), version, ...text })
  .meta({ id: 'AgreementInput', description: 'The next version of a data-sharing agreement, as a draft.' });

const viewMembers = {
  id: id<AgreementId>(),
  version,
  status: z.enum(AGREEMENT_STATUSES),
  ...text,
  validFrom: z.iso.datetime(),
  validUntil: z.iso.datetime().optional(),
  signatures: z
    .array(z.strictObject({ party: id<OrganizationId>(), at: z.iso.datetime(), textDigest: z.string() }))
    .meta({ description: 'Which party signed, when, and SHA-256 (hex) of the text; never who.' }),
  suspendedBy: organizations.optional(),
  proposal: z
    .strictObject({
      kind: z.enum(['new', 'amendment', 'adhesion']),
      by: id<OrganizationId>(),
      joins: id<OrganizationId>().optional(),
    })
    .optional(),
};
const agreementVersion = z
  .strictObject(viewMembers)
  .meta({ id: 'AgreementVersion', description: 'One version of a data-sharing agreement.' });

export const agreementView = z
  .strictObject({
    ...viewMembers,
    pending: agreementVersion.nullable().meta({ description: 'What is negotiated beside it.' }),
  })
  .meta({ id: 'Agreement', description: 'A data-sharing agreement: what is in force, and what is negotiated.' });

export type AgreementView = z.input<typeof agreementVersion>;

/** As its parties see it: which party signed, and not which member of staff. */
export function viewOf(agreement: Agreement, at: Instant): AgreementView {
  const { signatures = [], ...rest } = agreement;
  return {
    ...rest,
    status: statusAt(agreement, at),
    signatures: signatures.map(({ party, at: signedAt, textDigest }) => ({ party, at: signedAt, textDigest })),
  } as unknown as AgreementView;
}

/** The schema's optional members are the model's: what is absent is left out. */
export function withoutUndefined<T extends object>(value: T): T {
  const strip = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(strip);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => [name, strip(member)]),
    );
  };
  return strip(value) as T;
}

/** A step, as it is asked for. */
const stepVersion = version
  .optional()
  .meta({ description: 'The version that was read; another one meanwhile is a 409.' });
export const agreementStep = z
  .discriminatedUnion('step', [
    z.strictObject({ step: z.literal('countersign'), version }),
    z.strictObject({ step: z.literal('propose'), version: stepVersion }),
    z.strictObject({ step: z.literal('withdraw'), version: stepVersion }),
    z.strictObject({ step: z.literal('discard'), version: stepVersion }),
    z.strictObject({ step: z.literal('suspend'), version: stepVersion }),
    z.strictObject({ step: z.literal('resume'), version: stepVersion }),
    z.strictObject({ step: z.literal('terminate'), version: stepVersion }),
    z.strictObject({ step: z.literal('leave'), version: stepVersion }),
    z.strictObject({ step: z.literal('invite'), organizationId: id<OrganizationId>(), version: stepVersion }),
  ])
  .meta({
    id: 'AgreementStep',
    description: 'draft → proposed → active ⇄ suspended → terminated; docs/agreements.md.',
  });

export const agreementExample = {
  version: 2,
  title: { en: 'Housing in Valmont', fr: 'Logement à Valmont' },
  parties: [EXAMPLE.sender, EXAMPLE.recipient],
  purposes: [
    {
      purpose: 'HOUSING',
      senders: [EXAMPLE.sender],
      recipients: [EXAMPLE.recipient],
      categories: ['identity', 'contact', 'household', 'housing'],
      sensitivities: [],
      dataProtectionBasis: 'public-task',
      secrecyGrounds: ['consent'],
      roles: [
        { party: EXAMPLE.sender, role: 'controller' },
        { party: EXAMPLE.recipient, role: 'controller' },
      ],
      recipientFunctions: [{ en: 'housing officers', fr: 'chargé·es de logement' }],
    },
  ],
  validFrom: '2026-01-01T00:00:00.000Z',
  purgeAfterDays: 30,
  dpia: { opinion: 'favourable', reference: 'DPIA 2025-14' },
  retention: { days: 365, then: 'delete', certificate: true },
  onward: { kind: 'forbidden' },
  emergency: { allowed: true, categories: ['identity', 'contact'], maxHours: 24, reviewWithinDays: 7 },
  adhesion: { open: false },
  auditRight: { noticeDays: 30 },
  breachNotice: { withinHours: 24 },
  reviewOn: '2026-12-01',
  thirdCountries: [],
} as const;

export const agreementViewExample = {
  id: EXAMPLE.agreement,
  ...agreementExample,
  status: 'active',
  signatures: [
    { party: EXAMPLE.sender, at: '2025-12-15T09:00:00.000Z', textDigest: 'a'.repeat(64) },
    { party: EXAMPLE.recipient, at: '2025-12-16T14:30:00.000Z', textDigest: 'a'.repeat(64) },
  ],
  pending: null,
} as const;
