import type { ContactFault } from '../../../../src/transfer/check-contact.js';
import { contactOf, faultsInContact, missingInContact, NO_CONTACT, type TypedContact } from './ContactFields.js';
import { endpointOf, missingIn, NO_ENDPOINT, type TypedEndpoint } from './EndpointFields.js';

export const SECTORS = ['social', 'health', 'housing'] as const;
export const SECRECIES = ['professional-secrecy', 'duty-of-discretion', 'none'] as const;
export const RIGHTS = [
  'system/Task.ru',
  'relais/Case.cru',
  'relais/Transfer.cru',
  'system/Consent.cru',
  'relais/Disclosure.r',
  'relais/Agreement.r',
] as const;
/** It has software of its own, or none. */
export const WAYS = ['system', 'guest'] as const;

/** As it is typed. */
export interface TypedPartner {
  /** Empty: not chosen. */
  readonly way: (typeof WAYS)[number] | '';
  /** Empty: not chosen. */
  readonly organizationId: string;
  readonly organizationName: string;
  readonly sector: string;
  readonly functionFr: string;
  readonly functionEn: string;
  readonly secrecy: string;
  readonly confidentialByNature: boolean;
  readonly contact: TypedContact;
  readonly name: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly later: boolean;
  readonly endpoint: TypedEndpoint;
}

/** What a group of fields works with. */
export interface PartnerFields {
  readonly typed: TypedPartner;
  readonly onChange: (change: Partial<TypedPartner>) => void;
  /** What is wrong with a member, by its path in what is sent. */
  readonly errorAt: (path: string) => string | undefined;
}

/** Of the choice of an organization: one that is not known yet. */
export const NEW = 'new';

export const NOTHING: TypedPartner = {
  way: '',
  organizationId: '',
  organizationName: '',
  sector: '',
  functionFr: '',
  functionEn: '',
  secrecy: '',
  confidentialByNature: false,
  contact: NO_CONTACT,
  name: '',
  clientId: '',
  // Whoever receives reports back; everything else is asked for.
  scopes: ['system/Task.ru'],
  later: false,
  endpoint: NO_ENDPOINT,
};

/** Where what is typed stands in what is sent (RFC 6901). */
export const PLACES = {
  organizationId: '/organizationId',
  organizationName: '/organization/name',
  sector: '/organization/sector',
  functionFr: '/organization/function/fr',
  functionEn: '/organization/function/en',
  secrecy: '/organization/secrecy',
  name: '/name',
  clientId: '/clientId',
} as const;

const OF_ORGANIZATION = ['organizationName', 'sector', 'functionFr', 'functionEn', 'secrecy'] as const;
const OF_SYSTEM = ['name', 'clientId'] as const;

/** Paths that nothing was typed for. Pure. */
export function missingOf(typed: TypedPartner): readonly string[] {
  const needed: (keyof typeof PLACES)[] = [
    'organizationId',
    ...(typed.organizationId === NEW ? OF_ORGANIZATION : []),
    ...(typed.way === 'system' ? OF_SYSTEM : []),
  ];
  const further =
    typed.way === 'guest'
      ? missingInContact(typed.contact).map((path) => `/guest${path}`)
      : typed.later
        ? []
        : missingIn(typed.endpoint).map((path) => `/endpoint${path}`);
  return [...needed.filter((field) => typed[field].trim() === '').map((field) => PLACES[field]), ...further];
}

/** What the gateway would refuse of what was typed; of a system the gateway says it. Pure. */
export function faultsOf({
  way,
  contact,
}: TypedPartner): readonly { readonly path: string; readonly rule: ContactFault['rule'] }[] {
  if (way !== 'guest') return [];
  return faultsInContact(contact).map(({ path, rule }) => ({ path: `/guest${path}`, rule }));
}

function organizationOf(typed: TypedPartner): object {
  const { organizationId, sector, secrecy, confidentialByNature } = typed;
  if (organizationId !== NEW) return { organizationId };
  return {
    organization: {
      name: typed.organizationName.trim(),
      sector,
      function: { fr: typed.functionFr.trim(), en: typed.functionEn.trim() },
      secrecy,
      confidentialByNature,
    },
  };
}

/** As `POST /api/v1/partners` takes a system. Pure. */
export function systemBodyOf(typed: TypedPartner, keys: object): object {
  return {
    ...organizationOf(typed),
    name: typed.name.trim(),
    clientId: typed.clientId.trim(),
    scopes: typed.scopes,
    keys,
    ...(!typed.later && { endpoint: endpointOf(typed.endpoint) }),
  };
}

/** As `POST /api/v1/partners` takes a guest: nothing of a system. Pure. */
export function guestBodyOf(typed: TypedPartner): object {
  return { ...organizationOf(typed), guest: contactOf(typed.contact) };
}
