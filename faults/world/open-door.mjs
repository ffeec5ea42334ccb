/**
 * A plain door whose breaker is closed, where there is one. Behind an open one a fault would wait for minutes to be met, and
 * one fault after the other at the same door would keep it open for as long as the run takes: the same fault again.
 */
export async function openDoor({ admin, plain }, random) {
  const { rows } = await admin.query(CLOSED).catch(() => ({ rows: [] }));
  const closed = new Set(rows.map(({ id }) => id));
  const able = plain.filter(({ id }) => closed.has(id));
  return random.pick(able.length > 0 ? able : plain);
}

const CLOSED = `
  select p.organization_id as id from partner p join partner_delivery d on d.partner_id = p.id
   where d.failures < d.breaker_failures`;
