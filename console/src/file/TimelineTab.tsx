import { Card, Group, Stack, Text } from '@mantine/core';
import { lazy, Suspense, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseDocument, StoredCase } from '../api/views.js';
import { formatDate } from '../kit/format.js';
import { LinkButton } from '../kit/LinkButton.js';
import { paths } from '../paths.js';
import { isList, marksOf } from '../record/marks.js';
import { MarkBadges, RecordView } from '../record/RecordView.js';
import type { Words } from '../record/words.js';

/** Under what was written here; most files come from the agency's software. */
const OwnEntry = lazy(async () => ({ default: (await import('./OwnEntry.js')).OwnEntry }));

/** Interventions, the latest first: what was said, and what was to be done. */
export function TimelineTab({ file, words }: { readonly file: StoredCase; readonly words: Words }): ReactElement {
  const { t } = useTranslation();
  const { interventions } = file.document;
  const entries = isList(interventions) ? [...interventions] : [];
  const dayOf = ({ date }: CaseDocument): string => (typeof date === 'string' ? date : '');
  entries.sort((a, b) => dayOf(b).localeCompare(dayOf(a)));
  return (
    <Stack gap="md">
      <LinkButton to={paths.write(file.caseId)} variant="default" w="fit-content">
        {t('file.write')}
      </LinkButton>
      {entries.length === 0 && <Text c="dimmed">{t('file.noInterventions')}</Text>}
      <Stack component="ol" gap="md" className="quiet-list">
        {entries.map((entry, index) => (
          <li key={index}>
            <Intervention entry={entry} words={words} file={file} />
          </li>
        ))}
      </Stack>
    </Stack>
  );
}

function Intervention({
  entry,
  words,
  file,
}: {
  readonly entry: CaseDocument;
  readonly words: Words;
  readonly file: StoredCase;
}): ReactElement {
  const { t } = useTranslation();
  const written = file.written.find(({ list, entryId }) => list === 'interventions' && entryId === entry['id']);
  const { date, time, kind, channel, summary, durationMinutes } = entry;
  return (
    <Card withBorder padding="lg" component="article">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text fw={650}>
            {typeof date === 'string' && formatDate(date)}
            {typeof time === 'string' && `, ${time}`}
          </Text>
          <Text size="sm" c="dimmed">
            {typeof kind === 'string' && words.code('interventions', 'kind', kind)}
            {typeof channel === 'string' && ` · ${words.code('interventions', 'channel', channel)}`}
            {typeof durationMinutes === 'number' && ` · ${t('file.minutes', { count: durationMinutes })}`}
          </Text>
        </Group>
        {typeof summary === 'string' && (
          <Text dir="auto" className="said">
            {summary}
          </Text>
        )}
        <MarkBadges marks={marksOf(entry, '*')} />
        <MarkBadges marks={marksOf(entry, 'summary')} />
        {isList(entry['actions']) && (
          <section>
            <h2 className="minor">{words.field('interventions', 'actions')}</h2>
            <RecordView words={words} name="actions" value={entry['actions']} order={3} />
          </section>
        )}
        {written !== undefined && (
          <Suspense>
            <OwnEntry caseId={file.caseId} written={written} />
          </Suspense>
        )}
      </Stack>
    </Card>
  );
}
