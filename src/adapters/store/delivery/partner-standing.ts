import type { PartnerSign } from '../../../transfer/transfer.js';

/** How long a breaker stays open at most, whatever was probed in vain. */
const LONGEST_OPEN_SECONDS = 300;

/**
 * What the end of a delivery says of the partner, in the statement that ends it. A healthy partner's row is not touched
 * (nothing is locked while all goes well). A failure counts when the breaker lets deliveries through: those that were on
 * the wire when it opened say nothing new. Each probe in vain doubles the pause.
 *
 * @param from the CTE that ended the delivery; it has `partner_id`
 * @param sign number of the parameter `answers` | `fails` | `unknown`
 * @param pause number of the parameter with the seconds that the partner asked to be left alone, or null
 */
export function partnerStanding(from: string, sign: number, pause: number): string {
  const now = 'clock_timestamp()';
  const fails = `$${sign} = 'fails' and (d.open_until is null or d.open_until <= ${now})`;
  return `
  standing as (
    update partner_delivery d
       set failures = case when $${sign} = 'answers' then 0 when ${fails} then d.failures + 1 else d.failures end,
           open_until = case
             when $${sign} = 'answers' then null
             when ${fails} and d.failures + 1 >= d.breaker_failures then ${now} + make_interval(secs => least(${LONGEST_OPEN_SECONDS},
               d.breaker_pause_ms / 1000.0 * power(2, least(12, d.failures + 1 - d.breaker_failures))))
             else d.open_until end,
           paused_until = greatest(d.paused_until, ${now} + make_interval(secs => $${pause}::float8))
      from ${from} ended
     where d.partner_id = ended.partner_id
       and ($${sign} = 'answers' and d.failures > 0 or ${fails} or $${pause}::float8 is not null)
  )`;
}

/** As parameters of `partnerStanding`, in their order. */
export function standingValues({ sign, pauseMs }: PartnerSign): [string, number | null] {
  return [sign, pauseMs === undefined ? null : pauseMs / 1000];
}
