import { createHash } from 'node:crypto';
import { RelaisError } from '../kernel/errors.js';
import { writeJson, type JsonValue } from '../kernel/json.js';
import type { Permit } from '../domain/decision/decision.js';
import type { Preview, PreviewElement } from './transfer.js';
import type { Account, Disclosable } from './steps.js';

/** Each element that would leave: where it stands, and a hash by which a change is seen. */
export function elementsOf({ kept }: Account): PreviewElement[] {
  return kept.map(({ path, value }) => ({
    path,
    hash: createHash('sha256')
      .update(writeJson(value as JsonValue), 'utf8')
      .digest('base64url')
      .slice(0, 22),
  }));
}

/** What is no longer as it was shown: places in the case (JSON Pointers), never what stands there. */
interface Difference {
  readonly noLongerSent: readonly string[];
  readonly newlySent: readonly string[];
  readonly changed: readonly string[];
  /** What changed meanwhile. */
  readonly because: readonly ('case' | 'consent-or-agreement' | 'mapping' | 'request')[];
}

/**
 * The bytes that would leave now are the bytes that were shown, and they were shown for this request, or nothing is sent.
 *
 * @throws RelaisError 409 `preview.differs` with the difference
 */
export function requireAsShown(
  preview: Preview,
  permit: Permit,
  disclosable: Disclosable,
  now: { readonly requestDigest: string; readonly mappingVersion: string },
): void {
  if (preview.digest === disclosable.digest && preview.requestDigest === now.requestDigest) return;
  const before = new Map(preview.elements.map(({ path, hash }) => [path, hash]));
  const after = new Map(elementsOf(disclosable.account).map(({ path, hash }) => [path, hash]));
  const difference: Difference = {
    noLongerSent: [...before.keys()].filter((path) => !after.has(path)),
    newlySent: [...after.keys()].filter((path) => !before.has(path)),
    changed: [...after].filter(([path, hash]) => before.has(path) && before.get(path) !== hash).map(([path]) => path),
    because: [
      ...(preview.caseVersion === permit.caseVersion ? [] : (['case'] as const)),
      ...(preview.permitted === permit.permitted &&
      preview.agreement.id === permit.agreement.id &&
      preview.agreement.version === permit.agreement.version
        ? []
        : (['consent-or-agreement'] as const)),
      ...(preview.mappingVersion === now.mappingVersion ? [] : (['mapping'] as const)),
      ...(preview.requestDigest === now.requestDigest ? [] : (['request'] as const)),
    ],
  };
  throw new RelaisError(
    'preview.differs',
    409,
    'conflict',
    'What would leave now is not what was shown: look at it again. Nothing was sent.',
    { details: { difference } },
  );
}

/** @throws RelaisError 409 `preview.unknown` */
export function previewUnknown(): RelaisError {
  return new RelaisError(
    'preview.unknown',
    409,
    'conflict',
    'Nothing with this digest was shown within the last hour, or it was sent already: look at it again.',
  );
}
