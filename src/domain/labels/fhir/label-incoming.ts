import { WHOLE, type Entity } from '../../case/define.js';
import { caseModel } from '../../case/schema.js';
import { labelsFromCodes } from '../code-labels.js';
import { labelsOf, maskOf, SENSITIVITIES, type LabelMask } from '../labels.js';
import type { LabelRules } from '../rules/rules.js';
import { labelsOfSecurity } from '../security-labels.js';
import { isPlain, labelsSaid, type Plain } from './said.js';

/** A resource that came in, with the key of the item that it became. */
export interface Incoming {
  /** Name of the map: `case/need`. */
  readonly map: string;
  readonly key: string;
  readonly resource: Plain;
}

/** null: a label that is not understood, which keeps the item here. */
type Said = LabelMask | null;

const SENSITIVE = maskOf(SENSITIVITIES);
/** What a person's own resource says of these is about where the person is found, not about who it is. */
const OF_WHEREABOUTS = maskOf(['violence', 'protected-address']);

/**
 * Carries the labels of resources that came in over to the items that they became: `meta.security`, and what codes say
 * of which the case keeps another. They are written into `about`, where people write theirs, so that they hold for
 * every transfer from then on. A label that is not understood keeps the item here. Labels that the item carries by its
 * own codes are not written again.
 *
 * @returns the record; the one that was given when nothing was to be added
 */
export function labelIncoming(rules: LabelRules, record: Plain, incoming: readonly Incoming[]): Plain {
  const person = isPlain(record['person']) ? record['person']['id'] : undefined;
  const byKey = new Map<unknown, Said>();
  const byEntity = new Map<string, Said>();
  let whereabouts: LabelMask = 0;
  for (const { map, key, resource } of incoming) {
    const isPatient = resource['resourceType'] === 'Patient';
    // What a record holds once (its plan) bears the person's key; its codes speak of single elements too.
    const isOnly = key === person;
    let said = saidBy(rules, resource, !isOnly);
    if (isPatient && said !== null) {
      whereabouts |= said & OF_WHEREABOUTS;
      said &= ~OF_WHEREABOUTS;
    }
    if (said === 0) continue;
    if (isOnly && !isPatient) add(byEntity, entityOf(map), said);
    else add(byKey, key, said);
  }
  if (byKey.size === 0 && byEntity.size === 0 && whereabouts === 0) return record;

  const visit = (model: Entity, item: Plain): Plain => {
    const changed: Record<string, unknown> = { ...item };
    for (const [name, member] of Object.entries(model.fields)) {
      const value = item[name];
      if (member.kind === 'entity' && isPlain(value)) changed[name] = visit(member, value);
      if (member.kind === 'list' && Array.isArray(value)) {
        changed[name] = value.map((one: unknown) => (isPlain(one) ? visit(member.item, one) : one));
      }
    }
    const own = typeof item['id'] === 'string' ? byKey.get(item['id']) : byEntity.get(model.name);
    const placed = model.name === 'address' || model.name === 'telecom' ? whereabouts : 0;
    if (own === undefined && placed === 0) return changed;
    return mark(changed, own === null ? null : ((own ?? 0) | placed) & ~labelsFromCodes(rules, model.name, item));
  };
  return visit(caseModel, record);
}

function add<Key>(said: Map<Key, Said>, key: Key, more: Said): void {
  const before = said.get(key);
  said.set(key, more === null || before === null ? null : more | (before ?? 0));
}

/** `case/housing-situation` → `housingSituation`; what the person earns stands beside the employment. */
function entityOf(map: string): string {
  const kind = map.slice(map.indexOf('/') + 1);
  return kind === 'employment' ? 'income' : kind.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function saidBy(rules: LabelRules, resource: Plain, withCodes: boolean): Said {
  const { meta, resourceType, ...content } = resource;
  const security = isPlain(meta) ? labelsOfSecurity(meta['security']) : 0;
  if (security === null) return null;
  // Codes of a person's own resource speak of single elements (an identifier), which have fields of their own.
  const codes = withCodes && resourceType !== 'Patient' ? labelsSaid(rules, content) : 0;
  return (security | codes) & SENSITIVE;
}

function mark(item: Record<string, unknown>, said: Said): Plain {
  if (said === 0) return item;
  const abouts = isPlain(item['about']) ? item['about'] : {};
  const before = isPlain(abouts[WHOLE]) ? abouts[WHOLE] : { source: 'document' };
  const named = Array.isArray(before['sensitivities']) ? maskOf(before['sensitivities'] as string[]) : 0;
  const whole = said === null ? { ...before, doNotShare: true } : { ...before, sensitivities: labelsOf(named | said) };
  return { ...item, about: { ...abouts, [WHOLE]: whole } };
}
