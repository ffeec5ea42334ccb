import { createHash } from 'node:crypto';
import { compactVerify, decodeJwt, decodeProtectedHeader } from 'jose';
import type { Log } from '../../kernel/log.js';
import { OWN_ISSUER, type Registry, type ReplayStore, type VerifyLaunch } from '../../transfer/identity-ports.js';
import { checkClientAssertion } from './check-client-assertion.js';
import { keysOf } from './partner-keys.js';
import type { RemoteKeySets } from './remote-key-sets.js';
import { importKey, isAcceptedAlgorithm, keyNamed } from './verification-key.js';

/** Where the console opens a case from a link; what a link must be made for. */
export const LAUNCH_PATH = '/console/open';

const MAX_LENGTH = 8_192;
const NOT_BEFORE_TOLERANCE_SECONDS = 60;

/**
 * Verifies a link by which an agency's software opens a case: a JWT with the rules of a client assertion (RFC 7523, RFC
 * 8725; check-client-assertion), for `publicUrl` + `/console/open` alone, signed by a key of a partner of the organization
 * that the member of staff belongs to, and good for one use. Times are judged by the database's.
 *
 * A link is spent only when everything else is right, so that nobody can use up another's.
 */
export function createLaunchVerifier(options: {
  readonly publicUrl: string;
  readonly registry: Pick<Registry, 'partnerByClientId'>;
  readonly replay: Pick<ReplayStore, 'useOnce'>;
  readonly keySets: RemoteKeySets;
  readonly log: Log;
}): VerifyLaunch {
  const { registry, replay, keySets, log } = options;
  const audience = `${options.publicUrl.replace(/\/+$/, '')}${LAUNCH_PATH}`;
  const refused = (cause: string): null => {
    log('identity.launch-refused', { cause });
    return null;
  };

  return async (launch, organizationId) => {
    const read = readParts(launch);
    if (read === null) return refused('malformed');
    const { header, claims } = read;
    const { iss, sub, exp, nbf, jti } = claims;
    if (!isAcceptedAlgorithm(header['alg'])) return refused('algorithm');
    if (typeof iss !== 'string' || iss === '' || sub !== iss) return refused('iss-not-sub');
    const found = await registry.partnerByClientId(OWN_ISSUER, iss);
    if (found?.partner.status !== 'active' || found.partner.organizationId !== organizationId) {
      return refused('not-of-this-organization');
    }
    const nowSeconds = Date.parse(found.at) / 1000;
    const broken = checkClientAssertion(claims, header, [audience], nowSeconds);
    if (broken !== null) return refused(broken);
    const kid = header['kid'] as string;
    const { partner } = found;
    const key = keyNamed(await keysOf(partner, keySets, kid), kid, header['alg']);
    if (key === null) return refused('key');
    try {
      await compactVerify(launch, await importKey(key, header['alg']), { algorithms: [header['alg']] });
    } catch {
      return refused('signature');
    }
    const lastsSeconds = (exp as number) - nowSeconds;
    if (lastsSeconds <= 0) return refused('expired');
    if (nbf !== undefined && (typeof nbf !== 'number' || nbf - nowSeconds > NOT_BEFORE_TOLERANCE_SECONDS)) {
      return refused('not-yet-valid');
    }
    const caseId = claims['case'];
    if (typeof caseId !== 'string' || jti === '') return refused('claims');
    const use = createHash('sha256')
      .update(JSON.stringify(['launch', iss, jti]))
      .digest('hex');
    if (!(await replay.useOnce(use, lastsSeconds))) return refused('jti-used-before');
    return { caseId, partnerId: partner.id };
  };
}

type Json = Readonly<Record<string, unknown>>;

function readParts(launch: string): { readonly header: Json; readonly claims: Json } | null {
  if (launch.length > MAX_LENGTH) return null;
  try {
    return { header: decodeProtectedHeader(launch), claims: decodeJwt(launch) };
  } catch {
    return null;
  }
}
