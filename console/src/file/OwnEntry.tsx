import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { caseVersion } from '../api/queries.js';
import type { CaseDocument, WrittenEntry } from '../api/views.js';
import { Failure } from '../kit/Failure.js';
import { formatMoment } from '../kit/format.js';
import { Loading } from '../kit/Loading.js';
import { Link } from '../router.js';
import { paths } from '../paths.js';
import { isList } from '../record/marks.js';

/** Under an entry that was written here: its author corrects it, and everybody sees how it was worded before. */
export function OwnEntry({
  caseId,
  written,
}: {
  readonly caseId: string;
  readonly written: WrittenEntry;
}): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const earlier = written.versions.slice(0, -1);
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Text size="sm" c="dimmed">
          {t(earlier.length === 0 ? 'file.writtenHere' : 'file.correctedHere', {
            date: formatMoment(written.writtenAt),
          })}
        </Text>
        {written.mine && (
          <Link to={paths.correct(caseId, written.list, written.entryId)} className="inline-link">
            {t('file.correct')}
          </Link>
        )}
        {earlier.length > 0 && (
          <Button variant="subtle" size="compact-sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('file.earlier', { count: earlier.length })}
          </Button>
        )}
      </Group>
      {open && <Earlier caseId={caseId} written={written} versions={earlier} />}
    </Stack>
  );
}

function Earlier({
  caseId,
  written: { list, entryId },
  versions,
}: {
  readonly caseId: string;
  readonly written: WrittenEntry;
  readonly versions: readonly number[];
}): ReactElement {
  const found = useQueries({ queries: [...versions].reverse().map((version) => caseVersion(caseId, version)) });
  return (
    <Stack gap="xs">
      {found.map(({ data, error, refetch }, index) => {
        if (error !== null) return <Failure key={index} error={error} onRetry={() => void refetch()} />;
        if (data === undefined) return <Loading key={index} lines={1} />;
        const entries = data.document[list];
        const entry: CaseDocument = (isList(entries) ? entries.find(({ id }) => id === entryId) : undefined) ?? {};
        const said = entry[list === 'interventions' ? 'summary' : 'text'];
        return (
          <Text key={data.version} component="blockquote" dir="auto" className="message said" m={0}>
            {typeof said === 'string' ? said : '—'}
          </Text>
        );
      })}
    </Stack>
  );
}
