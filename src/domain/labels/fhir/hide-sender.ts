import type { Resource } from 'fhir/r4.js';
import { wordsOf } from '../cues/cue.js';
import type { LabelRules } from '../rules/rules.js';
import { isPlain, lastOf, type Plain } from './said.js';

/** A sender whose mere name reveals something. */
export interface HiddenSender {
  /** As the directory has it. */
  readonly name: string;
  /** Beginning of the systems of its own identifiers, which hold an id that stands in no directory. */
  readonly ownRoot: string;
}

/** Shorter names would be found in words that are none. */
const SHORTEST = 5;

/**
 * Takes out what tells who sends, where the mere name of the sender reveals something (an addiction clinic): texts in which
 * its name stands, in any spelling of capitals, accents and separators; codings and identifiers of systems that are
 * not public, for their address is the sender's own; and elements that rules name (config/labels/fhir.yaml, `sender`).
 * What FHIR then lacks is looked at by the caller. Done twice is done once.
 */
export function hideSender(
  { fhir: { sender } }: LabelRules,
  resources: readonly Resource[],
  { name, ownRoot }: HiddenSender,
): Resource[] {
  const publicSystems = [...sender.publicSystems, ownRoot];
  const compact = compactOf(name);
  const isName = (text: string): boolean => compact.length >= SHORTEST && compactOf(text).includes(compact);
  const isForeign = (system: unknown): boolean =>
    typeof system === 'string' && system.includes(':') && !publicSystems.some((start) => system.startsWith(start));

  const keep = (value: unknown): unknown => {
    if (typeof value === 'string') return isName(value) ? undefined : value;
    if (Array.isArray(value)) {
      const left = value.map(keep).filter((item) => item !== undefined);
      return left.length === 0 ? undefined : left;
    }
    if (!isPlain(value)) return value;
    if (isForeign(value['system'])) return undefined;
    const left: Record<string, unknown> = {};
    for (const member in value) {
      const kept = keep(value[member]);
      if (kept !== undefined) left[member] = kept;
    }
    const isHollow = Object.keys(left).every((member) => ['id', 'url', 'resourceType'].includes(member));
    return isHollow ? undefined : left;
  };

  return (resources as unknown as readonly Plain[]).flatMap((resource) => {
    const { resourceType, id, meta, ...content } = resource;
    const profiles = isPlain(meta) && Array.isArray(meta['profile']) ? (meta['profile'] as readonly string[]) : [];
    const elements = new Set(profiles.flatMap((url) => sender.elements.get(lastOf(url)) ?? []));
    const left: Record<string, unknown> = {};
    for (const member in content) {
      if (elements.has(member)) continue;
      const value = content[member];
      const kept = keep(Array.isArray(value) ? value.filter((item) => !elements.has(segmentOf(member, item))) : value);
      if (kept !== undefined) left[member] = kept;
    }
    if (Object.keys(left).length === 0) return [];
    return [
      {
        resourceType,
        ...(id !== undefined && { id }),
        ...(meta !== undefined && { meta }),
        ...left,
      } as unknown as Resource,
    ];
  });
}

const segmentOf = (member: string, item: unknown): string =>
  isPlain(item) && typeof item['url'] === 'string' ? `${member}(${lastOf(item['url'])})` : member;

function compactOf(text: string): string {
  return wordsOf(text)
    .map(({ small }) => small)
    .join('');
}
