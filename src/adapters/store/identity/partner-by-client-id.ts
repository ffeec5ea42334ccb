import type pg from 'pg';
import type { Instant } from '../../../kernel/clock.js';
import type { Registry } from '../../../transfer/identity-ports.js';
import { translateError } from '../connection/errors.js';
import { oneAtATime } from '../connection/gather.js';
import { PARTNER, partnerOf, type PartnerRow } from './registry-rows.js';

type Found = Awaited<ReturnType<Registry['partnerByClientId']>>;
interface ClientName {
  readonly issuer: string;
  readonly clientId: string;
}

const SELECT = `select ${PARTNER}, now() as at from partner where issuer = $1 and client_id = $2`;

/**
 * Asked for every call, so what is stored by then counts. Calls that come while a question is under way wait for the next; of
 * those by one client one question answers all.
 */
export function createPartnerByClientId(pool: pg.Pool): Registry['partnerByClientId'] {
  const ask = oneAtATime(async (names: readonly ClientName[]) => {
    const questions = new Map<string, Promise<Found>>();
    const answers = names.map((name) => {
      const key = JSON.stringify([name.issuer, name.clientId]);
      const answer = questions.get(key) ?? find(pool, name);
      questions.set(key, answer);
      return answer;
    });
    return Promise.all(answers);
  });
  return (issuer, clientId) => ask({ issuer, clientId });
}

async function find(pool: pg.Pool, { issuer, clientId }: ClientName): Promise<Found> {
  // Planned once, and a database that is too busy is no failure of ours (503, not 500).
  const { rows } = await pool
    .query<PartnerRow & { at: Instant }>({ name: 'partner-by-client-id', text: SELECT, values: [issuer, clientId] })
    .catch((error: unknown) => {
      throw translateError(error);
    });
  return rows[0] === undefined ? null : { partner: partnerOf(rows[0]), at: rows[0].at };
}
