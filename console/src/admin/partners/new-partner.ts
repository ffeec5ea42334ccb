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

/** As it is typed. */
export interface TypedPartner {
  /** Empty: not chosen. */
  readonly organizationId: string;
  readonly organizationName: string;
  readonly sector: string;
  readonly functionFr: string;
  readonly functionEn: string;
  readonly secrecy: string;
  readonly confidentialByNature: boolean;
  readonly name: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly later: boolean;
  readonly endpoint: TypedEndpoint;
}

/** Of the choice of an organization: one that is not known yet. */
export const NEW = 'new';

export const NOTHING: TypedPartner = {
  organizationId: '',
  organizationName: '',
  sector: '',
  functionFr: '',
  functionEn: '',
  secrecy: '',
  confidentialByNature: false,
  name: '',
  clientId: '',
  // Whoever receives reports back; everything else is asked for.
  scopes: ['system/Task.ru'],
  later: false,
  endpoint: NO_ENDPOINT,
};

const OF_ORGANIZATION = ['organizationName', 'sector', 'functionFr', 'functionEn', 'secrecy'] as const;

/** Paths that nothing was typed for. Pure. */
export function missingOf(typed: TypedPartner): readonly string[] {
  const needed = [
    'organizationId',
    ...(typed.organizationId === NEW ? OF_ORGANIZATION : []),
    'name',
    'clientId',
  ] as const;
  return [
    ...needed.filter((field) => typed[field as 'name'].trim() === '').map((field) => `/${field}`),
    ...(typed.later ? [] : missingIn(typed.endpoint).map((path) => `/endpoint${path}`)),
  ];
}

/** As `POST /api/v1/partners` takes it. Pure. */
export function bodyOf(typed: TypedPartner, keys: object): object {
  const { organizationId, sector, secrecy, confidentialByNature } = typed;
  return {
    ...(organizationId === NEW
      ? {
          organization: {
            name: typed.organizationName.trim(),
            sector,
            function: { fr: typed.functionFr.trim(), en: typed.functionEn.trim() },
            secrecy,
            confidentialByNature,
          },
        }
      : { organizationId }),
    name: typed.name.trim(),
    clientId: typed.clientId.trim(),
    scopes: typed.scopes,
    keys,
    ...(!typed.later && { endpoint: endpointOf(typed.endpoint) }),
  };
}
