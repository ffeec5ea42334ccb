import type pg from 'pg';
import type { StoredHmisRow } from '../../../intake/ports.js';
import type { Instant } from '../../../kernel/clock.js';
import type { OrganizationId, PersonId } from '../../../kernel/ids.js';
import { inOrganization } from '../connection/in-organization.js';
import { open } from '../crypto/envelope.js';
import type { Keyring } from '../crypto/keyring.js';
import { rememberDataKey, type TxContext } from '../tx-context.js';
import { organizationKey } from './import-context.js';

const ROWS_PER_PAGE = 500;

/** Conditions that are not asked for are left out: an `or` would keep the index on file and line from being used. */
const page = (byFile: boolean, byPerson: boolean): string => `
  select r.id, r.file, r.line, r.version, r.person_id, v.content, h.id as header_id, h.content as header, p.wrapped_key,
         i.imported_at
    from (
      select * from hmis_row
       where organization_id = $1 and (file, line, id) > ($2, $3, $4)
         ${byFile ? 'and file = $5' : ''} ${byPerson ? `and person_id = $${byFile ? 6 : 5}` : ''}
       order by file, line, id
       limit ${ROWS_PER_PAGE}
    ) r
    join hmis_row_version v on v.row_id = r.id and v.version = r.version
    join hmis_header h on h.organization_id = r.organization_id and h.id = v.header_id
    join hmis_import i on i.organization_id = r.organization_id and i.id = v.import_id
    left join person p on p.organization_id = r.organization_id and p.id = r.person_id
   order by r.file, r.line, r.id`;

interface Row {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly version: number;
  readonly person_id: PersonId | null;
  readonly content: Buffer;
  readonly header_id: string;
  readonly header: Buffer;
  readonly wrapped_key: Buffer | null;
  readonly imported_at: Instant;
}

interface Header {
  readonly file: string;
  readonly columns: readonly string[];
}

/** Newest versions, decrypted, a page and a transaction at a time. */
export async function* readHmisRows(
  pool: pg.Pool,
  keyring: Keyring,
  organizationId: OrganizationId,
  filter: { readonly file?: string; readonly personId?: PersonId },
): AsyncGenerator<readonly StoredHmisRow[]> {
  const asked = [filter.file, filter.personId].filter((value) => value !== undefined);
  const text = page(filter.file !== undefined, filter.personId !== undefined);
  let after: readonly [string, number, string] = ['', 0, '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const found = await inOrganization(pool, organizationId, async (_client, transaction) => {
      const tx: TxContext = { ...transaction, organizationId, keyring, dataKeys: new Map() };
      const { rows } = await tx.client.query<Row>(text, [organizationId, ...after, ...asked]);
      const last = rows.at(-1);
      return { rows: rows.length === 0 ? [] : await decrypt(tx, rows), last };
    });
    if (found.last === undefined) return;
    yield found.rows;
    after = [found.last.file, found.last.line, found.last.id];
  }
}

async function decrypt(tx: TxContext, rows: readonly Row[]): Promise<StoredHmisRow[]> {
  const own = await organizationKey(tx);
  const headers = new Map<string, Header>();
  const headerOf = ({ header_id: id, header }: Row): Header => {
    const known = headers.get(id);
    if (known !== undefined) return known;
    const opened = JSON.parse(
      open(own, header, { table: 'hmis_header', row: id, version: 1 }).toString('utf8'),
    ) as Header;
    headers.set(id, opened);
    return opened;
  };
  return rows.map((row) => {
    const key =
      row.person_id === null || row.wrapped_key === null ? own : rememberDataKey(tx, row.person_id, row.wrapped_key);
    const place = { table: 'hmis_row_version', row: row.id, version: row.version } as const;
    return {
      ...headerOf(row),
      cells: JSON.parse(open(key, row.content, place).toString('utf8')) as string[],
      personId: row.person_id,
      version: row.version,
      line: row.line,
      importedAt: row.imported_at,
    };
  });
}
