import { z } from 'zod';
import { RelaisError, type Violation } from '../../kernel/errors.js';
import { say, type Lang } from '../../kernel/i18n.js';
import type { OrganizationId } from '../../kernel/ids.js';
import { CODE_CHANNELS, type GuestContact } from '../../transfer/guest-ports.js';
import type { NewOrganization } from '../../transfer/identity-ports.js';
import { ONBOARDING_STEPS } from '../../transfer/onboarding.js';
import type { OperatedPartner } from '../../transfer/operate-partners.js';
import { NOTICE_STEPS, PROBE_STEPS } from '../../transfer/partner-ports.js';
import type { Partner, PartnerKeys } from '../../transfer/partner.js';
import { SCOPES } from '../../transfer/principal.js';
import { PROBE_TEXTS } from '../probe-texts.js';
import { at, bothLanguages, EXAMPLE, id, words } from './parts.js';

const url = z.string().min(1).max(2048);

const jwks = z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(20) });

/** Public keys, given or by address; which of the two, and whether they are good keys, the registry decides. */
export const partnerKeys = z
  .strictObject({ jwks: jwks.optional(), jwksUri: url.optional() })
  .meta({ id: 'PartnerKeys', description: 'Either `jwks` or `jwksUri`. Public keys alone: a private one is refused.' });

/** @returns without the members that were not given */
export function keysOf({ jwks: set, jwksUri }: z.output<typeof partnerKeys>): PartnerKeys {
  return { ...(set !== undefined && { jwks: set }), ...(jwksUri !== undefined && { jwksUri }) };
}

export const partnerEndpoint = z
  .strictObject({
    url: url.meta({ description: 'FHIR base: transaction bundles are posted to it.' }),
    tokenUrl: url,
    clientId: words(255).meta({ description: 'Under which Relais is known there.' }),
    audience: url.optional().meta({ description: '`aud` of the client assertion, when it is not the token URL.' }),
    scope: words(500),
    idempotency: z.enum(['key', 'query', 'none']).meta({
      description:
        'What the partner promises of the same record sent twice: it honours the key, can be asked, or neither.',
    }),
  })
  .meta({ id: 'PartnerEndpoint' });

/** @returns without the members that were not given */
export function endpointOf({ audience, ...rest }: z.output<typeof partnerEndpoint>): NonNullable<Partner['endpoint']> {
  return { ...rest, ...(audience !== undefined && { audience }) };
}

export const newOrganization = z.strictObject({
  name: words(200),
  sector: z.enum(['social', 'health', 'housing']),
  function: bothLanguages,
  secrecy: z.enum(['professional-secrecy', 'duty-of-discretion', 'none']),
  confidentialByNature: z.boolean(),
});

export const guestContact = z
  .strictObject({
    email: words(254).meta({
      description: 'The service’s own address, nobody’s private one: one plain address, without a name beside it.',
    }),
    lang: z.enum(['en', 'fr']).meta({ description: 'Of the notice.' }),
    channel: z
      .strictObject({
        kind: z.enum(CODE_CHANNELS),
        hint: words(120).meta({ description: 'Where, for the caseworker: a number of the service, a desk.' }),
      })
      .meta({ description: 'How the code of a link is told: never by e-mail, where the link comes.' }),
  })
  .meta({ id: 'GuestContact' });

export const newPartner = z
  .strictObject({
    organizationId: id<OrganizationId>().optional(),
    organization: newOrganization.optional().meta({ description: 'A new one, instead of `organizationId`.' }),
    guest: guestContact.optional().meta({
      description:
        'Instead of all that follows: the organization has no system. It is told by mail, under its own name.',
    }),
    name: words(200).optional().meta({ description: 'Of the system; needed for one.' }),
    clientId: words(255).optional().meta({ description: 'Under which it calls Relais; needed for a system.' }),
    scopes: z.array(z.enum(SCOPES)).max(SCOPES.length).optional().meta({ description: 'Needed for a system.' }),
    keys: partnerKeys.optional(),
    endpoint: partnerEndpoint.optional(),
  })
  .refine(({ organizationId, organization }) => (organizationId === undefined) !== (organization === undefined), {
    path: ['organizationId'],
    message: 'Either organizationId or organization is needed, and not both.',
  })
  .meta({ id: 'NewPartner' });

const OF_A_SYSTEM = ['name', 'clientId', 'scopes', 'keys'] as const;
type Body = z.output<typeof newPartner>;
type NewSystem = { readonly [Member in (typeof OF_A_SYSTEM)[number]]: NonNullable<Body[Member]> } & Pick<
  Body,
  'endpoint'
>;

/**
 * Either a system or a guest: a mixture is nobody's wish, and a guest that has keys could call.
 *
 * @throws RelaisError 422 `partner.invalid` naming each member that is too many, or missing
 */
