import { z } from 'zod';
import type { AgreementStatus, DataProtectionBasis } from '../../domain/agreement/agreement.js';
import { SECRECY_GROUND_KINDS } from '../../domain/decision/ground.js';
import { PURPOSES, type PurposeOfUse } from '../../domain/decision/purpose.js';
import { CATEGORIES, SENSITIVITIES } from '../../domain/labels/labels.js';
import type { AgreementId, OrganizationId } from '../../kernel/ids.js';
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
const STATUSES = [
  'draft',
  'proposed',
  'active',
  'suspended',
  'terminated',
  'expired',
] as const satisfies readonly AgreementStatus[];

const organizations = z.array(id<OrganizationId>()).min(1).max(200);

const agreementPurpose = z.strictObject({
  purpose,
  senders: organizations,
  recipients: organizations,
  categories: z.array(z.enum(CATEGORIES)).min(1).max(CATEGORIES.length),
  sensitivities: z
    .array(z.enum(SENSITIVITIES))
    .max(SENSITIVITIES.length)
    .meta({ description: 'Never shared by default: only what is named here.' }),
  dataProtectionBasis: z.enum(BASES).meta({ description: 'GDPR article 6(1), letters a to f.' }),
  article9Condition: words(40).optional().meta({ description: 'GDPR article 9(2) letter.' }),
  secrecyGrounds: z.array(z.enum(SECRECY_GROUND_KINDS)).min(1).max(SECRECY_GROUND_KINDS.length),
});

const members = {
  version: z.int().min(1).max(1_000_000),
  title: bothLanguages,
  status: z.enum(STATUSES),
  parties: z.array(id<OrganizationId>()).min(2).max(200),
  purposes: z.array(agreementPurpose).min(1).max(50),
  validFrom: moment,
  validUntil: moment.optional().meta({ description: 'Exclusive end; absent: open-ended.' }),
  purgeAfterDays: z
    .int()
    .min(0)
    .max(3650)
    .meta({ description: 'Days after the receipt until Relais deletes its copy of the content; proofs stay.' }),
  answerWithinDays: z
    .int()
    .min(1)
    .max(365)
    .optional()
    .meta({ description: 'Days within which notices, objections and corrections are answered; 30 when absent.' }),
};

export const agreementInput = z
  .strictObject({ id: id<AgreementId>().optional(), ...members })
  .meta({ id: 'AgreementInput', description: 'The next version of a data-sharing agreement.' });

export const agreementView = z
  .strictObject({
    id: id<AgreementId>(),
    ...members,
    validFrom: z.iso.datetime(),
    validUntil: z.iso.datetime().optional(),
  })
  .meta({ id: 'Agreement', description: 'One version of a data-sharing agreement.' });

export const agreementExample = {
  version: 2,
  title: { en: 'Housing in Valmont', fr: 'Logement à Valmont' },
  status: 'active',
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
    },
  ],
  validFrom: '2026-01-01T00:00:00.000Z',
  purgeAfterDays: 30,
} as const;
