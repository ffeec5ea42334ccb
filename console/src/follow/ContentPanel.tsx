import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { transferContent } from '../api/queries.js';
import { Failure } from '../kit/Failure.js';
import { Loading } from '../kit/Loading.js';
import { isDocument, isList } from '../record/marks.js';
import { RecordView } from '../record/RecordView.js';
import { useWords } from '../record/words.js';

/** What was sent, as it is read. Opening it is in the log and in the person's report, so it takes a click. */
export function ContentPanel({
  transferId,
  mayOpen,
}: {
  readonly transferId: string;
  readonly mayOpen: boolean;
}): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const content = useQuery({ ...transferContent(transferId), enabled: open, retry: false });
  const words = useWords();
  return (
    <Stack gap="md" component="section">
      <h2 className="section">{t('content.title')}</h2>
      {!open && (
        <Stack gap="xs" align="flex-start">
          <Text c="dimmed">{t(mayOpen ? 'content.openWhat' : 'content.openWhatSender')}</Text>
          <Button variant={mayOpen ? 'filled' : 'default'} onClick={() => setOpen(true)}>
            {t('content.open')}
          </Button>
        </Stack>
      )}
      {open && content.isError && <Failure error={content.error} onRetry={() => void content.refetch()} />}
      {open && content.isPending && <Loading lines={4} />}
      {content.data !== undefined && content.data.record === null && <Text>{t('content.notReadable')}</Text>}
      {content.data !== undefined &&
        content.data.record !== null &&
        words !== null &&
        Object.entries(content.data.record)
          .filter(([, value]) => isDocument(value) || isList(value))
          .map(([member, value]) => (
            <Stack key={member} gap="sm" component="section">
              <h3 className="minor">{words.field('', member)}</h3>
              <RecordView words={words} name={member} value={value} order={4} />
            </Stack>
          ))}
    </Stack>
  );
}
