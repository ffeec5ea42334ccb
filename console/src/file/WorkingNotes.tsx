import { Card, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredCase } from '../api/views.js';
import { formatDate } from '../kit/format.js';
import { isList, marksOf } from '../record/marks.js';
import { MarkBadges } from '../record/RecordView.js';
import { OwnEntry } from './OwnEntry.js';

/** Workers' own notes, the latest last; they never leave. */
export function WorkingNotes({ file }: { readonly file: StoredCase }): ReactElement | null {
  const { t } = useTranslation();
  const notes = file.document['workingNotes'];
  if (!isList(notes)) return null;
  return (
    <Stack gap="sm">
      {notes.map((note, index) => {
        const { id, date, author, text } = note;
        const written = file.written.find(({ list, entryId }) => list === 'workingNotes' && entryId === id);
        return (
          <Card key={index} withBorder padding="md" component="article">
            <Stack gap="xs">
              <Group gap="sm">
                {typeof date === 'string' && <Text fw={650}>{formatDate(date)}</Text>}
                {typeof author === 'string' && (
                  <Text size="sm" c="dimmed" dir="auto">
                    {t('file.noteBy', { name: author })}
                  </Text>
                )}
              </Group>
              {typeof text === 'string' && (
                <Text dir="auto" className="said">
                  {text}
                </Text>
              )}
              <MarkBadges marks={marksOf(note, 'text')} />
              {written !== undefined && <OwnEntry caseId={file.caseId} written={written} />}
            </Stack>
          </Card>
        );
      })}
    </Stack>
  );
}
