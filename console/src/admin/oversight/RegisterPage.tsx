import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { processingRegister } from '../../api/admin-queries.js';
import { readText, saveText } from '../../api/download.js';
import { EmptyState } from '../../kit/EmptyState.js';
import { Failure } from '../../kit/Failure.js';
import { formatDate } from '../../kit/format.js';
import { Loading } from '../../kit/Loading.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { currentLang } from '../../texts/i18n.js';

/** In the order of GDPR art. 30(1); what identifies a line first. */
const COLUMNS = [
  'agreement',
  'purpose',
  'version',
  'status',
  'ownRole',
  'controllers',
  'jointControllers',
  'processors',
  'basis',
  'article9',
  'secrecyGrounds',
  'subjects',
  'categories',
  'sensitive',
  'senders',
  'recipients',
  'functions',
  'onward',
  'thirdCountries',
  'retention',
  'copy',
  'dpia',
  'from',
  'until',
  'measures',
] as const;
const DATES: ReadonlySet<string> = new Set(['from', 'until']);

/** The register of processing, to read and to hand over. */
export function RegisterPage(): ReactElement {
  const { t } = useTranslation('admin');
  const register = useQuery(processingRegister(currentLang()));
  const download = useMutation({
    mutationFn: () => readText('/api/v1/processing-register.csv', 'text/csv'),
    onSuccess: (csv) => saveText(currentLang() === 'fr' ? 'registre.csv' : 'register.csv', 'text/csv', csv),
  });
  const lines = register.data ?? [];
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle windowTitle={t('register.title')}>{t('register.title')}</PageTitle>
        {lines.length > 0 && (
          <Button variant="default" onClick={() => download.mutate()} loading={download.isPending}>
            {t('register.download')}
          </Button>
        )}
      </Group>
      <Text c="dimmed" maw="46rem">
        {t('register.lead')}
      </Text>
      <div role="status">{download.isSuccess && <Text>{t('register.downloaded')}</Text>}</div>
      {download.isError && <Failure error={download.error} onRetry={() => download.mutate()} />}
      {register.isPending && <Loading />}
      {register.isError && <Failure error={register.error} onRetry={() => void register.refetch()} />}
      {register.data?.length === 0 && <EmptyState title={t('register.none')} what={t('register.noneWhat')} />}
      {lines.length > 0 && (
        <div className="scroll-x" tabIndex={0} role="region" aria-label={t('register.scroll')}>
          <Table className="stacked register" verticalSpacing="sm" striped>
            <Table.Caption className="caption-first">{t('register.caption', { count: lines.length })}</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                {COLUMNS.map((column) => (
                  <Table.Th key={column} scope="col">
                    {t(`register.column.${column}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {lines.map((line) => (
                <Table.Tr key={`${line['agreement']} ${line['purpose']} ${line['recipients']}`}>
                  {COLUMNS.map((column) => {
                    const text = line[column] ?? '';
                    const shown = text !== '' && DATES.has(column) ? formatDate(text) : text;
                    return column === 'agreement' ? (
                      <Table.Th key={column} scope="row">
                        {shown}
                      </Table.Th>
                    ) : (
                      <Table.Td key={column} data-column={column} data-label={t(`register.column.${column}`)}>
                        {shown === '' ? '–' : shown}
                      </Table.Td>
                    );
                  })}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </Stack>
  );
}
