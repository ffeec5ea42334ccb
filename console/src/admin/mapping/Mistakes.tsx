import { Table } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';

/** Each rule that the record breaks, and where: a place, never a value. */
export function Mistakes({
  violations,
}: {
  readonly violations: readonly { readonly path: string; readonly message: string; readonly rule?: string }[];
}): ReactElement | null {
  const { t } = useTranslation('admin');
  if (violations.length === 0) return null;
  return (
    <Table className="stacked">
      <Table.Caption className="caption-first">{t('mapping.errors')}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('mapping.place')}</Table.Th>
          <Table.Th scope="col">{t('mapping.rule')}</Table.Th>
          <Table.Th scope="col">{t('mapping.message')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {violations.map(({ path, rule, message }) => (
          <Table.Tr key={`${path} ${rule} ${message}`}>
            <Table.Th scope="row" className="mono">
              {path.replace(/^\/record/, '') || '/'}
            </Table.Th>
            <Table.Td data-label={t('mapping.rule')} className="mono">
              {rule}
            </Table.Td>
            <Table.Td data-label={t('mapping.message')}>{message}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
