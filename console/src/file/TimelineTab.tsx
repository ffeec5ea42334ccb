import { Card, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseDocument, CaseValue } from '../api/views.js';
import { formatDate } from '../kit/format.js';
import { isList, marksOf } from '../record/marks.js';
import { MarkBadges, RecordView } from '../record/RecordView.js';
import type { Words } from '../record/words.js';

/** Interventions, the latest first: what was said, and what was to be done. */
export function TimelineTab({
  interventions,
  words,
}: {
  readonly interventions: CaseValue | undefined;
  readonly words: Words;
}): ReactElement {
  const entries = isList(interventions) ? [...interventions] : [];
  const dayOf = ({ date }: CaseDocument): string => (typeof date === 'string' ? date : '');
  entries.sort((a, b) => dayOf(b).localeCompare(dayOf(a)));
  return (
    <Stack component="ol" gap="md" className="quiet-list">
      {entries.map((entry, index) => (
        <li key={index}>
          <Intervention entry={entry} words={words} />
        </li>
      ))}
    </Stack>
  );
}

function Intervention({ entry, words }: { readonly entry: CaseDocument; readonly words: Words }): ReactElement {
  const { t } = useTranslation();
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
        <MarkBadges marks={marksOf(entry, 'summary')} />
        {isList(entry['actions']) && (
          <section>
            <h2 className="minor">{words.field('interventions', 'actions')}</h2>
            <RecordView words={words} name="actions" value={entry['actions']} order={3} />
          </section>
        )}
      </Stack>
    </Card>
  );
}
