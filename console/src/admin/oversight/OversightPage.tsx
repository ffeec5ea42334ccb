import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { openNotices } from '../../api/admin-queries.js';
import { formatDate } from '../../kit/format.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { useCaller } from '../../shell/caller.js';
import { currentLang } from '../../texts/i18n.js';
import { Said } from '../parts/Said.js';
import { useWords } from '../use-words.js';
import { BrokenGlass } from './BrokenGlass.js';
import { Contests } from './Contests.js';
import { Deferrals } from './Deferrals.js';
import { UnusualAccess } from './UnusualAccess.js';
import { Due, Waiting } from './Waiting.js';

/** What waits for the data-protection officer; the agreement owner sees the part that is theirs. */
export function OversightPage(): ReactElement {
  const { t } = useTranslation('admin');
  const { roles } = useCaller();
  const [said, setSaid] = useState({ text: '', at: 0 });
  const done = (text: string): void => setSaid(({ at }) => ({ text, at: at + 1 }));
  const isOfficer = roles.includes('data-protection-officer');
  return (
    <Stack gap="xl">
      <Stack gap="xs">
        <PageTitle windowTitle={t('oversight.title')}>{t('oversight.title')}</PageTitle>
        <Text c="dimmed" maw="46rem">
          {t('oversight.lead')}
        </Text>
      </Stack>
      <Said at={said.at}>{said.at === 0 ? null : said.text}</Said>
      {isOfficer && <Contests onDone={done} />}
      <BrokenGlass onDone={done} />
      {isOfficer && <Deferrals onDone={done} />}
      {isOfficer && <UnusualAccess />}
      <Notices />
    </Stack>
  );
}

/** Withdrawals and corrections that a past recipient has not answered. */
function Notices(): ReactElement {
  const { t } = useTranslation('admin');
  const { nameOf } = useWords();
  const waiting = useQuery(openNotices(currentLang()));
  return (
    <Waiting
      query={waiting}
      title={(count) => t('oversight.notice.title', { count })}
      none={t('oversight.notice.none')}
      what={t('oversight.notice.what')}
      keyOf={({ id }) => id}
    >
      {(one) => (
        <>
          <div className="row-main">
            <Text fw={650}>
              {t('oversight.notice.line', {
                organization: nameOf(one.recipientOrganizationId),
                reference: one.reference,
              })}
            </Text>
            <Text size="sm">{one.text}</Text>
            <Text size="sm" c="dimmed">
              {one.deliveredAt === null
                ? t('oversight.notice.undelivered')
                : t('oversight.notice.delivered', { date: formatDate(one.deliveredAt) })}
            </Text>
          </div>
          <div className="row-next">
            <Due by={one.by} overdue={one.state === 'overdue'} />
          </div>
        </>
      )}
    </Waiting>
  );
}
