import type { Violation } from '../../kernel/errors.js';
import type { Agreement, AgreementPurpose } from './agreement.js';

/** What contradicts itself; may not even be drafted. Places are JSON Pointers into the agreement. */
export function contradictionsOf(agreement: Agreement): Violation[] {
  const { parties, purposes, validFrom, validUntil } = agreement;
  return [
    ...purposes.flatMap((purpose, index) => contradictionsOfPurpose(purpose, `/purposes/${index}`, parties)),
    ...(validUntil !== undefined && validUntil <= validFrom
      ? [violation('/validUntil', 'agreement.period', 'The end must be after the beginning.')]
      : []),
    ...(new Set(parties).size < 2
      ? [violation('/parties', 'agreement.parties', 'An agreement has at least two parties.')]
      : []),
    ...emergencyOf(agreement),
    ...adhesionOf(agreement),
  ];
}

function contradictionsOfPurpose(purpose: AgreementPurpose, path: string, parties: readonly string[]): Violation[] {
  const roles = purpose.roles ?? [];
  const count = (role: string): number => roles.filter((one) => one.role === role).length;
  return [
    ...([...purpose.senders, ...purpose.recipients, ...roles.map(({ party }) => party)].some(
      (id) => !parties.includes(id),
    )
      ? [violation(path, 'agreement.party', 'Senders and recipients must be parties.')]
      : []),
    // GDPR art. 9(2): special categories need a condition of their own.
    ...(purpose.sensitivities.length > 0 && purpose.article9Condition === undefined
      ? [violation(path, 'agreement.article-9', 'Sensitive data need an Article 9 condition.')]
      : []),
    ...(new Set(roles.map(({ party }) => party)).size < roles.length
      ? [violation(`${path}/roles`, 'agreement.two-roles', 'A party has one role in one processing.')]
      : []),
    // GDPR art. 26: joint controllers are two or more.
    ...(count('joint-controller') === 1
      ? [violation(`${path}/roles`, 'agreement.joint-alone', 'Joint controllers are two or more.')]
      : []),
    // GDPR art. 28: a processor acts for a controller.
    ...(count('processor') > 0 && count('controller') + count('joint-controller') === 0
      ? [violation(`${path}/roles`, 'agreement.no-controller', 'A processor needs a controller.')]
      : []),
  ];
}

function emergencyOf({ emergency, purposes }: Agreement): Violation[] {
  if (emergency?.allowed !== true) return [];
  const covered = new Set(purposes.flatMap(({ categories }) => categories));
  return emergency.categories.every((category) => covered.has(category))
    ? []
    : [
        violation(
          '/emergency/categories',
          'agreement.emergency-wider',
          'An emergency covers no more than the purposes.',
        ),
      ];
}

function adhesionOf({ adhesion, purposes }: Agreement): Violation[] {
  if (adhesion?.open !== true) return [];
  const rest = new Set(purposes.map(({ purpose }) => purpose));
  const roles = new Map<string, string>();
  const oneRole = adhesion.places.every(
    ({ purpose, role }) => (roles.get(purpose) ?? role) === role && roles.set(purpose, role),
  );
  return [
    ...(adhesion.places.every(({ purpose }) => rest.has(purpose))
      ? []
      : [violation('/adhesion/places', 'agreement.adhesion-purpose', 'Adhesion is to a purpose of the agreement.')]),
    ...(oneRole
      ? []
      : [violation('/adhesion/places', 'agreement.two-roles', 'A party has one role in one processing.')]),
  ];
}

/** Clauses that a text needs before it is proposed; one that was concluded on paper may lack some. */
export const NEEDED_CLAUSES = [
  'dpia',
  'retention',
  'onward',
  'emergency',
  'adhesion',
  'auditRight',
  'breachNotice',
  'reviewOn',
  'thirdCountries',
] as const;

/** What is still missing; may be drafted, and not proposed. */
export function gapsOf(agreement: Agreement): Violation[] {
  const { dpia } = agreement;
  return [
    ...NEEDED_CLAUSES.filter((clause) => agreement[clause] === undefined).map((clause) =>
      violation(`/${clause}`, 'agreement.clause-missing', 'This clause is needed before it is proposed.'),
    ),
    ...(dpia !== undefined && dpia.opinion !== 'not-required' && dpia.reference === undefined
      ? [violation('/dpia/reference', 'agreement.dpia-reference', 'Say where the impact assessment is kept.')]
      : []),
    ...((dpia?.opinion === 'not-required' || dpia?.opinion === 'unfavourable') && dpia.reason === undefined
      ? [violation('/dpia/reason', 'agreement.dpia-reason', 'Say why none is required, or why the parties go ahead.')]
      : []),
    ...agreement.purposes.flatMap((purpose, index) => gapsOfPurpose(purpose, `/purposes/${index}`)),
  ];
}

function gapsOfPurpose(purpose: AgreementPurpose, path: string): Violation[] {
  const named = new Set(purpose.roles?.map(({ party }) => party));
  return [
    ...([...purpose.senders, ...purpose.recipients].every((party) => named.has(party))
      ? []
      : [violation(`${path}/roles`, 'agreement.role-missing', 'Every sender and recipient has a role.')]),
    ...((purpose.recipientFunctions ?? []).length > 0
      ? []
      : [
          violation(
            `${path}/recipientFunctions`,
            'agreement.function-missing',
            'Say who at the recipient may read it.',
          ),
        ]),
  ];
}

function violation(path: string, rule: string, message: string): Violation {
  return { path, rule, message };
}
