import type pg from 'pg';
import { RelaisError } from '../../../kernel/errors.js';
import type { OrganizationId } from '../../../kernel/ids.js';

/**
 * A guest is registered where nothing receives yet. Beside a system, or a guest before it, no notice would ever go to it
 * (directory/partner-of), and its operator would wait for one. The lock lets one of two clicks through.
 *
 * @throws RelaisError 409 `partner.receives-already`
 */
export async function mustReceiveNothing(client: pg.ClientBase, organizationId: OrganizationId): Promise<void> {
  await client.query('select from organization where id = $1 for no key update', [organizationId]);
  const { rowCount } = await client.query(RECEIVES, [organizationId]);
  if (rowCount === 0) return;
  throw new RelaisError(
    'partner.receives-already',
    409,
    'conflict',
    'This organization receives already, by a system or as a guest.',
  );
}

/** A suspended system receives nothing: until it is back, its organization may be told by mail. */
const RECEIVES = `
  select from partner where organization_id = $1 and (guest is not null or (endpoint is not null and status = 'active')) limit 1`;
