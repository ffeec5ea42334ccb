import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { caseFile } from '../api/queries.js';
import { serverNowMs } from '../api/server-time.js';
import { useKeptDraft } from '../api/use-kept-draft.js';
import { displayName } from '../file/display-name.js';
import { EmptyState } from '../kit/EmptyState.js';
import { Failure } from '../kit/Failure.js';
import { Loading } from '../kit/Loading.js';
import { PageTitle } from '../kit/PageTitle.js';
import { isList } from '../record/marks.js';
import { useWords } from '../record/words.js';
import { useParams } from '../router.js';
import { emptyEntry, typedOf, type EntryList, type TypedEntry } from './entry.js';
import { EntryForm } from './EntryForm.js';

/** Writes an intervention or a working note into the file, for agencies without software; or corrects one's own. */
export function WritePage(): ReactElement {
  const { t } = useTranslation();
  const { caseId = '', list, entryId } = useParams();
  const file = useQuery(caseFile(caseId));
  const words = useWords();
  const draft = useKeptDraft<TypedEntry>(caseId, 'entry');
  const correcting = entryId !== undefined;
  const title = t(correcting ? 'write.correct' : 'write.title');
  const where: EntryList = list === 'workingNotes' ? 'workingNotes' : 'interventions';
  const entries = file.data?.document[where];
  const before = isList(entries) ? entries.find(({ id }) => id === entryId) : undefined;
  const mine = file.data?.written.some((one) => one.list === where && one.entryId === entryId && one.mine) === true;
  return (
    <Stack gap="lg">
      <Stack gap={2}>
        <PageTitle windowTitle={title}>{title}</PageTitle>
        <Text c="dimmed" dir="auto">
          {file.data !== undefined && (displayName(file.data.document) ?? t('worklist.nameWithheld'))}
        </Text>
      </Stack>
      {file.isError && <Failure error={file.error} onRetry={() => void file.refetch()} />}
      {!file.isError && (file.data === undefined || words === null || !draft.isReady) && <Loading lines={5} />}
      {file.data !== undefined && words !== null && draft.isReady && correcting && (before === undefined || !mine) && (
        <EmptyState title={t('write.notYours')} what={t('write.notYoursWhat')} />
      )}
      {file.data !== undefined &&
        words !== null &&
        draft.isReady &&
        (!correcting || (before !== undefined && mine)) && (
          <EntryForm
            key={entryId ?? 'new'}
            file={file.data}
            words={words}
            first={
              before === undefined
                ? { ...emptyEntry(new Date(serverNowMs()).toISOString().slice(0, 10)), ...draft.kept }
                : typedOf(where, before)
            }
            before={before}
            keep={correcting ? () => undefined : draft.keep}
            readAgain={async () => (await file.refetch({ throwOnError: true })).data!.version}
          />
        )}
    </Stack>
  );
}
