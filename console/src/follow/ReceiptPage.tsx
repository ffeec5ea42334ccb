import { Button, Group, SegmentedControl, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from '../router.js';
import { caseFile, organizations, transfer as transferQuery } from '../api/queries.js';
import { Failure } from '../kit/Failure.js';
import { formatDate } from '../kit/format.js';
import { labelName, purposeName } from '../kit/label-name.js';
import { LinkButton } from '../kit/LinkButton.js';
import { Loading } from '../kit/Loading.js';
import { PageTitle } from '../kit/PageTitle.js';
import { paths } from '../paths.js';
import { isDocument } from '../record/marks.js';
import { useCaller } from '../shell/caller.js';
import { currentLang, type Lang } from '../texts/i18n.js';
import { useSpoken } from '../texts/use-spoken.js';

/** A receipt for the person, on paper and in their language: what was passed on, to whom, and how to take it back. */
export function ReceiptPage(): ReactElement {
  const { t } = useTranslation();
  const { transferId = '' } = useParams();
  const caller = useCaller();
  const query = useQuery(transferQuery(transferId));
  const sent = query.data?.viewedAs === 'sender' ? query.data : null;
  const file = useQuery({ ...caseFile(sent?.caseId ?? ''), enabled: sent !== null });
  const names = useQuery(organizations);
  const [asked, setAsked] = useState<Lang | null>(null);
  const communication = file.data?.document['communication'];
  const spoken =
    isDocument(communication) && Array.isArray(communication['languages']) ? communication['languages'] : [];
  const first = (spoken as readonly string[]).find((code): code is Lang => code === 'en' || code === 'fr');
  const lang = asked ?? first ?? currentLang();
  const say = useSpoken(lang);
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (sent === null || say === null || names.data === undefined) return <Loading lines={5} />;
  const nameOf = (id: string): string => names.data.find((one) => one.id === id)?.name ?? '…';
  const rows = [
    [say('receipt.number'), sent.reference],
    [say('receipt.to'), nameOf(sent.recipientOrganizationId)],
    [say('receipt.on'), formatDate(sent.requestedAt, lang)],
    [say('receipt.why'), purposeName(sent.purpose, lang)],
    [say('receipt.what'), sent.categories.map((label) => labelName(label, lang)).join(', ')],
    ...(sent.answerExpectedBy === null ? [] : [[say('receipt.answerBy'), formatDate(sent.answerExpectedBy, lang)]]),
  ] as const;
  return (
    <Stack gap="lg">
      <Group justify="space-between" className="no-print">
        <LinkButton to={paths.transfer(transferId)} variant="default">
          {t('receipt.back')}
        </LinkButton>
        <Group>
          <SegmentedControl
            value={lang}
            onChange={(value) => setAsked(value)}
            aria-label={t('receipt.language')}
            data={[
              { value: 'fr', label: 'Français' },
              { value: 'en', label: 'English' },
            ]}
          />
          <Button onClick={() => window.print()}>{t('receipt.print')}</Button>
        </Group>
      </Group>
      <article lang={lang} className="receipt">
        <PageTitle windowTitle={t('receipt.windowTitle')}>{say('receipt.title')}</PageTitle>
        <p>{say('receipt.lead', { organization: nameOf(caller.organizationId) })}</p>
        <dl className="fields">
          {rows.map(([label, value]) => (
            <div key={label} className="field">
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <h2 className="minor">{say('receipt.rights')}</h2>
        <ul>
          <li>{say('receipt.withdraw', { organization: nameOf(caller.organizationId) })}</li>
          <li>{say('receipt.report')}</li>
          <li>{say('receipt.wrong')}</li>
        </ul>
      </article>
    </Stack>
  );
}
