import { DATA_MEANINGS, type Code, type DataMeaning, type DataReference, type Provision } from './policy.js';
import { PROFILE_RULES, type ConsentProfile, type ProfileRules } from './profiles.js';
import {
  endOf,
  isPlain,
  listOf,
  objectWith,
  readCoding,
  readConcept,
  readPeriod,
  readReference,
  startOf,
  typeOfReference,
} from './read-values.js';
import { unreadable, type Reading } from './unreadable.js';

/** Plain R4 sets no limit; nobody decides in more levels than this, and a reader must end. */
const MOST_LEVELS = 9;
const MOST_PROVISIONS = 1000;

const PROVISION = new Set([
  'id',
  'type',
  'period',
  'actor',
  'action',
  'securityLabel',
  'purpose',
  'class',
  'code',
  'dataPeriod',
  'data',
  'provision',
]);
const ACTOR = new Set(['id', 'role', 'reference']);
const DATA = new Set(['id', 'meaning', 'reference']);
const PARTICIPATION_TYPE = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';

/** What reading one provision needs to know of those around it. */
interface Around {
  readonly reading: Reading;
  readonly rules: readonly ProfileRules[];
  readonly count: { provisions: number };
}

/**
 * Reads Consent.provision with its exceptions (https://hl7.org/fhir/R4/consent-definitions.html#Consent.provision).
 *
 * @param base what the base rule of the consent says when its root provision has no type of its own
 * @returns undefined when something was not understood; the reasons are in `reading`
 */
export function readRootProvision(
  value: unknown,
  base: 'permit' | 'deny' | undefined,
  profiles: readonly ConsentProfile[],
  reading: Reading,
): Provision | undefined {
  const around = { reading, rules: profiles.map((profile) => PROFILE_RULES[profile]), count: { provisions: 0 } };
  return readProvision(value, 'Consent.provision', 1, around, base);
}

function readProvision(
  value: unknown,
  location: string,
  level: number,
  around: Around,
  base?: 'permit' | 'deny',
): Provision | undefined {
  const { reading, rules, count } = around;
  const { attempt } = reading;
  return attempt(() => {
    count.provisions += 1;
    if (count.provisions > MOST_PROVISIONS) return unreadable('consent.too-many', 'Consent.provision');
    if (level > MOST_LEVELS) return unreadable('consent.too-deep', location);
    const provision = objectWith(value, PROVISION, 'consent.no-rules', location);
    for (const name of Object.keys(provision)) {
      if (name !== 'id' && rules.some((rule) => !rule.provision.has(name)))
        return unreadable('consent.profile-forbids', `${location}.${name}`);
    }
    if (provision['provision'] !== undefined && rules.some(({ levels }) => level >= levels))
      return unreadable('consent.profile-forbids', `${location}.provision`);

    // Each part on its own, so that every place is named at once; nothing is used when one of them failed.
    const before = reading.reasons.length;
    const type = attempt(() => readType(provision['type'], base, location));
    const period = attempt(() => optional(provision['period'], readPeriod, `${location}.period`));
    const actors = attempt(() => each(provision['actor'], readActor, `${location}.actor`));
    const purposes = attempt(() => each(provision['purpose'], readPurpose(rules), `${location}.purpose`));
    const actions = attempt(() => each(provision['action'], readConcept, `${location}.action`));
    const securityLabel = attempt(() =>
      each(provision['securityLabel'], readLabel(rules), `${location}.securityLabel`),
    );
    const classes = attempt(() => each(provision['class'], readCoding, `${location}.class`));
    const codes = attempt(() => each(provision['code'], readConcept, `${location}.code`));
    const dataPeriod = attempt(() => optional(provision['dataPeriod'], readPeriod, `${location}.dataPeriod`));
    const data = attempt(() => each(provision['data'], readData(rules), `${location}.data`));
    const exceptions = attempt(() => listOf(provision['provision'], `${location}.provision`));
    const nested = (exceptions ?? []).map((exception, index) =>
      readProvision(exception, `${location}.provision[${index}]`, level + 1, around),
    );
    if (reading.reasons.length > before || type === undefined) return undefined;
    return {
      type,
      location,
      ...(period?.start !== undefined && { from: startOf(period.start) }),
      ...(period?.end !== undefined && { until: endOf(period.end) }),
      ...(actors && { actors }),
      ...(purposes && { purposes }),
      ...(actions && { actions: actions.flat() }),
      scope: {
        ...(securityLabel && { securityLabel }),
        ...(dataPeriod && { dataPeriod }),
        ...(data && { data }),
        ...(classes && { class: classes }),
        ...(codes && { code: codes }),
      },
      exceptions: nested.filter((exception) => exception !== undefined),
    };
  });
}

function optional<T>(value: unknown, read: (value: unknown, location: string) => T, location: string): T | undefined {
  return value === undefined ? undefined : read(value, location);
}

function each<T>(value: unknown, read: (value: unknown, location: string) => T, location: string): T[] | undefined {
  return listOf(value, location)?.map((item, index) => read(item, `${location}[${index}]`));
}

function readType(value: unknown, base: 'permit' | 'deny' | undefined, location: string): 'permit' | 'deny' {
  if (value === undefined && base !== undefined) return base;
  if (value !== 'permit' && value !== 'deny') return unreadable('consent.type', `${location}.type`);
  if (base !== undefined && value !== base) return unreadable('consent.contradiction', `${location}.type`);
  return value;
}

/** Roles are ways of taking part: somebody in another role than recipient would make the rule about something else. */
function readActor(value: unknown, location: string): string {
  const actor = objectWith(value, ACTOR, 'consent.actor', location);
  if (!isPlain(actor['role'])) return unreadable('consent.role', `${location}.role`);
  const roles = readConcept(actor['role'], `${location}.role`);
  if (!roles.every(({ system, code }) => system === PARTICIPATION_TYPE && code === 'IRCP'))
    return unreadable('consent.role', `${location}.role`);
  return readReference(actor['reference'], 'consent.actor', `${location}.reference`);
}

const keyOf = ({ system, code }: Code): string => `${system}|${code}`;

function readPurpose(rules: readonly ProfileRules[]) {
  return (value: unknown, location: string): Code => {
    const purpose = readCoding(value, location);
    if (rules.some(({ purposes }) => purposes !== null && !purposes.has(keyOf(purpose))))
      return unreadable('consent.profile-forbids', location);
    return purpose;
  };
}

function readLabel(rules: readonly ProfileRules[]) {
  return (value: unknown, location: string): Code => {
    const label = readCoding(value, location);
    if (rules.some(({ labels }) => labels !== null && !labels.has(keyOf(label))))
      return unreadable('consent.profile-forbids', location);
    return label;
  };
}

function readData(rules: readonly ProfileRules[]) {
  return (value: unknown, location: string): DataReference => {
    const part = objectWith(value, DATA, 'consent.data', location);
    const meaning = DATA_MEANINGS.find((known) => known === part['meaning']);
    if (meaning === undefined) return unreadable('consent.data', `${location}.meaning`);
    const reference = readReference(part['reference'], 'consent.data', `${location}.reference`);
    if (rules.some(({ data }) => data !== null && !isAllowed(data, meaning, reference)))
      return unreadable('consent.profile-forbids', location);
    return { meaning, reference };
  };
}

function isAllowed(data: NonNullable<ProfileRules['data']>, meaning: DataMeaning, reference: string): boolean {
  const targets = data.get(meaning);
  if (targets === undefined) return false;
  if (targets === null) return true;
  const type = typeOfReference(reference);
  return type !== null && targets.has(type);
}
