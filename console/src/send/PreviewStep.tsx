import { Badge, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseDocument, Preview } from '../api/views.js';
import { isDocument, isList } from '../record/marks.js';
import { RecordView } from '../record/RecordView.js';
import type { Words } from '../record/words.js';
import { groupLines } from './group-lines.js';
import { SentLines, WithheldLines } from './Lines.js';
import { keepOnly } from './resolve.js';

/**
 * What leaves and what stays, side by side, each line with its reason. A line can be kept back; what is kept back can be
 * let go again. "As they will read it" shows the record with the receiver's eyes.
 */
export function PreviewStep({
  document,
  preview,
  words,
  recipient,
  withhold,
  onWithhold,
  isAsking,
}: {
  readonly document: CaseDocument;
  readonly preview: Preview;
  readonly words: Words;
  readonly recipient: string;
  readonly withhold: readonly string[];
  readonly onWithhold: (pointers: readonly string[]) => void;
  readonly isAsking: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const [view, setView] = useState('both');
  const sent = useMemo(() => groupLines(document, preview.sent), [document, preview.sent]);
  const withheld = useMemo(() => groupLines(document, preview.withheld), [document, preview.withheld]);
  const received = useMemo(
    () =>
      keepOnly(
        document,
        preview.sent.map(({ path }) => path),
      ),
    [document, preview.sent],
  );
  const keepBack = (pointer: string): void => onWithhold([...new Set([...withhold, pointer])]);
  const letGo = (pointer: string): void =>
    onWithhold(withhold.filter((one) => one !== pointer && !pointer.startsWith(`${one}/`)));
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Group gap="xs" role="status">
          <Badge size="lg" variant="light" color="green" tt="none">
            {t('preview.sent', { count: preview.sent.length })}
          </Badge>
          <Badge size="lg" variant="light" color="gray" tt="none">
            {t('preview.withheld', { count: preview.withheld.length })}
          </Badge>
          {isAsking && (
            <Text size="sm" c="dimmed">
              {t('preview.refreshing')}
            </Text>
          )}
        </Group>
        <SegmentedControl
          value={view}
          onChange={setView}
          aria-label={t('preview.view')}
          data={[
            { value: 'both', label: t('preview.both') },
            { value: 'received', label: t('preview.received') },
          ]}
        />
      </Group>
      {preview.toReview.length > 0 && (
        <Text size="sm">{t('preview.toReview', { count: preview.toReview.length })}</Text>
      )}
      {view === 'both' ? (
        <div className="side-by-side">
          <section aria-label={t('preview.leaves', { organization: recipient })}>
            <h3 className="minor">{t('preview.leaves', { organization: recipient })}</h3>
            <SentLines themes={sent} words={words} onToggle={keepBack} />
          </section>
          <section aria-label={t('preview.stays')}>
            <h3 className="minor">{t('preview.stays')}</h3>
            <WithheldLines themes={withheld} words={words} onToggle={letGo} />
          </section>
        </div>
      ) : (
        <Stack gap="lg">
          <Text c="dimmed">{t('preview.receivedWhat', { organization: recipient })}</Text>
          {Object.entries(received)
            .filter(([, value]) => isDocument(value) || isList(value))
            .map(([member, value]) => (
              <Stack key={member} gap="sm" component="section">
                <h3 className="minor">{words.field('', member)}</h3>
                <RecordView words={words} name={member} value={value} order={4} />
              </Stack>
            ))}
        </Stack>
      )}
    </Stack>
  );
}