export function kindOf(
  body: Body,
): { readonly organization: OrganizationId | NewOrganization } & (
  { readonly guest: GuestContact } | { readonly system: NewSystem }
) {
  const { guest, organizationId, organization, ...system } = body;
  const violations: Violation[] =
    guest === undefined
      ? OF_A_SYSTEM.filter((member) => system[member] === undefined).map((member) => ({
          path: `/${member}`,
          rule: 'partner.needed',
          message: 'This is needed for a partner that has a system.',
        }))
      : Object.keys(system).map((member) => ({
          path: `/${member}`,
          rule: 'partner.guest-alone',
          message: 'A guest has no system: nothing of this belongs to it.',
        }));
  if (violations.length > 0) {
    throw new RelaisError('partner.invalid', 422, 'invariant', 'The partner cannot be registered like this.', {
      violations,
    });
  }
  const of = { organization: organizationId ?? organization! };
  return guest === undefined ? { ...of, system: system as NewSystem } : { ...of, guest };
}

const shownKeys = z.strictObject({
  url: z.string().nullable(),
  keyIds: z.array(z.string()).meta({ description: 'Names of the keys, where they were given here.' }),
});

export const partnerView = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    status: z.enum(['active', 'suspended']),
    organization: newOrganization.extend({ id: z.string() }),
    clientId: z.string(),
    issuer: z.string(),
    scopes: z.array(z.string()),
    guest: z.boolean().meta({ description: 'Without a system: told by mail.' }),
    contact: guestContact.nullable().meta({ description: 'Of a guest: where it is told.' }),
    keys: shownKeys.nullable(),
    formerKeys: shownKeys.extend({ endAt: at }).nullable(),
    endpoint: partnerEndpoint.nullable(),
    steps: z.array(
      z.strictObject({
        step: z.enum(ONBOARDING_STEPS),
        state: z.enum(['done', 'missing', 'under-way', 'failed', 'outdated', 'none']),
      }),
    ),
    lastTest: z
      .strictObject({
        id: z.string(),
        startedAt: at,
        state: z.enum(['running', 'passed', 'failed', 'interrupted']),
        current: z
          .boolean()
          .meta({ description: 'The endpoint, or the guest’s address, is still the one that was tried.' }),
        steps: z.array(
          z.strictObject({
            step: z.enum([...PROBE_STEPS, ...NOTICE_STEPS]),
            result: z.enum(['passed', 'noted', 'failed']),
            cause: z.string().nullable(),
            text: z
              .string()
              .nullable()
              .meta({ description: 'What it means and what to do, in the language of the answer.' }),
            ms: z.int(),
          }),
        ),
      })
      .nullable(),
  })
  .meta({ id: 'Partner' });

export const endpointExample = {
  url: 'https://fhir.toit-commun.example/r4',
  tokenUrl: 'https://auth.toit-commun.example/token',
  clientId: 'relais',
  scope: 'system/Bundle.c',
  idempotency: 'key',
} as const;

export const contactExample = {
  email: 'accueil@conseil-dettes.example',
  lang: 'fr',
  channel: { kind: 'phone', hint: '01 99 00 24 16' },
} as const;

export const partnerExample: z.input<typeof partnerView> = {
  id: '5b9f2c1e-3a4d-4c6b-8e7f-1a2b3c4d5e6f',
  name: 'Toit Commun · system',
  status: 'active',
  organization: {
    id: EXAMPLE.recipient,
    name: 'Toit Commun',
    sector: 'housing',
    function: { en: 'supported housing', fr: 'logement accompagné' },
    secrecy: 'professional-secrecy',
    confidentialByNature: false,
  },
  clientId: 'toit-commun',
  issuer: 'relais',
  scopes: ['system/Task.ru'],
  guest: false,
  contact: null,
  keys: { url: 'https://auth.toit-commun.example/jwks', keyIds: [] },
  formerKeys: null,
  endpoint: endpointExample,
  steps: [
    { step: 'organization', state: 'done' },
    { step: 'agreement', state: 'done' },
    { step: 'keys', state: 'done' },
    { step: 'endpoint', state: 'done' },
    { step: 'test', state: 'missing' },
  ],
  lastTest: null,
};

/**
 * Addresses, names of keys, states: what an operator needs. A guest's address is shown whole, and to operators alone: it is
 * a service's, whoever registers it must be able to see that it is the right one, and a notice to a mistyped address would
 * go to a stranger.
 */
export function presentPartner(
  { partner, organization, steps, lastTest }: OperatedPartner,
  lang: Lang,
): z.input<typeof partnerView> {
  const { formerKeys, endpoint } = partner;
  return {
    id: partner.id,
    name: partner.name,
    status: partner.status,
    organization,
    clientId: partner.clientId,
    issuer: partner.issuer,
    scopes: [...partner.scopes],
    guest: partner.guest !== undefined,
    contact: partner.guest ?? null,
    keys: partner.guest === undefined ? shown(partner) : null,
    formerKeys: formerKeys === undefined ? null : { ...shown(formerKeys), endAt: formerKeys.endAt },
    endpoint: endpoint ?? null,
    steps: [...steps],
    lastTest:
      lastTest === null
        ? null
        : {
            ...lastTest,
            steps: lastTest.steps.map((step) => ({
              ...step,
              text: step.cause === null ? null : say(PROBE_TEXTS[step.cause], lang),
            })),
          },
  };
}

function shown({ jwks: set, jwksUri }: PartnerKeys): z.input<typeof shownKeys> {
  return { url: jwksUri ?? null, keyIds: (set?.keys ?? []).map(({ kid }) => String(kid)) };
}
